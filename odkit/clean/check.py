"""Value checks, compiled from the Table Schema: the same errors in the same cells as frictionless, much faster.

Each column is checked once per distinct value. A value of the wrong type is not checked further.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date, time
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from time import strptime
from typing import Any

from odkit.clean.chunks import clean_by_chunks
from odkit.clean.draft import Column, Draft, Step
from odkit.clean.views import issues
from odkit.model import CleanTable, Field, Issue, Severity, SourceTable, TableSchema

Typed = Any
"""A value read as its field's type: text, int, Decimal, date or time; those of one field compare with each other."""

Reader = Callable[[str], Typed]
Found = tuple[str, str]
"""The code of an issue and what the schema expects."""

SHAPES = {
    "uri": re.compile(r"[a-zA-Z][a-zA-Z0-9+.\-]*:"),
    "email": re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+$"),
}
DEFAULTS = {"date": "%Y-%m-%d", "time": "%H:%M:%S"}
MOST_KNOWN = 20_000
"""Results that are kept for one column from chunk to chunk."""
BOUNDED = frozenset({"number", "integer", "date", "time"})


class ValueCheck:
    """Finds the cells of one column that break its field's type or constraints; rows that repeat a unique value."""

    def __init__(self, column: Column) -> None:
        self._column = column
        self._known: dict[str, tuple[Found, ...]] = {}
        self._seen = Seen(_reader(column.field)) if column.field.unique else None

    def take(self, draft: Draft) -> None:
        """Check the present chunk: its notable values alone, the others are known to be right."""
        column, known, field = self._column, self._known, self._column.field
        if not (column.notable or field.required) and self._seen is None:
            return
        new = [value for value in column.notable if value not in known]
        if new:
            are_right = compile_checks(field)(new)
            known.update(dict.fromkeys(new, ()) if are_right else zip(new, map(compile_check(field), new), strict=True))
        found = {value: known[value] for value in column.notable if known[value]}
        if field.required:
            found[""] = compile_check(field)("")
        for index, value in list(column.rows_with(found)):
            for code, expected in found[value]:
                column.error(index, code, expected)
        if self._seen is not None:
            for at, first in self._seen.repeats(column.values, draft.first):
                column.error(at, "clean.unique", str(draft.source.row_numbers[first]))
        if len(known) > MOST_KNOWN:
            known.clear()


class KeyCheck:
    """Finds the rows that repeat the primary key of an earlier one, or have none."""

    def __init__(self, draft: Draft, names: Sequence[str]) -> None:
        self._columns = [column for column in draft.columns if column.match.name in names and _is_own(column)]
        self._readers = [_reader(column.field) for column in self._columns]
        self._names = names
        self._last: dict[tuple[Typed | None, ...], int] = {}

    def take(self, draft: Draft) -> None:
        """Check the keys of the present chunk."""
        if not self._names or len(self._columns) < len(self._names):
            return
        keys = zip(*(self._keys(place) for place in range(len(self._columns))), strict=True)
        first = self._columns[0]
        repeated = {error.at for error in first.errors if error.code == "clean.unique"}
        for at, key in enumerate(keys):
            if set(key) == {None}:
                first.error(at, "clean.required", "、".join(self._names))
                continue
            if key in self._last and at not in repeated:
                first.error(at, "clean.unique", str(draft.source.row_numbers[self._last[key]]))
            self._last[key] = draft.first + at

    def _keys(self, place: int) -> list[Typed | None]:
        return [_key(value, self._readers[place]) for value in self._columns[place].values]


class Seen:
    """The values of a column so far, and the row where each stood last; empty and unreadable ones do not count."""

    def __init__(self, read: Reader) -> None:
        self._read = read
        self._last: dict[Typed, int] = {}

    def repeats(self, values: Sequence[str], first: int) -> Iterator[tuple[int, int]]:
        """Each of the next values that stood above, by its place (from 0), with the row where it stood last."""
        for at, value in enumerate(values):
            key = _key(value, self._read)
            if key is None:
                continue
            if key in self._last:
                yield at, self._last[key]
            self._last[key] = first + at


def check_steps(draft: Draft, schema: TableSchema) -> list[Step]:
    """The checks of a table; columns beside the standard have no constraints."""
    checks = [ValueCheck(column) for column in draft.columns if _is_own(column)]
    return [*checks, KeyCheck(draft, schema.primary_key), Errors()]


class Errors:
    """The last word on each cell: where a cleaner has said what is wrong with it, the check makes that an error."""

    def take(self, draft: Draft) -> None:
        """Bring what the checks found in the present chunk together with what was said before."""
        for column in draft.columns:
            if column.errors:
                broken = {error.at for error in column.errors}
                said = {doubt.at for doubt in column.doubts}
                column.doubts = [
                    doubt._replace(severity=Severity.ERROR) if doubt.at in broken else doubt for doubt in column.doubts
                ]
                column.doubts += [error for error in column.errors if error.at not in said]


def _is_own(column: Column) -> bool:
    return column.match.how != "extra"


def check_table(table: CleanTable) -> tuple[Issue, ...]:
    """Every cell that breaks its field's type or constraints, and the rows that break a key; row by row.

    Columns beside the standard have no constraints. `where` names the source cell.
    """
    draft = _as_draft(table)
    steps = check_steps(draft, table.schema)
    ledger = clean_by_chunks(draft, steps)
    return tuple(issues(draft, ledger, ()))


def _as_draft(table: CleanTable) -> Draft:
    """A cleaned table as the source of another round."""
    fields = {field.name: field for field in table.schema.fields}
    columns = [
        Column(fields.get(match.name, Field(name=match.name, title=match.name)), match, place)
        for place, match in enumerate(table.matches)
    ]
    names = tuple(match.name for match in table.matches)
    source = SourceTable(
        origin=table.origin, headings=names, rows=table.rows, row_numbers=table.row_numbers, header_rows=()
    )
    return Draft(source, columns)


@lru_cache(1024)
def compile_check(field: Field) -> Callable[[str], tuple[Found, ...]]:
    """The check of one value of a field; empty text is no value."""
    read = _reader(field)
    constraints = tuple(_constraints(field, read))

    def check(value: str) -> tuple[Found, ...]:
        if not value:
            return (("clean.required", field.requirement),) if field.required else ()
        try:
            typed = read(value)
        except (ValueError, InvalidOperation):
            return (("clean.type", field.type if field.format in ("", "default") else field.format),)
        return tuple(found for holds, found in constraints if not holds(typed))

    return check


@lru_cache(1024)
def compile_checks(field: Field) -> Callable[[Sequence[str]], bool]:
    """Whether all of some trimmed values are right, found at once; where not, or one is empty, look at each.

    What is asked is what `compile_check` asks, but by the interpreter's own loops.
    """
    read = {"number": Decimal, "integer": int}.get(field.type) or _reader(field)
    constraints = tuple(_constraints_on_all(field, read))

    def check(values: Sequence[str]) -> bool:
        try:
            typed = list(map(read, values))
            return not values or (all(values) and all(hold(typed) for hold in constraints))
        except (ValueError, InvalidOperation):
            return False

    return check


def _constraints_on_all(field: Field, read: Reader) -> Iterator[Callable[[Sequence[Typed]], bool]]:
    if field.pattern and field.type == "string":
        match = re.compile(f"^{field.pattern}$").match
        yield lambda values: all(map(match, values))
    if field.enum:
        known = frozenset(map(read, filter(None, field.enum)))
        yield known.issuperset
    if field.type in BOUNDED and (field.minimum or field.maximum):
        low, high = (read(limit) if limit else None for limit in (field.minimum, field.maximum))
        yield lambda values: _within(min(values), low, high) and _within(max(values), low, high)


def takes_all(field: Field) -> bool:
    """Any text is right in a column of this field; whether it has to have one is another question."""
    shaped = field.type == "string" and (field.pattern or field.format in SHAPES)
    return field.type not in BOUNDED and not field.enum and not shaped


def _constraints(field: Field, read: Reader) -> Iterator[tuple[Callable[[Typed], bool], Found]]:
    if field.pattern and field.type == "string":
        pattern = re.compile(f"^{field.pattern}$")
        yield lambda value: pattern.match(str(value)) is not None, ("clean.pattern", field.pattern)
    if field.enum:
        known = frozenset(map(read, filter(None, field.enum)))
        yield known.__contains__, ("clean.enum", " ".join(field.enum))
    if field.type in BOUNDED and (field.minimum or field.maximum):
        low, high = (read(limit) if limit else None for limit in (field.minimum, field.maximum))
        yield lambda value: _within(value, low, high), ("clean.range", f"{field.minimum}～{field.maximum}")


def _within(value: Typed, low: Typed | None, high: Typed | None) -> bool:
    # NaN is a Decimal that compares with nothing.
    try:
        return (low is None or low <= value) and (high is None or value <= high)
    except InvalidOperation:
        return False


def _reader(field: Field) -> Reader:
    """What turns text into the value of a field's type; raises ValueError or InvalidOperation where it cannot."""
    form = field.format if field.format not in ("", "default") else DEFAULTS.get(field.type, "")
    readers: dict[str, Reader] = {
        "number": lambda text: Decimal(text.strip()),
        "integer": lambda text: int(text.strip()),
        "date": lambda text: date(*strptime(text, form)[:3]),
        "time": lambda text: time(*strptime(text, form)[3:6]),
    }
    if field.type == "string" and form in SHAPES:
        return lambda text: _shaped(text, SHAPES[form])
    return readers.get(field.type, str)


def _shaped(text: str, shape: re.Pattern[str]) -> str:
    if not shape.match(text):
        raise ValueError(text)
    return text


def _key(value: str, read: Reader) -> Typed | None:
    try:
        return read(value) if value else None
    except (ValueError, InvalidOperation):
        return None
