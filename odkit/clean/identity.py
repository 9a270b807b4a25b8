"""What tells the rows apart: an ID that stands twice gives two things one address."""

from __future__ import annotations

from odkit.clean.draft import Column, Draft
from odkit.model import Issue, Severity

IDENTIFIER = "ID"
"""The column of the national standard whose values are unique within a government."""


def report_identity(draft: Draft) -> None:
    """Warn of each ID that stands in an earlier row too, and say once where some rows have none."""
    column = draft.column(IDENTIFIER)
    if column is None:
        return
    _report_doubles(draft, column)
    blanks = column.blanks()
    if blanks and len(blanks) < len(column.values):
        where = draft.source.where(draft.source.row_numbers[blanks[0]], column.source, IDENTIFIER)
        details = {"count": str(len(blanks))}
        draft.issues.append(Issue(code="clean.blank-id", severity=Severity.NOTE, where=where, details=details))


def _report_doubles(draft: Draft, column: Column) -> None:
    first: dict[str, int] = {}
    for index, value in enumerate(column.values):
        if value and first.setdefault(value, index) != index:
            column.doubt(index, "clean.double-id", first=str(draft.source.row_numbers[first[value]]))
