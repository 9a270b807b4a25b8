"""The sheets of a workbook, read only when needed, and the choice of the one that holds the table."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from odkit.errors import SourceError
from odkit.model import Issue, Remark, Severity, Where
from odkit.read.blocks import which_table
from odkit.read.grid import Grid, filled_columns, is_blank
from odkit.read.report import issue


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet by name; `load` reads its cells."""

    name: str
    visible: bool
    load: Callable[[], Grid]


@dataclass(frozen=True, slots=True)
class Document:
    """A workbook: its sheets in their order, and what it carries beside the cells."""

    sheets: Sequence[Sheet]
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class Chosen:
    """The sheet that was read, and what should be known about the others."""

    name: str
    grid: Grid
    issues: tuple[Issue, ...] = ()


def choose(sheets: Sequence[Sheet], wanted: str, location: str, *, are_sheets: bool = True) -> Chosen:
    """Take the sheet named `wanted`, else the only visible one with a table; never pick one of several.

    `are_sheets`: whether people know these tables as sheets, or as tables of a page. Raises `SourceError`:
    ``read.no-sheet``, ``read.which-sheet`` (``read.which-table``) or ``read.empty-sheet``.
    """
    if wanted:
        return Chosen(wanted, _named(sheets, wanted, location).load())
    grids = {sheet.name: sheet.load() for sheet in sheets}
    filled = [sheet for sheet in sheets if any(not is_blank(row) for row in grids[sheet.name].rows)]
    visible = [sheet.name for sheet in filled if sheet.visible]
    tables = [name for name in visible if _has_table(grids[name])] or visible
    if not tables:
        raise SourceError("read.empty-sheet", place=location)
    if len(tables) > 1:
        raise _which_sheet(tables, location) if are_sheets else _which_table(tables, grids, location)
    issues = [_left_out(item, location) for item in filled if item.name != tables[0]]
    return Chosen(tables[0], grids[tables[0]], tuple(issues))


def _which_sheet(names: Sequence[str], location: str) -> SourceError:
    return SourceError("read.which-sheet", file=location, sheets=_listed(names), first=names[0])


def _which_table(names: Sequence[str], grids: Mapping[str, Grid], location: str) -> SourceError:
    lines = [(f"sheet = {json.dumps(name, ensure_ascii=False)}", _start(grids[name])) for name in names]
    return which_table(location, lines)


def _start(grid: Grid) -> str:
    """The first line of more than one cell, shortened."""
    row = next((row for row in range(grid.header or 0, len(grid)) if len(grid.filled(row)) > 1), 0)
    return " | ".join(" ".join(cell.split()) for cell in grid.rows[row] if cell.strip())[:80]


def _named(sheets: Sequence[Sheet], wanted: str, location: str) -> Sheet:
    for sheet in sheets:
        if sheet.name == wanted:
            return sheet
    raise SourceError("read.no-sheet", file=location, sheet=wanted, sheets=_listed(sheet.name for sheet in sheets))


def _has_table(grid: Grid) -> bool:
    """Whether at least two rows have two filled cells: less is a cover sheet or a remark."""
    wide = (row for row in grid.rows if len(row) > 1 and len(filled_columns(row)) > 1)
    return len(list(islice(wide, 2))) > 1


def _left_out(sheet: Sheet, location: str) -> Issue:
    where = Where(file=location, sheet=sheet.name)
    if sheet.visible:
        return issue("other-sheet", Severity.NOTE, where)
    return issue("hidden", Severity.WARNING, where, kind="sheet", range=f"'{sheet.name}'")


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)
