"""Binary workbooks (.xlsb), laid out record by record; LibreOffice opens these files and shows the same cells."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odkit.errors import SourceError
from odkit.model import SourceTable
from odkit.read import read_source

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
EXCEL = "application/vnd.ms-excel"
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    f'<Default Extension="bin" ContentType="{EXCEL}.sheet.binary.macroEnabled.main"/>'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.bin" ContentType="{EXCEL}.worksheet"/>'
    f'<Override PartName="/xl/sharedStrings.bin" ContentType="{EXCEL}.sharedStrings"/>'
    f'<Override PartName="/xl/styles.bin" ContentType="{EXCEL}.styles"/></Types>'
)
STRINGS = ["名称", "人口", "率", "日", "市民会館", "数"]
FORMATS = {164: "0.0%", 165: "yyyy/m/d", 166: "000000"}
KEYS = [0, 164, 165, 166, 58]


def record(kind: int, body: bytes = b"") -> bytes:
    """A record: number and length in bytes of seven bits."""
    numbers = b""
    for left in (kind, len(body)):
        rest = left
        while rest > 0x7F:
            numbers += bytes([rest & 0x7F | 0x80])
            rest >>= 7
        numbers += bytes([rest])
    return numbers + body


def wide(text: str) -> bytes:
    return struct.pack("<I", len(text.encode("utf-16-le")) // 2) + text.encode("utf-16-le")


def row(number: int, *cells: bytes, hidden: bool = False) -> bytes:
    head = struct.pack("<IIHBBBI", number, 0, 300, 0, 0x10 if hidden else 0, 0, 0)
    return record(0, head) + b"".join(cells)


def at(column: int, style: int = 0) -> bytes:
    return struct.pack("<II", column, style)


def shared(column: int, number: int) -> bytes:
    return record(7, at(column) + struct.pack("<I", number))


def number(column: int, value: float, style: int = 0) -> bytes:
    return record(5, at(column, style) + struct.pack("<d", value))


def small(column: int, value: int, style: int = 0) -> bytes:
    return record(2, at(column, style) + struct.pack("<I", (value << 2 | 2) & 0xFFFFFFFF))


def styled(column: int, text: str) -> bytes:
    return record(62, at(column) + b"\0" + wide(text))


def result(kind: int, column: int, value: bytes) -> bytes:
    return record(kind, at(column) + value + bytes(14))


def sheet(*rows: bytes, before: bytes = b"", after: bytes = b"") -> bytes:
    size = record(148, struct.pack("<IIII", 0, 20, 0, 6))
    return record(129) + size + before + record(145) + b"".join(rows) + record(146) + after + record(130)


def related(*items: tuple[str, str]) -> bytes:
    listed = "".join(
        f'<Relationship Id="r{at}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for at, (kind, target) in enumerate(items, 1)
    )
    return RELATIONS.format(listed).encode()


def workbook(
    sheets: Mapping[str, tuple[int, bytes]], *, flags: int = 0, more: Mapping[str, bytes] | None = None
) -> bytes:
    """A file with sheets by name, each with its state (0 visible, 1 hidden) and its part."""
    paths = [f"worksheets/sheet{at}.bin" for at in range(1, len(sheets) + 1)]
    bundle = b"".join(
        record(156, struct.pack("<II", state, at) + wide(f"r{at}") + wide(name))
        for at, (name, (state, _)) in enumerate(sheets.items(), 1)
    )
    formats = b"".join(record(44, struct.pack("<H", key) + wide(code)) for key, code in FORMATS.items())
    styles = b"".join(record(47, struct.pack("<HH12x", 0, key)) for key in KEYS)
    parents = record(626, struct.pack("<I", 1)) + record(47, struct.pack("<HH12x", 0, 9)) + record(627)
    parts = {
        "[Content_Types].xml": TYPES.encode(),
        "_rels/.rels": related(("officeDocument", "xl/workbook.bin")),
        "xl/_rels/workbook.bin.rels": related(
            *(("worksheet", path) for path in paths), ("sharedStrings", "sharedStrings.bin"), ("styles", "styles.bin")
        ),
        "xl/workbook.bin": record(131)
        + record(153, struct.pack("<III", flags, 0, 0))
        + record(143)
        + bundle
        + record(144),
        "xl/sharedStrings.bin": record(159, struct.pack("<II", 6, 6))
        + b"".join(record(19, b"\0" + wide(text)) for text in STRINGS)
        + record(160),
        "xl/styles.bin": record(278)
        + record(615, struct.pack("<I", len(FORMATS)))
        + formats
        + record(616)
        + parents
        + record(617, struct.pack("<I", len(KEYS)))
        + styles
        + record(618)
        + record(279),
    }
    parts |= {f"xl/{path}": part for path, (_, part) in zip(paths, sheets.values(), strict=True)} | dict(more or {})
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


HEADING = row(0, shared(0, 0), shared(1, 1), shared(2, 2), shared(3, 3))
TABLE = sheet(
    HEADING,
    row(1, shared(0, 4), small(1, 62000), number(2, 0.865, 1), number(3, 45382.0, 2)),
    row(2, record(6, at(0) + wide("公民館")), small(1, -5), number(2, 5 / 6, 1), small(3, 45382, 4)),
)


def read(data: bytes, folder: Path) -> SourceTable:
    path = folder / "一覧.xlsb"
    path.write_bytes(data)
    return read_source(path, "一覧.xlsb")


def found(table: SourceTable) -> list[tuple[str, str, str]]:
    return [(item.code, item.where.cell, item.details.get("range", item.value)) for item in table.issues]


def test_cells_formats_and_dates(tmp_path: Path) -> None:
    table = read(workbook({"一覧": (0, TABLE)}), tmp_path)
    assert table.headings == ("名称", "人口", "率", "日")
    assert table.rows == (("市民会館", "62000", "86.5%", "2024-03-31"), ("公民館", "-5", "83.3%", "2024-03-31"))
    assert table.origin.media_type == "application/vnd.ms-excel.sheet.binary.macroEnabled.12"
    assert found(table) == [("read.rounded", "C3", "83.3%")]


def test_every_kind_of_cell(tmp_path: Path) -> None:
    cells: Sequence[bytes] = (
        record(1, at(0))
        + record(62, at(1) + b"\0" + wide("赤い字"))
        + record(4, at(2) + b"\1")
        + record(3, at(3) + b"\x2a"),
        result(8, 0, wide("計")) + result(9, 1, struct.pack("<d", 1.5)) + result(10, 2, b"\0") + result(11, 3, b"\x17"),
        number(0, 11002.0, 3) + number(1, 0.1 + 0.2) + number(2, 4000020120006.0) + number(3, 1e20),
        record(2, at(0) + struct.pack("<I", 12345 << 2 | 3))
        + record(17, bytes(4) + wide("右"))
        + record(16, bytes(4) + bytes(8)),
    )
    table = read(workbook({"一覧": (0, sheet(HEADING, *(row(n, cell) for n, cell in enumerate(cells, 1))))}), tmp_path)
    assert table.rows == (
        ("", "赤い字", "TRUE", "#N/A"),
        ("計", "1.5", "FALSE", "#REF!"),
        ("011002", "0.3", "4000020120006", "1E+20"),
        ("123.45", "右", "0", ""),
    )
    assert found(table) == [
        ("read.error-value", "D2", "#N/A"),
        ("read.formula", "A3", "計"),
        ("read.formula", "B3", "1.5"),
        ("read.formula", "C3", "FALSE"),
        ("read.formula", "D3", "#REF!"),
    ]
    assert [item.details["count"] for item in table.issues] == ["2", "1", "1", "1", "1"]


def test_merges_hidden_parts_and_the_other_calendar(tmp_path: Path) -> None:
    part = sheet(
        HEADING,
        row(1, shared(0, 4), small(1, 1), small(2, 2), small(3, 43920, 2)),
        row(2, shared(0, 4), small(1, 3), small(2, 4), small(3, 43920, 2), hidden=True),
        before=record(60, struct.pack("<IIIIH", 2, 2, 0, 0, 1)) + record(60, struct.pack("<IIIIH", 3, 3, 0, 0, 2)),
        after=record(176, struct.pack("<IIII", 1, 2, 0, 0)),
    )
    memo = sheet(row(0, shared(0, 5)))
    table = read(workbook({"一覧": (0, part), "控え": (2, memo)}, flags=1), tmp_path)
    assert table.rows[0] == ("市民会館", "1", "2", "2024-03-31")
    assert table.merged == ("A2:A3",)
    hidden = [item.details for item in table.issues]
    assert [(item["kind"], item["range"]) for item in hidden] == [
        ("sheet", "'控え'"),
        ("rows", "3:3"),
        ("columns", "C:C"),
    ]


def test_comments(tmp_path: Path) -> None:
    note = record(635, struct.pack("<IIIII", 0, 1, 1, 2, 2) + bytes(16)) + record(637, b"\0" + wide("要確認"))
    more = {
        "xl/worksheets/_rels/sheet1.bin.rels": related(("comments", "../comments1.bin")),
        "xl/comments1.bin": record(628) + record(630) + record(632, wide("総務課")) + record(631) + note + record(629),
    }
    table = read(workbook({"一覧": (0, TABLE)}, more=more), tmp_path)
    assert [(item.where.cell, item.where.field, item.text) for item in table.remarks] == [("C2", "総務課", "要確認")]
    assert ("read.comment", "C2", "") in found(table)


BROKEN = {
    "a text longer than its record": row(1, record(6, at(0) + struct.pack("<I", 0x7FFFFFFF))),
    "a string that is not there": row(1, shared(0, 99)),
    "a row beyond the last": row(1 << 20, shared(0, 0)),
    "a column beyond the last": row(1, shared(1 << 30, 0)),
    "a cell twice": row(1, small(0, 1), small(0, 2)),
    "a record that is cut off": b"\x05\x7f\0\0",
}


@pytest.mark.parametrize("name", BROKEN)
def test_damage_is_told(name: str, tmp_path: Path) -> None:
    with pytest.raises(SourceError) as caught:
        read(workbook({"一覧": (0, sheet(HEADING, BROKEN[name]))}), tmp_path)
    assert caught.value.code == "read.broken-file"


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_damage_never_crashes(data: st.DataObject, tmp_path: Path) -> None:
    part = bytearray(TABLE)
    for place in data.draw(st.lists(st.integers(0, len(part) - 1), max_size=4)):
        part[place] = data.draw(st.integers(0, 255))
    end = data.draw(st.integers(0, len(part)))
    try:
        table = read(workbook({"一覧": (0, bytes(part[:end]))}), tmp_path)
    except SourceError as error:
        assert error.text("ja")  # noqa: PT017 - the words must be there for every detail
    else:
        assert all(len(cells) == len(table.headings) for cells in table.rows)
