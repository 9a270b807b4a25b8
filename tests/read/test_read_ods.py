"""OpenDocument spreadsheets, written part by part: values, merges, hidden parts, formulas, and what is refused."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from odkit.errors import SourceError
from odkit.model import SourceSpec
from odkit.read import read_source

SPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in {"office": "office", "table": "table", "text": "text", "style": "style"}.items()
)
MEDIA_TYPE = "application/vnd.oasis.opendocument.spreadsheet"


def cell(shown: str, kind: str = "string", **attributes: str) -> str:
    extra = "".join(f' {name.replace("_", ":", 1).replace("_", "-")}="{value}"' for name, value in attributes.items())
    return f'<table:table-cell office:value-type="{kind}"{extra}><text:p>{shown}</text:p></table:table-cell>'


def row(*cells: str, **attributes: str) -> str:
    extra = "".join(f' table:{name.replace("_", "-")}="{value}"' for name, value in attributes.items())
    return f"<table:table-row{extra}>{''.join(cells)}</table:table-row>"


def texts(*shown: str) -> str:
    return row(*map(cell, shown))


def table(name: str, *parts: str, style: str = "ta1") -> str:
    return f'<table:table table:name="{name}" table:style-name="{style}">{"".join(parts)}</table:table>'


def document(folder: Path, *tables: str, start: str = "", extra: dict[str, str] | None = None) -> Path:
    """An .ods file: the type first and unpacked, as the format asks."""
    hidden = '<style:style style:name="ta2"><style:table-properties table:display="false"/></style:style>'
    body = f"<office:body><office:spreadsheet>{''.join(tables)}</office:spreadsheet></office:body>"
    content = f"<office:document-content {SPACES}><office:automatic-styles>{hidden}</office:automatic-styles>{body}"
    path = folder / "一覧.ods"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", MEDIA_TYPE, zipfile.ZIP_STORED)
        archive.writestr("content.xml", f"{start}{content}</office:document-content>")
        for name, text in (extra or {}).items():
            archive.writestr(name, text)
    return path


VALUES = [
    (cell("12", "float", office_value="12"), "12"),
    (cell("0.3", "float", office_value="0.30000000000000004"), "0.3"),
    (cell("4.0E+12", "float", office_value="4000020370002"), "4000020370002"),
    (cell("1,234円", "currency", office_value="1234"), "1234"),
    (cell("011002", "float", office_value="11002"), "011002"),
    (cell("260-0855", "float", office_value="2600855"), "260-0855"),
    (cell("5-1", "float", office_value="5"), "5"),
    (cell("86.5%", "percentage", office_value="0.865"), "86.5%"),
    (cell("令和6年3月31日", "date", office_date_value="2024-03-31"), "2024-03-31"),
    (cell("", "date", office_date_value="2024-03-31T09:30:00"), "2024-03-31T09:30"),
    (cell("9:30", "time", office_time_value="PT09H30M00S"), "09:30"),
    (cell("25:30", "time", office_time_value="PT25H30M00S"), "25:30"),
    (cell("真", "boolean", office_boolean_value="true"), "TRUE"),
    (cell("a<text:s text:c='2'/>b<text:line-break/>c"), "a  b\nc"),
    (cell("一</text:p><text:p>二"), "一\n二"),
    (cell("x</text:p><office:annotation><text:p>内緒</text:p></office:annotation><text:p>y"), "x\ny"),
]


@pytest.mark.parametrize(("written", "expected"), VALUES)
def test_what_a_cell_says(tmp_path: Path, written: str, expected: str) -> None:
    path = document(tmp_path, table("一覧", texts("名称", "値"), row(cell("A"), written)))
    assert read_source(path).rows == (("A", expected),)


def test_merges_hidden_parts_and_formulas(tmp_path: Path) -> None:
    columns = '<table:table-column table:number-columns-repeated="2"/><table:table-column table:visibility="collapse"/>'
    head = row(
        cell("名称", table_number_rows_spanned="2"),
        cell("人数", table_number_columns_spanned="2"),
        "<table:covered-table-cell/>",
    )
    names = row("<table:covered-table-cell/>", cell("男"), cell("女"))
    data = row(cell("A"), cell("1", "float", office_value="1"), cell("2", "float", office_value="2"))
    total = row(cell("B"), cell("3", "float", office_value="3", table_formula="of:=1+2"), visibility="collapse")
    wrong = row(cell("C"), cell("#DIV/0!", "string", table_formula="of:=1/0"))
    end = row('<table:table-cell table:number-columns-repeated="16384"/>', number_rows_repeated="1048000")
    notes = table("控え", texts("内部", "用"), texts("1", "2"), style="ta2")
    path = document(tmp_path, table("一覧", columns, head, names, data, total, wrong, end), notes)
    read = read_source(path, "一覧.ods")
    assert (read.headings, read.header_rows) == (("名称", "人数／男", "人数／女"), (1, 2))
    assert read.rows == (("A", "1", "2"), ("B", "3", ""), ("C", "#DIV/0!", ""))
    assert (read.merged, read.sheet, read.origin.media_type) == (("A1:A2", "B1:C1"), "一覧", MEDIA_TYPE)
    assert [
        (item.code, item.where.cell or item.where.sheet, item.details.get("range", "")) for item in read.issues
    ] == [
        ("read.hidden", "控え", "'控え'"),
        ("read.hidden", "4", "4:4"),
        ("read.hidden", "C", "C:C"),
        ("read.error-value", "B5", ""),
        ("read.formula", "B4", ""),
    ]


def test_repeated_cells_and_rows(tmp_path: Path) -> None:
    twice = row(
        cell("A"), cell("1", "float", office_value="1", table_number_columns_repeated="2"), number_rows_repeated="2"
    )
    path = document(tmp_path, table("一覧", texts("名称", "x", "y"), twice))
    assert read_source(path).rows == (("A", "1", "1"), ("A", "1", "1"))


def test_sheets_are_asked_about(tmp_path: Path) -> None:
    path = document(tmp_path, *(table(name, texts("名称", "数"), texts("A", "1")) for name in ("R5", "R6")))
    with pytest.raises(SourceError) as caught:
        read_source(path)
    assert caught.value.code == "read.which-sheet"
    assert read_source(SourceSpec(path=path, sheet="R6")).sheet == "R6"


REPEATED = row(cell("A", table_number_columns_repeated="16000"), number_rows_repeated="1048000")
REFUSED = [
    (table("一覧", REPEATED), "", {}, "read.too-many-cells"),
    (table("一覧", row(cell("A", table_number_columns_repeated="99999999"))), "", {}, "read.too-many-cells"),
    (table("一覧"), '<!DOCTYPE a [<!ENTITY b "c">]>', {}, "read.broken-file"),
    ("<", "", {}, "read.broken-file"),
    (table("一覧"), "", {"META-INF/manifest.xml": "<manifest:encryption-data/>"}, "read.password"),
    (table("一覧"), "", {}, "read.empty-sheet"),
]


@pytest.mark.parametrize(("content", "start", "extra", "code"), REFUSED)
def test_refused(tmp_path: Path, content: str, start: str, extra: dict[str, str], code: str) -> None:
    with pytest.raises(SourceError) as caught:
        read_source(document(tmp_path, content, start=start, extra=extra))
    assert caught.value.code == code
