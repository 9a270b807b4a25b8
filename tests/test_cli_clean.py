"""``odkit clean`` on a file: what it writes for people and for programs, and what it says of gaps."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl
import pytest

from odkit.cli import main

LIST = "名称,所在地_連結表記,電話番号,備考\r\n県庁,千葉市中央区市場町1-1,０４３－２２３－２１１０,=1+1\r\n"


def run(capfd: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main(["clean", *map(str, arguments), "--standard", "public_wireless_lan", "--publisher", "120006"])
    out, err = capfd.readouterr()
    return int(ended.value.code or 0), out, err


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    path = tmp_path / "一覧.csv"
    path.write_text(LIST, encoding="utf-8", newline="")
    return path


def test_a_workbook_to_take_back(listed: Path, capfd: pytest.CaptureFixture[str]) -> None:
    target = listed.with_suffix(".XLSX")
    assert run(capfd, listed, "-o", target)[0] == 0
    table, changes, issues, gaps = openpyxl.load_workbook(target).worksheets
    names = [cell.value for cell in table[1]]
    row = dict(zip(names, table[2], strict=True))
    assert row["電話番号"].value == "043-223-2110"
    assert getattr(row["電話番号"].comment, "text", "").startswith(
        "元の値: ０４３－２２３－２１１０\n電話番号を半角にし"
    )
    assert row["備考"].value == "'=1+1"
    assert row["備考"].data_type == "s"
    assert {cell.value for cell in changes["B"]} >= {"電話番号", "備考", "所在地_都道府県"}
    assert issues.max_row > 1
    missing = {line[0].value: line[4].value for line in gaps.iter_rows(min_row=2)}
    assert missing["緯度"] == "位置は推定しません。元の課に聞くか、地図で確かめてください"
    told = [str(value) for sheet in (changes, issues) for row in sheet.iter_rows(values_only=True) for value in row]
    assert [text for text in told if str(listed.parent) in text] == []


def test_a_csv_for_programs(listed: Path, capfd: pytest.CaptureFixture[str]) -> None:
    target = listed.with_name("data.csv")
    assert run(capfd, listed, "-o", target)[0] == 0
    with target.open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["電話番号"], row["備考"]) == ("043-223-2110", "'=1+1")


@pytest.mark.parametrize(
    ("lang", "line"),
    [
        ("ja", "元の表に列がない 1 / 1 位置は推定しません。元の課に聞くか、地図で確かめてください"),
        (
            "en",
            "no such column 1 / 1 Positions are never guessed: ask the original department, or look at a map",
        ),
    ],
)
def test_gaps(listed: Path, capfd: pytest.CaptureFixture[str], lang: str, line: str) -> None:
    code, out, _ = run(capfd, listed, "--gaps", "--lang", lang)
    assert code == 0
    (shown,) = [words for words in (row.split() for row in out.splitlines()) if words[0] == "緯度" and "/" in words]
    assert " ".join(shown[2:]) == line


def test_personal_data_is_told_masked(listed: Path, capfd: pytest.CaptureFixture[str]) -> None:
    listed.write_text(LIST.replace("０４３－２２３－２１１０", "090-1234-5678"), encoding="utf-8", newline="")
    code, _, err = run(capfd, listed)
    assert code == 1
    assert "[要修正]" in err
    assert "090-****-5678" in err
    assert "090-1234" not in err


def test_a_file_that_cannot_be_written(listed: Path, capfd: pytest.CaptureFixture[str]) -> None:
    for name in ("x.xlsx", "x.csv"):
        code, out, err = run(capfd, listed, "-o", listed.parent / "no-folder" / name)
        assert (code, out) == (2, "")
        assert "を読み書きできません" in err
