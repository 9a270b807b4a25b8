"""The layout of a table that follows no standard: its own headings in their order, and what its values mean for sure.

Nothing is renamed and nothing is demanded. A meaning is given where the heading is one that a standard knows and the
values fit it, or where the values alone leave little doubt; everything else is text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from odkit.clean.draft import Draft
from odkit.clean.evidence import Values, column_meanings, is_number, is_whole, sample, unfit_values
from odkit.clean.names import BLANKS, LEFT_OUT, keys, normalise
from odkit.clean.values import Facts
from odkit.model import Field, SourceTable, TableSchema
from odkit.project import INFERRED, current_schema, heading_aliases, load_schema, standards

SURE = 0.9
NAMED = 0.8
"""The share of a column's values that have to fit what its heading says."""

BY_VALUES = frozenset({"url", "email", "phone", "corporate_number", "latitude", "longitude", "date", "time"})
"""Meanings that values alone are enough for: nobody has to ask what they are, and cleaning them loses nothing."""

OF_PUBLISHERS = frozenset({"code_municipality", "government_name"})
"""Meanings whose blanks are filled with who publishes: they need the standard's own heading, not a variant of it."""

WIDEST = 1000
"""A table with more columns than these is no list of things; all of it is text."""

OF_A_LIST = frozenset({"enum", "flag", "multi"})
"""Meanings that are nothing without the words of a standard."""

TYPES: Mapping[str, tuple[str, str]] = {
    "date": ("date", ""),
    "integer": ("integer", ""),
    "latitude": ("number", ""),
    "longitude": ("number", ""),
    "number": ("number", ""),
    "url": ("string", "uri"),
}
"""Meaning -> type and format, where all values that were looked at have them."""

CODE = re.compile("(?:コード|番号|id|no[.]?|code|number|号)$")
"""Headings of what is no quantity, though it is written in digits (normalised)."""


def infer_schema(source: SourceTable, schema: TableSchema, declared: Mapping[str, str], facts: Facts) -> TableSchema:
    """The schema of a table that follows no standard; any other schema as it is.

    `declared` may rename a column or leave it out, nothing else does. A heading that stands twice gives one column.
    """
    if schema.kind != INFERRED or schema.fields:
        return schema
    names = _names(source, declared)
    if len(names) > WIDEST:
        return replace(schema, fields=tuple(Field(name=name, title=name) for name in names.values()))
    values = sample(source, names)
    fields = (_field(name, values[place], facts) for place, name in names.items())
    return replace(schema, fields=tuple(fields))


class OwnTypes:
    """The step that takes a type back where a later value has another: a schema that was found in a table fits it all.

    What cleaning says of such a value stays.
    """

    def __init__(self, schema: TableSchema) -> None:
        self._schema = schema
        self._untyped: set[str] = set()

    def take(self, draft: Draft) -> None:
        """Forget what the checks of the present chunk found in columns whose type was inferred."""
        for column in draft.columns if self._schema.kind == INFERRED else ():
            if column.errors:
                self._untyped.add(column.field.name)
                column.errors.clear()

    @property
    def schema(self) -> TableSchema:
        """The schema, after the last chunk."""
        plain = (
            replace(field, type="string", format="") if field.name in self._untyped else field
            for field in self._schema.fields
        )
        return replace(self._schema, fields=tuple(plain)) if self._untyped else self._schema


def _names(source: SourceTable, declared: Mapping[str, str]) -> dict[int, str]:
    """The names of the columns that have one, by place in the rows: each once, as `match_headings` will find them."""
    settled = {normalise(heading): target for heading, target in declared.items()}
    first: dict[str, int] = {}
    for place, heading in enumerate(source.headings):
        key = normalise(heading)
        is_plainer = key in first and _has_blanks(source.headings[first[key]]) > _has_blanks(heading)
        if key and (key not in first or (is_plainer and key not in settled)):
            first[key] = place
    names: dict[str, int] = {}
    for key, place in sorted(first.items(), key=lambda item: item[1]):
        name = settled.get(key, BLANKS.sub("", source.headings[place]))
        if name != LEFT_OUT:
            names.setdefault(name, place)
    return {place: name for name, place in names.items()}


def _has_blanks(heading: str) -> bool:
    return BLANKS.search(heading) is not None


def _field(name: str, values: Values, facts: Facts) -> Field:
    field = Field(name=name, title=name, meaning=_meaning(name, values, facts))
    kind, form = TYPES.get(field.meaning, ("string", ""))
    typed = replace(field, type=kind, format=form)
    return typed if not unfit_values(values, typed, facts) else field


def _meaning(name: str, values: Values, facts: Facts) -> str:
    known = _known(name)
    for meaning in known:
        field = Field(name=name, title=name, meaning=meaning)
        if values and len(unfit_values(values, field, facts)) <= (1 - NAMED) * len(values):
            return meaning
    for meaning, confidence in column_meanings(values, facts):
        if meaning in BY_VALUES and confidence >= SURE:
            return meaning
    # A phone number that has lost its zero, or a code, is no quantity, though it is written in digits.
    return "text" if known or CODE.search(normalise(name)) else _number(values)


def _number(values: Values) -> str:
    """Which kind of number all the values are: one 「不明」 among them, and they are text."""
    kinds = (("integer", is_whole), ("number", is_number))
    return next((kind for kind, fits in kinds if values and all(map(fits, values))), "text")


def _known(name: str) -> tuple[str, ...]:
    """The meanings that the standards know by this heading."""
    return tuple(dict.fromkeys(meaning for key in keys(name) for meaning in _headings().get(key, ())))


@cache
def _headings() -> Mapping[str, tuple[str, ...]]:
    """The meanings of the columns of the current standards, by their normalised names and known variants."""
    found: dict[str, list[str]] = {}
    for schema in (load_schema(current_schema(standard)) for standard in standards()):
        meanings = {field.name: field.meaning for field in schema.fields if field.meaning not in OF_A_LIST}
        spelt = [(name, name) for name in meanings] + list(heading_aliases(schema.name).items())
        for heading, target in spelt:
            meaning = meanings.get(target, "")
            if meaning and (heading == target or meaning not in OF_PUBLISHERS):
                found.setdefault(normalise(heading), []).append(meaning)
    return {key: tuple(meanings) for key, meanings in found.items()}
