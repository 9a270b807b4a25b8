"""The layout of LinkData.org: lines that start with ``#``, of which ``#property`` names the columns."""

from __future__ import annotations

from odkit.read.grid import Grid

_MARK = "#property"
_FIRST_ROWS = 100


def property_row(grid: Grid) -> int | None:
    """The row that names the columns, below nothing but other ``#`` lines and blank ones; None in other layouts."""
    for row in range(min(len(grid), _FIRST_ROWS)):
        columns = grid.filled(row)
        if columns and grid.text(row, columns[0]).strip().lower() == _MARK and len(columns) > 1:
            return row
        if columns and not _is_directive(grid, row):
            return None
    return None


def first_record(grid: Grid, header: int) -> int:
    """The first row of data: below ``#property`` other ``#`` lines may follow (``#object_type_xsd`` …)."""
    row = header + 1
    if property_row(grid) != header:
        return row
    while row < len(grid) and grid.filled(row) and _is_directive(grid, row):
        row += 1
    return row


def _is_directive(grid: Grid, row: int) -> bool:
    return grid.text(row, grid.filled(row)[0]).lstrip().startswith("#")
