"""The sources checked in under datapackages/: real in form, counted against what was published."""

from __future__ import annotations

import csv
import io
import re
import tomllib
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

HOME = Path(__file__).resolve().parent.parent / "datapackages" / "120006"
DATASETS = ("cultural_property", "ict-indicators", "public_wireless_lan")
HEADER = [
    "指標番号",
    "区分",
    "項目",
    "取組名",
    "成果指標",
    "基準値",
    "見込値",
    "中間目標",
    "最終目標",
    "達成状況",
    "比較",
    "進捗率",
    "備考",
]
Record = dict[str, str]


def declaration(dataset: str) -> dict[str, Any]:
    return tomllib.loads((HOME / dataset / "dataset.toml").read_text(encoding="utf-8"))


def source(dataset: str) -> Path:
    return HOME / dataset / str(declaration(dataset)["source"]["path"])


def sheet(dataset: str) -> Worksheet:
    book = openpyxl.load_workbook(source(dataset))
    assert len(book.worksheets) == 1
    return book.worksheets[0]


def texts(page: Worksheet, first: int, last: int | None = None) -> list[list[str]]:
    rows = page.iter_rows(min_row=first, max_row=last or page.max_row, values_only=True)
    return [["" if cell is None else str(cell) for cell in row] for row in rows]


def merged(page: Worksheet) -> set[str]:
    return {str(item) for item in page.merged_cells.ranges}


def indicators() -> list[Record]:
    """The 68 indicators, with merged groups written out."""
    records: list[Record] = []
    for row in texts(sheet("ict-indicators"), 6, 73):
        record = dict(zip(HEADER, row, strict=True))
        above = records[-1] if records else {}
        records.append(
            {name: value or above.get(name, "") if name in HEADER[1:4] else value for name, value in record.items()}
        )
    return records


def group(name: str) -> list[Record]:
    return [record for record in indicators() if record["区分"] == name]


def ledger() -> list[list[str]]:
    text = source("cultural_property").read_bytes().decode("cp932")
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


# All three


@pytest.mark.parametrize("dataset", DATASETS)
def test_a_declaration_names_its_source_and_says_whether_it_is_a_sample(dataset: str) -> None:
    declared = declaration(dataset)
    assert source(dataset).is_file()
    assert declared.get("sample", False) is (dataset != "ict-indicators")
    assert ("サンプル" in declared["title"]) is declared.get("sample", False)
    assert ("架空" in declared["description"]) is declared.get("sample", False)
    assert all(declared[name] for name in ("title_en", "description_en", "standard", "update_cycle", "tags"))


@pytest.mark.parametrize("dataset", ["ict-indicators", "public_wireless_lan"])
def test_a_workbook_names_neither_a_person_nor_a_program(dataset: str) -> None:
    with zipfile.ZipFile(source(dataset)) as book:
        properties = book.read("docProps/core.xml") + book.read("docProps/app.xml")
    assert not re.search(rb"creator|lastModifiedBy|Application|Company|openpyxl", properties, re.IGNORECASE)


# Indicators


def test_there_are_68_indicators_in_three_groups() -> None:
    assert Counter(record["区分"] for record in indicators()) == {
        "波及効果の高いプロジェクト": 12,
        "個別施策": 48,
        "推進を支える土台づくり": 8,
    }


def test_indicator_numbers_count_up_in_each_group() -> None:
    numbers = [f"{block}-{item:02d}" for block, size in ((1, 12), (2, 48), (3, 8)) for item in range(1, size + 1)]
    assert [record["指標番号"] for record in indicators()] == numbers


def test_the_marks_of_the_projects_add_up_to_the_published_totals() -> None:
    marks = Counter(record["達成状況"] for record in group("波及効果の高いプロジェクト"))
    assert marks == {"○": 6, "×": 4, "": 1, "進捗管理を停止": 1}


@pytest.mark.parametrize(
    ("name", "arrows", "half_or_more"),
    [
        ("個別施策", {"↗": 39, "→": 3, "↘": 6}, 33),
        ("推進を支える土台づくり", {"↗": 3, "→": 5}, 3),
    ],
)
def test_the_marks_of_the_measures_add_up_to_the_published_totals(
    name: str, arrows: dict[str, int], half_or_more: int
) -> None:
    records = group(name)
    assert Counter(record["比較"].strip("()") for record in records) == arrows
    assert sum(record["進捗率"] in {"◎", "○"} for record in records) == half_or_more
    for record in records:
        allowed = {"↗": "◎○△", "→": "－", "↘": "×"}[record["比較"].strip("()")]
        assert record["進捗率"] in allowed, record


def test_every_indicator_has_name_value_and_target() -> None:
    for record in indicators():
        assert all(record[name] for name in HEADER[:7]), record
        assert record["最終目標"], record
    projects = group("波及効果の高いプロジェクト")
    assert all(record["中間目標"] for record in projects)
    assert not any(record["中間目標"] for record in indicators()[12:])


def test_values_stand_as_they_were_published() -> None:
    value = {record["指標番号"]: record for record in indicators()}
    assert value["1-01"]["見込値"].endswith("（4～12月計：65,791人）")
    assert value["1-05"]["最終目標"] == "1，000人"
    assert value["1-07"]["基準値"] == "68.1%\n(平成30年度)\n70.8%\n（令和元年度)"
    assert value["2-02"]["基準値"] == "405，823千枚\n(平成30年度)"
    assert value["2-05"]["基準値"] == "2,662件\n(H30実績)"
    assert value["2-04"]["見込値"] == "209/447\n（令和2年12月1日現在）"


def test_the_long_vowel_is_written_as_such() -> None:
    for record in indicators():
        assert not re.search("[ァ-ヺ]－|－[ァ-ヺ]", "".join(record.values())), record


def test_the_workbook_has_title_two_header_rows_merged_groups_and_notes() -> None:
    page = sheet("ict-indicators")
    assert {"A1:M1", "A4:A5", "F4:I4", "J4:L4", "B6:B17", "B18:B65", "B66:B73", "D19:D21"} <= merged(page)
    assert page["F4"].value == "値"
    assert page["F5"].value == "基準値\n（令和元年度）"
    assert [row[0].split("進捗率")[0] for row in texts(page, 74)] == [
        "",
        "【凡例】",
        "※",
        *[row[0] for row in texts(page, 77)],
    ]
    assert page["A75"].value.startswith("【凡例】")


# Wireless LAN


def test_the_wireless_list_is_laid_out_as_a_department_does() -> None:
    page = sheet("public_wireless_lan")
    assert {"A1:R1", "D3:I3", "J3:K3", "M3:N3", "A3:A4", "L11:L17"} <= merged(page)
    assert page["A1"].value == "千葉県公衆無線LANアクセスポイント一覧（令和6年3月31日現在）"
    assert not any(texts(page, 2, 2)[0])
    assert [page["D3"].value, page["D4"].value, page["J4"].value] == ["設置施設", "名称", "緯度"]
    assert not any(texts(page, 29, 29)[0])
    assert "サンプル（架空のデータ）" in str(page["A30"].value)


def test_the_wireless_list_has_24_rows_with_what_real_ones_suffer_from() -> None:
    rows = texts(sheet("public_wireless_lan"), 5, 28)
    assert [row[1] for row in rows] == [f"PW-{number:03d}" for number in range(1, 25)]
    assert {row[2] for row in rows} == {"12000", "120006"}
    assert sum(not row[9] for row in rows) == 1
    assert sum(bool(row[9]) and float(row[9]) > 90 for row in rows) == 1
    assert sum(row[11] == "〃" for row in rows) == 3
    assert sum(";" in row[14] for row in rows) == 3
    assert all(re.search("[ｦ-ﾟ]", row[4]) for row in rows)
    assert any(re.search("[０-９]", row[7]) for row in rows)


def test_codes_of_the_wireless_list_are_partly_numbers() -> None:
    kinds = {type(row[2]) for row in sheet("public_wireless_lan").iter_rows(min_row=5, max_row=28, values_only=True)}
    assert kinds == {int, str}


# Cultural properties


def test_the_ledger_is_really_cp932_with_crlf() -> None:
    data = source("cultural_property").read_bytes()
    with pytest.raises(UnicodeDecodeError):
        data.decode("utf-8")
    assert data.decode("cp932").encode("cp932") == data
    assert data.count(b"\r\n") == 21
    assert data.endswith(b"\r\n")


def test_the_ledger_is_one_table_with_its_header_on_the_first_line() -> None:
    rows = ledger()
    assert len(rows) == 21
    assert {len(row) for row in rows} == {24}
    assert len(set(rows[0])) == 24
    assert all(row[-1].startswith("サンプル（架空のデータ）") for row in rows[1:])


def test_the_ledger_has_what_real_ones_suffer_from() -> None:
    head, *rows = ledger()
    column = {name: [row[place] for row in rows] for place, name in enumerate(head)}
    dates = {"昭和40年3月26日", "S32.2.21", "平成元年４月１日", "令和2年９月30日", "22196"}
    assert dates <= set(column["指定年月日"])
    assert "1基" in column["員数"]
    assert any("\n" in text for text in column["概要"])
    assert any(text != text.strip() for text in column["文化財名"])
    assert all(re.search("[ｦ-ﾟ]", text) for text in column["名称_ｶﾅ"])
    assert [text for text in column["市区町村コード"] if len(text) == 5] == ["12203", "12221"]
    assert column["緯度"].count("") == 1


def test_every_decided_heading_is_in_its_source() -> None:
    assert set(declaration("cultural_property")["headings"]) <= set(ledger()[0])
    assert set(declaration("public_wireless_lan")["headings"]) <= set(texts(sheet("public_wireless_lan"), 3, 3)[0])
