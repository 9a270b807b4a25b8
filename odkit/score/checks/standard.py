"""The rules on what a table says of itself (1-9 units, 1-12 areas), and the recommended layout it follows (schema)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from odkit.model import Conformance, CriterionResult, Evidence, Outcome
from odkit.score.checks.columns import area_columns, enough, names_units, needs_unit, number_columns
from odkit.score.checks.result import absent, at_spans, failed, found, shown
from odkit.score.facts import Cell, Column, Facts, Grid


def units(facts: Facts) -> CriterionResult:
    """Rule 1-9: what is measured or paid has its unit in the heading, unless a recommended layout says it."""
    known = facts.conformance.fields if facts.conformance else {}
    measured = [
        (grid, column)
        for grid in facts.grids
        if not names_units(grid)
        for column in number_columns(grid)
        if column.place not in known and needs_unit(column)
    ]
    if not any(any(number_columns(grid)) for grid in facts.grids):
        return absent("1-9") if facts.grids else found("1-9", [], facts)
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
    evidence: list[Evidence] = []
    for grid, columns in places:
        blank = [row for row in grid.layout.data if columns and not any(_filled(grid, row, item) for item in columns)]
        cells: list[Cell] = [(row, columns[0].place) for row in blank]
        evidence += at_spans(grid, enough(cells, len(grid.layout.data)))
    return found("1-12", evidence, facts)


def _filled(grid: Grid, row: int, column: Column) -> bool:
    return bool(grid.at(row, column.place).strip())


def schema(facts: Facts) -> CriterionResult:
    """The recommended layout that the headings show: its columns are there, and the cells fit their definitions.

    What the layout's definition was not read for but inferred gives advice: it is listed, and not 要修正.
    """
    layout = facts.conformance
    if layout is None:
        return absent("schema")
    details = _summary(layout)
    missing = [name for name in layout.missing if name not in layout.doubtful_names]
    wrong = [item for place, item in _places(facts, layout) if place not in layout.doubtful]
    if missing or wrong:
        kind = "missing" if missing else "cells" if wrong[0].value else "empty"
        evidence = [*(Evidence(value="", expected=name) for name in missing), *wrong]
        result = failed("schema", evidence, kind=kind, columns="、".join(missing))
        return replace(result, details={**details, **result.details})
    advice = tuple(item for _, item in _places(facts, layout))
    inferred = "、".join(layout.missing)
    passing = CriterionResult(id="schema", outcome=Outcome.PASS, evidence=advice[:20])
    if advice or inferred:
        details |= {"kind": "advice", "count": str(len(advice)), "columns": inferred or "-"}
    return replace(passing, details=details)


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


def _places(facts: Facts, layout: Conformance) -> Iterator[tuple[int, Evidence]]:
    """Where the faults are, in the first table, which is the one that was held against the layout."""
    grid = facts.grids[0]
    for place, texts in layout.faults.items():
        wanted = dict(texts)
        cells = [(row, place) for row in grid.layout.data if grid.at(row, place) in wanted]
        for item in at_spans(grid, cells):
            yield place, replace(item, expected=shown(wanted.get(item.value) or next(iter(wanted.values()))))
