"""The rows of one sheet of an .xlsx while they are collected, and what stands around them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from odkit.model import Row, Where
from odkit.read.findings import Findings
from odkit.read.grid import MOST_CELLS, Grid, Span, bounded, trimmed
from odkit.read.xlsx_parts import TRUE, Attributes, main_name

_ADDRESS = re.compile(r"\$?([A-Z]{1,3})\$?(\d+)")
_LAST_ROW = 1_048_576
LAST_COLUMN = 16_384


class SheetRows:
    """Rows and columns count from 0; the cells of a row come without blank ones at the end."""

    def __init__(self, place: Where) -> None:
        self.rows: list[Row] = []
        self.findings = Findings(place)
        self._place = place
        self._cells = 0
        self._merged: list[Span] = []
        self._hidden_rows: list[int] = []
        self._hidden_columns: list[tuple[int, int]] = []

    def expect(self, row: int, width: int) -> None:
        """Make sure that a row of `width` cells may come. Raises ValueError beyond the last row or column,
        `SourceError` ``read.too-many-cells``."""
        if not 0 <= row < _LAST_ROW or width > LAST_COLUMN:
            raise ValueError(f"row {row + 1}, {width} columns")
        bounded(1, self._cells + width, self._place)

    def put(self, row: int, cells: Row, *, hidden: bool) -> None:
        """Take the cells of a row below all those so far; rows left out are empty."""
        self._cells += len(cells)
        if self._cells > MOST_CELLS:
            bounded(1, self._cells, self._place)
        if row >= _LAST_ROW:
            self.expect(row, 0)
        if row > len(self.rows):
            self.rows.extend([()] * (row - len(self.rows)))
        self.rows.append(cells)
        if hidden:
            self._hidden_rows.append(row)

    def take(self, row: int, cells: Mapping[int, str], *, hidden: bool) -> None:
        """Take the cells of a row by column, wherever the row stands. Raises ValueError for a cell filled twice."""
        if not cells:
            return
        width = max(cells) + 1
        self.expect(row, width)
        spread = [""] * width
        for column, text in cells.items():
            spread[column] = text
        texts = trimmed(tuple(spread))
        if not texts:
            return
        if row < len(self.rows):
            self._put_again(row, texts)
        else:
            self.put(row, texts, hidden=False)
        if hidden:
            self._hidden_rows.append(row)

    def _put_again(self, row: int, cells: Row) -> None:
        known = self.rows[row]
        width = max(len(known), len(cells))
        both = list(zip(_padded(known, width), _padded(cells, width), strict=True))
        if any(before and after for before, after in both):
            raise ValueError(f"row {row + 1} twice")
        self._cells += len(cells)
        self.rows[row] = tuple(before or after for before, after in both)

    def merge(self, span: Span) -> None:
        """Take note of a merged range."""
        self._merged.append(span)

    def hide_columns(self, first: int, last: int) -> None:
        """Take note of hidden columns."""
        self._hidden_columns.append((first, last))

    def around(self, tag: str, attributes: Attributes) -> None:
        """Take note of an element outside the rows: merged ranges, hidden columns."""
        name = main_name(tag)
        if name == "mergeCell":
            first, _, last = attributes["ref"].partition(":")
            self.merge(Span(*position(first), *position(last or first)))
        elif name == "col" and attributes.get("hidden") in TRUE:
            self.hide_columns(int(attributes["min"]) - 1, int(attributes["max"]) - 1)

    def grid(self) -> Grid:
        """The rows up to the last filled one, and what was noticed."""
        self.findings.hidden(self._hidden_rows, self._hidden_columns, self.rows)
        return Grid(rows=self.rows, merged=tuple(sorted(self._merged)), issues=self.findings.issues())


def _padded(cells: Row, width: int) -> Row:
    return cells + ("",) * (width - len(cells))


def position(address: str) -> tuple[int, int]:
    """``B3`` -> (2, 1). Raises ValueError."""
    match = _ADDRESS.fullmatch(address)
    if not match:
        raise ValueError(address)
    return int(match[2]) - 1, column_of(match[1])


@cache
def column_of(letters: str) -> int:
    """``A`` -> 0, ``AA`` -> 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1
