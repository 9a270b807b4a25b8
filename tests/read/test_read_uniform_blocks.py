"""Blocks of lines that are all alike are counted and cut at once, and come to what csv makes of them."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as some

from odkit.model import SourceSpec
from odkit.read import delimited, read_source

CELLS = some.sampled_from(
    ("市川市", "12", "", " ", "　", 'a"b', "a,b", "一\n二", "a\r\nb", "é", "ソ表能", "-", "#", "0.5", "long " * 9)
)
ROWS = some.lists(some.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=40)


def text_of(rows: list[list[str]], end: str, *, ended: bool) -> str:
    file = io.StringIO(newline="")
    csv.writer(file, lineterminator=end).writerows(rows)
    return file.getvalue() if ended else file.getvalue().removesuffix(end)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(rows=ROWS, tail=some.sampled_from(("", "注\n", "\n\n")), ended=some.booleans(), block=some.integers(7, 300))
@example(rows=[[" ", "", ""], ["市川市", "市川市", "市川市"]], tail="", ended=False, block=7)
def test_any_rows(
    *, rows: list[list[str]], tail: str, ended: bool, block: int, encoding: str, end: str, tmp_path: Path
) -> None:
    table = [["名称", "番号", "備考"], *([f"施設{place}", str(place), "無"] for place in range(9)), *rows]
    table = [[cell.encode(encoding, "ignore").decode(encoding) for cell in row] for row in table]
    path = tmp_path / "a.csv"
    path.write_bytes((text_of(table, end, ended=ended or bool(tail)) + tail.replace("\n", end)).encode(encoding))
    spec = SourceSpec(path=path, header_rows=(1,), encoding=encoding)
    small = read_source(spec)
    with patch.object(delimited, "SMALL", 0), patch("odkit.read.payload.BLOCK", block):
        large = read_source(spec)
        columns = [list(map(list, chunk)) for chunk in large.rows.columns(4)]  # type: ignore[attr-defined]
    assert (large.headings, tuple(large.row_numbers)) == (small.headings, tuple(small.row_numbers))
    with patch.object(delimited, "SMALL", 0), patch("odkit.read.payload.BLOCK", block):
        assert list(large.rows) == list(small.rows)
    whole = [[cell for chunk in columns for cell in chunk[place]] for place in range(len(small.headings))]
    assert list(zip(*whole, strict=True)) == list(small.rows)
    assert all(len(chunk[0]) == 4 for chunk in columns[:-1])
