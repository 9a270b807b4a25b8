"""Workbooks of Excel 97–2003. No library writes them any more, so the few records needed are laid out here."""

from __future__ import annotations

import struct
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odkit.errors import SourceError
from odkit.model import SourceSpec
from odkit.read import read_source

Cell = str | float
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def opening(kind: int) -> bytes:
    return record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0x0DBB, 0x07CC, 0, 6))


def cell(row: int, column: int, value: Cell) -> bytes:
    place = struct.pack("<HHH", row, column, 0)
    if isinstance(value, str):
        return record(0x0204, place + struct.pack("<HB", len(value), 1) + value.encode("utf-16-le"))
    return record(0x0203, place + struct.pack("<d", value))


def shared_strings(texts: list[str], cut: int) -> bytes:
    """The table of strings, its last one cut after `cut` characters: the next record goes on with two-byte ones."""
    *whole, last = texts
    parts = b"".join(struct.pack("<HB", len(text), 1) + text.encode("utf-16-le") for text in whole)
    start = struct.pack("<HB", len(last), 0) + last[:cut].encode("latin-1")
    table = record(0x00FC, struct.pack("<II", len(texts), len(texts)) + parts + start)
    return table + record(0x003C, b"\1" + last[cut:].encode("utf-16-le"))


def formula(row: int, column: int, result: bytes) -> bytes:
    return record(0x0006, struct.pack("<HHH", row, column, 0) + result + bytes(8))


def worksheet(rows: list[list[Cell]], merged: tuple[int, int, int, int]) -> bytes:
    size = record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, max(map(len, rows)), 0))
    cells = b"".join(cell(r, c, value) for r, row in enumerate(rows) for c, value in enumerate(row) if value != "")
    return opening(0x0010) + size + cells + record(0x00E5, struct.pack("<HHHHH", 1, *merged)) + record(0x000A, b"")


def workbook(sheets: dict[str, tuple[int, bytes]], shared: bytes = b"") -> bytes:
    """The stream: `shared` records, sheet names with their state (0 visible, 1 hidden) and place, then the sheets."""
    names = [name.encode("utf-16-le") for name in sheets]
    place = len(opening(5)) + len(shared) + sum(12 + len(name) for name in names) + 4
    bounds = b""
    for name, (state, content) in zip(names, sheets.values(), strict=True):
        bounds += record(0x0085, struct.pack("<IBBBB", place, state, 0, len(name) // 2, 1) + name)
        place += len(content)
    return opening(5) + shared + bounds + record(0x000A, b"") + b"".join(content for _, content in sheets.values())


def entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    label = name.encode("utf-16-le") + b"\0\0"
    links = struct.pack("<HBBIII", len(label), kind, 1, FREE, FREE, child)
    return label.ljust(64, b"\0") + links + bytes(36) + struct.pack("<IQ", start, size)


def container(stream: bytes) -> bytes:
    """An OLE2 file with one stream: header, allocation table, directory, content."""
    stream = stream.ljust(max(4096, -(-len(stream) // 512) * 512), b"\0")
    sectors = len(stream) // 512
    chain = [FAT, END, *range(3, sectors + 2), END]
    table = struct.pack("<128I", *chain, *[FREE] * (128 - len(chain)))
    directory = entry("Root Entry", 5, 1, END, 0) + entry("Workbook", 2, FREE, 2, len(stream))
    signature = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16)
    fixed = struct.pack("<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, END, 0, END, 0)
    header = signature + fixed + struct.pack("<109I", 0, *[FREE] * 108)
    return header + table + directory.ljust(512, b"\0") + stream


ROWS: list[list[Cell]] = [
    ["No", "施設", "", "人口"],
    ["", "名称", "住所", ""],
    [1.0, "市民会館", "中央1-1", 0.5],
    [2.0, "公民館", "本町2", 120.0],
]


def old_workbook(folder: Path) -> Path:
    path = folder / "一覧.xls"
    table = worksheet(ROWS, (0, 0, 1, 2))
    memo = worksheet([["メモ", "内部用"]], (0, 0, 0, 1))
    path.write_bytes(container(workbook({"一覧": (0, table), "控え": (1, memo)})))
    return path


def test_cells_merges_and_hidden_sheets(tmp_path: Path) -> None:
    table = read_source(old_workbook(tmp_path), "一覧.xls")
    assert table.headings == ("No", "施設／名称", "施設／住所", "人口")
    assert table.rows == (("1", "市民会館", "中央1-1", "0.5"), ("2", "公民館", "本町2", "120"))
    assert (table.sheet, table.merged) == ("一覧", ("B1:C1",))
    assert table.origin.media_type == "application/vnd.ms-excel"
    assert [(item.code, item.where.sheet) for item in table.issues] == [("read.hidden", "控え")]


def test_a_sheet_by_name(tmp_path: Path) -> None:
    table = read_source(SourceSpec(path=old_workbook(tmp_path), sheet="控え"))
    assert table.headings == ("メモ", "内部用")


def number(row: int, column: int, style: int, value: float) -> bytes:
    return record(0x0203, struct.pack("<HHHd", row, column, style, value))


def short(row: int, column: int, bits: int) -> bytes:
    return record(0x027E, struct.pack("<HHHI", row, column, 0, bits))


def test_what_a_cell_says(tmp_path: Path) -> None:
    formats = record(0x041E, struct.pack("<HHB", 164, 6, 0) + b"000000") + record(
        0x041E, struct.pack("<HHB", 165, 4, 0) + b"0.0%"
    )
    styles = b"".join(record(0x00E0, struct.pack("<HH", 0, key)) for key in (0, 14, 31, 164, 165, 20))
    table = shared_strings(["名称", "値", "Aと第二"], 1)
    shown = [
        (number(1, 1, 1, 45382.0), "2024-03-31"),
        (number(2, 1, 2, 45382.0), "2024-03-31"),
        (number(3, 1, 3, 11002.0), "011002"),
        (number(4, 1, 4, 0.865), "86.5%"),
        (number(5, 1, 5, 0.5), "12:00"),
        (number(6, 1, 0, 4000020370002.0), "4000020370002"),
        (number(7, 1, 0, 0.1 + 0.2), "0.3"),
        (short(8, 1, 1250 << 2 | 3), "12.5"),
        (short(9, 1, (-3 & 0x3FFFFFFF) << 2 | 2), "-3"),
        (record(0x00BD, struct.pack("<HHHIHIH", 10, 1, 0, 7 << 2 | 2, 0, 8 << 2 | 2, 2)), "7"),
        (record(0x0205, struct.pack("<HHHBB", 11, 1, 0, 1, 0)), "TRUE"),
        (number(12, 1, 1, 1e300), "1E+300"),
    ]
    names = b"".join(record(0x00FD, struct.pack("<HHHI", row, 0, 0, 2)) for row in range(1, 13))
    head = b"".join(record(0x00FD, struct.pack("<HHHI", 0, at, 0, at)) for at in (0, 1)) + cell(0, 2, "次")
    sheet = opening(0x0010) + head + names + b"".join(data for data, _ in shown) + record(0x000A, b"")
    path = tmp_path / "一覧.xls"
    path.write_bytes(container(workbook({"一覧": (0, sheet)}, formats + styles + table)))
    read = read_source(path)
    assert read.headings == ("名称", "値", "次")
    assert [row[0] for row in read.rows] == ["Aと第二"] * 12
    assert [row[1] for row in read.rows] == [text for _, text in shown]
    assert read.rows[9][2] == "8"


def test_hidden_parts_formulas_and_errors(tmp_path: Path) -> None:
    cells = (
        cell(0, 0, "名称") + cell(0, 1, "数") + cell(0, 2, "内部") + cell(1, 0, "A") + cell(2, 0, "B") + cell(2, 2, "x")
    )
    sums = formula(1, 1, struct.pack("<d", 3.0)) + formula(2, 1, b"\2\0\x07\0\0\0\xff\xff")
    words = formula(1, 2, b"\0" * 6 + b"\xff\xff") + record(0x0207, struct.pack("<HB", 2, 0) + b"ok")
    hidden = record(0x007D, struct.pack("<HHHHHH", 2, 2, 0, 0, 1, 0)) + record(
        0x0208, struct.pack("<HHHHHHHH", 2, 0, 3, 0, 0, 0, 0x20, 0)
    )
    sheet = opening(0x0010) + hidden + cells + sums + words + record(0x000A, b"")
    path = tmp_path / "一覧.xls"
    path.write_bytes(container(workbook({"一覧": (0, sheet)})))
    read = read_source(path)
    assert read.rows == (("A", "3", "ok"), ("B", "#DIV/0!", "x"))
    assert [(item.code, item.where.cell, item.details.get("count", "")) for item in read.issues] == [
        ("read.hidden", "3", ""),
        ("read.hidden", "C", ""),
        ("read.error-value", "B3", "1"),
        ("read.formula", "B2", "2"),
        ("read.formula", "C2", "1"),
    ]


def test_a_calendar_from_1904(tmp_path: Path) -> None:
    shared = record(0x0022, b"\1\0") + record(0x00E0, struct.pack("<HH", 0, 14))
    sheet = (
        opening(0x0010)
        + cell(0, 0, "日")
        + cell(0, 1, "名")
        + number(1, 0, 0, 43920.0)
        + cell(1, 1, "A")
        + record(0x000A, b"")
    )
    path = tmp_path / "一覧.xls"
    path.write_bytes(container(workbook({"一覧": (0, sheet)}, shared)))
    assert read_source(path).rows == (("2024-03-31", "A"),)


def test_a_password(tmp_path: Path) -> None:
    path = tmp_path / "一覧.xls"
    path.write_bytes(container(workbook({"一覧": (0, worksheet(ROWS, (0, 0, 0, 1)))}, record(0x002F, bytes(54)))))
    with pytest.raises(SourceError) as caught:
        read_source(path)
    assert caught.value.code == "read.password"


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.lists(st.tuples(st.integers(0, 6000), st.integers(0, 255)), max_size=8), end=st.integers(0, 9000))
def test_damage(changes: list[tuple[int, int]], end: int, tmp_path: Path) -> None:
    path = old_workbook(tmp_path)
    content = bytearray(path.read_bytes())
    for place, byte in changes:
        content[place % len(content)] = byte
    path.write_bytes(content[:end] if end > 1000 else content)
    with suppress(SourceError):
        read_source(path)
