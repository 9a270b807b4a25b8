"""Where the table is on a sheet: what stands above it, its heading, its rows, the notes below it."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace

from odkit.errors import SourceError
from odkit.model import Issue, Line, Row, Severity, Where
from odkit.read.area import outside, parse_area, within
from odkit.read.beside import parted, refuse_neighbours, refuse_repeats
from odkit.read.blocks import refuse_stack
from odkit.read.body import body_rows
from odkit.read.doubts import doubted
from odkit.read.grid import Grid, Span, bounded, is_blank, runs, trimmed
from odkit.read.header import HeaderFinder
from odkit.read.headings import join_headings
from odkit.read.headless import NO_HEADING, column_names, refuse_data
from odkit.read.inserted import inserted_rows, laid_out_rows
from odkit.read.linkdata import first_record
from odkit.read.report import issue
from odkit.read.shapes import is_note
from odkit.read.sideways import merged_across, reach_sideways, without_echoes
from odkit.read.totals import totals


@dataclass(frozen=True, slots=True)
class Region:
    """A table found on a grid. `header` and `body` are rows of the grid, `first_column` its first column, from 0.

    `grid` is the grid as far as a declared range reaches.
    """

    grid: Grid
    header: tuple[int, ...]
    body: range
    first_column: int
    headings: Row
    rows: Sequence[Row]
    row_numbers: Sequence[int]
    issues: tuple[Issue, ...] = ()
    preamble: tuple[Line, ...] = ()
    notes: tuple[Line, ...] = ()


def find_region(grid: Grid, header_rows: Sequence[int], place: Where, area: str = "") -> Region:
    """Find the table; `header_rows` (from 1, as in the file) settles its heading, `area` (``A3:H40``) its cells.

    Where `header_rows` is 0 alone it has no heading, and its columns are called by their letters.
    `place` names file and sheet. Every filled cell of the grid comes back in the headings, the rows, the preamble or
    the notes. Raises `SourceError` ``read.empty-sheet``, ``read.which-header``, ``read.heading-is-data`` or
    ``read.which-table``, and for hints that do not fit ``read.bad-header-rows`` and ``read.bad-range``.
    """
    if len(grid.blanks) == len(grid):
        raise SourceError("read.empty-sheet", place=place)
    if grid.header is not None:
        records = _Table(grid, (grid.header,), range(grid.header + 1, len(grid)), place).region()
        return replace(records, preamble=_outside(grid, range(grid.header), (), None))
    span = parse_area(area, grid, place) if area else None
    inner = within(grid, span) if span else grid
    settled = bool(area or header_rows)
    if not settled:
        refuse_stack(grid, place)
        refuse_neighbours(grid, place)
    header = _declared(inner, header_rows, place) if header_rows else HeaderFinder(inner, place).find()
    start = first_record(inner, header[-1]) if header else _first_filled(inner)
    table = _Table(inner, header, range(start, _body_end(inner, start)), place)
    if not settled:
        _refuse_lost_rows(inner, header[0], table.body, place)
        refuse_data(inner, header, table.body, place)
        refuse_repeats(grid, table.rows, table.used, table.headings, place)
    region = table.region()
    doubts = () if settled else (*parted(grid, place), *doubted(inner, header, region.headings, region.rows, place))
    return replace(
        region,
        issues=(*region.issues, *doubts),
        preamble=_outside(grid, range(start), header, span),
        notes=_outside(grid, range(start if span else table.body.stop, len(grid)), table.body, span),
    )


def _refuse_lost_rows(grid: Grid, header: int, body: range, place: Where) -> None:
    """A heading without a row below it, but with rows of several cells above it: those may well be the table."""
    above = [row for row in range(header) if len(grid.filled(row)) > 1]
    if above and not grid.used(body):
        text = " | ".join(grid.rows[above[0]])[:80]
        raise SourceError("read.which-header", place=place, first=above[0] + 1, second=header + 1, text=text)


class _Table:
    """The cells of a table whose rows are known; rows and columns count from 0."""

    def __init__(self, grid: Grid, header: tuple[int, ...], body: range, place: Where) -> None:
        self._grid = grid
        self._place = place
        self._header = header
        self.body = body
        self.rows = range(header[0], max(header[-1] + 1, body.stop)) if header else body
        self.used = sorted(grid.used(self.rows))
        self._columns = range(self.used[0], self.used[-1] + 1)
        self.headings = join_headings(grid, header, self._columns) if header else column_names(self._columns)

    def region(self) -> Region:
        """The rows as long as the heading, without blank ones, and what a person should know about them.

        A column that only its neighbour's merged heading names, and that holds nothing, has no name.
        """
        blanks = [row for row in self._grid.blanks if row in self.body]
        rows, numbers = body_rows(self._grid, self.body, blanks, self._columns)
        if isinstance(rows, tuple):
            bounded(len(rows), len(self._columns), self._place)
        across = reach_sideways(self._grid, self._header, self._columns)
        headings = without_echoes(self.headings, across, rows)
        return Region(
            grid=self._grid,
            header=self._header,
            body=self.body,
            first_column=self._columns.start,
            headings=headings,
            rows=rows,
            row_numbers=numbers,
            issues=(
                *_blank_rows(blanks, self._place),
                *_unnamed(headings, rows, self._columns.start, self._place),
                *inserted_rows(headings, rows, numbers, self._place),
                *totals(rows, numbers, self._place),
                *self._laid_out(headings, rows, numbers),
            ),
        )

    def _laid_out(self, headings: Row, rows: Sequence[Row], numbers: Sequence[int]) -> Iterator[Issue]:
        """What is to be said of a table that people laid out, as records of JSON are not."""
        if self._grid.header is None:
            left = self._columns.start
            wide = frozenset(span.top + 1 for span in self._grid.merged if span.left == left and span.is_wide)
            yield from laid_out_rows(headings, rows, numbers, self._place, wide)
            yield from merged_across(self._grid, self.body, self._columns, headings, self._place)


def _first_filled(grid: Grid) -> int:
    blanks = frozenset(grid.blanks)
    return next(row for row in range(len(grid)) if row not in blanks)


def _declared(grid: Grid, header_rows: Sequence[int], place: Where) -> tuple[int, ...]:
    if tuple(header_rows) == NO_HEADING:
        return ()
    rows = tuple(sorted(number - 1 for number in header_rows))
    if rows[0] < 0 or rows[-1] >= len(grid) or all(is_blank(grid.rows[row]) for row in rows):
        listed = ", ".join(str(number) for number in sorted(header_rows))
        raise SourceError("read.bad-header-rows", place=place, rows=listed, last=len(grid))
    return rows


def _body_end(grid: Grid, first: int) -> int:
    """The row after the last row of data: trailing blank rows, and the notes below the table, are not data.

    Notes are the last lines of one cell (two, if the first reads ※, 注, 出典 …), from the first one that reads like
    a note or stands below a blank row.
    """
    end = row = len(grid)
    while row > first:
        row -= 1
        if is_blank(grid.rows[row]):
            continue
        if not _could_be_note(grid, row, first):
            return _after_last_filled(grid, end, first)
        if is_note(_first_cell(grid, row)) or row == first or is_blank(grid.rows[row - 1]):
            end = row
    return _after_last_filled(grid, end, first)


def _could_be_note(grid: Grid, row: int, first: int) -> bool:
    filled = grid.filled(row)
    widest = max((len(grid.filled(other)) for other in range(max(0, first - 1), min(first + 3, len(grid)))), default=1)
    if widest == 1:
        return is_note(_first_cell(grid, row))
    return len(filled) == 1 or (len(filled) == 2 and widest > 2 and is_note(_first_cell(grid, row)))


def _first_cell(grid: Grid, row: int) -> str:
    return grid.text(row, grid.filled(row)[0])


def _after_last_filled(grid: Grid, end: int, first: int) -> int:
    while end > first and is_blank(grid.rows[end - 1]):
        end -= 1
    return end


def _outside(grid: Grid, rows: range, table: Container[int], area: Span | None) -> tuple[Line, ...]:
    """The lines of `rows` that the table leaves: whole ones, and what stands beside `area` in the rows of `table`."""
    lines = []
    for row in rows:
        cells = grid.rows[row]
        if row in table:
            cells = outside(cells, area) if area else ()
        if not is_blank(cells):
            lines.append(Line(row=row + 1, cells=trimmed(cells)))
    return tuple(lines)


def _blank_rows(blanks: Sequence[int], place: Where) -> list[Issue]:
    """One note per run of blank rows inside the table."""
    found = []
    for first, last in runs(blanks):
        where = Where(file=place.file, sheet=place.sheet, row=first + 1)
        found.append(issue("blank-row", Severity.NOTE, where, first=first + 1, last=last + 1))
    return found


def _unnamed(headings: Row, rows: Sequence[Row], left: int, place: Where) -> list[Issue]:
    """A warning for every column that has cells and no heading."""
    found = []
    for column, heading in enumerate(headings):
        if heading.strip():
            continue
        filled = [cells[column] for cells in rows if cells[column].strip()]
        if filled:
            where = Where(file=place.file, sheet=place.sheet, column=left + column + 1)
            found.append(issue("no-heading", Severity.WARNING, where, filled[0], count=len(filled)))
    return found
