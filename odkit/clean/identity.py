"""What tells the rows apart: an ID that stands twice gives two things one address."""

from __future__ import annotations

from odkit.clean.draft import Draft
from odkit.clean.firsts import Firsts
from odkit.model import Issue, Severity

IDENTIFIER = "ID"
"""The column of the national standard whose values are unique within a government."""


class Identity:
    """Warns of each ID that stands in an earlier row too, and says once where some rows have none."""

    def __init__(self, draft: Draft) -> None:
        self._column = draft.column(IDENTIFIER)
        self._first = Firsts()
        self._blanks = self._first_blank = 0

    def take(self, draft: Draft) -> None:
        """Look at the IDs of the present chunk."""
        column = self._column
        if column is None:
            return
        blanks = column.blanks()
        if blanks and not self._blanks:
            self._first_blank = draft.first + blanks[0]
        self._blanks += len(blanks)
        new = dict(zip(column.values, range(draft.first, draft.first + draft.height), strict=True))
        if len(new) == draft.height and self._first.add(new):
            return
        for at, value in enumerate(column.values):
            first = self._first.first(value, draft.first + at) if value else draft.first + at
            if first != draft.first + at:
                column.doubt(at, "clean.double-id", first=str(draft.source.row_numbers[first]))

    def finish(self, draft: Draft) -> None:
        """Say where IDs are missing."""
        if self._column is not None and 0 < self._blanks < len(draft.source.rows):
            row = draft.source.row_numbers[self._first_blank]
            where = draft.source.where(row, self._column.source, IDENTIFIER)
            details = {"count": str(self._blanks)}
            draft.issues.append(Issue(code="clean.blank-id", severity=Severity.NOTE, where=where, details=details))
