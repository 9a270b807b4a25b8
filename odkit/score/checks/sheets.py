"""What only a workbook has: merged cells, formulas, objects, hidden parts."""

from __future__ import annotations

from dataclasses import replace

from odkit.model import CriterionResult, Evidence, Outcome
from odkit.score.checks.result import absent, at_spans, found, span_evidence
from odkit.score.facts import Facts, Grid, Span
from odkit.score.places import area_of

MERGING = frozenset({"html", "docx"})
"""Formats without sheets that can merge cells."""


def _sheets(facts: Facts) -> tuple[Grid, ...]:
    return tuple(grid for grid in facts.grids if grid.letters)


def _of_sheets(id_: str, evidence: list[Evidence], facts: Facts) -> CriterionResult:
    return absent(id_) if facts.grids and not _sheets(facts) else found(id_, evidence, facts)


def merged(facts: Facts) -> CriterionResult:
    """Rule 1-4: no merged cells in the table; a merged title above it is listed, and minor."""
    inside = [span_evidence(grid, area) for grid in facts.grids for area in grid.merged if _in_table(grid, area)]
    result = found("1-4", inside, facts) if facts.format in MERGING else _of_sheets("1-4", inside, facts)
    outside = tuple(span_evidence(grid, area) for grid in facts.grids for area in grid.merged)
    if inside or not outside:
        return result
    return CriterionResult(id="1-4", outcome=Outcome.PASS, evidence=outside, details={"kind": "outside"})


def _in_table(grid: Grid, area: Span) -> bool:
    rows = (*grid.layout.header, *grid.layout.data)
    return bool(rows) and area.bottom >= min(rows) and area.top <= max(rows)


def formulas(facts: Facts) -> CriterionResult:
    """Rule 1-7: values in place of formulas."""
    evidence = [item for grid in _sheets(facts) for item in at_spans(grid, grid.formulas)]
    return _of_sheets("1-7", evidence, facts)


def objects(facts: Facts) -> CriterionResult:
    """Rule 1-8: no pictures, charts or shapes."""
    evidence = [Evidence(sheet=grid.sheet, value=str(grid.drawings)) for grid in _sheets(facts) if grid.drawings]
    result = _of_sheets("1-8", evidence, facts)
    names = ", ".join(item.sheet for item in evidence)
    return replace(result, details={**result.details, "sheets": names}) if evidence else result


def hidden(facts: Facts) -> CriterionResult:
    """Hidden rows, columns and sheets go out with the file; what is hidden beyond the last cell holds nothing."""
    evidence = [
        Evidence(sheet=grid.sheet, range=place)
        for grid in _sheets(facts)
        for place in grid.hidden
        if not _is_beyond(grid, place)
    ]
    return _of_sheets("hidden", evidence, facts)


def _is_beyond(grid: Grid, place: str) -> bool:
    """Rows or columns (``F:XFD``, not the name of a sheet) that begin below or to the right of every filled cell."""
    area = area_of(place, letters=True) if ":" in place else None
    width = max(map(len, grid.rows), default=0)
    return area is not None and (area.top > len(grid.rows) or area.left > width)
