"""What a reader of spreadsheets notices on its way; thousands of like cells become one issue per column."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

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
        self._cells: dict[tuple[str, int], list[tuple[int, str]]] = {}
        self._hidden: list[Issue] = []

    def note(self, code: str, row: int, column: int, value: str) -> None:
        """Remember one cell under one of the codes above."""
        self._cells.setdefault((code, column), []).append((row, value))

    def formulas(self, cells: Mapping[tuple[int, int], bool], rows: Sequence[Row]) -> None:
        """Remember cells with formulas; the mapping's value says whether the stored result may be an empty text."""
        for (row, column), is_text in cells.items():
            value = rows[row][column] if row < len(rows) and column < len(rows[row]) else ""
            self.note("formula" if value or is_text else "formula-no-value", row, column, value)

    def hidden(
        self, hidden_rows: Collection[int], hidden_columns: Collection[tuple[int, int]], rows: Sequence[Row]
    ) -> None:
        """Remember hidden rows and columns that hold something."""
        used = [row for row in sorted(hidden_rows) if row < len(rows) and filled_columns(rows[row])]
        for first, last in runs(used):
            self._hide(f"{first + 1}:{last + 1}", row=first + 1)
        if hidden_columns:
            self._hide_columns(hidden_columns, rows)

    def _hide_columns(self, hidden: Collection[tuple[int, int]], rows: Sequence[Row]) -> None:
        filled = sorted({column for cells in rows for column in filled_columns(cells)})
        used = [column for column in filled if any(first <= column <= last for first, last in hidden)]
        for first, last in runs(used):
            self._hide(f"{column_letters(first + 1)}:{column_letters(last + 1)}", column=first + 1)

    def _hide(self, place: str, row: int | None = None, column: int | None = None) -> None:
        where = Where(file=self._sheet.file, sheet=self._sheet.sheet, row=row, column=column)
        self._hidden.append(issue("hidden", Severity.WARNING, where, range=place))

    def issues(self) -> tuple[Issue, ...]:
        """What was found: hidden parts, then one issue per kind and column, at its first cell."""
        found = list(self._hidden)
        for (code, column), cells in sorted(self._cells.items()):
            row, value = min(cells)
            where = Where(file=self._sheet.file, sheet=self._sheet.sheet, row=row + 1, column=column + 1)
            found.append(issue(code, _SEVERITIES[code], where, value, count=len(cells)))
        return tuple(found)
