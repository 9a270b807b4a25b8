"""Workbooks of Excel 97–2003. No library writes them any more, so the few records needed are laid out here."""

from __future__ import annotations

import struct
from pathlib import Path

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


def worksheet(rows: list[list[Cell]], merged: tuple[int, int, int, int]) -> bytes:
    size = record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, max(map(len, rows)), 0))
    cells = b"".join(cell(r, c, value) for r, row in enumerate(rows) for c, value in enumerate(row) if value != "")
    return opening(0x0010) + size + cells + record(0x00E5, struct.pack("<HHHHH", 1, *merged)) + record(0x000A, b"")


def workbook(sheets: dict[str, tuple[int, bytes]]) -> bytes:
    """The stream: sheet names with their state (0 visible, 1 hidden) and place, then the sheets."""
    names = [name.encode("utf-16-le") for name in sheets]
    place = len(opening(5)) + sum(12 + len(name) for name in names) + 4
    bounds = b""
    for name, (state, content) in zip(names, sheets.values(), strict=True):
        bounds += record(0x0085, struct.pack("<IBBBB", place, state, 0, len(name) // 2, 1) + name)
        place += len(content)
    return opening(5) + bounds + record(0x000A, b"") + b"".join(content for _, content in sheets.values())


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
