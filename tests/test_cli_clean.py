"""``odkit clean`` on a file: what it writes for people and for programs, and what it says of gaps."""

from __future__ import annotations

import csv
import json
import tomllib
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


OWN = "店名,施設のURL,メモ,開業日\r\n" + "".join(
    f"八百屋{day},https://www.example.lg.jp/{day},x,R6.4.{day}\r\n" for day in range(1, 31)
)
PROJECT = """config_version = 1
base_uri = "https://opendata.pref.chiba.lg.jp/id/"

[portals.embedded]
kind = "embedded"
url = "http://127.0.0.1:8710"

[organizations.122033]
title = "市川市"
"""


def clean(capfd: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main(["clean", *map(str, arguments)])
    out, err = capfd.readouterr()
    return int(ended.value.code or 0), out, err


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A list in a layout of its own, in a folder that is no project."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "店.csv"
    path.write_text(OWN, encoding="utf-8", newline="")
    return path


def test_a_file_that_follows_no_standard_keeps_its_columns(own: Path, capfd: pytest.CaptureFixture[str]) -> None:
    target = own.with_name("data.csv")
    code, out, err = clean(capfd, own, "-o", target)
    assert code == 0
    assert [line.split() for line in out.splitlines()] == [
        ["独自の項目の表:", "30", "行、変更", "30", "件、確認事項", "1", "件"],
        ["列", "値の意味"],
        ["店名", "文字"],
        ["施設のURL", "URL"],
        ["メモ", "文字"],
        ["開業日", "日付"],
    ]
    assert err.startswith(f"[参考] {own} の見出しは、どの標準データセットとも 3 分の 1 も重なりません。")
    with target.open(encoding="utf-8-sig", newline="") as file:
        assert next(csv.DictReader(file)) == {
            "店名": "八百屋1",
            "施設のURL": "https://www.example.lg.jp/1",
            "メモ": "x",
            "開業日": "2024-04-01",
        }


def test_columns_that_need_a_look_and_lines_to_paste(own: Path, capfd: pytest.CaptureFixture[str]) -> None:
    code, out, err = clean(capfd, own, "--standard", "public_facility", "--heading", "店名=名称", "--heading", "メモ=")
    assert code == 0
    lines = [line.split() for line in out.splitlines()]
    assert lines[1:] == [
        ["列", "元の見出し", "決め方", "確かさ"],
        ["名称", "店名", "dataset.toml", "の指定"],
        ["URL", "施設のURL", "似た見出しと値から", "0.97"],
        ["開業日", "開業日", "標準にない列（残します）"],
        ["ほかに、見出しが同じ列", "0、元の表にない列", "54（--columns", "ですべて表示）"],
        ["#", "dataset.toml", "に貼り付ける行（合わない行は消してください）"],
        ["[headings]"],
        ['"施設のURL"', "=", '"URL"', "#", "0.97"],
    ]
    assert "列「施設のURL」を、見出しの似かたと値から標準の列「URL」としました（確かさ 0.97）" in err
    assert "列「メモ」は、決められたとおり公開する表から除きました" in err
    assert tomllib.loads("\n".join(out.splitlines()[-2:])) == {"headings": {"施設のURL": "URL"}}


def test_every_column_where_asked(own: Path, capfd: pytest.CaptureFixture[str]) -> None:
    code, out, _ = clean(capfd, own, "--standard", "public_facility", "--columns", "--lang", "en")
    assert code == 0
    shown = {line.split()[0] for line in out.splitlines()[2:]}
    assert {"名称", "緯度", "URL", "備考"} <= shown


def test_each_column_for_machines(own: Path, capfd: pytest.CaptureFixture[str]) -> None:
    code, out, _ = clean(capfd, own, "--standard", "public_facility", "--json")
    assert code == 0
    columns = {item["heading"]: item for item in json.loads(out)["columns"] if item["heading"]}
    assert columns["施設のURL"] == {
        "name": "URL",
        "heading": "施設のURL",
        "column": 2,
        "how": "evidence",
        "confidence": 0.974,
    }


@pytest.mark.parametrize("pair", ["店名", "=名称", " =名称"])
def test_a_decision_needs_both_sides(own: Path, capfd: pytest.CaptureFixture[str], pair: str) -> None:
    code, out, err = clean(capfd, own, "--heading", pair)
    assert (code, out) == (2, "")
    assert f"--heading の「{pair}」の形が違います" in err


def test_a_declared_source_is_cleaned_as_declared(own: Path, capfd: pytest.CaptureFixture[str]) -> None:
    folder = own.parent / "datapackages" / "122033" / "shops"
    folder.mkdir(parents=True)
    source = own.rename(folder / "店.csv")
    declared = 'title = "店"\nstandard = "public_facility"\nlicence = "CC-BY-4.0"\n[source]\npath = "店.csv"\n'
    (folder / "dataset.toml").write_text(declared + '[headings]\n"店名" = "名称"\n"メモ" = ""\n', encoding="utf-8")
    (own.parent / "publish.toml").write_text(PROJECT, encoding="utf-8")
    code, out, err = clean(capfd, source, "--heading", "メモ=備考", "--json")
    assert code == 0
    assert err == "122033/shops の dataset.toml の指定を使いました。\n"
    cleaned = json.loads(out)
    assert cleaned["schema"] == "public_facility.v2"
    ways = {item["heading"]: (item["name"], item["how"]) for item in cleaned["columns"] if item["heading"]}
    assert (ways["店名"], ways["メモ"]) == (("名称", "declared"), ("備考", "declared"))
    assert {row[0] for row in cleaned["rows"]} == {"122033"}
    beside = folder / "別の表.csv"
    beside.write_text(OWN, encoding="utf-8", newline="")
    assert "dataset.toml の指定を使いました" not in clean(capfd, beside)[2]


def test_where_the_table_is_can_be_said_for_one_call(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """What `odkit read` takes settles a file for `odkit clean` too: no dataset.toml is needed to try it."""
    path = tmp_path / "一覧.csv"
    path.write_text("県庁,043-223-2110\n別館,043-223-2111\n", encoding="utf-8", newline="")
    target = path.with_name("data.csv")
    headings = ("--heading", "列A=名称", "--heading", "列B=電話番号")
    code, _, err = run(capfd, path, "-o", target)
    assert (code, "--header-row 0" in err) == (1, True)
    assert run(capfd, path, "--header-row", "0", *headings, "-o", target)[0] == 0
    with target.open(encoding="utf-8-sig", newline="") as file:
        rows = [(row["名称"], row["電話番号"]) for row in csv.DictReader(file)]
    assert rows == [("県庁", "043-223-2110"), ("別館", "043-223-2111")]


def test_a_range_and_an_encoding_for_one_call(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "一覧.csv"
    path.write_bytes("名称,階,,名称,階\r\nA館,1,,X館,7\r\nB館,2,,Y館,8\r\n".encode("cp932"))
    code, out, _ = run(capfd, path, "--range", "D1:E3", "--encoding", "cp932", "--json")
    assert (code, [row[1:2] for row in json.loads(out)["rows"]]) == (0, [[""], [""]])
