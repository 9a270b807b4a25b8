"""The checks: each a small function of the facts, listed in the order of a report."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from odkit.model import CriterionResult, Outcome
from odkit.score.checks import cells, content, reach, sheets, standard, table
from odkit.score.checks.result import absent, tableless
from odkit.score.facts import Facts

CHECKS: tuple[Callable[[Facts], CriterionResult], ...] = (
    reach.licence,
    reach.access,
    reach.format_mismatch,
    reach.encoding,
    reach.delimiter,
    reach.parse,
    table.structure,
    table.header_row,
    table.header_duplicate,
    table.ragged,
    table.rows,
    content.content,
    content.uris,
    content.links,
    content.old_terms,
    content.geo,
    content.pdf,
    sheets.hidden,
    reach.file_format,
    cells.pairs,
    cells.numbers,
    sheets.merged,
    cells.padding,
    table.omitted,
    sheets.formulas,
    sheets.objects,
    standard.units,
    cells.characters,
    cells.eras,
    standard.areas,
    cells.symbols,
    table.breaks,
    table.several,
    standard.schema,
)


ON_TABLES: Mapping[Callable[[Facts], CriterionResult], str] = {
    table.header_row: "header-row",
    table.header_duplicate: "header-duplicate",
    table.ragged: "ragged",
    sheets.hidden: "hidden",
    cells.pairs: "1-2",
    cells.numbers: "1-3",
    sheets.merged: "1-4",
    cells.padding: "1-5",
    table.omitted: "1-6",
    sheets.formulas: "1-7",
    sheets.objects: "1-8",
    standard.units: "1-9",
    cells.characters: "1-10",
    cells.eras: "1-11",
    standard.areas: "1-12",
    cells.symbols: "1-13",
    table.breaks: "2-1",
    table.several: "2-2",
}
"""Checks that look at tables alone, and their ids: without a table all have the same to say."""


WAY = frozenset({"licence", "access"})
"""Checks of the way to the data: they have something to say where something else came in its place."""


def run(facts: Facts) -> tuple[CriterionResult, ...]:
    """The outcome of every check. An error page is no data: nothing on it is to be mended."""
    found = _found(facts)
    if any(check.id == "access" and check.outcome is Outcome.FAIL and _is_other(check) for check in found):
        return tuple([check if check.id in WAY else absent(check.id) for check in found])
    return found


def _is_other(access: CriterionResult) -> bool:
    return access.details.get("kind") in ("html", "answer")


def _found(facts: Facts) -> tuple[CriterionResult, ...]:
    if facts.grids:
        return tuple([check(facts) for check in CHECKS])
    return tuple([tableless(ON_TABLES[check], facts) if check in ON_TABLES else check(facts) for check in CHECKS])
