"""Several tables on one sheet, side by side: found by evidence, never chosen from.

Tables that repeat their heading stand with or without a gap. Tables with headings of their own are kept apart by an
empty column, and something tells that their rows do not belong together: one starts or ends before the other, each
has a title, or each begins with the same word. An empty column alone may as well stand inside one table: a note says
how to read its sides apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from odkit.errors import SourceError
from odkit.model import Issue, Row, Severity, Where
from odkit.read.area import within
from odkit.read.blocks import choices, listed, refuse
from odkit.read.grid import Grid, Span, filled_columns, runs
from odkit.read.header import HeaderFinder
from odkit.read.linkdata import property_row
from odkit.read.report import issue
from odkit.read.shapes import is_note, is_remark

_MOST_CELLS = 200_000
"""Tables beside each other are laid out by hand; larger sheets are one table."""
_PAGE = 10
"""Columns of a table that has another one beside it on the page; wider ones have gaps of their own."""
_SHORTER = 2
"""Rows by which a table on the right ends earlier than one with some cells left blank would."""


def refuse_repeats(grid: Grid, rows: range, used: Sequence[int], headings: Row, place: Where) -> None:
    """Raise ``read.which-table`` where the same heading stands twice, side by side.

    `rows`: the table's rows, heading first; `used`: the columns that any of them fills, `headings[0]` is the first's.
    """
    words, first = ["".join(heading.split()) for heading in headings], used[0]
    groups = _repeated([column - first for column in used], words) or _periods(words)
    if groups:
        spans = [Span(rows.start, first + left, rows.stop - 1, first + right) for left, right in groups]
        refuse(spans, grid, place)


def refuse_neighbours(grid: Grid, place: Where) -> None:
    """Raise ``read.which-table`` where an empty column keeps tables with headings of their own apart."""
    sides = _sides(grid, place)
    if any(evidence(grid, sides) for evidence in _EVIDENCE if len(sides) > 1):
        refuse([side.span for side in sides], grid, place)


def parted(grid: Grid, place: Where) -> Iterator[Issue]:
    """A note where an empty column divides a table whose sides could as well be tables of their own."""
    sides = _sides(grid, place)
    if len(sides) > 1 and all(side.is_dense and side.width <= _PAGE for side in sides):
        where = Where(file=place.file, sheet=place.sheet, column=sides[0].span.right + 2)
        yield issue("blank-column", Severity.NOTE, where, tables=listed(choices([side.span for side in sides], grid)))


# --- the sides of an empty column


@dataclass(frozen=True, slots=True)
class _Side:
    """Columns between empty ones: their heading rows (none where they are not certain), and the filled rows below."""

    span: Span
    header: tuple[int, ...]
    rows: tuple[int, ...]
    is_dense: bool

    @property
    def width(self) -> int:
        return self.span.right - self.span.left + 1

    @property
    def last(self) -> int:
        return self.rows[-1]


def _sides(grid: Grid, place: Where) -> list[_Side]:
    """The groups of two or more columns that empty columns keep apart; none where one of them has no rows."""
    if sum(grid.lengths) > _MOST_CELLS or not _has_gap(grid) or property_row(grid) is not None:
        return []
    lines = {row: columns for row, cells in enumerate(grid.rows) if len(columns := filled_columns(cells)) > 1}
    used = {column for columns in lines.values() for column in columns} | _merged(grid, lines)
    groups = [(left, right) for left, right in runs(sorted(used)) if right > left]
    sides = [_side(grid, group, lines, place) for group in groups] if len(groups) > 1 else []
    return [side for side in sides if side] if all(sides) else []


def _has_gap(grid: Grid) -> bool:
    """Whether some column stays empty, told by the first rows nearly always; titles and notes do not count."""
    used, most = set[int](), max(grid.lengths, default=0)
    for row, cells in enumerate(grid.rows):
        columns = grid.known_filled(row, cells)
        used.update(columns if len(columns) > 1 else ())
        if len(used) == most:
            return False
    return len(runs(sorted(used))) > 1


def _merged(grid: Grid, lines: dict[int, tuple[int, ...]]) -> set[int]:
    """The columns that merged cells reach over: they are blank and still not empty."""
    spans = (span for span in grid.merged if span.left in lines.get(span.top, ()))
    return {column for span in spans for column in range(span.left, span.right + 1)}


def _side(grid: Grid, group: tuple[int, int], lines: dict[int, tuple[int, ...]], place: Where) -> _Side | None:
    left, right = group
    filled = {row: [column for column in columns if left <= column <= right] for row, columns in lines.items()}
    rows = [row for row, columns in filled.items() if columns and not is_note(grid.text(row, columns[0]))]
    if not rows:
        return None
    header = _header(grid, Span(0, left, len(grid) - 1, right), place)
    top = header[0] if header else rows[0]
    below = tuple(row for row in rows if row > max(header, default=top))
    if not below:
        return None
    dense = all(left in filled[row] for row in below) and below[-1] - below[0] < len(below)
    return _Side(Span(top, left, below[-1], right), header, below, dense)


def _header(grid: Grid, area: Span, place: Where) -> tuple[int, ...]:
    try:
        return HeaderFinder(within(grid, area), place).find()
    except SourceError:
        return ()


# --- what tells that the sides are tables of their own


def _start_apart(_grid: Grid, sides: Sequence[_Side]) -> bool:
    """Two headings stand on different rows."""
    known = [set(side.header) for side in sides if side.header]
    return any(not one & other for one, other in combinations(known, 2))


def _end_apart(grid: Grid, sides: Sequence[_Side]) -> bool:
    """The left one ends first; or the right one, with no cell of its first column blank before."""
    return any(_ends_first(grid, left, right) or _is_shorter(left, right) for left, right in pairwise(sides))


def _ends_first(grid: Grid, left: _Side, right: _Side) -> bool:
    after = (row for row in right.rows if row > left.last)
    columns = range(right.span.left, right.span.right + 1)
    return any(sum(bool(grid.text(row, column).strip()) for column in columns) > 1 for row in after)


def _is_shorter(left: _Side, right: _Side) -> bool:
    gap = right.span.left - left.span.right - 1
    return right.is_dense and len(right.rows) > 1 and left.last - right.last >= (_SHORTER if gap == 1 else 1)


def _begin_alike(grid: Grid, sides: Sequence[_Side]) -> bool:
    """Two of them begin with the same word, 番号 or 名称: no table names two columns alike."""
    words = ["".join(grid.text(side.header[-1], side.span.left).split()) for side in sides if side.header]
    return len(set(words)) < len(words) and all(words)


def _titled(grid: Grid, sides: Sequence[_Side]) -> bool:
    """Each has one cell above its first heading, on the same row: titles, or labels of one heading's groups."""
    rows = {side.header[0] for side in sides if side.header}
    row = min(rows, default=0) - 1
    if len(rows) != 1 or row < 0 or not all(side.header for side in sides):
        return False
    titles = grid.filled(row) == tuple(side.span.left for side in sides)
    return titles and not any(is_remark(grid.text(row, side.span.left)) for side in sides)


_EVIDENCE: tuple[Callable[[Grid, Sequence[_Side]], bool], ...] = (_start_apart, _end_apart, _begin_alike, _titled)


# --- headings that stand twice


def _repeated(used: Sequence[int], words: Sequence[str]) -> list[tuple[int, int]]:
    """The groups of columns that empty columns keep apart, if two of them have the same heading."""
    groups = runs(used)
    headings = [tuple(words[left : right + 1]) for left, right in groups if right > left]
    return groups if len(set(headings)) < len(headings) else []


def _periods(words: Sequence[str]) -> list[tuple[int, int]]:
    """The groups of a heading that is nothing but the same two or more words, over and over."""
    width = len(words)
    for period in range(2, width // 2 + 1):
        if width % period or words[period] != words[0]:
            continue
        part = list(words[:period])
        if part * (width // period) == list(words) and all(part) and len(set(part)) == period:
            return [(left, left + period - 1) for left in range(0, width, period)]
    return []
