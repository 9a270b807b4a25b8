"""The checks: each a small function of the facts, listed in the order of a report."""

from __future__ import annotations

from collections.abc import Callable

from odkit.model import CriterionResult
from odkit.score.checks import cells, content, reach, sheets, standard, table
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


def run(facts: Facts) -> tuple[CriterionResult, ...]:
    """The outcome of every check."""
    return tuple(check(facts) for check in CHECKS)
