"""The contrast between a heading and its data: which columns hold numbers or dates below a row."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from itertools import zip_longest

from odkit.read.grid import Grid
from odkit.read.shapes import DATE, NOTHING, NUMBER, TEXT, shape

_END = "\x1e"
_NUMBERS = re.compile(f"(?:-?[0-9]+(?:\\.[0-9]+)?{_END})++")
_DATES = re.compile(f"(?:[0-9]{{4}}[-/][0-9]{{1,2}}[-/][0-9]{{1,2}}{_END})++")
"""Whole columns of the plainest numbers and dates."""
_TYPED = 0.8
"""Share of a column's cells of one shape that makes it a column of numbers, or of dates."""


def typed_columns(grid: Grid, rows: Iterable[int]) -> dict[int, str]:
    """Columns of numbers or dates in `rows`, and which of the two."""
    columns = zip_longest(*map(grid.rows.__getitem__, rows), fillvalue="")
    kinds = {column: _kind(Counter(cells)) for column, cells in enumerate(columns)}
    return {column: kind for column, kind in kinds.items() if kind != TEXT}


def _kind(cells: Counter[str]) -> str:
    """`NUMBER` or `DATE` where nearly all of a column's cells are, else `TEXT`; it has so many of each."""
    del cells[""]
    joined = _END.join((*cells, ""))
    if joined.count(_END) == len(cells):
        for kind, plain in ((NUMBER, _NUMBERS), (DATE, _DATES)):
            if plain.fullmatch(joined):
                return kind
    shapes: Counter[str] = Counter()
    # A column has no kind once a quarter of its cells are text; most columns are words.
    most = cells.total() / 4
    for cell, count in cells.items():
        shapes[shape(cell)] += count
        if shapes[TEXT] > most:
            return TEXT
    del shapes[NOTHING]
    common, count = max(shapes.items(), key=lambda item: (item[1], item[0]), default=(TEXT, 0))
    return common if count >= _TYPED * shapes.total() else TEXT


def all_text(grid: Grid, row: int) -> bool:
    """Whether no filled cell of `row` is a number, a date or a mark such as ``-``."""
    return all(shape(grid.text(row, column)) == TEXT for column in grid.filled(row))
