"""Workbooks made with openpyxl: what is hidden, merged, computed, drawn; and the rules on values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import openpyxl
import pytest
from openpyxl.chart import BarChart
from openpyxl.worksheet.worksheet import Worksheet

from odkit.model import Outcome, Score
from odkit.score import score_file
from odkit.score.words import check_text

ROWS = (("名称", "人口", "世帯数"), ("市川市", 491000, 253000), ("船橋市", 645000, 312000), ("柏市", 430000, 190000))


def scored(
    tmp_path: Path, rows: Sequence[Sequence[object]], change: Callable[[Worksheet], object] | None = None
) -> Score:
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "一覧"
    for row in rows:
        sheet.append(list(row))
    if change:
        change(sheet)
    book.save(tmp_path / "a.xlsx")
    return score_file(tmp_path / "a.xlsx", "CC BY 4.0")


def failing(score: Score) -> dict[str, list[tuple[str, str]]]:
    return {
        check.id: [(item.range, item.value) for item in check.evidence]
        for check in score.checks
        if check.outcome is Outcome.FAIL
    }


def test_a_tidy_workbook_has_nothing_to_mend(tmp_path: Path) -> None:
    score = scored(tmp_path, ROWS)
    assert (score.level, score.format_level, failing(score)) == (2, 2, {})


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda sheet: sheet.merge_cells("A2:A3"), {"1-4": [("A2:A3", "市川市")]}),
        (lambda sheet: sheet.column_dimensions["B"].__setattr__("hidden", True), {"hidden": [("B:B", "")]}),
        (lambda sheet: sheet.row_dimensions[3].__setattr__("hidden", True), {"hidden": [("3:3", "")]}),
        (lambda sheet: sheet.column_dimensions.group("F", "XFD", hidden=True), {}),
        (lambda sheet: sheet.row_dimensions[9].__setattr__("hidden", True), {}),
        (lambda sheet: sheet.parent.create_sheet("作業").__setattr__("sheet_state", "hidden"), {}),
        (lambda sheet: sheet.cell(4, 3, "=B4/2"), {"1-7": [("C4", "=B4/2")]}),
        (lambda sheet: sheet.cell(1, 3, "人口"), {"header-duplicate": [("B:B", "人口"), ("C:C", "人口")]}),
        (lambda sheet: sheet.cell(1, 2).__setattr__("value", None), {"1-6": [("B1", "")]}),
        (lambda sheet: sheet.append(["※住民基本台帳による"]), {"structure": [("5:5", "※住民基本台帳による")]}),
        (lambda sheet: sheet.insert_rows(3), {"2-1": [("3:3", "")]}),
    ],
)
def test_findings(tmp_path: Path, change: Callable[[Worksheet], object], expected: dict[str, object]) -> None:
    score = scored(tmp_path, ROWS, change)
    assert (score.level, failing(score)) == (2, expected)


def test_a_merged_title_is_minor(tmp_path: Path) -> None:
    score = scored(tmp_path, [["人口一覧"], *ROWS], lambda sheet: sheet.merge_cells("A1:C1"))
    merged = next(check for check in score.checks if check.id == "1-4")
    assert failing(score) == {"structure": [("A1", "人口一覧")]}
    assert (merged.outcome, [item.range for item in merged.evidence]) == (Outcome.PASS, ["A1:C1"])


@pytest.mark.parametrize(("below", "twice"), [("男", []), ("女", [("E:E", "世帯／女"), ("F:F", "世帯／女")])])
def test_names_under_merged_groups(tmp_path: Path, below: str, twice: list[tuple[str, str]]) -> None:
    def merge(sheet: Worksheet) -> None:
        for area in ("A1:A2", "B1:C1", "D1:F1"):
            sheet.merge_cells(area)

    head = (("町", "人口", None, "世帯", None, None), (None, "男", "女", "計", "女", below))
    score = scored(tmp_path, (*head, ("A町", 1, 2, 3, 4, 5), ("B町", 6, 7, 8, 9, 10)), merge)
    assert failing(score).get("header-duplicate", []) == twice
    assert "header-row" in failing(score)


def test_a_picture_alone_is_no_grid(tmp_path: Path) -> None:
    score = scored(tmp_path, [], lambda sheet: sheet.add_chart(BarChart(), "A1"))
    assert (score.level, score.format_level) == (1, 2)
    assert failing(score) == {"structure": [("", "image-only")], "rows": [("", "0")], "1-8": [("", "1")]}
    (objects,) = (check for check in score.checks if check.id == "1-8")
    assert "シート 一覧 の" in check_text(objects, "ja", "fix", score)


def test_an_empty_workbook_is_no_data(tmp_path: Path) -> None:
    score = scored(tmp_path, [])
    assert (score.level, score.format_level) == (0, 0)


@pytest.mark.parametrize(
    ("heading", "values", "expected"),
    [
        ("人口", ["491,000人", "△120人", "12"], {"1-3": [("A2:A4", "491,000人")]}),
        ("電話番号", ["0473341111", "0474362111", "0471671111"], {}),
        ("コード", ["122033", "122041", "122173"], {}),
        ("版", ["2", "3", "4"], {}),
        ("クラス", ["1組", "2組", "3組"], {}),
        ("学級数", ["1,200", "2,300"], {"1-3": [("A2:A3", "1,200")]}),
        ("数", [1, 2, "X"], {}),
        ("数", [1, 2, "***"], {}),
        ("数", [*range(10), "-", "-"], {"1-13": [("A12:A13", "-")]}),
        ("数", [*range(30), "-"], {}),
        ("利用者数", ["12（3）", "15（4）", 7], {"1-2": [("A2:A3", "12（3）")]}),
        ("利用者数", ["12、15", "8、9", 7], {"1-2": [("A2:A3", "12、15")]}),
        ("設備", ["会議室、調理室", "体育館（2）", "和室"], {}),
        ("設置年", ["令和2年", "平成31年", "昭和64年"], {"1-11": [("A:A", "令和2年")]}),
        ("名称", ["平成公園", "昭和の森", "令和会館"], {}),
        ("市名", ["千　葉", "市　川", "船橋"], {"1-5": [("A2:A3", "千　葉")]}),
        ("名称", ["JR 柏駅", "沼南 庁舎", "A 館"], {}),
        ("担当", ["㈱市川", "髙島屋", "〒※"], {"1-10": [("A2", "㈱")]}),
        ("市町村", ["市川市", "〃", "柏市"], {"1-6": [("A3", "〃")]}),
    ],
)
def test_values(tmp_path: Path, heading: str, values: list[object], expected: dict[str, object]) -> None:
    rows: list[list[object]] = [[heading, "備考"], *([value, "あ"] for value in values)]
    assert failing(scored(tmp_path, rows)) == expected


def test_an_era_with_the_year_beside_it(tmp_path: Path) -> None:
    rows: list[list[object]] = [["設置年", "設置年（西暦）"], ["令和2年", 2020], ["平成31年", 2019]]
    assert failing(scored(tmp_path, rows)) == {}


def test_two_tables_on_one_sheet(tmp_path: Path) -> None:
    rows: list[list[object]] = [*map(list, ROWS), [], ["年度別"], ["年", "人口"], ["2019年", 1], ["2020年", 2]]
    score = scored(tmp_path, rows)
    assert failing(score) == {"2-1": [("5:5", "")], "2-2": [("7:7", "年 人口")]}


def test_a_blank_column_within_the_table(tmp_path: Path) -> None:
    assert failing(scored(tmp_path, [[row[0], None, row[1]] for row in ROWS])) == {"2-1": [("B:B", "")]}
