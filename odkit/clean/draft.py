"""The table while it is being cleaned, a chunk of rows at a time: one list per column, changes and doubts beside it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple, Protocol, runtime_checkable

from odkit.model import ColumnMatch, Field, Issue, Severity, SourceTable, Where

CHUNK = 512
"""Rows that are cleaned at a time."""
VARIED = 2
"""A column of which every such cell has a value of its own is not sifted for values that were seen before."""
MOST_QUIET = 20_000
"""Values of one column that are remembered to need nothing."""


@dataclasses.dataclass(slots=True)
class Edits:
    """The changes of a chunk's column, part by part: row (from 0), before, after, rule, a person's note."""

    rows: list[int] = dataclasses.field(default_factory=list)
    before: list[str] = dataclasses.field(default_factory=list)
    after: list[str] = dataclasses.field(default_factory=list)
    rules: list[str] = dataclasses.field(default_factory=list)
    notes: list[str] = dataclasses.field(default_factory=list)

    def add(self, row: int, before: str, after: str, rule: str, note: str) -> None:
        """Add one change."""
        self.extend((row,), (before,), (after,), (rule,), note)

    def extend(
        self, rows: Sequence[int], before: Sequence[str], after: Sequence[str], rules: Sequence[str], note: str = ""
    ) -> None:
        """Add changes."""
        self.rows += rows
        self.before += before
        self.after += after
        self.rules += rules
        self.notes += [note] * len(rows)

    def parts(self) -> tuple[Sequence[object], ...]:
        """All of them, equally long."""
        return self.rows, self.before, self.after, self.rules, self.notes

    def __len__(self) -> int:
        return len(self.rows)


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
    edits: Edits = dataclasses.field(default_factory=Edits)
    doubts: list[Doubt] = dataclasses.field(default_factory=list)
    errors: list[Doubt] = dataclasses.field(default_factory=list)
    notable: set[str] = dataclasses.field(default_factory=set)
    unlike: Callable[[list[str]], list[str]] = list
    _is_varied: bool = False
    _quiet: set[str] = dataclasses.field(default_factory=lambda: {""})
    _spoken: set[str] = dataclasses.field(default_factory=set)

    def load(self, values: list[str]) -> None:
        """Go on to the next chunk."""
        if not self._is_varied:
            self._forget()
        self.values = values
        if self.edits.rows:
            self.edits = Edits()
        if self.doubts:
            self.doubts = []
        if self.errors:
            self.errors = []
        if self._is_varied:
            self.notable = set(self.unlike(values))
        elif self._quiet.issuperset(values):
            self.notable = set()
        else:
            self.notable = self._sifted(set(values), len(values))
        self.notable.discard("")

    def _sifted(self, distinct: set[str], count: int) -> set[str]:
        """The notable ones of the distinct values of `count` cells; the others are known from now on."""
        self._is_varied = len(distinct) * VARIED > count > VARIED
        fresh = distinct.difference(self._quiet)
        notable = set(self.unlike(list(fresh)))
        if not self._is_varied and len(self._quiet) < MOST_QUIET:
            self._quiet |= fresh - notable
        return notable

    def put(self, index: int, value: str, rule: str, note: str = "") -> None:
        """Change one cell and keep account of it; `note` is a person's reason."""
        before = self.values[index]
        if before != value:
            self.values[index] = value
            self.edits.add(index, before, value, rule, note)
            self.note(value)

    def rewrite(self, afters: Mapping[str, str], rules: Mapping[str, str] | str) -> None:
        """Change all cells that hold one of these values, and keep account of it; values have a rule each, or one."""
        values = self.values
        rows = [row for row, value in enumerate(values) if value in afters]
        before = [values[row] for row in rows] if len(rows) < len(values) else values
        after = [afters[value] for value in before]
        self.edits.extend(
            rows, before, after, [rules] * len(rows) if isinstance(rules, str) else [rules[value] for value in before]
        )
        if len(rows) == len(values):
            self.values = after
        else:
            for row, value in zip(rows, after, strict=True):
                values[row] = value
        self.replaced(afters)

    def note(self, value: str) -> None:
        """Remember that the chunk has this value now."""
        if value:
            self.notable.add(value)

    def replaced(self, values: Mapping[str, str]) -> None:
        """Remember that the chunk has these values in place of others."""
        self.notable.difference_update(values)
        self.notable.update(self.unlike(list(values.values())))

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
        if not (self.notable or self.edits.rows or self.doubts):
            return
        self._spoken.update(self.edits.before)
        self._spoken.update(doubt.value for doubt in self.doubts)
        if len(self._quiet) < MOST_QUIET:
            self._quiet |= self.notable - self._spoken
        if len(self._spoken) > MOST_QUIET:
            self._spoken.clear()
            self._quiet = {""}


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

    def load(self, first: int, height: int, columns: Sequence[Sequence[str]]) -> None:
        """Go on to the next rows of the source, `height` of them."""
        self.first, self.height = first, height
        for column in self.all_columns:
            column.load([""] * height if column.source is None else list(columns[column.source]))

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
