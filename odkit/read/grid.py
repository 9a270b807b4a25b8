"""A sheet before anyone knows where its table is: rows of text and the ranges that were merged.

Inside this stage rows and columns count from 0; only `Span` and `SourceTable` speak Excel's numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, starmap, takewhile

from odkit.errors import SourceError
from odkit.model import Issue, Row, Where, column_letters
from odkit.read.records import Census, blank_rows

MOST_KNOWN = 64
"""Rows whose filled columns are kept."""
MOST_CELLS = 50_000_000
"""Cells of one table, blank ones included; Excel's own limit would be 17 thousand million."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A merged range; all four edges are inside it and count from 0."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def is_wide(self) -> bool:
        """Whether it covers more than one column."""
        return self.right > self.left

    @property
    def is_tall(self) -> bool:
        """Whether it covers more than one row."""
        return self.bottom > self.top

    def holds(self, row: int, column: int) -> bool:
        """Whether the cell at `row`, `column` belongs to it."""
        return self.top <= row <= self.bottom and self.left <= column <= self.right

    def __str__(self) -> str:
        return f"{column_letters(self.left + 1)}{self.top + 1}:{column_letters(self.right + 1)}{self.bottom + 1}"


@dataclass(frozen=True)
class Grid:
    """One sheet, or the records of a text file: `rows[i]` is row ``i + 1`` of the file, as long as it was written.

    `header` is the row of the headings where the format itself says so, as JSON does: all rows below are data then.
    `census` is what is known of the records already.
    """

    rows: Sequence[Row]
    merged: tuple[Span, ...] = ()
    issues: tuple[Issue, ...] = ()
    header: int | None = None
    census: Census | None = None

    def text(self, row: int, column: int) -> str:
        """The cell at `row`, `column`; empty where the row is shorter or there is none (merges reach further)."""
        cells = self.rows[row] if row < len(self.rows) else ()
        return cells[column] if column < len(cells) else ""

    def filled(self, row: int) -> tuple[int, ...]:
        """The columns of `row` that hold more than spaces; a few rows, the heading above all, are asked for often."""
        known = self._filled
        if row not in known:
            if len(known) >= MOST_KNOWN:
                known.clear()
            known[row] = filled_columns(self.rows[row])
        return known[row]

    def known_filled(self, row: int, cells: Row) -> tuple[int, ...]:
        """The same of a row that is at hand; only what was asked for by itself is kept."""
        found = self._filled.get(row)
        return filled_columns(cells) if found is None else found

    def texts(self, row: int) -> Row:
        """The cells of `row` that hold more than spaces."""
        return tuple(map(self.rows[row].__getitem__, self.filled(row)))

    @cached_property
    def _filled(self) -> dict[int, tuple[int, ...]]:
        return {}

    @cached_property
    def blanks(self) -> Sequence[int]:
        """The rows without a filled cell, ascending."""
        return self.census.blanks if self.census else blank_rows(self.rows)

    @cached_property
    def lengths(self) -> Sequence[int]:
        """The number of cells of each row, blank ones included."""
        return self.census.lengths if self.census else [len(cells) for cells in self.rows]

    def widest(self) -> int:
        """The number of filled cells of the row that has most."""
        best, longest = 0, max(self.lengths, default=0)
        for row, cells in enumerate(self.rows):
            if len(cells) > best:
                best = max(best, len(self.known_filled(row, cells)))
            if best == longest:
                break
        return best

    def used(self, rows: range) -> set[int]:
        """The columns that are filled in any of `rows`."""
        found: set[int] = set()
        most = max(self.lengths, default=0)
        for row, cells in zip(rows, islice(self.rows, rows.start, rows.stop), strict=False):
            found.update(self.known_filled(row, cells))
            if len(found) == most:
                break
        return found

    def spans_at(self, row: int) -> tuple[Span, ...]:
        """The merged ranges that touch `row`."""
        return tuple(span for span in self.merged if span.top <= row <= span.bottom)

    def __len__(self) -> int:
        return len(self.rows)


class Outline:
    """The filled columns of each row of a grid, looked up when asked for."""

    def __init__(self, grid: Grid) -> None:
        self._grid = grid
        self._known: dict[int, tuple[int, ...]] = {}

    def __getitem__(self, row: int) -> tuple[int, ...]:
        if row not in self._known:
            self._known[row] = self._grid.filled(row)
        return self._known[row]

    def __iter__(self) -> Iterator[tuple[int, ...]]:
        return starmap(self._grid.known_filled, enumerate(self._grid.rows))


def filled_columns(cells: Row) -> tuple[int, ...]:
    """The places of the cells that hold more than spaces (a full-width space is a space)."""
    return tuple([column for column, cell in enumerate(cells) if cell and not cell.isspace()])


def is_blank(cells: Row) -> bool:
    """Whether no cell holds more than spaces."""
    return not "".join(cells).strip()


def trimmed(cells: Row) -> Row:
    """The cells without the blank ones at the end."""
    blanks = sum(1 for _ in takewhile(lambda cell: not cell or cell.isspace(), reversed(cells)))
    return cells[: len(cells) - blanks]


def runs(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Join ascending numbers into first–last pairs: 1 2 3 7 -> (1, 3), (7, 7)."""
    pairs: list[tuple[int, int]] = []
    for number in numbers:
        if pairs and number == pairs[-1][1] + 1:
            pairs[-1] = (pairs[-1][0], number)
        else:
            pairs.append((number, number))
    return pairs


def bounded(rows: int, columns: int, place: Where) -> None:
    """Raise `SourceError` ``read.too-many-cells`` where a table would hold more than `MOST_CELLS`."""
    if rows * columns > MOST_CELLS:
        raise SourceError("read.too-many-cells", place=place, rows=f"{rows:,}", columns=f"{columns:,}")
