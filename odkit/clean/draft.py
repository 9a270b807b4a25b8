"""The table while it is being cleaned, a chunk of rows at a time: one list per column, changes and doubts beside it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple, Protocol, runtime_checkable

from odkit.model import ColumnMatch, Field, Issue, Severity, SourceTable, Where

CHUNK = 2048
"""Rows that are cleaned at a time."""
VARIED = 2
"""A column of which every such cell has a value of its own is not sifted for values that were seen before."""
MOST_QUIET = 20_000
"""Values of one column that are remembered to need nothing."""


Edit = tuple[int, str, str, str, str]
"""A change of the cell in the row (from 0) of a chunk's column: row, before, after, rule, a person's note."""


class Doubt(NamedTuple):
    """Something to say about the cell in the `at`-th row (from 0) of a chunk's column."""

    at: int
    code: str
    value: str
    severity: Severity = Severity.WARNING
    details: Mapping[str, str] = MappingProxyType({})


class Learned(Exception):
    """A later chunk shows that a step took something for granted that does not hold: the table is to be cleaned anew.

    `fact` names what was learned, about the column `column` where that is not empty.
    """

    def __init__(self, fact: str, column: str = "") -> None:
        super().__init__(fact, column)
        self.fact = (fact, column)


@dataclasses.dataclass(slots=True)
class Column:
    """A column of the published table. `source` is its place in the source's rows, None where the source has none.

    `values`, `edits`, `doubts` and `errors` (what the checks find) are those of the present chunk, `notable` the values
    in it that some step may have to do with. `unlike` finds those of some values that are not plain.
    """

    field: Field
    match: ColumnMatch
    source: int | None = None
    values: list[str] = dataclasses.field(default_factory=list)
    edits: list[Edit] = dataclasses.field(default_factory=list)
    doubts: list[Doubt] = dataclasses.field(default_factory=list)
    errors: list[Doubt] = dataclasses.field(default_factory=list)
    notable: set[str] = dataclasses.field(default_factory=set)
    unlike: Callable[[list[str]], list[str]] = list
    _is_varied: bool = False
    _quiet: set[str] = dataclasses.field(default_factory=set)
    _spoken: set[str] = dataclasses.field(default_factory=set)

    def load(self, values: list[str]) -> None:
        """Go on to the next chunk."""
        self._forget()
        self.values, self.edits, self.doubts, self.errors = values, [], [], []
        if self._is_varied:
            self.notable = set(self.unlike(values))
        else:
            fresh = set(values)
            self._is_varied = len(fresh) * VARIED > len(values) > VARIED
            fresh.difference_update(self._quiet)
            self.notable = set(self.unlike(list(fresh)))
        self.notable.discard("")

    def put(self, index: int, value: str, rule: str, note: str = "") -> None:
        """Change one cell and keep account of it; `note` is a person's reason."""
        before = self.values[index]
        if before != value:
            self.values[index] = value
            self.edits.append((index, before, value, rule, note))
            self.note(value)

    def note(self, value: str) -> None:
        """Remember that the chunk has this value now."""
        if value:
            self.notable.add(value)

    def replaced(self, values: Mapping[str, str]) -> None:
        """Remember that the chunk has these values in place of others."""
        self.notable.difference_update(values)
        self.notable.update(self.unlike(list(set(values.values()))))

    def doubt(self, index: int, code: str, **details: str) -> None:
        """Say something about one cell, which stays as it is."""
        self.doubts.append(Doubt(index, code, self.values[index], details=details))

    def error(self, index: int, code: str, expected: str) -> None:
        """Say that one cell breaks the schema, which expects something else."""
        self.errors.append(Doubt(index, code, self.values[index], Severity.ERROR, {"expected": expected}))

    def spoke_of(self, values: Collection[str]) -> None:
        """Remember that something was said about these values: they are to be looked at again where they recur."""
        self._spoken.update(values)

    def blanks(self) -> list[int]:
        """The rows of the chunk without a value."""
        return [index for index, value in enumerate(self.values) if not value] if "" in self.values else []

    def rows_with(self, values: Collection[str]) -> Iterator[tuple[int, str]]:
        """The rows of the chunk that hold one of these values, with it."""
        return ((index, value) for index, value in enumerate(self.values) if value in values) if values else iter(())

    def _forget(self) -> None:
        """Values that were looked at and needed nothing need nothing where they recur."""
        self._spoken.update(before for _, before, _, _, _ in self.edits)
        self._spoken.update(doubt.value for doubt in self.doubts)
        if len(self._quiet) < MOST_QUIET:
            self._quiet |= self.notable - self._spoken
        if len(self._spoken) > MOST_QUIET:
            self._spoken.clear()
            self._quiet.clear()


@dataclasses.dataclass(slots=True)
class Draft:
    """All columns in the order of publication, and the issues that belong to no single cell.

    `aside` are columns that steps need and that are not published; `first` is the chunk's first row (from 0).
    """

    source: SourceTable
    columns: list[Column]
    issues: list[Issue] = dataclasses.field(default_factory=list)
    aside: list[Column] = dataclasses.field(default_factory=list)
    first: int = 0
    height: int = 0

    def load(self, first: int, rows: Sequence[Sequence[str]]) -> None:
        """Go on to the next rows of the source."""
        self.first, self.height = first, len(rows)
        places = list(zip(*rows, strict=True))
        for column in self.all_columns:
            column.load([""] * len(rows) if column.source is None else list(places[column.source]))

    @property
    def all_columns(self) -> list[Column]:
        """Those that are published, and those aside."""
        return [*self.columns, *self.aside]

    def column(self, name: str) -> Column | None:
        """The column of the standard with this name, None where the standard has none."""
        return next((item for item in self.columns if item.field.name == name and item.match.how != "extra"), None)

    def meaning(self, *meanings: str) -> Iterator[Column]:
        """The columns of the standard that hold one of these meanings."""
        return (item for item in self.columns if item.field.meaning in meanings and item.match.how != "extra")

    def row_number(self, at: int) -> int:
        """The source row of the `at`-th row of the chunk."""
        return self.source.row_numbers[self.first + at]

    def where(self, at: int, column: Column) -> Where:
        """The place of a cell of the chunk."""
        origin, match = self.source.origin, column.match
        return Where(
            file=origin.location,
            sheet=origin.sheet,
            row=self.row_number(at),
            column=match.column,
            field=match.name,
        )


class Step(Protocol):
    """One step of cleaning, made for one table; what it learns carries over from chunk to chunk."""

    def take(self, draft: Draft) -> None:
        """Clean the present chunk. Raises Learned where what was done to earlier ones does not hold."""


@runtime_checkable
class Summary(Step, Protocol):
    """A step that has something to say about the table as a whole."""

    def finish(self, draft: Draft) -> None:
        """Say it, after the last chunk."""
