"""Value checks, compiled from the Table Schema: the same errors in the same cells as frictionless, much faster.

Each column is checked once per distinct value. A value of the wrong type is not checked further.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date, time
from decimal import Decimal, InvalidOperation
from time import strptime
from typing import Any

from odkit.model import CleanTable, ColumnMatch, Field, Issue, Severity, Where

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
BOUNDED = frozenset({"number", "integer", "date", "time"})


def check_table(table: CleanTable) -> tuple[Issue, ...]:
    """Every cell that breaks its field's type or constraints, then the rows that break a key; columns in order.

    Columns beside the standard have no constraints. `where` names the source cell.
    """
    fields = {field.name: field for field in table.schema.fields}
    columns = list(zip(*table.rows, strict=True)) or [()] * len(table.matches)
    issues: list[Issue] = []
    for match, values in zip(table.matches, columns, strict=True):
        field = fields.get(match.name) if match.how != "extra" else None
        if field is not None:
            issues.extend(_column_issues(table, match, field, values))
    repeated = {issue.where for issue in issues if issue.code == "clean.unique"}
    return (*issues, *_key_issues(table, repeated))


def _column_issues(table: CleanTable, match: ColumnMatch, field: Field, values: Sequence[str]) -> Iterator[Issue]:
    check = compile_check(field)
    found = {value: errors for value in set(values) if (errors := check(value))}
    if found:
        for index, value in enumerate(values):
            for code, expected in found.get(value, ()):
                yield _issue(table, match, (index, value), code, expected)
    if field.unique:
        for index, first in _repeated(values, _reader(field)):
            row = str(table.row_numbers[first])
            yield _issue(table, match, (index, values[index]), "clean.unique", row)


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


def _repeated(values: Sequence[str], read: Reader) -> Iterator[tuple[int, int]]:
    """Each value that stood above, with the row where it stood last; empty and unreadable ones do not count."""
    last: dict[Typed, int] = {}
    for index, value in enumerate(values):
        key = _key(value, read)
        if key is None:
            continue
        if key in last:
            yield index, last[key]
        last[key] = index


def _key(value: str, read: Reader) -> Typed | None:
    try:
        return read(value) if value else None
    except (ValueError, InvalidOperation):
        return None


def _key_issues(table: CleanTable, reported: set[Where]) -> Iterator[Issue]:
    names = table.schema.primary_key
    places = [index for index, match in enumerate(table.matches) if match.name in names and match.how != "extra"]
    if not names or len(places) < len(names):
        return
    fields = {field.name: field for field in table.schema.fields}
    readers = [(place, _reader(fields[table.matches[place].name])) for place in places]
    last: dict[tuple[Typed | None, ...], int] = {}
    for index, row in enumerate(table.rows):
        key = tuple(_key(row[place], read) for place, read in readers)
        empty = set(key) == {None}
        if empty or key in last:
            code = "clean.required" if empty else "clean.unique"
            expected = "、".join(names) if empty else str(table.row_numbers[last[key]])
            issue = _issue(table, table.matches[places[0]], (index, row[places[0]]), code, expected)
            if issue.where not in reported:
                yield issue
        if not empty:
            last[key] = index


def _issue(table: CleanTable, match: ColumnMatch, cell: tuple[int, str], code: str, expected: str) -> Issue:
    index, value = cell
    origin = table.origin
    row = table.row_numbers[index]
    where = Where(file=origin.location, sheet=origin.sheet, row=row, column=match.column, field=match.name)
    return Issue(code=code, severity=Severity.ERROR, where=where, value=value, details={"expected": expected})
