"""A declared range: the cells that are the table. What stands outside it is kept, as preamble and notes."""

from __future__ import annotations

import re

from odkit.errors import SourceError
from odkit.model import Row, Where
from odkit.read.grid import Grid, Span, is_blank

_EDGES = re.compile(r"\$?([A-Z]{0,3})\$?(\d{0,7}):\$?([A-Z]{0,3})\$?(\d{0,7})", re.IGNORECASE)
_LAST_ROW, _LAST_COLUMN = 10**7, 26**3 + 26**2 + 26


def parse_area(text: str, grid: Grid, place: Where) -> Span:
    """``A3:H40``, ``A:H`` or ``3:40`` -> the range, cut to the rows that are there.

    Raises `SourceError` ``read.bad-range`` where it is no range, or holds no filled cell.
    """
    match = _EDGES.fullmatch(text.strip())
    if not match or bool(match[1]) != bool(match[3]) or bool(match[2]) != bool(match[4]) or match[0].startswith(":"):
        raise _refused(text, grid, place)
    lefts, tops = (
        (_column(match[1], 1), _column(match[3], _LAST_COLUMN)),
        (int(match[2] or 1), int(match[4] or _LAST_ROW)),
    )
    area = Span(min(tops) - 1, min(lefts) - 1, min(max(tops), len(grid)) - 1, max(lefts) - 1)
    if area.top < 0 or all(is_blank(row) for row in within(grid, area).rows):
        raise _refused(text, grid, place)
    return area


def _refused(text: str, grid: Grid, place: Where) -> SourceError:
    return SourceError("read.bad-range", place=place, range=text, last=len(grid))


def _column(letters: str, default: int) -> int:
    """``A`` -> 1, ``AA`` -> 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number or default


def within(grid: Grid, area: Span) -> Grid:
    """The grid as if nothing stood outside `area`; every cell keeps its place."""
    rows = tuple(_inside(cells, area) if area.top <= row <= area.bottom else () for row, cells in enumerate(grid.rows))
    merged = tuple(span for span in grid.merged if area.holds(span.top, span.left))
    return Grid(rows=rows, merged=merged, issues=grid.issues)


def _inside(cells: Row, area: Span) -> Row:
    return ("",) * min(area.left, len(cells)) + cells[area.left : area.right + 1]


def outside(cells: Row, area: Span) -> Row:
    """The cells of a row to the left and right of `area`."""
    blanks = ("",) * (min(area.right + 1, len(cells)) - area.left)
    return cells[: area.left] + blanks + cells[area.right + 1 :]
