"""What tells the rows apart: an ID that stands twice gives two things one address."""

from __future__ import annotations

from odkit.clean.draft import Draft
from odkit.model import Issue, Severity

IDENTIFIER = "ID"
"""The column of the national standard whose values are unique within a government."""


class Identity:
    """Warns of each ID that stands in an earlier row too, and says once where some rows have none."""

    def __init__(self, draft: Draft) -> None:
        self._column = draft.column(IDENTIFIER)
        self._first: dict[str, int] = {}
        self._blank: list[int] = []

    def take(self, draft: Draft) -> None:
        """Look at the IDs of the present chunk."""
        column = self._column
        if column is None:
            return
        self._blank += [draft.first + at for at in column.blanks()]
        new = dict(zip(column.values, range(draft.first, draft.first + draft.height), strict=True))
        if len(new) == draft.height and self._first.keys().isdisjoint(new):
            self._first.update(new)
            return
        for at, value in enumerate(column.values):
            if value and self._first.setdefault(value, draft.first + at) != draft.first + at:
                column.doubt(at, "clean.double-id", first=str(draft.source.row_numbers[self._first[value]]))

    def finish(self, draft: Draft) -> None:
        """Say where IDs are missing."""
        if self._column is not None and 0 < len(self._blank) < len(draft.source.rows):
            row = draft.source.row_numbers[self._blank[0]]
            where = draft.source.where(row, self._column.source, IDENTIFIER)
            details = {"count": str(len(self._blank))}
            draft.issues.append(Issue(code="clean.blank-id", severity=Severity.NOTE, where=where, details=details))
