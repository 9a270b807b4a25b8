"""Where the table is on a sheet: what stands above it, its heading, its rows, the notes below it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from odkit.errors import SourceError
from odkit.model import Issue, Line, Row, Severity, Where
from odkit.read.grid import Grid, is_blank, runs, trimmed
from odkit.read.header import HeaderFinder
from odkit.read.headings import join_headings
from odkit.read.report import issue
from odkit.read.shapes import is_note


@dataclass(frozen=True, slots=True)
class Region:
    """A table found on a grid. `header` and `body` are rows of the grid, `first_column` its first column, from 0."""

    header: tuple[int, ...]
    body: range
    first_column: int
    headings: Row
    rows: tuple[Row, ...]
    row_numbers: tuple[int, ...]
    preamble: tuple[Line, ...]
    notes: tuple[Line, ...]
    issues: tuple[Issue, ...]


def find_region(grid: Grid, header_rows: Sequence[int], place: Where) -> Region:
    """Find the table; `header_rows` (from 1, as in the file) settles its heading, `place` names file and sheet.

    Every filled cell of the grid comes back in the headings, the rows, the preamble or the notes. Raises
    `SourceError` ``read.empty-sheet`` or ``read.which-header``, ``read.bad-header-rows`` for rows that are not there.
    """
    if all(is_blank(row) for row in grid.rows):
        raise SourceError("read.empty-sheet", place=place)
    header = _declared(grid, header_rows, place) if header_rows else HeaderFinder(grid, place).find()
    body = range(header[-1] + 1, _body_end(grid, header[-1] + 1))
    filled = [row for row in body if not is_blank(grid.rows[row])]
    left, right = _edges(grid, [*header, *filled])
    headings = join_headings(grid, header, range(left, right))
    rows = tuple(_padded(grid.rows[row][left:right], right - left) for row in filled)
    return Region(
        header=header,
        body=body,
        first_column=left,
        headings=headings,
        rows=rows,
        row_numbers=tuple(row + 1 for row in filled),
        preamble=_lines(grid, (row for row in range(header[-1]) if row not in header)),
        notes=_lines(grid, range(body.stop, len(grid))),
        issues=(*_blank_rows(grid, body, place), *_unnamed(headings, rows, left, place)),
    )


def _declared(grid: Grid, header_rows: Sequence[int], place: Where) -> tuple[int, ...]:
    rows = tuple(sorted(number - 1 for number in header_rows))
    if rows[0] < 0 or rows[-1] >= len(grid) or all(is_blank(grid.rows[row]) for row in rows):
        listed = ", ".join(str(number) for number in sorted(header_rows))
        raise SourceError("read.bad-header-rows", place=place, rows=listed, last=len(grid))
    return rows


def _edges(grid: Grid, rows: Sequence[int]) -> tuple[int, int]:
    """The first column with something in it, and the one after the last."""
    filled = [columns for columns in (grid.filled(row) for row in rows) if columns]
    return min(columns[0] for columns in filled), max(columns[-1] for columns in filled) + 1


def _padded(cells: Row, width: int) -> Row:
    return cells + ("",) * (width - len(cells))


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


def _lines(grid: Grid, rows: Iterable[int]) -> tuple[Line, ...]:
    return tuple(Line(row=row + 1, cells=trimmed(grid.rows[row])) for row in rows if not is_blank(grid.rows[row]))


def _blank_rows(grid: Grid, body: range, place: Where) -> list[Issue]:
    """One note per run of blank rows inside the table."""
    blank = (row for row in body if is_blank(grid.rows[row]))
    found = []
    for first, last in runs(blank):
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
