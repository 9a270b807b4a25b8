"""The contrast between a heading and its data: which columns hold numbers or dates below a row."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from odkit.read.grid import Grid, filled_columns
from odkit.read.shapes import NOTHING, TEXT, shape

_TYPED = 0.8
"""Share of a column's cells of one shape that makes it a column of numbers, or of dates."""


def typed_columns(grid: Grid, rows: Iterable[int]) -> dict[int, str]:
    """Columns of numbers or dates in `rows`, and which of the two."""
    counts: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for row in rows:
        cells = grid.rows[row]
        for column in filled_columns(cells):
            counts[column][shape(cells[column])] += 1
    found = {}
    for column, shapes in counts.items():
        del shapes[NOTHING]
        common, count = max(shapes.items(), key=lambda item: (item[1], item[0]), default=(TEXT, 0))
        if common != TEXT and count >= _TYPED * shapes.total():
            found[column] = common
    return found


def all_text(grid: Grid, row: int) -> bool:
    """Whether no filled cell of `row` is a number, a date or a mark such as ``-``."""
    return all(shape(grid.text(row, column)) == TEXT for column in grid.filled(row))
