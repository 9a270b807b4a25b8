"""Values and headings that would run as a formula in a spreadsheet: made harmless, and said so."""

from __future__ import annotations

from dataclasses import replace

from odkit.clean.draft import Column, Draft
from odkit.formulas import guarded, would_run
from odkit.model import Issue, Severity


class Guard:
    """Puts an apostrophe before what would run: a change for each value, an issue for a heading."""

    def __init__(self, draft: Draft) -> None:
        for column in draft.columns:
            if would_run(column.match.name):
                _guard_heading(draft, column)

    def take(self, draft: Draft) -> None:
        """Guard the values of the present chunk."""
        for column in draft.columns:
            running = set(filter(would_run, column.notable))
            for index, value in list(column.rows_with(running)):
                column.put(index, guarded(value), "formula-guard")


def _guard_heading(draft: Draft, column: Column) -> None:
    # Only headings that people made up can run: the columns of a standard have names of ours.
    source, match = draft.source, column.match
    name = guarded(match.name)
    column.match = replace(match, name=name)
    where = source.where(max(source.header_rows, default=None), column.source, name)
    draft.issues.append(
        Issue(code="clean.formula-heading", severity=Severity.WARNING, where=where, value=match.heading, details={})
    )
