"""The rows of a table that was found: as long as its heading, without blank ones."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import overload

from odkit.model import Row, batches
from odkit.read.columns import ColumnReader
from odkit.read.grid import Grid
from odkit.read.records import Records


def body_rows(grid: Grid, body: range, blanks: Sequence[int], columns: range) -> tuple[Sequence[Row], Sequence[int]]:
    """The rows of `body` without `blanks`, cut to `columns`, and their numbers in the file, from 1.

    They are in memory, or read again where the grid's are.
    """
    window = Window(grid.rows, body, blanks, columns)
    return (window, window.numbers) if isinstance(grid.rows, Records) else (tuple(window), tuple(window.numbers))


def _row_numbers(body: range, blanks: Sequence[int]) -> Sequence[int]:
    if not blanks:
        return range(body.start + 1, body.stop + 1)
    skipped = frozenset(blanks)
    return array("L", (row + 1 for row in body if row not in skipped))


Cells = Sequence[str]


class Window(Sequence[Row]):
    """A part of a sheet's rows, seen as rows of equal length; rows and columns count from 0.

    `numbers` are the rows' numbers in the file, from 1.
    """

    def __init__(self, rows: Sequence[Row], body: range, blanks: Sequence[int], columns: range) -> None:
        self._rows, self._body, self._columns = rows, body, columns
        self._blanks, self._skipped = blanks, frozenset(blanks)
        self.numbers = _row_numbers(body, blanks)

    def __len__(self) -> int:
        return len(self.numbers)

    def __iter__(self) -> Iterator[Row]:
        return map(tuple, chain.from_iterable(self.batches()))

    def batches(self) -> Iterator[list[Cells]]:
        """The rows, many at a time."""
        row, body = 0, self._body
        for chunk in self._rows.chunks() if isinstance(self._rows, Records) else [self._rows]:
            inside = chunk[max(0, body.start - row) : max(0, body.stop - row)]
            first, row = max(row, body.start), row + len(chunk)
            if inside:
                yield self._cut_all(first, inside)

    def columns(self, size: int) -> Iterator[Sequence[Cells]]:
        """The rows column by column, `size` at a time."""
        if isinstance(self._rows, Records):
            return ColumnReader(self._rows, self._body, self._blanks, self._columns).chunks(size)
        return (list(zip(*batch, strict=True)) for batch in batches(tuple(self), size))

    def _cut_all(self, first: int, rows: Sequence[Cells]) -> list[Cells]:
        """The rows as long as the table is wide, without blank ones; `first` is the first one's place in the sheet."""
        left, right, skipped = self._columns.start, self._columns.stop, self._skipped
        if skipped:
            rows = [cells for row, cells in enumerate(rows, first) if row not in skipped]
        if left == 0:
            return [cells if len(cells) == right else self._cut(cells) for cells in rows]
        return [self._cut(cells) for cells in rows]

    @overload
    def __getitem__(self, index: int) -> Row: ...

    @overload
    def __getitem__(self, index: slice) -> list[Row]: ...

    def __getitem__(self, index: int | slice) -> Row | list[Row]:
        if isinstance(index, slice):
            return [self[row] for row in range(*index.indices(len(self)))]
        return self._cut(self._rows[self.numbers[index] - 1])

    def _cut(self, cells: Cells) -> Row:
        inside = tuple(cells[self._columns.start : self._columns.stop])
        return inside + ("",) * (len(self._columns) - len(inside))
