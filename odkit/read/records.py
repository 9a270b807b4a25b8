"""The records of a delimited text: counted in one pass, kept where they are few, else read again when asked for."""

from __future__ import annotations

import csv
import io
from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import overload

from odkit.model import Row
from odkit.read.payload import Payload

CHUNK = 512
"""Records read at a time, and kept from both ends of a large file."""
LONGEST_CELL = 1 << 20
"""Characters in one cell; more is a broken file (Excel itself stops at 32,767)."""


@dataclass(frozen=True, slots=True)
class Text:
    """A delimited text: its bytes and how they are written."""

    payload: Payload
    encoding: str
    delimiter: str = ","

    def lines(self) -> Iterator[str]:
        """The lines with their ends, whatever these are."""
        with io.TextIOWrapper(self.payload.open(), self.encoding, newline="") as stream:
            yield from stream

    def chunks(self) -> Iterator[list[list[str]]]:
        """The records, `CHUNK` at a time. Raises ``csv.Error`` where quotes do not match or a cell is too long."""
        return _chunks(self.parsed(self.lines()))

    def parsed(self, lines: Iterable[str]) -> Iterator[list[str]]:
        """The records in `lines`."""
        return csv.reader(lines, delimiter=self.delimiter, strict=True)


def _chunks(records: Iterator[list[str]]) -> Iterator[list[list[str]]]:
    while True:
        with long_cells():
            chunk = list(islice(records, CHUNK))
        if not chunk:
            return
        yield chunk


@contextmanager
def long_cells() -> Iterator[None]:
    """Set csv's own limit, which belongs to the whole process, to ours while records are read."""
    before = csv.field_size_limit(LONGEST_CELL)
    try:
        yield
    finally:
        csv.field_size_limit(before)


@dataclass(frozen=True, slots=True)
class Swallowed:
    """A cell with line breaks: `marks` is the most delimiters that one of its inner lines holds."""

    row: int
    column: int
    text: str
    lines: int
    marks: int


@dataclass(slots=True)
class Census:
    """What one pass over a text's records tells; rows count from 0.

    `lengths`: the cells of each record; `blanks`: the rows without a filled cell; `swallowed`: cells that may hold
    whole rows; `head` and `tail`: the first records (of a small text all) and the last; `line_end` of the last line,
    else of the first; `is_plain`: whether no line ends with a return alone, as far as quotes tell.
    """

    lengths: array[int] = field(default_factory=lambda: array("L"))
    blanks: list[int] = field(default_factory=list)
    swallowed: list[Swallowed] = field(default_factory=list)
    head: list[Row] = field(default_factory=list)
    tail: list[Row] = field(default_factory=list)
    line_end: str = "\r\n"
    is_plain: bool = True


def blank_rows(rows: Iterable[Sequence[str]]) -> list[int]:
    """The places of the records without a cell that holds more than spaces: told by the first cell nearly always."""
    doubtful = [(row, cells) for row, cells in enumerate(rows) if not cells or not cells[0] or cells[0].isspace()]
    return [row for row, cells in doubtful if not "".join(cells).strip()]


def swallowed(row: int, cells: Iterable[tuple[int, str]], delimiter: str) -> Iterator[Swallowed]:
    """Those of a record's cells (with their columns) that may hold other records."""
    for column, cell in cells:
        lines = cell.splitlines()
        marks = max((line.count(delimiter) for line in lines[1:-1]), default=0)
        if marks:
            yield Swallowed(row, column, cell[:80], len(lines), marks)


def broken(cells: Iterable[str]) -> list[tuple[int, str]]:
    """The cells with line breaks, with their columns."""
    return [(column, cell) for column, cell in enumerate(cells) if "\n" in cell or "\r" in cell]


def open_line(text: Text) -> tuple[int, int, bool]:
    """Where reading stops: the row and the line (from 1) that cannot be read, and whether it has too long a cell."""
    reader = csv.reader(text.lines(), delimiter=text.delimiter, strict=True)
    rows = line = 0
    with long_cells():
        try:
            for _ in reader:
                rows, line = rows + 1, reader.line_num
        except csv.Error as error:
            return rows + 1, line + 1, "limit" in str(error)
    return rows + 1, line + 1, False


class Records(Sequence[Row]):
    """All records of a large text. Both ends are at hand, what is between is read from the file anew."""

    def __init__(self, text: Text, census: Census) -> None:
        self.text = text
        self.census = census
        self._at, self._near = 0, census.head

    def __len__(self) -> int:
        return len(self.census.lengths)

    def __iter__(self) -> Iterator[Row]:
        for chunk in self.text.chunks():
            yield from map(tuple, chunk)

    def chunks(self) -> Iterator[list[list[str]]]:
        """All records, `CHUNK` at a time."""
        return self.text.chunks()

    @overload
    def __getitem__(self, index: int) -> Row: ...

    @overload
    def __getitem__(self, index: slice) -> list[Row]: ...

    def __getitem__(self, index: int | slice) -> Row | list[Row]:
        if isinstance(index, slice):
            return [self[row] for row in range(*index.indices(len(self)))]
        row = range(len(self))[index]
        from_end = row - len(self)
        if row < len(self.census.head):
            return self.census.head[row]
        if -from_end <= len(self.census.tail):
            return self.census.tail[from_end]
        if not self._at <= row < self._at + len(self._near):
            self._at, self._near = row - row % CHUNK, self._chunk(row // CHUNK)
        return self._near[row - self._at]

    def _chunk(self, number: int) -> list[Row]:
        return list(map(tuple, next(islice(self.text.chunks(), number, None))))
