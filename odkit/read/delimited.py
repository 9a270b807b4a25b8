"""Text -> `Grid` and `Dialect`: comma, tab and semicolon, decided by evidence over the whole file."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import StringIO

from odkit.errors import SourceError
from odkit.model import Dialect, Issue, Row, Severity, Where
from odkit.read.grid import Grid, is_blank
from odkit.read.report import issue

DELIMITERS = ",\t;"
LONGEST_CELL = 1 << 20
"""Characters in one cell; more is a broken file (Excel itself stops at 32,767)."""

_CONVINCING = 0.8
"""The share of records of one width that settles the delimiter even where another one could be meant."""


@dataclass(frozen=True, slots=True)
class _Reading:
    """The records that one delimiter yields, or the line where reading stopped.

    `share` of the records have the most common `width` of at least two cells; a broken reading has no share.
    """

    delimiter: str
    records: tuple[Row, ...]
    share: float = 0.0
    width: int = 1
    has_breaks: bool = False
    bad_line: int | None = None


def read_text(text: str, location: str) -> tuple[Grid, Dialect]:
    """Split decoded text into records; row numbers are record numbers, as Excel counts them.

    Raises `SourceError`: ``read.bad-quotes`` (with the line where the open quote stands) or ``read.huge-cell``.
    """
    reading = _most_evident(text)
    if reading.bad_line is not None:
        raise SourceError("read.bad-quotes", file=location, line=reading.bad_line)
    for number, record in enumerate(reading.records, 1):
        if max(map(len, record), default=0) > LONGEST_CELL:
            raise SourceError("read.huge-cell", file=location, row=number, limit=f"{LONGEST_CELL:,}")
    dialect = Dialect(delimiter=reading.delimiter, line_end=_line_end(text))
    issues = _swallowed(reading, Where(file=location))
    return Grid(rows=reading.records, issues=issues), dialect


def _most_evident(text: str) -> _Reading:
    """Read with each delimiter that occurs; keep the reading whose records agree best on their width."""
    present = [mark for mark in DELIMITERS if mark in text] or [DELIMITERS[0]]
    readings = [_read_with(text, mark) for mark in present]
    best = max(readings, key=lambda reading: (reading.share, reading.width))
    broken = [reading for reading in readings if reading.bad_line is not None]
    if broken and best.share < _CONVINCING:
        # Another delimiter must not win only because the file's own one trips over an open quote.
        best = max([*broken, best], key=lambda reading: text.count(reading.delimiter))
    return best


def _read_with(text: str, delimiter: str) -> _Reading:
    records: list[Row] = []
    last_line = 0
    with _cells_of_any_length(text):
        reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
        try:
            for record in reader:
                records.append(tuple(record))
                last_line = reader.line_num
        except csv.Error:
            return _Reading(delimiter, tuple(records), bad_line=last_line + 1)
    share, width = _agreement(records)
    return _Reading(delimiter, tuple(records), share, width, has_breaks=last_line > len(records))


def _agreement(records: list[Row]) -> tuple[float, int]:
    """The most common width of two cells or more, after the share of the filled records that have it."""
    widths = Counter(len(record) for record in records if not is_blank(record))
    wide = {width: count for width, count in widths.items() if width > 1}
    if not wide:
        return 0.0, 1
    width = max(wide, key=lambda key: (wide[key], key))
    return wide[width] / widths.total(), width


@contextmanager
def _cells_of_any_length(text: str) -> Iterator[None]:
    """Lift csv's own limit, which belongs to the whole process, while this file is read."""
    before = csv.field_size_limit(min(len(text) + 1, 2**31 - 1))
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _line_end(text: str) -> str:
    """The line end of the file: that of its last line, else the first one met (cells may hold others)."""
    ends = ("\r\n", "\n", "\r")
    return next((end for end in ends if text.endswith(end)), next((end for end in ends if end in text), "\r\n"))


def _swallowed(reading: _Reading, file: Where) -> tuple[Issue, ...]:
    """Cells that hold whole records: a quote opened in one row and closed in a later one."""
    if not reading.has_breaks or reading.width < 3:
        return ()
    found = []
    for number, record in enumerate(reading.records, 1):
        for column, cell in enumerate(record, 1):
            lines = cell.splitlines()
            if any(line.count(reading.delimiter) >= reading.width - 1 for line in lines[1:-1]):
                where = Where(file=file.file, row=number, column=column)
                found.append(issue("swallowed-rows", Severity.ERROR, where, cell[:80], lines=len(lines)))
    return tuple(found)


def ragged(grid: Grid, header_rows: tuple[int, ...], body: range, file: str) -> tuple[Issue, ...]:
    """An issue for every record of `body` that is shorter than the heading, or has cells beyond it."""
    width = max(len(grid.rows[row]) for row in header_rows)
    least = max((grid.filled(row)[-1] + 1 for row in header_rows if grid.filled(row)), default=0)
    found = []
    for row in body:
        record = grid.rows[row]
        if is_blank(record) or (len(record) >= least and is_blank(record[width:])):
            continue
        where = Where(file=file, row=row + 1)
        cells = " | ".join(record)
        found.append(
            issue("ragged", Severity.WARNING, where, cells[:200], row=row + 1, cells=len(record), expected=width)
        )
    return tuple(found)
