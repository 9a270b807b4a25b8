"""Files of a package: rows of plain cells are written without the csv module, and come out the same."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as some

from odkit.package.files import ROWS_PER_BLOCK, staged_folder, write_csv

CELLS = some.text(some.sampled_from("a市 \",\r\n;'\\\t\u2028\x00"), max_size=3)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(some.integers(1, 4).flatmap(lambda width: some.lists(some.lists(CELLS, min_size=width, max_size=width))))
@example([[""], ["a"]])
@example([["", ""], ["a", '"']])
@example([["a\r\nb", "c"], ["a,b", ""]])
def test_rows_come_out_as_the_csv_module_writes_them(tmp_path: Path, rows: Sequence[Sequence[str]]) -> None:
    expected = io.StringIO(newline="")
    csv.writer(expected).writerows([["列"], *rows])
    assert write_csv(tmp_path / "a.csv", ["列"], map(tuple, rows), "utf-8") == len(rows)
    assert (tmp_path / "a.csv").read_bytes().decode() == expected.getvalue()


def test_more_rows_than_are_written_at_once(tmp_path: Path) -> None:
    rows = [(str(number), "a,b" if number % 100 == 0 else "") for number in range(2 * ROWS_PER_BLOCK + 1)]
    assert write_csv(tmp_path / "a.csv", ["番号", "備考"], rows, "utf-8") == len(rows)
    with (tmp_path / "a.csv").open(encoding="utf-8", newline="") as file:
        assert [tuple(row) for row in csv.reader(file)] == [("番号", "備考"), *rows]


def test_what_an_earlier_run_left_is_cleared_away(tmp_path: Path) -> None:
    for name in (".a.new", ".a.old", "a"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "left.txt").write_text("", encoding="utf-8")
    with staged_folder(tmp_path / "a") as folder:
        assert list(folder.iterdir()) == []
        (folder / "data.csv").write_text("", encoding="utf-8")
    assert [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*")] == ["a", "a/data.csv"]
