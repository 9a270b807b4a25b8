"""Workbooks: what a cell says, merged headings, hidden parts, formulas, the choice of the sheet, damage."""

from __future__ import annotations

import datetime as dt
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.worksheet import Worksheet

from odkit.errors import OdkitError, SourceError
from odkit.model import SourceSpec, SourceTable
from odkit.read import read_source

CONTENT_SHEET = "xl/worksheets/sheet1.xml"


def sheet_of(book: Workbook) -> Worksheet:
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "一覧"
    return sheet


def saved(book: Workbook, folder: Path) -> Path:
    path = folder / "一覧.xlsx"
    book.save(path)
    return path


def read(book: Workbook, folder: Path, **hints: object) -> SourceTable:
    sheet = str(hints.get("sheet", ""))
    return read_source(SourceSpec(path=saved(book, folder), sheet=sheet), "一覧.xlsx")


def with_part(path: Path, old: bytes, new: bytes, part: str = CONTENT_SHEET) -> Path:
    """Rewrite one part of a workbook, for what openpyxl does not write itself."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert old in parts[part]
    parts[part] = parts[part].replace(old, new)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def found(table: SourceTable) -> list[tuple[str, str, str]]:
    return [(item.code, item.where.cell, item.details.get("range", item.value)) for item in table.issues]


CellValue = bool | float | str | dt.date | dt.time | dt.timedelta | CellRichText
VALUES: list[tuple[CellValue, str, str]] = [
    (12, "General", "12"),
    (12.0, "General", "12"),
    (4000020120006, "General", "4000020120006"),
    (35.605057, "0.00", "35.605057"),
    (0.1 + 0.2, "General", "0.3"),
    (1234567, "#,##0", "1234567"),
    (1e20, "General", "1E+20"),
    (-0.5, "General", "-0.5"),
    (11002, "000000", "011002"),
    (2720021, "000-0000", "272-0021"),
    (2720021, r"[<=999]000;[<=9999]000\-00;000\-0000", "272-0021"),
    (0.865, "0.0%", "86.5%"),
    (0.5, "0%", "50%"),
    (1, "0.0%", "100.0%"),
    (1.25, "0.##%", "125%"),
    (dt.date(2024, 3, 31), "yyyy/m/d", "2024-03-31"),
    (dt.datetime.combine(dt.date(2024, 3, 31), dt.time(9, 30)), "yyyy/m/d h:mm", "2024-03-31T09:30"),
    (dt.time(9, 0), "h:mm", "09:00"),
    (dt.time(17, 15, 30), "h:mm:ss", "17:15:30"),
    (dt.timedelta(hours=25, minutes=30), "[h]:mm", "25:30"),
    (True, "General", "TRUE"),
    (False, "General", "FALSE"),
    ("011002", "@", "011002"),
    (" 全角　", "General", " 全角　"),
    (CellRichText("赤い", TextBlock(InlineFont(b=True), "字")), "General", "赤い字"),
]


@pytest.mark.parametrize(("value", "number_format", "text"), VALUES)
def test_cell_text(tmp_path: Path, value: CellValue, number_format: str, text: str) -> None:
    book = Workbook()
    sheet = sheet_of(book)
    sheet.append(["名称", "値"])
    sheet.append(["A"])
    sheet.cell(2, 2, value).number_format = number_format
    assert read(book, tmp_path).rows == (("A", text),)


def test_dates_of_both_epochs(tmp_path: Path) -> None:
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    sheet = sheet_of(book)
    sheet.append(["名称", "日"])
    sheet.append(["A", dt.date(2024, 2, 29)])
    assert read(book, tmp_path).rows == (("A", "2024-02-29"),)


def test_rounded_percentages_are_mentioned(tmp_path: Path) -> None:
    book = Workbook()
    sheet = sheet_of(book)
    for values in (["名称", "率"], ["A", 5 / 6], ["B", 0.5], ["C", 2 / 3]):
        sheet.append(values)
        sheet.cell(sheet.max_row, 2).number_format = "0.0%"
    table = read(book, tmp_path)
    assert [row[1] for row in table.rows] == ["83.3%", "50.0%", "66.7%"]
    assert found(table) == [("read.rounded", "B2", "83.3%")]
    assert table.issues[0].details["count"] == "2"


def test_title_merged_headings_group_cells_and_notes(tmp_path: Path) -> None:
    book = Workbook()
    sheet = sheet_of(book)
    sheet["B1"] = "一覧（令和6年3月31日現在）"
    sheet.merge_cells("B1:G1")
    rows: list[list[str | float | None]] = [
        ["No.", "設置施設", None, "位置", None, "備考"],
        [None, "名称", "住所", "緯度", "経度", None],
        [1, "A", "x", 35.1, 140.1, "共通"],
        [2, "B", "y", 35.2, 140.2, None],
        ["※位置は世界測地系"],
    ]
    for number, row in enumerate(rows, 3):
        for column, value in enumerate(row, 2):
            sheet.cell(number, column, value)
    for area in ("B3:B4", "C3:D3", "E3:F3", "G3:G4", "G5:G6"):
        sheet.merge_cells(area)
    table = read(book, tmp_path)
    assert table.headings == ("No.", "設置施設／名称", "設置施設／住所", "位置／緯度", "位置／経度", "備考")
    assert table.rows == (("1", "A", "x", "35.1", "140.1", "共通"), ("2", "B", "y", "35.2", "140.2", ""))
    assert (table.header_rows, table.row_numbers, table.first_column) == ((3, 4), (5, 6), 2)
    assert table.merged == ("B1:G1", "B3:B4", "C3:D3", "E3:F3", "G3:G4", "G5:G6")
    assert [(line.row, line.text) for line in table.preamble] == [(1, "一覧（令和6年3月31日現在）")]
    assert [(line.row, line.text) for line in table.notes] == [(7, "※位置は世界測地系")]
    assert str(table.where(5, 1)) == "一覧.xlsx 一覧 C5"


def test_tall_merged_title_with_a_date_beside_it(tmp_path: Path) -> None:
    book = Workbook()
    sheet = sheet_of(book)
    for row in (["一覧", None, "令和6年4月"], [], ["名称", "住所", "定員"], ["A", "x", 30], ["B", "y", 40]):
        sheet.append(row)
    sheet.merge_cells("A1:B2")
    sheet.merge_cells("A8:C9")
    path = with_part(saved(book, tmp_path), b'ref="A8:C9"', b'ref="A8:C1048576"')
    table = read_source(path)
    assert (table.headings, table.header_rows) == (("名称", "住所", "定員"), (3,))
    assert [line.text for line in table.preamble] == ["一覧 令和6年4月"]


def test_heading_over_three_rows(tmp_path: Path) -> None:
    book = Workbook()
    sheet = sheet_of(book)
    sheet.append(["指標", "実績", None, None, None])
    sheet.append([None, "令和4年度", None, "令和5年度", None])
    sheet.append([None, "件数", "率", "件数", "率"])
    sheet.append(["待機児童", 3, 1.5, 2, 1.1])
    for area in ("A1:A3", "B1:E1", "B2:C2", "D2:E2"):
        sheet.merge_cells(area)
    table = read(book, tmp_path)
    years = ("令和4年度", "令和5年度")
    assert table.headings == ("指標", *(f"実績／{year}／{name}" for year in years for name in ("件数", "率")))
    assert table.rows == (("待機児童", "3", "1.5", "2", "1.1"),)


def test_hidden_parts_with_content(tmp_path: Path) -> None:
    book = Workbook()
    sheet = sheet_of(book)
    for row in (["名称", "住所", "担当者", "電話"], ["A", "x", "p", "1"], ["B", "y", "q", "2"], ["C", "z", "r", "3"]):
        sheet.append(row)
    sheet.column_dimensions.group("C", "D", hidden=True)
    sheet.column_dimensions["H"].hidden = True
    sheet.row_dimensions[3].hidden = True
    sheet.row_dimensions[9].hidden = True
    memo = book.create_sheet("メモ")
    memo["A1"] = "内部用"
    memo.sheet_state = "veryHidden"
    book.create_sheet("空").sheet_state = "hidden"
    table = read(book, tmp_path)
    assert found(table) == [
        ("read.hidden", "", "'メモ'"),
        ("read.hidden", "3", "3:3"),
        ("read.hidden", "C", "C:D"),
    ]
    assert [item.details["kind"] for item in table.issues] == ["sheet", "rows", "columns"]
    assert len(table.rows) == 3


def test_formulas_and_error_values(tmp_path: Path) -> None:
    book = Workbook()
    sheet = sheet_of(book)
    for row in (["名称", "数", "計"], ["A", 1, "=B2*2"], ["B", 2, "=B3*2"], ["C", "#REF!", "=B4&C9"]):
        sheet.append(row)
    path = saved(book, tmp_path)
    with_part(path, b'<c r="C2"><f>B2*2</f><v /></c>', b'<c r="C2"><f>B2*2</f><v>2</v></c>')
    with_part(path, b'<c r="C4"><f>B4&amp;C9</f><v /></c>', b'<c r="C4" t="str"><f>B4&amp;C9</f><v></v></c>')
    table = read_source(path, "一覧.xlsx")
    assert [row[1:] for row in table.rows] == [("1", "2"), ("2", ""), ("#REF!", "")]
    assert found(table) == [
        ("read.error-value", "B4", "#REF!"),
        ("read.formula", "C2", "2"),
        ("read.formula-no-value", "C3", ""),
    ]


def test_the_only_sheet_with_a_table_is_read(tmp_path: Path) -> None:
    book = Workbook()
    sheet_of(book).append(["はじめにお読みください"])
    sheet = book.create_sheet("表")
    for row in (["名称", "住所"], ["A", "x"]):
        sheet.append(row)
    table = read(book, tmp_path)
    assert (table.sheet, table.rows) == ("表", (("A", "x"),))
    assert [(item.code, item.where.sheet) for item in table.issues] == [("read.other-sheet", "一覧")]


def two_tables() -> Workbook:
    book = Workbook()
    for sheet in (sheet_of(book), book.create_sheet("R5")):
        sheet.append(["名称", "住所"])
        sheet.append([sheet.title, "x"])
    return book


def test_several_tables_need_a_decision(tmp_path: Path) -> None:
    with pytest.raises(SourceError) as caught:
        read(two_tables(), tmp_path)
    assert caught.value.code == "read.which-sheet"
    assert 'sheet = "一覧"' in caught.value.text("ja")
    assert read(two_tables(), tmp_path, sheet="R5").rows == (("R5", "x"),)


def test_a_sheet_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SourceError) as caught:
        read(two_tables(), tmp_path, sheet="R6")
    assert (caught.value.code, caught.value.details["sheets"]) == ("read.no-sheet", "'一覧', 'R5'")


def test_nothing_to_read(tmp_path: Path) -> None:
    with pytest.raises(SourceError) as caught:
        read(Workbook(), tmp_path)
    assert caught.value.code == "read.empty-sheet"


def test_stray_cell_at_the_far_corner(tmp_path: Path) -> None:
    book = Workbook()
    sheet = sheet_of(book)
    for row in (["名称", "住所"], ["A", "x"]):
        sheet.append(row)
    sheet.cell(1_048_576, 16_384).number_format = "0"
    assert read(book, tmp_path).rows == (("A", "x"),)


def test_wrong_dimension_cuts_nothing_off(tmp_path: Path) -> None:
    path = saved(two_tables(), tmp_path)
    with_part(path, b'<dimension ref="A1:B2"', b'<dimension ref="A1"')
    assert read_source(SourceSpec(path=path, sheet="一覧")).rows == (("一覧", "x"),)


def test_zip_bomb_is_refused_unopened(tmp_path: Path) -> None:
    path = saved(two_tables(), tmp_path)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/media/a.bin", "w") as part:
        for _ in range(70):
            part.write(bytes(1 << 20))
    with pytest.raises(SourceError) as caught:
        read_source(path)
    assert caught.value.code == "read.too-large"


def test_entities_are_refused(tmp_path: Path) -> None:
    path = saved(two_tables(), tmp_path)
    with_part(path, b"<worksheet", b'<!DOCTYPE w [<!ENTITY a "aa">]><worksheet')
    with pytest.raises(SourceError) as caught:
        read_source(SourceSpec(path=path, sheet="一覧"))
    assert caught.value.code == "read.broken-file"


def test_password(tmp_path: Path) -> None:
    path = tmp_path / "secret.xlsx"
    path.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(1016) + "EncryptedPackage".encode("utf-16-le"))
    with pytest.raises(SourceError) as caught:
        read_source(path)
    assert caught.value.code == "read.password"


def test_broken_old_workbook(tmp_path: Path) -> None:
    path = tmp_path / "old.xls"
    path.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(1016) + "Workbook".encode("utf-16-le"))
    with pytest.raises(SourceError) as caught:
        read_source(path)
    assert caught.value.code == "read.broken-file"


def _workbook() -> bytes:
    stream = BytesIO()
    book = two_tables()
    del book["R5"]
    book.save(stream)
    return stream.getvalue()


WORKBOOK = _workbook()


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, len(WORKBOOK) - 1), byte=st.integers(0, 255), cut=st.booleans())
def test_damage_never_crashes(tmp_path: Path, place: int, byte: int, cut: bool) -> None:
    data = WORKBOOK[:place] if cut else WORKBOOK[:place] + bytes([byte]) + WORKBOOK[place + 1 :]
    path = tmp_path / "damaged.xlsx"
    path.write_bytes(data)
    assert read_or_refused(path)


def read_or_refused(path: Path) -> bool:
    """Whether the file was read as a table, or refused with words; anything else is an exception."""
    try:
        table = read_source(path)
    except OdkitError as error:
        return bool(error.text("ja"))
    return all(len(row) == len(table.headings) for row in table.rows)


def test_formulas_of_a_column_are_one_issue(tmp_path: Path) -> None:
    book = Workbook()
    sheet = sheet_of(book)
    sheet.append(["名称", "数"])
    for row in range(2, 2002):
        sheet.append(["A", f"=A{row}"])
    path = saved(book, tmp_path)
    [formulas] = [item for item in read_source(path, "一覧.xlsx").issues if "formula" in item.code]
    assert (formulas.code, formulas.where.cell) == ("read.formula-no-value", "B2")
    assert formulas.details["count"] == "2000"


@pytest.mark.parametrize(
    ("number", "serial", "expected"), [(31, 45382, "2024-03-31"), (58, 45382, "2024-03-31"), (32, 0.5, "12:00")]
)
def test_dates_that_japanese_excel_knows_by_number(number: int, serial: float, expected: str, tmp_path: Path) -> None:
    book = Workbook()
    sheet = sheet_of(book)
    sheet.append(["名称", "日"])
    sheet.append(["A", serial])
    sheet["B2"].number_format = "0.000000"
    path = with_part(saved(book, tmp_path), b'numFmtId="164" fontId', b'numFmtId="%d" fontId' % number, "xl/styles.xml")
    assert read_source(path).rows == (("A", expected),)
