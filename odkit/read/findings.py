"""What a reader of spreadsheets notices on its way; thousands of like cells become one issue per column."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from odkit.model import Issue, Row, Severity, Where, column_letters
from odkit.read.grid import filled_columns, runs
from odkit.read.report import issue

_SEVERITIES = {
    "error-value": Severity.ERROR,
    "formula-no-value": Severity.ERROR,
    "formula": Severity.NOTE,
    "rounded": Severity.NOTE,
}


class Findings:
    """Collects places by kind while a sheet is read; `sheet` says which one. Rows and columns count from 0."""

    def __init__(self, sheet: Where) -> None:
        self._sheet = sheet
        self._noted: dict[tuple[str, int], tuple[int, int, str]] = {}
        self._hidden: list[Issue] = []

    def note(self, code: str, row: int, column: int, value: str) -> None:
        """Remember one cell under one of the codes above; of each column the topmost, and how many there are."""
        count, first, shown = self._noted.get((code, column), (0, row, value))
        if row < first:
            first, shown = row, value
        self._noted[code, column] = (count + 1, first, shown)

    def formula(self, row: int, column: int, value: str, *, is_text: bool) -> None:
        """Remember a cell with a formula; `is_text` says whether its stored result may be an empty text."""
        self.note("formula" if value or is_text else "formula-no-value", row, column, value)

    def hidden(
        self, hidden_rows: Collection[int], hidden_columns: Collection[tuple[int, int]], rows: Sequence[Row]
    ) -> None:
        """Remember hidden rows and columns that hold something."""
        used = [row for row in sorted(hidden_rows) if row < len(rows) and filled_columns(rows[row])]
        for first, last in runs(used):
            self._hide("rows", f"{first + 1}:{last + 1}", row=first + 1)
        if hidden_columns:
            self._hide_columns(hidden_columns, rows)

    def _hide_columns(self, hidden: Collection[tuple[int, int]], rows: Sequence[Row]) -> None:
        width = max(map(len, rows), default=0)
        columns = sorted({column for first, last in hidden for column in range(first, min(last + 1, width))})
        used = [column for column in columns if any(_fills(cells, column) for cells in rows)]
        for first, last in runs(used):
            letters = f"{column_letters(first + 1)}:{column_letters(last + 1)}"
            self._hide("columns", letters, column=first + 1)

    def _hide(self, kind: str, place: str, row: int | None = None, column: int | None = None) -> None:
        where = Where(file=self._sheet.file, sheet=self._sheet.sheet, row=row, column=column)
        self._hidden.append(issue("hidden", Severity.WARNING, where, kind=kind, range=place))

    def issues(self) -> tuple[Issue, ...]:
        """What was found: hidden parts, then one issue per kind and column, at its first cell."""
        found = list(self._hidden)
        for (code, column), (count, row, value) in sorted(self._noted.items()):
            where = Where(file=self._sheet.file, sheet=self._sheet.sheet, row=row + 1, column=column + 1)
            found.append(issue(code, _SEVERITIES[code], where, value, count=count))
        return tuple(found)


def _fills(cells: Row, column: int) -> bool:
    return column < len(cells) and bool(cells[column].strip())
