"""Text -> `Grid` and `Dialect`: comma, tab and semicolon, decided by evidence over the whole file."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from odkit.errors import SourceError
from odkit.model import Dialect, Issue, Row, Severity, Where
from odkit.read.census import take_census
from odkit.read.grid import Grid, is_blank
from odkit.read.payload import Payload
from odkit.read.records import LONGEST_CELL, Census, Records, Text, open_line
from odkit.read.report import issue

DELIMITERS = ",\t;"
SMALL = 2 << 20
"""Bytes of a text whose records are kept in memory; those of a larger one are read again when needed."""

_TELLING = 64
"""Blocks of a text that tell which delimiter is ahead."""
_CONVINCING = 0.8
"""The share of records of one width that settles the delimiter even where another one could be meant."""
_MOST_RAGGED = 1000
"""Records of another length that are named one by one."""


@dataclass(frozen=True, slots=True)
class _Reading:
    """What one delimiter makes of a text; without `census` where reading stopped.

    `share` of the records have the most common `width` of at least two cells; a broken reading has no share.
    """

    text: Text
    census: Census | None
    share: float = 0.0
    width: int = 1


def read_text(payload: Payload, encoding: str) -> tuple[Grid, Dialect]:
    """Split a text into records; row numbers are record numbers, as Excel counts them.

    Raises `SourceError`: ``read.bad-quotes`` (with the line where the open quote stands) or ``read.huge-cell``.
    """
    reading = _most_evident(Text(payload, encoding))
    census = reading.census
    if census is None:
        raise _unreadable(reading.text)
    small = payload.size <= SMALL
    rows = tuple(census.head) if small else Records(reading.text, census)
    dialect = Dialect(delimiter=reading.text.delimiter, line_end=census.line_end)
    swallowed = _swallowed(census, reading.width, Where(file=payload.location))
    return Grid(rows=rows, issues=swallowed, census=census), dialect


def _unreadable(text: Text) -> SourceError:
    row, line, too_long = open_line(text)
    file = text.payload.location
    if too_long:
        return SourceError("read.huge-cell", file=file, row=row, limit=f"{LONGEST_CELL:,}")
    return SourceError("read.bad-quotes", file=file, line=line)


def _most_evident(text: Text) -> _Reading:
    """Read with each delimiter that can be meant; keep the reading whose records agree best on their width."""
    counts = _occurrences(text)
    first, *others = sorted(counts, key=lambda mark: -counts[mark])
    readings = [_read_with(text, first)]
    # A mark that is rarer by half cannot stand in as many records as one that divides most of them alike.
    settled = readings[0].share >= _CONVINCING
    readings += [_read_with(text, mark) for mark in others if not settled or counts[mark] * 2 > counts[first]]
    best = max(readings, key=lambda reading: (reading.share, reading.width))
    broken = [reading for reading in readings if reading.census is None]
    if broken and best.share < _CONVINCING:
        # Another delimiter must not win only because the file's own one trips over an open quote.
        best = max([*broken, best], key=lambda reading: counts[reading.text.delimiter])
    return best


def _occurrences(text: Text) -> dict[str, int]:
    """How often each delimiter occurs; the comma where none does. One that is far ahead is not counted to the end."""
    counts = dict.fromkeys(DELIMITERS, 0)
    blocks = _encoded_blocks(text)
    _count(islice(blocks, _TELLING), counts, DELIMITERS)
    leading = max(DELIMITERS, key=counts.__getitem__)
    others = DELIMITERS.replace(leading, "")
    _count(blocks, counts, others)
    if counts[leading] <= 2 * max(counts[mark] for mark in others):
        _count(islice(_encoded_blocks(text), _TELLING, None), counts, leading)
    return {mark: count for mark, count in counts.items() if count} or {DELIMITERS[0]: 0}


def _encoded_blocks(text: Text) -> Iterator[bytes]:
    wide = text.encoding.lower().startswith(("utf-16", "utf_16", "iso2022"))  # there a comma's byte is not a comma
    return map(str.encode, text.lines()) if wide else text.payload.blocks()


def _count(blocks: Iterator[bytes], counts: dict[str, int], marks: str) -> None:
    encoded = [(mark, mark.encode()) for mark in marks]
    for block in blocks:
        for mark, byte in encoded:
            if byte in block:  # much faster than counting none
                counts[mark] += block.count(byte)


def _read_with(text: Text, delimiter: str) -> _Reading:
    text = replace(text, delimiter=delimiter)
    try:
        census = take_census(text, keep=text.payload.size <= SMALL)
    except csv.Error:
        return _Reading(text, None)
    return _Reading(text, census, *_agreement(census))


def _agreement(census: Census) -> tuple[float, int]:
    """The most common width of two cells or more, after the share of the filled records that have it."""
    widths = Counter(census.lengths)
    widths.subtract(census.lengths[row] for row in census.blanks)
    wide = {width: count for width, count in widths.items() if width > 1 and count}
    if not wide:
        return 0.0, 1
    width = max(wide, key=lambda key: (wide[key], key))
    return wide[width] / widths.total(), width


def _swallowed(census: Census, width: int, file: Where) -> tuple[Issue, ...]:
    """Cells that hold whole records: a quote opened in one row and closed in a later one."""
    found = []
    for cell in census.swallowed:
        if cell.marks >= width - 1 > 1:
            where = Where(file=file.file, row=cell.row + 1, column=cell.column + 1)
            found.append(issue("swallowed-rows", Severity.ERROR, where, cell.text, lines=cell.lines))
    return tuple(found)


def ragged(grid: Grid, header_rows: tuple[int, ...], body: range, file: str) -> tuple[Issue, ...]:
    """An issue for every record of `body` that is shorter than the heading, or has cells beyond it.

    Without a heading, the most common length counts as its length.
    """
    lengths = grid.lengths
    usual = 0 if header_rows else _usual(lengths[row] for row in body)
    width = max((lengths[row] for row in header_rows), default=usual)
    least = max((grid.filled(row)[-1] + 1 for row in header_rows if grid.filled(row)), default=usual)
    suspects = [row for row in body if not least <= lengths[row] <= width]
    unlike = (item for item in _picked(grid, suspects) if not is_blank(item[1]))
    odd = ((row, cells) for row, cells in unlike if len(cells) < least or not is_blank(cells[width:]))
    found = [_uneven(file, row, cells, width) for row, cells in islice(odd, _MOST_RAGGED)]
    more = [row for row, _ in odd]
    if more:
        where = Where(file=file, row=more[0] + 1)
        found.append(issue("ragged-more", Severity.WARNING, where, count=len(more), row=more[0] + 1, expected=width))
    return tuple(found)


def _usual(lengths: Iterable[int]) -> int:
    """The most common of some records' lengths, the longer of two."""
    counts = Counter(lengths)
    return max(counts, key=lambda length: (counts[length], length), default=0)


def _picked(grid: Grid, rows: list[int]) -> Iterator[tuple[int, Row]]:
    """These rows with their numbers, in one pass."""
    if len(rows) == 1:
        yield rows[0], grid.rows[rows[0]]
    elif rows:
        wanted = frozenset(rows)
        yield from ((row, cells) for row, cells in enumerate(grid.rows) if row in wanted)


def _uneven(file: str, row: int, cells: Row, width: int) -> Issue:
    where, text = Where(file=file, row=row + 1), " | ".join(cells)[:200]
    return issue("ragged", Severity.WARNING, where, text, row=row + 1, cells=len(cells), expected=width)
