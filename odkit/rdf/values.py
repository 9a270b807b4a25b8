"""A cell's text -> the text of the value that its property wants, or nothing where the text is no such value.

What does not fit stays in the CSV, and the clean stage has reported it; an ill-typed literal helps nobody.
A lexical form that comes from here needs no escaping any more.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date as calendar_date
from datetime import datetime
from functools import lru_cache, partial
from types import MappingProxyType

from odkit.rdf import spelling
from odkit.rdf.codes import place_names, schemes

Lexical = Callable[[str], str]
"""Text of a cell (never empty) -> the lexical form of a literal, or ""."""
Converter = Callable[..., str | tuple[str, ...]]
"""The texts of the cells that a value needs (none empty) -> its lexical form or IRI, several, or nothing."""

_REMEMBERED = 4096
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_INTEGER = re.compile(r"[+-]?[0-9]+")
_COUNT = re.compile(r"\+?[0-9]+")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DATE_TIME = re.compile(r"[0-9-]{10}T[0-9:]{8}(?:Z|[+-][0-9]{2}:[0-9]{2})?")
_TIME = re.compile(r"((?:[01][0-9]|2[0-3]):[0-5][0-9])(:[0-5][0-9])?")
_PHONE = re.compile(r"[0-9+()\-,]+")
_POINT = re.compile(r"POINT\([+-]?[0-9]+(?:\.[0-9]+)? [+-]?[0-9]+(?:\.[0-9]+)?\)")
_CODE = re.compile(r"[0-9]{5,6}")
_CORPORATE = re.compile(r"[0-9]{13}")
_PLAIN_ADDRESS = re.compile(r"https?://[A-Za-z0-9._~/?#\[\]@!$&'()*+,=:-]+")
_ADDRESS = re.compile(r"https?://[^/?#\s]+\.\S.*", re.IGNORECASE)
_ADDRESSES = re.compile(r"[;\s]+(?=https?://)", re.IGNORECASE)
_SLOT = re.compile(r"\{([^{}]+)\}")
_LIST = "表:"
_OWN = frozenset({"値", "5桁", "13桁", "住所名"})


def text(value: str) -> str:
    """Any text, escaped and `spelling.widen`-ed; the other kinds are ASCII."""
    return spelling.widen(spelling.escape(value))


def decimal(value: str) -> str:
    """``35.7``, as it stands."""
    return value if _DECIMAL.fullmatch(value) else ""


def integer(value: str) -> str:
    """``-3``, as it stands."""
    return value if _INTEGER.fullmatch(value) else ""


def count(value: str) -> str:
    """``40``, as it stands: not below zero."""
    return value if _COUNT.fullmatch(value) else ""


def date(value: str) -> str:
    """``2020-01-31``, as it stands; the day must exist."""
    if not _DATE.fullmatch(value):
        return ""
    try:
        calendar_date.fromisoformat(value)
    except ValueError:
        return ""
    return value


def time(value: str) -> str:
    """``09:30`` -> ``09:30:00``."""
    found = _TIME.fullmatch(value)
    return found[1] + (found[2] or ":00") if found else ""


def date_time(value: str) -> str:
    """``2020-01-31T09:30:00``, as it stands."""
    if not _DATE_TIME.fullmatch(value):
        return ""
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return ""
    return value


def phone(value: str) -> str:
    """``(047)712-8569``, as it stands: digits and ``+ - ( ) ,`` only."""
    return value if _PHONE.fullmatch(value) else ""


def point(value: str) -> str:
    """``POINT(140.1 35.6)``, as it stands: longitude first."""
    return value if _POINT.fullmatch(value) else ""


def links(value: str) -> tuple[str, ...]:
    """One or several http(s) addresses -> IRIs, each once."""
    if _PLAIN_ADDRESS.fullmatch(value) and "://" not in value[8:] and "." in value:
        return (value,)
    found = _ADDRESSES.split(value.strip())
    wide = (spelling.widen(spelling.iri_text(item)) for item in found if _ADDRESS.fullmatch(item))
    return tuple(dict.fromkeys(wide))


def is_corporate_number(value: str) -> bool:
    """Whether these are the thirteen digits of a 法人番号: the first one checks the others."""
    if not _CORPORATE.fullmatch(value):
        return False
    total = sum(int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(value[1:])))
    return int(value[0]) == 9 - total % 9


LITERALS: Mapping[str, Lexical] = MappingProxyType(
    {
        "xsd:string": text,
        "xsd:decimal": decimal,
        "xsd:double": decimal,
        "xsd:integer": integer,
        "xsd:nonNegativeInteger": count,
        "xsd:date": date,
        "xsd:dateTime": date_time,
        "xsd:time": time,
        "ic:電話番号型": phone,
        "geosparql:wktLiteral": point,
    }
)
"""Datatype -> its converter. A range that is not here is a class."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Recipe:
    """How a property's value is made from cells: `datatype` is "" for an IRI.

    `columns` are the places of the cells that it needs, its own first; `names` are theirs in the template.
    """

    columns: tuple[int, ...]
    names: tuple[str, ...] = ()
    datatype: str = "xsd:string"
    template: str = ""
    separator: str = ""

    @property
    def plain(self) -> bool:
        """Whether the value is the cell's text as it stands."""
        return self.datatype == "xsd:string" and not (self.template or self.separator)

    @property
    def many(self) -> bool:
        """Whether there may be several values."""
        return bool(self.separator) or not (self.datatype or self.template)

    def converter(self) -> Converter:
        """The function that makes the value, `spelling.widen`-ed. It remembers where that is dearer than making it."""
        if self.template:
            return lru_cache(_REMEMBERED)(partial(_filled, self))
        made: Converter = LITERALS[self.datatype] if self.datatype else links
        return partial(_several, made, self.separator.strip()) if self.separator else made


def template_slots(template: str) -> list[str]:
    """What a template wants filled in: ``値`` (the cell), ``5桁`` and ``13桁`` (its digits), ``住所名`` (the place
    of a code), ``表:hazard`` (its code in a list of vocab/schemes/), other columns; ``=1`` is a condition on the cell.
    """
    return [str(name) for name in _SLOT.findall(template)]


def other_columns(template: str) -> list[str]:
    """The other columns that a template needs."""
    own = (name for name in dict.fromkeys(template_slots(template)))
    return [name for name in own if name not in _OWN and not name.startswith(("=", _LIST))]


def _filled(recipe: Recipe, *cells: str) -> str | tuple[str, ...]:
    if recipe.separator:
        parts = (part.strip() for part in cells[0].split(recipe.separator.strip()))
        return tuple(dict.fromkeys(filter(None, (_fill(recipe, (part, *cells[1:])) for part in parts if part))))
    return _fill(recipe, cells)


def _fill(recipe: Recipe, cells: tuple[str, ...]) -> str:
    value = cells[0]
    known = dict(zip(recipe.names, cells, strict=True)) | {
        "値": value,
        "5桁": value[:5] if _CODE.fullmatch(value) else "",
        "13桁": value if is_corporate_number(value) else "",
        "住所名": place_names().get(value, ""),
    }
    wanted = template_slots(recipe.template)
    known |= {name: schemes()[name.removeprefix(_LIST)].by_word().get(value, "") for name in wanted if _LIST in name}
    if not all(name[1:] == value if name.startswith("=") else known[name] for name in wanted):
        return ""
    known |= {name: "" for name in wanted if name.startswith("=")}
    if recipe.datatype:
        return LITERALS[recipe.datatype](_SLOT.sub(lambda found: known[found[1]], recipe.template))
    iri = _SLOT.sub(lambda found: spelling.segment(known[found[1]]), recipe.template)
    return spelling.widen(spelling.iri_text(iri))


def _several(made: Converter, separator: str, value: str) -> tuple[str, ...]:
    if separator not in value:
        only = made(value.strip())
        return only if isinstance(only, tuple) else (only,) if only else ()
    parts = (made(part.strip()) for part in value.split(separator) if part.strip())
    flat = (item for part in parts for item in ((part,) if isinstance(part, str) else part))
    return tuple(dict.fromkeys(filter(None, flat)))
