"""The rules on what a table says of itself (1-9 units, 1-12 areas), and the recommended layout it follows (schema)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from itertools import chain

from odkit.model import Conformance, CriterionResult, Evidence, Outcome
from odkit.score.checks.columns import area_columns, enough, names_units, needs_unit, number_columns
from odkit.score.checks.result import absent, down, failed, found, shown
from odkit.score.facts import Column, Facts, Grid


def units(facts: Facts) -> CriterionResult:
    """Rule 1-9: what is measured or paid has its unit in the heading, unless a recommended layout says it."""
    known = facts.conformance.fields if facts.conformance else {}
    numbers = [(grid, number_columns(grid)) for grid in facts.grids]
    if not any(columns for _, columns in numbers):
        return absent("1-9") if facts.grids else found("1-9", [], facts)
    measured = [
        (grid, column)
        for grid, columns in numbers
        for column in columns
        if column.place not in known and needs_unit(column) and not names_units(grid)
    ]
    return found("1-9", [_heading(grid, column) for grid, column in measured], facts)


def _heading(grid: Grid, column: Column) -> Evidence:
    row = grid.layout.header[-1] if grid.layout.header else None
    place = grid.place(row, column.place)
    return Evidence(
        sheet=grid.sheet, range=place, value=shown(column.heading), expected=shown(f"{column.heading}（…）")
    )


def areas(facts: Facts) -> CriterionResult:
    """Rule 1-12: in area statistics every row has its area, by code or name. Lists of things are not looked at."""
    places = [(grid, area_columns(grid)) for grid in facts.grids]
    if facts.grids and not any(columns for _, columns in places):
        return absent("1-12")
    return found("1-12", (item for grid, columns in places for item in _without_area(grid, columns)), facts)


def _without_area(grid: Grid, columns: Sequence[Column]) -> Iterator[Evidence]:
    """The rows in which all columns of areas are empty."""
    if not columns or any(column.filled == len(grid.layout.data) for column in columns):
        return iter(())
    first, *others = columns
    blank = grid.scan(first, lambda text: not text.strip())
    cells = (cell for cell in blank if not any(grid.at(cell[0], other.place).strip() for other in others))
    return down(grid, enough(cells, len(grid.layout.data)))


def schema(facts: Facts) -> CriterionResult:
    """The recommended layout that the headings show: its columns are there, and the cells fit their definitions.

    What the layout's definition was not read for but inferred gives advice: it is listed, and not 要修正.
    """
    layout = facts.conformance
    if layout is None:
        return absent("schema")
    details = _summary(layout)
    missing = [name for name in layout.missing if name not in layout.doubtful_names]
    faults = _places(facts, layout, layout.faults.keys() - layout.doubtful)
    wrong = failed("schema", chain((Evidence(value="", expected=name) for name in missing), faults))
    if wrong.evidence:
        kind = "missing" if missing else "cells" if wrong.evidence[0].value else "empty"
        return replace(wrong, details={**details, **wrong.details, "kind": kind, "columns": "、".join(missing)})
    advice = failed("schema", _places(facts, layout, layout.faults.keys()))
    inferred = "、".join(layout.missing)
    if advice.evidence or inferred:
        details |= {"kind": "advice", "count": advice.details["count"], "columns": inferred or "-"}
    return CriterionResult(id="schema", outcome=Outcome.PASS, evidence=advice.evidence, details=details)


def _summary(layout: Conformance) -> dict[str, str]:
    """How much fits, rounded down: 100 % is said only where every cell does."""
    share = 1000 * layout.fitting // layout.cells if layout.cells else 1000
    return {
        "standard": layout.title,
        "version": layout.version,
        "share": f"{share // 10}.{share % 10}",
        "cells": str(layout.cells),
        "fitting": str(layout.fitting),
        "absent": "、".join(layout.absent),
    }


def _places(facts: Facts, layout: Conformance, columns: AbstractSet[int]) -> Iterator[Evidence]:
    """Where the faults of some columns are, in the first table, which is the one that was held against the layout."""
    grid = facts.grids[0]
    for place in sorted(columns):
        wanted = dict(layout.faults[place])
        column = grid.columns[place - 1]
        empty = "" in wanted
        cells = grid.scan(column, wanted.__contains__) if empty else grid.find(column, wanted.keys())
        for item in down(grid, cells):
            yield replace(item, expected=shown(wanted.get(item.value) or next(iter(wanted.values()))))
