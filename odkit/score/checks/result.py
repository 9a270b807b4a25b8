"""The four outcomes, made the same way by every check."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import chain, islice

from odkit.model import CriterionResult, Evidence, Outcome
from odkit.score.facts import Cell, Facts, Grid, Span, runs_down, spans

SHOWN = 20
"""Places that are listed; `details["count"]` has the number of all."""
COUNTED = Evidence()
"""Stands for a place that is counted and not shown."""
TABULAR = frozenset(
    {"csv", "tsv", "xlsx", "xlsm", "xlsb", "ods", "xls", "doc", "rtf", "odt", "docx", "html", "shapefile", "encrypted"}
    | {"gpkg", "parquet"}
)
"""Formats that may hold a table; of some this stage does not look into it, and then the outcome is 未判定."""


def passed(id_: str, *, level: int | None = None, **details: str) -> CriterionResult:
    """合格."""
    if not details:
        return _plainly(id_, Outcome.PASS, level)
    return CriterionResult(id=id_, outcome=Outcome.PASS, level=level, details=details)


def absent(id_: str, *, level: int | None = None) -> CriterionResult:
    """対象外: nothing here for this check to look at."""
    return _plainly(id_, Outcome.NOT_APPLICABLE, level)


@cache
def _plainly(id_: str, outcome: Outcome, level: int | None) -> CriterionResult:
    """A result with nothing more to say: one for all files."""
    return CriterionResult(id=id_, outcome=outcome, level=level)


def unknown(id_: str, kind: str = "", *, level: int | None = None, value: str = "") -> CriterionResult:
    """未判定: the check could not run. `kind` names the wording of the reason."""
    evidence = (Evidence(value=value),) if value else ()
    return CriterionResult(
        id=id_, outcome=Outcome.UNDETERMINED, evidence=evidence, level=level, details={"kind": kind} if kind else {}
    )


def failed(
    id_: str, evidence: Iterable[Evidence], *, kind: str = "", level: int | None = None, **details: str
) -> CriterionResult:
    """要修正. `level` is the stage this keeps out of reach, None for advice; `kind` names the wording.

    The first places are kept, the others counted as they go by.
    """
    places = iter(evidence)
    first = tuple(islice(places, SHOWN))
    count = len(first) + sum(1 for _ in places)
    return CriterionResult(
        id=id_,
        outcome=Outcome.FAIL,
        evidence=first,
        level=level,
        details={**({"kind": kind} if kind else {}), "count": str(count), **details},
    )


def found(id_: str, evidence: Iterable[Evidence], facts: Facts) -> CriterionResult:
    """Advice about the tables: 要修正 where there is evidence, else 合格; no table: 対象外 or, not read, 未判定."""
    places = iter(evidence)
    first = next(places, None)
    if first is not None:
        return failed(id_, chain((first,), places))
    return passed(id_) if facts.grids else tableless(id_, facts)


def tableless(id_: str, facts: Facts) -> CriterionResult:
    """What a check on tables says where there is none: 対象外 or, where it may only not have been read, 未判定."""
    return unknown(id_) if facts.format in TABULAR and not facts.structure else absent(id_)


def at_spans(grid: Grid, cells: Iterable[Cell], expected: str = "") -> list[Evidence]:
    """Evidence for cells, gathered into ranges, each with the text of its first cell."""
    return [span_evidence(grid, area, expected) for area in spans(cells)]


def down(grid: Grid, cells: Iterable[Cell], expected: str = "") -> Iterator[Evidence]:
    """Evidence for cells of one column, from the top, gathered into ranges one after the other.

    Beyond those that are shown they are counted only, and their texts are not looked up.
    """
    places = enumerate(runs_down(cells))
    return (span_evidence(grid, area, expected) if number < SHOWN else COUNTED for number, area in places)


def span_evidence(grid: Grid, area: Span, expected: str = "") -> Evidence:
    """Evidence for one range."""
    inside = area.top <= len(grid.rows)
    value = grid.at(area.top, area.left).strip() if inside else ""
    return Evidence(sheet=grid.sheet, range=grid.span(area), value=shown(value), expected=expected)


def at_row(grid: Grid, row: int, value: str = "", expected: str = "") -> Evidence:
    """Evidence for a whole row; without a value the row's texts."""
    text = value or " ".join(cell.strip() for cell in grid.rows[row - 1] if cell.strip())
    return Evidence(sheet=grid.sheet, range=grid.place(row), value=shown(text), expected=expected)


def shown(text: str) -> str:
    """A cell's text as evidence: on one line, at most 60 characters."""
    line = " ".join(text.split("\n"))
    return line if len(line) <= 60 else line[:59] + "…"
