"""The values of each column, through the cleaner of its meaning: once per distinct value, then once over the rows."""

from __future__ import annotations

from odkit.clean.draft import Column, Doubt, Draft, Edit
from odkit.clean.eras import era_of_heading, with_era
from odkit.clean.values import Cleaned, Cleaner, Facts, compile_cleaner
from odkit.model import Severity


def clean_columns(draft: Draft, facts: Facts) -> None:
    """Clean every column; columns beside the standard are text."""
    for column in draft.columns:
        distinct = frozenset(column.values)
        if distinct != {""}:
            _clean(column, _results(_cleaner(column, facts, distinct), distinct))


def _cleaner(column: Column, facts: Facts, distinct: frozenset[str]) -> Cleaner:
    cleaner = compile_cleaner(column.field, facts, distinct)
    era = era_of_heading(column.match.heading, facts.eras) if column.field.meaning == "date" else ""
    return with_era(cleaner, era) if era else cleaner


def _results(cleaner: Cleaner, distinct: frozenset[str]) -> dict[str, Cleaned]:
    """What becomes of the values that do not stay as they are without a word."""
    results: dict[str, Cleaned] = {}
    for value in distinct:
        cleaned = (cleaner(value) if value.strip() else Cleaned("", "text")) if value else Cleaned("")
        if cleaned.rule or cleaned.issue:
            results[value] = cleaned
    return results


def _clean(column: Column, results: dict[str, Cleaned]) -> None:
    if not results:
        return
    values, edits, doubts = column.values, column.edits, column.doubts
    for index, value in enumerate(values):
        if value not in results:
            continue
        after, rule, issue = results[value]
        if issue:
            doubts.append(Doubt(index, issue, value, Severity.WARNING))
        else:
            values[index] = after
            edits.append(Edit(index, value, after, rule))
