"""The two ways of reading an .xlsx, by pattern and by XML parser, against each other and against openpyxl.

Whatever is read quickly must be what the careful way reads; what is not usual must be left to the careful way.
"""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Callable, Iterable, Mapping
from io import BytesIO
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell, MergedCell
from xlsxwriter import Workbook

from odkit.errors import SourceError
from odkit.model import Row, Where
from odkit.read.cells import Value, as_text
from odkit.read.grid import Grid, trimmed
from odkit.read.xlsx import xlsx_document
from odkit.read.xlsx_careful import read_carefully
from odkit.read.xlsx_cells import Spelling
from odkit.read.xlsx_parts import read_book, style_formats
from odkit.read.xlsx_quick import read_quickly
from odkit.read.xlsx_rows import SheetRows
from odkit.read.xlsx_text import Unusual, careful_strings, quick_strings, shared_strings

Way = Callable[[zipfile.ZipFile, str, Spelling, SheetRows], None]
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
BOLD, RUBY = '<b/><rFont val="x"/>', '<rPh sb="0" eb="1"><t>アカ</t></rPh>'
STRINGS = [
    "<si><t>名称</t></si>",
    '<si><t xml:space="preserve"> 前後 </t></si>',
    '<si><t>千葉</t><rPh sb="0" eb="2"><t>チバ</t></rPh><phoneticPr fontId="1"/></si>',
    f'<si><r><t>赤い</t></r><r><rPr>{BOLD}</rPr><t xml:space="preserve"> 字</t></r>{RUBY}</si>',
    "<si><t>A&amp;B &lt;1&gt; &#x20000;&#65;</t></si>",
    "<si><t>一行目_x000D_\n二行目 _x005F_x0041_ _xD83D__xDE00_</t></si>",
    "<si><t/></si>",
    "<si/>",
]
FORMATS = ["General", "0.0%", "000000", "yyyy/m/d", "[h]:mm", 'ggge"年"']


def package(rows: str, *, before: str = "", after: str = "", space: str = MAIN, prefix: str = "") -> bytes:
    """A workbook whose only sheet has these rows, written by hand."""
    tag = f"{prefix}:" if prefix else ""
    name = f"xmlns:{prefix}" if prefix else "xmlns"
    types = OFFICE if space == MAIN else "http://purl.oclc.org/ooxml/officeDocument/relationships"
    codes = "".join(f'<numFmt numFmtId="{164 + at}" formatCode="{escape(code)}"/>' for at, code in enumerate(FORMATS))
    styles = "".join(f'<xf numFmtId="{164 + at if at else 0}"/>' for at in range(len(FORMATS)))
    related = "".join(
        f'<Relationship Id="r{at}" Type="{types}/{kind}" Target="{target}"/>'
        for at, (kind, target) in enumerate(
            [("worksheet", "worksheets/sheet1.xml"), ("sharedStrings", "sharedStrings.xml"), ("styles", "styles.xml")]
        )
    )
    relations = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
    parts = {
        "[Content_Types].xml": CONTENT_TYPES,
        "_rels/.rels": relations.format(
            f'<Relationship Id="b" Type="{types}/officeDocument" Target="xl/workbook.xml"/>'
        ),
        "xl/_rels/workbook.xml.rels": relations.format(related),
        "xl/workbook.xml": f'<workbook xmlns="{space}" xmlns:r="{types}">'
        '<sheets><sheet name="一覧" sheetId="1" r:id="r0"/></sheets></workbook>',
        "xl/sharedStrings.xml": f'<sst xmlns="{space}">{"".join(STRINGS)}</sst>',
        "xl/styles.xml": f'<styleSheet xmlns="{space}"><numFmts>{codes}</numFmts>'
        f'<cellStyleXfs><xf numFmtId="9"/></cellStyleXfs><cellXfs>{styles}</cellXfs>'
        '<dxfs><dxf><numFmt numFmtId="165" formatCode="0"/></dxf></dxfs></styleSheet>',
        "xl/worksheets/sheet1.xml": f'<?xml version="1.0" encoding="UTF-8"?>\n<{tag}worksheet {name}="{space}">'
        f"{before}<{tag}sheetData>{rows}</{tag}sheetData>{after}</{tag}worksheet>",
    }
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in parts.items():
            archive.writestr(path, content)
    return stream.getvalue()


CONTENT_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)


def escape(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")


def read_by(way: Way, data: bytes) -> list[Grid]:
    """Every sheet of a workbook, read one way."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        book = read_book(archive)
        strings = shared_strings(archive, book.parts["sharedStrings"]) if "sharedStrings" in book.parts else []
        formats = style_formats(archive, book.parts["styles"]) if "styles" in book.parts else ()
        spelling = Spelling(strings, formats, starts_1904=book.starts_1904)
        grids = []
        for sheet in book.sheets:
            found = SheetRows(Where(file="x.xlsx", sheet=sheet.name))
            way(archive, sheet.path, spelling, found)
            grids.append(found.grid())
        return grids


def rows_of(data: bytes) -> list[Row]:
    return list(loaded(data).rows)


def loaded(data: bytes) -> Grid:
    return xlsx_document(data, "x.xlsx").sheets[0].load()


def by_openpyxl(data: bytes) -> list[list[Row]]:
    """The texts of every sheet as openpyxl reads them, cell by cell."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = load_workbook(BytesIO(data), data_only=True)
        return [_up_to_last(map(_texts, sheet.iter_rows())) for sheet in book.worksheets]


def _texts(cells: Iterable[Cell | MergedCell]) -> Row:
    return trimmed(tuple(as_text(cast("Value", cell.value), cell.number_format) for cell in cells))


def _up_to_last(rows: Iterable[Row]) -> list[Row]:
    texts = list(rows)
    while texts and not texts[-1]:
        texts.pop()
    return texts


def test_real_files(shared: Path) -> None:
    files = sorted((shared / "real").rglob("*.xlsx"))
    assert files
    for path in files:
        data = path.read_bytes()
        quick = read_by(read_quickly, data)
        assert quick == read_by(read_carefully, data), path
        assert [list(grid.rows) for grid in quick] == by_openpyxl(data), path


CELLS = [
    ('<c r="A1" t="s"><v>0</v></c>', "名称"),
    ('<c r="A1" s="0" t="s"><v>1</v></c>', " 前後 "),
    ('<c r="A1" t="s" s="2"><v>2</v></c>', "千葉"),
    ('<c r="A1" t="s"><v>3</v></c>', "赤い 字"),
    ('<c r="A1" t="s"><v>4</v></c>', "A&B <1> 𠀀A"),
    ('<c r="A1" t="s"><v>5</v></c>', "一行目\r\n二行目 _x0041_ 😀"),
    ('<c r="A1" t="s"><v>6</v></c>', ""),
    ('<c r="A1" t="s"><v>7</v></c>', ""),
    ('<c r="A1" t="s"><v></v></c>', ""),
    ('<c r="A1" t="s"><v/></c>', ""),
    ('<c r="A1" s="1"/>', ""),
    ('<c r="A1" s="1"></c>', ""),
    ('<c r="A1"><v>4000020120006</v></c>', "4000020120006"),
    ('<c r="A1"><v>4.000020120006E12</v></c>', "4000020120006"),
    ('<c r="A1"><v>0.30000000000000004</v></c>', "0.3"),
    ('<c r="A1"><v>35.605057</v></c>', "35.605057"),
    ('<c r="A1"><v>-0.5</v></c>', "-0.5"),
    ('<c r="A1"><v>1.0</v></c>', "1"),
    ('<c r="A1"><v>007</v></c>', "7"),
    ('<c r="A1"><v>1e+20</v></c>', "1E+20"),
    ('<c r="A1" s="1" t="n"><v>0.865</v></c>', "86.5%"),
    ('<c r="A1" s="2"><v>11002</v></c>', "011002"),
    ('<c r="A1" s="3"><v>45382</v></c>', "2024-03-31"),
    ('<c r="A1" s="3"><v>99999999</v></c>', "99999999"),
    ('<c r="A1" s="4"><v>1.0625</v></c>', "25:30"),
    ('<c r="A1" s="5"><v>45382</v></c>', "2024-03-31"),
    ('<c r="A1" s="999"><v>5</v></c>', "5"),
    ('<c r="A1" t="b"><v>1</v></c>', "TRUE"),
    ('<c r="A1" t="b"><v>0</v></c>', "FALSE"),
    ('<c r="A1" t="e"><v>#N/A</v></c>', "#N/A"),
    ('<c r="A1" t="d"><v>2024-03-31T00:00:00</v></c>', "2024-03-31"),
    ('<c r="A1" t="d"><v>09:30:00</v></c>', "09:30"),
    ('<c r="A1" t="d"><v>昨日</v></c>', "昨日"),
    ('<c r="A1" t="str"><f>B1&amp;"x"</f><v>a&lt;b_x000D_</v></c>', "a<b\r"),
    ('<c r="A1" t="str"><v xml:space="preserve"> x </v></c>', " x "),
    ('<c r="A1"><f t="shared" ref="A1:A9" si="0">B1*2</f><v>4</v></c>', "4"),
    ('<c r="A1"><f t="shared" si="0"/><v>4</v></c>', "4"),
    ('<c r="A1"><f/><v>4</v></c>', "4"),
    ('<c r="A1" cm="1"><f t="array" ref="A1">B1</f><v>4</v></c>', "4"),
    ('<c r="A1" t="inlineStr"><is><t>中 &amp; 外</t></is></c>', "中 & 外"),
    (
        '<c r="A1" t="inlineStr"><is><r><t>中</t></r><r><t>外</t></r><rPh sb="0" eb="1"><t>ナカ</t></rPh></is></c>',
        "中外",
    ),
    ('<c r="A1" t="inlineStr"><is><t></t></is></c>', ""),
    ('\n <c r="A1">\n  <v>4</v>\n </c>\n', "4"),
]


@pytest.mark.parametrize(("cell", "text"), CELLS)
def test_one_cell(cell: str, text: str) -> None:
    data = package(f'<row r="1">{cell}<c r="B1" t="s"><v>0</v></c></row>')
    quick, careful = read_by(read_quickly, data), read_by(read_carefully, data)
    assert quick == careful
    assert list(quick[0].rows) == [(text, "名称")]


ODD_CELLS = [
    ('<c t="s"><v>0</v></c>', "名称"),
    ('<c r="A1"><!-- x --><v>4</v></c>', "4"),
    ('<c r="A1" t="str"><v><![CDATA[a<b]]></v></c>', "a<b"),
    ('<c t="n" r="A1"><v>4</v></c>', "4"),
    ("<c r='A1'><v>4</v></c>", "4"),
    ('<c r="A1"><v>4</v><extLst><ext uri="u"><f xmlns="x">1</f></ext></extLst></c>', "4"),
]


@pytest.mark.parametrize(("cell", "text"), ODD_CELLS)
def test_what_is_not_usual_is_left_to_the_careful_way(cell: str, text: str) -> None:
    data = package(f'<row r="1">{cell}<c r="B1" t="s"><v>0</v></c></row>')
    with pytest.raises(Unusual):
        read_by(read_quickly, data)
    assert rows_of(data) == [(text, "名称")]


A = '<c r="A{0}"><v>{0}</v></c>'
SHEETS = {
    "rows left out": ('<row r="2" spans="1:1">' + A.format(2) + '</row><row r="4">' + A.format(4) + "</row>", [2, 4]),
    "empty rows": ('<row r="1"/><row r="2" ht="9"></row><row r="3">' + A.format(3) + '</row><row r="9"/>', [3]),
    "blank cells": ('<row r="1">' + A.format(1) + '<c r="XFD1" s="1"/></row>', [1]),
    "rows without numbers": ("<row>" + A.format(1) + "</row><row><c><v>2</v></c></row>", [1, 2]),
    "only cells have numbers": ("<row>" + A.format(3) + "</row><row>" + A.format(5) + "</row>", [3, 5]),
    "rows out of order": ('<row r="2">' + A.format(2) + '</row><row r="1">' + A.format(1) + "</row>", [1, 2]),
    "no rows": ("", []),
}


@pytest.mark.parametrize("name", SHEETS)
def test_rows(name: str) -> None:
    rows, numbers = SHEETS[name]
    expected = [(str(number),) if number in numbers else () for number in range(1, max(numbers, default=0) + 1)]
    assert rows_of(package(rows)) == expected


def test_cells_out_of_order() -> None:
    data = package('<row r="1"><c r="C1"><v>3</v></c><c r="A1"><v>1</v></c></row>')
    assert read_by(read_quickly, data) == read_by(read_carefully, data)
    assert rows_of(data) == [("1", "", "3")]


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1"><c r="A1"><v>2</v></c></row>',
        '<row r="1"><c r="ZZZ1"><v>1</v></c></row>',
        '<row r="0"><c r="A0"><v>1</v></c></row>',
        '<row r="1048577"><c r="A1"><v>1</v></c></row>',
        '<row r="1"><c r="A1" t="s"><v>-1</v></c></row>',
        '<row r="1"><c r="A1" t="s"><v>99</v></c></row>',
        '<row r="1"><c r="A1" t="x"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>x</v></c></row>',
        '<row r="1"><c r="A1" t="str"><v>&nbsp;</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></row>',
    ],
)
def test_damage_is_told(rows: str) -> None:
    with pytest.raises(SourceError) as caught:
        rows_of(package(rows))
    assert caught.value.code == "read.broken-file"


def prefixed(rows: str) -> str:
    return rows.replace("</", "</x:").replace("<c", "<x:c").replace("<v", "<x:v").replace("<row", "<x:row")


def test_prefixes_and_strict_files() -> None:
    rows = '<row r="1">' + A.format(1) + '<c r="B1" t="s"><v>3</v></c></row>'
    merged = '<x:mergeCells><x:mergeCell ref="A1:B1"/></x:mergeCells>'
    for data in (package(prefixed(rows), prefix="x", after=merged), package(rows, space=STRICT)):
        assert read_by(read_quickly, data) == read_by(read_carefully, data)
        assert rows_of(data) == [("1", "赤い 字")]
    [span] = loaded(package(prefixed(rows), prefix="x", after=merged)).merged
    assert str(span) == "A1:B1"


def test_other_vocabularies_say_nothing_about_cells() -> None:
    foreign = '<extLst><ext xmlns:xm="m" uri="u"><xm:f>A1</xm:f><xm:mergeCell ref="A1:B1"/></ext></extLst>'
    grid = loaded(package('<row r="1">' + A.format(1) + "</row>", after=foreign))
    assert (grid.issues, grid.merged) == ((), ())


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: Mapping[str, bytes]) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def test_utf_16() -> None:
    parts = parts_of(package('<row r="1">' + A.format(1) + "</row>"))
    sheet = parts["xl/worksheets/sheet1.xml"].decode().replace("UTF-8", "UTF-16")
    assert rows_of(packed(parts | {"xl/worksheets/sheet1.xml": sheet.encode("utf-16")})) == [("1",)]


@pytest.mark.parametrize("name", ["xl/sharedStrings.xml", "xl/styles.xml"])
def test_a_part_that_is_named_but_missing(name: str) -> None:
    parts = parts_of(package('<row r="1">' + A.format(1) + "</row>"))
    del parts[name]
    assert rows_of(packed(parts)) == [("1",)]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.sampled_from([*STRINGS, "<si><t>x</si>", "<si>x</si>", "<si><t>y</t><x/></si>", " ", "x"]), max_size=5)
)
def test_shared_strings_by_either_way(strings: list[str]) -> None:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("s.xml", f'<?xml version="1.0"?><sst xmlns="{MAIN}">{"".join(strings)}</sst>')
        try:
            quick = quick_strings(archive, "s.xml")
        except Unusual:
            return
        assert quick == careful_strings(archive, "s.xml")


def test_a_string_without_content_keeps_its_number() -> None:
    strings = ["<si><t>a</t></si>", "<si/>", "<si><t>b</t></si>"]
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("s.xml", f'<sst xmlns="{MAIN}">{"".join(strings)}</sst>')
        assert shared_strings(archive, "s.xml") == ["a", "", "b"]


TEXTS = st.text(max_size=12).filter(
    lambda text: not ILLEGAL_CHARACTERS_RE.search(text) and "_x" not in text and "\r" not in text
)
VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**15), 10**15), st.floats(-1e9, 1e9, allow_nan=False), TEXTS
)


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(st.lists(st.tuples(VALUES, st.sampled_from(FORMATS[:5])), max_size=6), max_size=6),
    in_place=st.booleans(),
)
def test_made_workbooks(rows: list[list[tuple[object, str]]], in_place: bool) -> None:
    stream = BytesIO()
    options = {"in_memory": True, "constant_memory": in_place, "strings_to_formulas": False, "strings_to_urls": False}
    book = Workbook(stream, options)
    sheet = book.add_worksheet("一覧")
    styles = {code: book.add_format({"num_format": code}) for code in FORMATS}
    sheet.write_string(0, 8, "見出し")
    for row, cells in enumerate(rows, 1):
        for column, (value, code) in enumerate(cells):
            if isinstance(value, str):
                sheet.write_string(row, column, value, styles[code])
            else:
                sheet.write(row, column, value, styles[code])
    book.close()
    data = stream.getvalue()
    quick = read_by(read_quickly, data)
    assert quick == read_by(read_carefully, data)
    for row, texts in enumerate(by_openpyxl(data)[0]):
        for at, text in enumerate(texts):
            # A number out of the calendar is #VALUE! to openpyxl; here it stays what it is.
            assert text in {quick[0].text(row, at), "#VALUE!"}


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from([cell for cell, _ in CELLS + ODD_CELLS] + ["", "<x/>", " ", "y", "</c>", "<v>"]), max_size=4
    )
)
def test_never_another_grid(cells: list[str]) -> None:
    """However the cells of a sheet are written: where the quick way reads it, the careful one reads the same."""
    rows = "".join(
        f'<row r="{row}">{cell.replace("A1", f"A{row}")}<c r="B{row}"><v>{row}</v></c></row>'
        for row, cell in enumerate(cells, 1)
    )
    data = package(rows)
    try:
        quick = read_by(read_quickly, data)
    except Unusual:
        return
    assert quick == read_by(read_carefully, data)
