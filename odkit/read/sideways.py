"""Cells that are merged sideways: a heading over columns that stay empty, a value that stands for several columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from odkit.model import Issue, Row, Severity, Where, column_letters
from odkit.read.grid import Grid, Span
from odkit.read.report import issue
from odkit.read.totals import is_total

_MOST_SHOWN = 20


def reach_sideways(grid: Grid, header: Sequence[int], columns: range) -> frozenset[int]:
    """The places (from 0, among `columns`) without a heading of their own: one further left is merged over them."""
    if not grid.merged:
        return frozenset()
    spans = [span for span in grid.merged if span.is_wide and span.top in header]
    reached = {column for span in spans for column in range(span.left + 1, span.right + 1) if column in columns}
    own = {column for column in reached if any(grid.text(row, column).strip() for row in header)}
    return frozenset(column - columns.start for column in reached - own)


def without_echoes(headings: Row, reached: frozenset[int], rows: Sequence[Row]) -> Row:
    """The headings, blank for those of the `reached` places that hold nothing: sheets are ruled in small squares."""
    empty = {place for place in reached if not any(cells[place].strip() for cells in rows)} if reached else ()
    return tuple("" if place in empty else heading for place, heading in enumerate(headings)) if empty else headings


def merged_across(grid: Grid, body: range, columns: range, headings: Row, place: Where) -> Iterator[Issue]:
    """A warning where cells of the table reach over columns with headings of their own, which they leave blank.

    A row with nothing else in it is no record (`inserted.py`); 合計 stands for no column.
    """
    spans = sorted(span for span in grid.merged if span.is_wide and span.top in body and span.left in columns)
    found = [span for span in spans if _names_others(span, columns, headings) and _stands_in_record(grid, span)]
    if found:
        first = found[0]
        where = Where(file=place.file, sheet=place.sheet, row=first.top + 1, column=first.left + 1)
        listed = ", ".join(map(str, found[:_MOST_SHOWN])) + ", …" * (len(found) > _MOST_SHOWN)
        text = grid.text(first.top, first.left)
        letters = column_letters(first.left + 1)
        yield issue("merged-across", Severity.WARNING, where, text, count=len(found), cells=listed, first=letters)


def _names_others(span: Span, columns: range, headings: Row) -> bool:
    """Whether it reaches over a column that is called otherwise than its first one."""
    names = headings[span.left - columns.start : span.right + 1 - columns.start]
    return any(name.strip() and name != names[0] for name in names[1:])


def _stands_in_record(grid: Grid, span: Span) -> bool:
    """Whether it has a value that is not the word of a total, and something beside it."""
    text = grid.text(span.top, span.left)
    rows = range(span.top, min(span.bottom + 1, len(grid)))
    return bool(text.strip()) and not is_total(text) and sum(len(grid.filled(row)) for row in rows) > 1
