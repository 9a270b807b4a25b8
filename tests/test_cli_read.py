"""`odkit read`: what a file holds, in words and for machines."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from odkit.cli import main


def read(capfd: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main(["read", *arguments])
    out, err = capfd.readouterr()
    return int(ended.value.code or 0), out, err


def saved(folder: Path, text: str) -> str:
    path = folder / "一覧.csv"
    path.write_text(text, encoding="utf-8", newline="")
    return str(path)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ("", {"ja": "データ 0 行\n", "en": "0 rows of data\n"}),
        ("A館,1\n", {"ja": "データ 1 行（2 行目）\n", "en": "1 rows of data (row 2)\n"}),
        ("A館,1\nB館,2\n", {"ja": "データ 2 行（2～3 行目）\n", "en": "2 rows of data (rows 2-3)\n"}),
    ],
)
def test_which_rows_hold_the_data(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], rows: str, words: dict[str, str]
) -> None:
    path = saved(tmp_path, f"名称,階\n{rows}")
    for lang, end in words.items():
        code, out, _ = read(capfd, path, "--rows", "0", "--lang", lang)
        assert code == 0
        assert out.splitlines(keepends=True)[0].endswith(end)


def test_for_machines_with_blank_rows_in_between(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = saved(tmp_path, "名称,階\nA館,1\n\nB館,2\n,\nC館,3\n")
    code, out, err = read(capfd, path, "--rows", "2", "--json")
    assert (code, err) == (0, "")
    facts = json.loads(out)
    assert facts["rows"] == [["A館", "1"], ["B館", "2"]]
    assert (facts["row_count"], facts["row_numbers"]) == (3, [2, 4, 6])
    assert [item["code"] for item in facts["issues"]] == ["read.blank-row", "read.blank-row"]


def test_a_large_file_for_machines(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """One that is not kept in memory."""
    rows = [f"{number},{'あ' * 100}\n" for number in range(9000)]
    path = saved(tmp_path, "".join(["番号,説明\n", *rows[:5], "\n", *rows[5:]]))
    code, out, _ = read(capfd, path, "--rows", "1", "--json")
    assert code == 0
    facts = json.loads(out)
    assert (len(facts["rows"]), facts["row_count"], facts["row_numbers"][4:6]) == (1, 9000, [6, 8])
