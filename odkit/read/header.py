"""Which rows are the heading: by how many columns a row covers, by merges, and by contrast with the data below.

A title has one or two cells; a heading names nearly every column. Where columns of numbers or dates stand below, a
row of text above them is a heading. Where two readings are equally good nobody is asked to guess: `SourceError`.
"""

from __future__ import annotations

from functools import cached_property
from itertools import pairwise

from odkit.errors import SourceError
from odkit.model import Where
from odkit.read.grid import Grid, Outline, Span
from odkit.read.linkdata import property_row
from odkit.read.shapes import TEXT, is_remark, is_unit, shape
from odkit.read.typed import all_text, typed_columns

_COVER = 0.75
"""Share of the widest row that a heading covers at least."""
_SAMPLE = 200
"""Rows below a heading that say what its columns hold."""
_NARROW = 3
"""Columns of a table whose title line may be as wide as its heading."""


class HeaderFinder:
    """Finds the heading rows of one grid; `place` names file and sheet in errors. Rows count from 0."""

    def __init__(self, grid: Grid, place: Where) -> None:
        self._grid = grid
        self._place = place
        self._filled = Outline(grid)
        self._widest = grid.widest()

    def find(self) -> tuple[int, ...]:
        """The heading rows, top down. Raises `SourceError` ``read.which-header``."""
        named = property_row(self._grid)
        if named is not None:
            return (named,)
        start = self._candidate()
        if self._widest > 1:
            start = self._settled(start)
        return tuple(range(self._first(start), self._last(start) + 1))

    # --- the row to start from

    def _candidate(self) -> int:
        """The first row, or pair of rows, that covers most of the table's columns."""
        for row, columns in enumerate(self._filled):
            if columns and (self._widest == 1 or len(columns) > 1) and self._covers(row):
                return row
        return next(row for row, columns in enumerate(self._filled) if len(columns) == self._widest)

    def _covers(self, row: int) -> bool:
        enough = _COVER * self._widest
        own = self._cover(row)
        if len(own) >= enough:
            return True
        below = set(self._row(row + 1))
        return len(below) < enough <= len(own | below) and self._completes(row)

    def _cover(self, row: int) -> set[int]:
        """The columns a row names: its filled cells, and those merged with one of them.

        A line of two cells that are merged only sideways is a title with its date, not a heading.
        """
        columns = set(self._filled[row])
        spans = [span for span in self._grid.merged if span.top == row and span.left in columns]
        if len(columns) > 2 or any(span.is_tall and not span.is_wide for span in spans):
            columns.update(column for span in spans for column in range(span.left, span.right + 1))
        return columns

    def _completes(self, row: int) -> bool:
        """Whether the next row fills gaps of this one, and this one fills gaps of the next: one heading in two."""
        here, below = set(self._filled[row]), set(self._row(row + 1))
        return bool(below - here) and bool(here - below) and len(here) > 1 and self._all_text(row + 1)

    # --- evidence from the data below

    def _settled(self, start: int) -> int:
        """`start`, or the row above or below it that is the heading after all."""
        if self._overlooks(start):
            return self._above(start)
        next_row = self._next_filled(start)
        if next_row is None:
            return start
        typed = self._typed(next_row + 1) or self._typed(start + 1)
        rival = self._looks_like_heading(next_row, typed) and not self._belongs_below(start, next_row)
        if self._looks_like_heading(start, typed):
            return self._between(start, next_row) if rival and self._is_doubtful(start, next_row, typed) else start
        if rival and len(self._filled[start]) <= _NARROW:
            return next_row
        if self._looks_like_data(start) or self._could_be_title(start, next_row, typed):
            raise self._undecided(start, next_row)
        return start

    def _overlooks(self, start: int) -> bool:
        """Whether the line right above could be a heading that leaves columns unnamed, not a title."""
        columns = self._row(start - 1)
        if (
            len(columns) < 2
            or self._belongs_above(start - 1, start)
            or self._looks_like_heading(start, self._typed(start + 1))
        ):
            return False
        remarks = any(is_remark(self._grid.text(start - 1, column)) for column in columns)
        return not remarks and len(columns) * 2 > len(self._filled[start]) and self._all_text(start - 1)

    def _above(self, start: int) -> int:
        if self._looks_like_heading(start - 1, self._typed(start)):
            return start - 1
        raise self._undecided(start - 1, start)

    def _is_doubtful(self, start: int, next_row: int, typed: dict[int, str]) -> bool:
        """Whether the row below could as well be the heading (one odd value in one column is no evidence)."""
        same_width = len(self._filled[next_row]) >= len(self._filled[start]) * _COVER
        over_typed = len(typed.keys() & set(self._filled[next_row]))
        return same_width and (over_typed >= max(2, len(typed) / 2) or self._widest <= _NARROW)

    def _between(self, start: int, next_row: int) -> int:
        """Of two rows that both look like headings: a blank row between them makes the upper one a title."""
        if next_row > start + 1 and self._widest <= _NARROW:
            return next_row
        raise self._undecided(start, next_row)

    def _could_be_title(self, start: int, next_row: int, typed: dict[int, str]) -> bool:
        """In a narrow table of nothing but text, a line with a blank row below it: title or heading?"""
        apart = next_row > start + 1 and len(self._filled[next_row]) == self._widest
        return apart and self._widest <= _NARROW and not typed

    def _undecided(self, start: int, next_row: int) -> SourceError:
        return SourceError(
            "read.which-header",
            place=self._place,
            first=start + 1,
            second=next_row + 1,
            text=" | ".join(self._grid.rows[start])[:80],
        )

    def _typed(self, first: int) -> dict[int, str]:
        return typed_columns(self._grid, range(first, min(first + _SAMPLE, len(self._grid))))

    def _looks_like_heading(self, row: int, typed: dict[int, str]) -> bool:
        """Text in every column it fills, and numbers or dates below some of it."""
        return bool(typed.keys() & set(self._filled[row])) and self._all_text(row)

    def _looks_like_data(self, row: int) -> bool:
        """The same shapes as below, in a row that has numbers or dates (and not 2019, 2020, 2021 …)."""
        typed = self._typed(row + 1)
        own = [(column, shape(self._grid.text(row, column))) for column in self._filled[row] if column in typed]
        alike = [column for column, kind in own if kind == typed[column]]
        against = any(kind == TEXT for _, kind in own)
        return bool(alike) and not against and not self._is_series(row, alike)

    def _is_series(self, row: int, columns: list[int]) -> bool:
        """Whether the numbers go up by one and the same step, as years and months in a heading do."""
        values = [self._grid.text(row, column).strip() for column in columns]
        if len(values) < 2 or not all(value.isdecimal() for value in values):
            return False
        steps = {int(after) - int(before) for before, after in pairwise(values)}
        return len(steps) == 1 and steps.pop() != 0

    def _all_text(self, row: int) -> bool:
        return all_text(self._grid, row)

    def _next_filled(self, row: int) -> int | None:
        return next((other for other in range(row + 1, len(self._grid)) if self._filled[other]), None)

    def _row(self, row: int) -> tuple[int, ...]:
        return self._filled[row] if 0 <= row < len(self._grid) else ()

    # --- headings over several rows

    def _first(self, row: int) -> int:
        while row > 0 and self._belongs_above(row - 1, row):
            row -= 1
        return row

    def _last(self, row: int) -> int:
        while row + 1 < len(self._grid) and self._belongs_below(row, row + 1):
            row += 1
        return row

    def _belongs_above(self, upper: int, lower: int) -> bool:
        """Whether a row with few cells above the heading names groups of its columns."""
        columns = self._filled[upper]
        if not columns or any(is_remark(self._grid.text(upper, column)) for column in columns):
            return False
        if any(span.top <= upper and span.bottom >= lower for span in self._spans(upper)):
            return True
        if len(columns) == 1:
            return any(span.is_wide and span.left > min(self._filled[lower]) for span in self._spans(upper))
        groups = sum(span.is_wide for span in self._spans(upper))
        grouped = groups > 1 or (groups == 1 and len(columns) > 2)
        fills_gaps = bool(set(columns) - set(self._filled[lower]))
        starts_late = columns[0] > min(self._filled[lower])
        return grouped or fills_gaps or starts_late or len(columns) > _NARROW

    def _belongs_below(self, upper: int, lower: int) -> bool:
        """Whether the row right below a heading row goes on with it."""
        if lower != upper + 1 or not self._filled[lower]:
            return False
        if any(span.top <= upper and span.bottom >= lower for span in self._spans(upper)):
            return True
        if all(is_unit(self._grid.text(lower, column)) for column in self._filled[lower]):
            return len(self._filled[lower]) > 1
        if not self._all_text(lower):
            return False
        kinds = (self._under_groups, self._under_repeats, self._under_gaps, self._under_labels)
        return any(belongs(upper, lower) for belongs in kinds)

    def _under_groups(self, upper: int, lower: int) -> bool:
        """Every cell stands below a cell that is merged sideways."""
        wide = [span for span in self._spans(upper) if span.is_wide and span.bottom == upper]
        under = {column for span in wide for column in range(span.left, span.right + 1)}
        return bool(wide) and set(self._filled[lower]) <= under

    def _under_repeats(self, upper: int, lower: int) -> bool:
        """The upper row repeats its labels side by side (属性 属性 満足度 満足度), and the lower one is no data."""
        typed = self._typed(lower + 1)
        if typed and not typed.keys() & set(self._filled[lower]):
            return False
        texts = [self._grid.text(upper, column) for column in self._filled[upper]]
        repeats = sum(before == after for before, after in pairwise(texts))
        return repeats * 2 >= len(texts)

    def _under_gaps(self, upper: int, lower: int) -> bool:
        """A merged heading that lost its merges (a CSV): gaps to the right of a label, filled one row below."""
        here, below = set(self._filled[upper]), set(self._filled[lower])
        gaps = below - here
        labels = {column - 1 for column in gaps} - gaps
        return bool(gaps) and here - below != set() and below <= gaps | labels and labels <= here

    def _under_labels(self, upper: int, lower: int) -> bool:
        """Words over columns of numbers, the first columns left to the rows above: a deep heading without merges."""
        below = range(lower + 1, len(self._grid))
        data = next((row for row in below if self._filled[row] and not self._all_text(row)), None)
        first = self._filled[lower][0]
        if data is None or first <= self._filled[data][0] or first < self._filled[upper][0]:
            return False
        columns = set(self._filled[lower])
        return len(columns) > 1 and columns <= self._typed(data).keys()

    def _spans(self, row: int) -> list[Span]:
        return self._spans_by_row.get(row, [])

    @cached_property
    def _spans_by_row(self) -> dict[int, list[Span]]:
        found: dict[int, list[Span]] = {}
        for span in self._grid.merged:
            if self._grid.text(span.top, span.left).strip():
                for row in range(span.top, min(span.bottom + 1, len(self._grid))):
                    found.setdefault(row, []).append(span)
        return found
