"""Damaged and hostile files of every format: one of our errors or a table, soon, and never a traceback."""

from __future__ import annotations

import json
import time
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from odkit.errors import SourceError
from odkit.model import SourceTable
from odkit.read import read_source

SECONDS = 60
"""Far more than any of these takes, far less than quadratic time would."""
ROWS = [["名称", "住所", "数"], ["A館", "中央1-1", "12"], ["B館", "本町2", "3.5"], ["合計", "", "15.5"]]


def zipped(members: dict[str, bytes]) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


def workbook(rows: list[list[str]] | None = None) -> bytes:
    book, stream = Workbook(), BytesIO()
    for cells in rows or ROWS:
        book.worksheets[0].append(cells)
    book.save(stream)
    return stream.getvalue()


def page() -> bytes:
    rows = "".join(
        "<tr>" + "".join(f"<td rowspan=1 x='&amp;'>{cell}</td>" for cell in cells) + "</tr>" for cells in ROWS
    )
    return f"<!-- x --><html><script>1<2</script><table><caption>表</caption>{rows}</table></html>".encode()


def open_document() -> bytes:
    name = "urn:oasis:names:tc:opendocument:xmlns:"
    spaces = " ".join(f'xmlns:{part}="{name}{part}:1.0"' for part in ("office", "table", "text"))
    cells = "".join(
        "<table:table-row>"
        + "".join(f"<table:table-cell><text:p>{cell}</text:p></table:table-cell>" for cell in cells)
        + "</table:table-row>"
        for cells in ROWS
    )
    table = f'<table:table table:name="一覧">{cells}</table:table>'
    content = f"<office:document-content {spaces}>{table}</office:document-content>"
    return zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": content.encode()})


TEXT = "\r\n".join(",".join(f'"{cell}"' for cell in cells) for cells in ROWS)
RECORDS = json.dumps(
    [{"名称": "A館", "数": 12, "広さ": {"㎡": 3.5}, "階": [1, 2]}, {"名称": None, "数": -1e-7, "有": True}],
    ensure_ascii=False,
)
FEATURE = {"type": "Feature", "properties": {"名称": "A"}, "geometry": {"type": "Point", "coordinates": [139.9, 35.7]}}
SAMPLES = {
    "cp932": TEXT.encode("cp932"),
    "utf-16": TEXT.encode("utf-16"),
    "json": RECORDS.encode(),
    "geojson": json.dumps({"type": "FeatureCollection", "features": [FEATURE]}).encode(),
    "html": page(),
    "xlsx": workbook(),
    "ods": open_document(),
    "zip": zipped({"一覧.csv": TEXT.encode("cp932")}),
}


def attempt(data: bytes, folder: Path) -> SourceTable | str:
    """The table, or the code of the error; anything else fails the test, and so does slowness."""
    path = folder / "入力"
    path.write_bytes(data)
    started = time.process_time()
    try:
        read = read_source(path, "入力")
    except SourceError as error:
        assert error.text("ja")  # noqa: PT017 - the words must be there for every detail
        return error.code
    finally:
        assert time.process_time() - started < SECONDS
    lines = (line.cells for line in (*read.preamble, *read.notes))
    # What derives from text (the digits of JSON) cannot be kept in the account of edits.
    assert {type(cell) for cells in (read.headings, *read.rows, *lines) for cell in cells} <= {str}
    return read


@pytest.mark.parametrize("name", SAMPLES)
def test_the_samples_are_tables(name: str, tmp_path: Path) -> None:
    read = attempt(SAMPLES[name], tmp_path)
    assert isinstance(read, SourceTable)
    assert "名称" in read.headings


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
@pytest.mark.parametrize("name", SAMPLES)
def test_damage(name: str, data: st.DataObject, tmp_path: Path) -> None:
    content = bytearray(SAMPLES[name])
    places = st.integers(0, len(content) - 1)
    for place in data.draw(st.lists(places, max_size=6)):
        content[place] = data.draw(
            st.sampled_from([0, 0x22, 0x3C, 0x5C, 0xFF, content[place] ^ 1, content[place] ^ 0x80])
        )
    end = data.draw(st.one_of(st.just(len(content)), places))
    attempt(bytes(content[:end]), tmp_path)


SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{}<sheetData>{}</sheetData></worksheet>'
FAR = '<row r="{0}"><c r="XFD{0}"><v>1</v></c></row>'


def with_sheet(dimension: str, rows: str) -> bytes:
    with zipfile.ZipFile(BytesIO(workbook())) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["xl/worksheets/sheet1.xml"] = SHEET.format(dimension, rows).encode()
    return zipped(parts)


BLANK = '<row r="{0}"><c r="XFD{0}" s="0"/></row>'
IN_PLACE = '<row r="1"><c r="A1" t="inlineStr"><is>{}</is></c></row>'
SMALL = "".join(f'<row r="{row}"><c r="A{row}"><v>{row}</v></c></row>' for row in (1, 2))
HOSTILE = {
    "claimed size": (with_sheet('<dimension ref="A1:XFD1048576"/>', SMALL), None),
    "far cells": (with_sheet("", "".join(FAR.format(row) for row in range(1, 4000))), "read.too-many-cells"),
    "far corner": (with_sheet("", SMALL + FAR.format(1_048_576)), None),
    "row beyond the last": (with_sheet("", FAR.format(999_999_999)), "read.broken-file"),
    "blank far cells": (with_sheet("", SMALL + "".join(BLANK.format(row) for row in range(3, 20_000))), None),
    "cells left open": (with_sheet("", '<row r="1">' + '<c r="A1"><f>' * 300_000 + "</row>"), "read.broken-file"),
    "rows left open": (with_sheet("", '<row r="1">' * 300_000), "read.broken-file"),
    "ruby left open": (with_sheet("", IN_PLACE.format("<rPh><t>" * 300_000)), "read.broken-file"),
    "a billion rows": (with_sheet("", SMALL + FAR.format(1_000_000_000)), "read.broken-file"),
    "deep list": (b'[{"a": ' + b"[" * 100_000, "read.broken-file"),
    "deep object": (b'[{"a": ' + b'{"a":' * 400 + b"1" + b"}" * 401 + b"]", "read.broken-file"),
    "deep path": (b'{"a":' * 400 + b"1" + b"}" * 400, "read.broken-file"),
    "huge number": (b'[{"a": 1' + b"0" * 1_000_000 + b"}]", None),
    "many keys": (b"[" + b",".join(b'{"%d": 1}' % key for key in range(8000)) + b"]", "read.too-many-cells"),
    "open comments": (b"<table>" + b"<!-- " * 400_000, "read.empty-sheet"),
    "open scripts": (b"<table>" + b"<script>" * 200_000, "read.empty-sheet"),
    "open instructions": (b"<table>" + b"<?" * 500_000, "read.empty-sheet"),
    "open quotes": (b"<table>" + b"<td a=\"'" * 200_000, "read.too-many-cells"),
    "open tags": (b"<table>" + b"<td" * 300_000, "read.too-many-cells"),
    "wide spans": (b"<table>" + b"<tr><td colspan=16000>a<td>b" * 4000, "read.too-many-cells"),
    "tall spans": (b"<table>" + b"<tr><td rowspan=99999 colspan=9999>" * 6000, "read.too-many-cells"),
    "tables in tables": (b"<table><tr><td>a<td>b" * 20_000, "read.which-table"),
    "entities": (b"<table><tr><td>" + b"&#99999999;&lt" * 100_000, None),
    "quotes": (b"a,b\n" + b'"' * 1_000_001, "read.bad-quotes"),
    "blank lines": (b"a,b\n" + b"\n" * 1_000_000 + b"1,2\n3,4\n", None),
    "commas": (b"," * 5_000_000 + b"\n" + b",\n" * 100, "read.empty-sheet"),
    "wide and long": (b"a" + b",a" * 9_999 + b"\n" + b"1,2\n" * 10_000, "read.too-many-cells"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile(name: str, tmp_path: Path) -> None:
    data, code = HOSTILE[name]
    outcome = attempt(data, tmp_path)
    assert (outcome if isinstance(outcome, str) else None) == code


def test_ten_thousand_columns(tmp_path: Path) -> None:
    rows = [[f"列{number}" for number in range(10_000)], [str(number) for number in range(10_000)]]
    for data in ("\n".join(map(",".join, rows)).encode(), workbook(rows)):
        read = attempt(data, tmp_path)
        assert isinstance(read, SourceTable)
        assert (len(read.headings), read.rows[0][-1]) == (10_000, "9999")
