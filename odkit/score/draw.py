"""The part of a table that a report draws: the heading, the first rows, and the rows and columns with findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from odkit.model import CriterionResult, DrawnRow, DrawnSheet, Outcome, Row
from odkit.score.facts import Cell, Facts, Grid, Span
from odkit.score.places import END, area_of

FIRST_ROWS = 4
MOST_ROWS = 36
FIRST_COLUMNS = 3
MOST_COLUMNS = 12
MOST_MARKS = 4000
CELL_LENGTH = 60
SHEETS = 8
IN_TABLE = frozenset({"header", "data"})

Findings = Sequence[tuple[str, Span]]


def draw(facts: Facts, checks: Sequence[CriterionResult]) -> tuple[DrawnSheet, ...]:
    """The drawn sheets of a file; text is cut, and no more is kept than a page can show."""
    return tuple(_sheet(grid, list(_findings(grid, checks))) for grid in facts.grids[:SHEETS])


def _findings(grid: Grid, checks: Iterable[CriterionResult]) -> Iterator[tuple[str, Span]]:
    for check in checks:
        for item in check.evidence if check.outcome is Outcome.FAIL or check.id == "schema" else ():
            area = area_of(item.range, letters=grid.letters)
            if item.sheet == grid.sheet and area:
                yield check.id, area


def _sheet(grid: Grid, findings: Findings) -> DrawnSheet:
    rows = _rows(grid, findings)
    columns = _columns(grid, rows, findings)
    return DrawnSheet(
        name=grid.sheet,
        letters=grid.letters,
        columns=tuple(columns),
        rows=tuple(
            DrawnRow(number=row, role=_role(grid, row), cells=_cells(grid.rows[row - 1], columns)) for row in rows
        ),
        marks=_marks(grid, (rows, columns), findings),
        size=(len(grid.rows), grid.layout.width),
    )


def _rows(grid: Grid, findings: Findings) -> list[int]:
    """The numbers of the rows to draw: all at the top, then the first of each finding."""
    layout = grid.layout
    top = {*layout.titles[:3], *layout.header, *layout.data[:FIRST_ROWS]}
    wanted = dict.fromkeys(sorted(top))
    for _, area in findings:
        near = (area.top, area.top + 1, min(area.bottom, area.top + 2))
        wanted.update(dict.fromkeys(row for row in near if row <= len(grid.rows)))
    return sorted(list(wanted)[:MOST_ROWS])


def _columns(grid: Grid, rows: Sequence[int], findings: Findings) -> list[int]:
    width = max((len(grid.rows[number - 1]) for number in rows), default=0)
    if width <= MOST_COLUMNS:
        return list(range(1, width + 1))
    wanted = dict.fromkeys(range(1, FIRST_COLUMNS + 1))
    for _, area in findings:
        if area.right - area.left < width:
            wanted.update(dict.fromkeys(column for column in (area.left, area.left + 1) if column <= width))
    wanted.update(dict.fromkeys(range(1, width + 1)))
    return sorted(list(wanted)[:MOST_COLUMNS])


def _marks(grid: Grid, drawn: tuple[list[int], list[int]], findings: Findings) -> Mapping[Cell, tuple[str, ...]]:
    """The marked cells. Of a whole row those with text; of a row or range without any, its first cell.

    A column is one of the table: titles above it and notes below are not marked with it.
    """
    marks: dict[Cell, tuple[str, ...]] = {}
    for id_, area in findings:
        inside = [
            (row, column)
            for row in drawn[0]
            if area.top <= row <= area.bottom and (area.bottom < END or _role(grid, row) in IN_TABLE)
            for column in drawn[1]
            if area.left <= column <= area.right
        ]
        whole_row = area.right - area.left > len(drawn[1])
        filled = [cell for cell in inside if grid.at(*cell).strip()]
        for cell in (filled or inside[:1] if whole_row else inside)[: MOST_MARKS - len(marks)]:
            if id_ not in marks.get(cell, ()):
                marks[cell] = (*marks.get(cell, ()), id_)
    return marks


def _role(grid: Grid, row: int) -> str:
    layout = grid.layout
    kinds = (("header", layout.header), ("title", layout.titles), ("note", layout.notes), ("blank", layout.blanks))
    return next((name for name, rows in kinds if row in rows), "data")


def _cells(row: Row, columns: Sequence[int]) -> Row:
    width = len(row)
    return tuple([_cut(row[column - 1]) if column <= width else "" for column in columns])


def _cut(text: str) -> str:
    return text if len(text) <= CELL_LENGTH else text[: CELL_LENGTH - 1] + "…"
