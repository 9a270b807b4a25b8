"""Old workbooks (.xls) get the checks of a workbook. No library writes them: the few records are laid out here."""

from __future__ import annotations

import struct

import pytest

from odkit.model import Outcome, Score
from odkit.read import look_into_xls
from odkit.score import Rules, Served, score_bytes

FREE, END = 0xFFFFFFFF, 0xFFFFFFFE
RULES = Rules(look=look_into_xls)
FORMULA, OBJECT, ROW, COLUMNS, MERGES = 0x0006, 0x005D, 0x0208, 0x007D, 0x00E5


def record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def cell(row: int, column: int, value: str | float) -> bytes:
    place = struct.pack("<HHH", row, column, 0)
    if isinstance(value, str):
        return record(0x0204, place + struct.pack("<HB", len(value), 1) + value.encode("utf-16-le"))
    return record(0x0203, place + struct.pack("<d", value))


def sheet(rows: list[list[str | float]], *more: bytes) -> bytes:
    cells = [cell(row, column, value) for row, cells in enumerate(rows) for column, value in enumerate(cells) if value]
    return record(0x0809, struct.pack("<HH12x", 0x0600, 0x0010)) + b"".join((*cells, *more)) + record(0x000A, b"")


def workbook(sheets: dict[str, tuple[int, bytes]], *shared: bytes) -> bytes:
    """An OLE2 file with the sheets by name, each with its state (1 is hidden)."""
    opening = record(0x0809, struct.pack("<HH12x", 0x0600, 5)) + b"".join(shared)
    place = len(opening) + sum(12 + 2 * len(name) for name in sheets) + 4
    bounds = b""
    for name, (state, content) in sheets.items():
        bounds += record(0x0085, struct.pack("<IBBBB", place, state, 0, len(name), 1) + name.encode("utf-16-le"))
        place += len(content)
    stream = opening + bounds + record(0x000A, b"") + b"".join(content for _, content in sheets.values())
    stream = stream.ljust(max(4096, -(-len(stream) // 512) * 512), b"\0")
    chain = [0xFFFFFFFD, END, *range(3, len(stream) // 512 + 2), END]
    table = struct.pack("<128I", *chain, *[FREE] * (128 - len(chain)))
    directory = entry("Root Entry", 5, 1, END, 0) + entry("Workbook", 2, FREE, 2, len(stream))
    fixed = struct.pack("<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, END, 0, END, 0)
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + fixed + struct.pack("<109I", 0, *[FREE] * 108)
    return header + table + directory.ljust(512, b"\0") + stream


def entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    label = name.encode("utf-16-le") + b"\0\0"
    links = struct.pack("<HBBIII", len(label), kind, 1, FREE, FREE, child)
    return label.ljust(64, b"\0") + links + bytes(36) + struct.pack("<IQ", start, size)


def found(score: Score, outcome: Outcome = Outcome.FAIL) -> dict[str, str]:
    checks = [check for check in score.checks if check.outcome is outcome]
    return {
        check.id: " ".join(f"{item.sheet}!{item.range or item.value}" for item in check.evidence) for check in checks
    }


def scored(content: bytes, rules: Rules = RULES) -> Score:
    return score_bytes("a.xls", content, Served(licence="CC BY 4.0"), rules)


def test_a_tidy_one_is_stage_2_and_everything_is_looked_at() -> None:
    tidy = workbook({"一覧": (0, sheet([["名称", "人数"], ["A館", 10.0], ["B館", 20.0]]))})
    score = scored(tidy)
    assert (score.level, score.format_level) == (2, 2)
    assert (found(score), found(score, Outcome.UNDETERMINED)) == ({}, {})
    assert "hidden" in found(scored(tidy, Rules()), Outcome.UNDETERMINED)


def test_what_only_a_workbook_has_is_found() -> None:
    rows: list[list[str | float]] = [["名称", "人数", "計"], ["A館", "10"], ["B館", "20"], ["C館", 30.0]]
    looks = (
        record(FORMULA, struct.pack("<HHHd8x", 1, 2, 0, 10.0)),
        record(OBJECT, struct.pack("<HHH12x", 0x15, 18, 8)),
        record(OBJECT, struct.pack("<HHH12x", 0x15, 18, 0x19)),
        record(ROW, struct.pack("<HHHHHHHxx", 2, 0, 3, 255, 0, 0, 0x20)),
        record(COLUMNS, struct.pack("<HHHHH2x", 1, 1, 2000, 0, 1)),
        record(MERGES, struct.pack("<HHHHH", 1, 1, 2, 0, 0)),
    )
    book = workbook({"一覧": (0, sheet(rows, *looks)), "控え": (1, sheet([["メモ", "内部"]]))})
    expected = {
        "1-3": "一覧!B2:B3",
        "1-4": "一覧!A2:A3",
        "1-7": "一覧!C2",
        "1-8": "一覧!1",
        "hidden": "一覧!3:3 一覧!B:B 控え!控え",
    }
    assert {id_: places for id_, places in found(scored(book)).items() if id_ in expected} == expected


@pytest.mark.parametrize(
    ("content", "level", "said"),
    [
        (workbook({"一覧": (0, sheet([]))}), 0, "access"),
        (workbook({"一覧": (0, sheet([], record(OBJECT, struct.pack("<HHH12x", 0x15, 18, 8))))}), 1, "structure"),
        (workbook({"一覧": (0, sheet([["名称", "人数"]]))}, record(0x002F, bytes(6))), 1, "parse"),
    ],
)
def test_books_without_a_table(content: bytes, level: int, said: str) -> None:
    score = scored(content)
    assert score.level == level
    assert said in found(score)


def test_a_damaged_one_is_not_looked_into() -> None:
    whole = workbook({"一覧": (0, sheet([["名称", "人数"]]))})
    score = scored(whole[:1600])
    assert score.level == 2
    assert {"parse", "1-8"} <= found(score, Outcome.UNDETERMINED).keys()
