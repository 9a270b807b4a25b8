"""The table while it is being cleaned: one list per column, with every change and every doubt beside it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

from odkit.model import Change, ColumnMatch, Field, Issue, Row, Severity, SourceTable, Where


class Edit(NamedTuple):
    """A change of the cell in the `at`-th row (from 0) of a column."""

    at: int
    before: str
    after: str
    rule: str
    note: str = ""


class Doubt(NamedTuple):
    """Something to say about the cell in the `at`-th row (from 0) of a column."""

    at: int
    code: str
    value: str
    severity: Severity = Severity.WARNING
    details: Mapping[str, str] = MappingProxyType({})


@dataclasses.dataclass(slots=True)
class Column:
    """A column of the published table. `source` is its place in the source's rows, None where the source has none."""

    field: Field
    match: ColumnMatch
    values: list[str]
    source: int | None = None
    edits: list[Edit] = dataclasses.field(default_factory=list)
    doubts: list[Doubt] = dataclasses.field(default_factory=list)

    def put(self, index: int, value: str, rule: str, note: str = "") -> None:
        """Change one cell and keep account of it; `note` is a person's reason."""
        before = self.values[index]
        if before != value:
            self.values[index] = value
            self.edits.append(Edit(index, before, value, rule, note))

    def doubt(self, index: int, code: str, **details: str) -> None:
        """Say something about one cell, which stays as it is."""
        self.doubts.append(Doubt(index, code, self.values[index], details=details))

    def blanks(self) -> list[int]:
        """The rows without a value."""
        return [index for index, value in enumerate(self.values) if not value]


@dataclasses.dataclass(slots=True)
class Draft:
    """All columns in the order of publication, and the issues that belong to no single cell."""

    source: SourceTable
    columns: list[Column]
    issues: list[Issue] = dataclasses.field(default_factory=list)

    def column(self, name: str) -> Column | None:
        """The column of the standard with this name, None where the standard has none."""
        return next((item for item in self.columns if item.field.name == name and item.match.how != "extra"), None)

    def meaning(self, *meanings: str) -> Iterator[Column]:
        """The columns of the standard that hold one of these meanings."""
        return (item for item in self.columns if item.field.meaning in meanings and item.match.how != "extra")

    def rows(self) -> tuple[Row, ...]:
        """The table row by row."""
        return tuple(zip(*(column.values for column in self.columns), strict=True))

    def changes(self) -> tuple[Change, ...]:
        """The account of all edits, row by row; edits of the same cell in the order in which they were made."""
        found = [(edit.at, place, edit) for place, column in enumerate(self.columns) for edit in column.edits]
        found.sort(key=lambda item: item[:2])
        return tuple(self._change(edit, self.columns[place]) for _, place, edit in found)

    def doubts(self) -> tuple[Issue, ...]:
        """The doubts about cells, row by row."""
        found = [(doubt.at, place, doubt) for place, column in enumerate(self.columns) for doubt in column.doubts]
        found.sort(key=lambda item: item[:2])
        return tuple(self._issue(doubt, self.columns[place]) for _, place, doubt in found)

    def _change(self, edit: Edit, column: Column) -> Change:
        where = self._where(edit.at, column)
        return Change(where=where, before=edit.before, after=edit.after, rule=edit.rule, note=edit.note)

    def _issue(self, doubt: Doubt, column: Column) -> Issue:
        where, details = self._where(doubt.at, column), dict(doubt.details)
        return Issue(code=doubt.code, severity=doubt.severity, where=where, value=doubt.value, details=details)

    def _where(self, at: int, column: Column) -> Where:
        origin, match = self.source.origin, column.match
        row = self.source.row_numbers[at]
        return Where(file=origin.location, sheet=origin.sheet, row=row, column=match.column, field=match.name)
