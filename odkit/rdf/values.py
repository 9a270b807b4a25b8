"""A cell's text -> the Turtle term that its property wants, or "" where the text is no such value.

What does not fit stays in the CSV, and the clean stage has reported it; an ill-typed literal helps nobody.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date as calendar_date
from datetime import datetime
from functools import lru_cache, partial
from types import MappingProxyType

from odkit.rdf import turtle

Converter = Callable[[str], str]
"""Text of a cell (never empty) -> one term, several with ``, `` between them, or ""."""

_REMEMBERED = 4096
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_INTEGER = re.compile(r"[+-]?[0-9]+")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DATE_TIME = re.compile(r"[0-9-]{10}T[0-9:]{8}(?:Z|[+-][0-9]{2}:[0-9]{2})?")
_TIME = re.compile(r"((?:[01][0-9]|2[0-3]):[0-5][0-9])(:[0-5][0-9])?")
_PHONE = re.compile(r"[0-9+()\-,]+")
_CODE = re.compile(r"[0-9]{5,6}")
_ADDRESS = re.compile(r"https?://[^/?#\s]+\.\S.*", re.IGNORECASE)
_ADDRESSES = re.compile(r"[;\s]+(?=https?://)", re.IGNORECASE)
_SLOT = re.compile(r"\{(値|5桁)\}")


def text(value: str, language: str = "") -> str:
    """A literal."""
    return turtle.quoted(value, language)


def decimal(value: str) -> str:
    """``35.7`` -> ``"35.7"^^xsd:decimal``."""
    return f'"{value}"^^xsd:decimal' if _DECIMAL.fullmatch(value) else ""


def double(value: str) -> str:
    """``35.7`` -> ``"35.7"^^xsd:double``."""
    return f'"{value}"^^xsd:double' if _DECIMAL.fullmatch(value) else ""


def integer(value: str) -> str:
    """``-3`` -> ``"-3"^^xsd:integer``."""
    return f'"{value}"^^xsd:integer' if _INTEGER.fullmatch(value) else ""


def count(value: str) -> str:
    """``40`` -> ``"40"^^xsd:nonNegativeInteger``."""
    fits = _INTEGER.fullmatch(value) and not value.startswith("-")
    return f'"{value}"^^xsd:nonNegativeInteger' if fits else ""


def date(value: str) -> str:
    """``2020-01-31`` -> ``"2020-01-31"^^xsd:date``; the day must exist."""
    if not _DATE.fullmatch(value):
        return ""
    try:
        calendar_date.fromisoformat(value)
    except ValueError:
        return ""
    return f'"{value}"^^xsd:date'


def time(value: str) -> str:
    """``09:30`` -> ``"09:30:00"^^xsd:time``."""
    found = _TIME.fullmatch(value)
    return f'"{found[1]}{found[2] or ":00"}"^^xsd:time' if found else ""


def date_time(value: str) -> str:
    """``2020-01-31T09:30:00`` -> ``"2020-01-31T09:30:00"^^xsd:dateTime``."""
    if not _DATE_TIME.fullmatch(value):
        return ""
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return ""
    return f'"{value}"^^xsd:dateTime'


def phone(value: str) -> str:
    """``(047)712-8569`` -> ``"(047)712-8569"^^ic:電話番号型``: digits and ``+ - ( ) ,`` only."""
    return f'"{value}"^^ic:電話番号型' if _PHONE.fullmatch(value) else ""


def link(value: str) -> str:
    """One or several http(s) addresses -> IRIs."""
    found = _ADDRESSES.split(value.strip())
    return ", ".join(dict.fromkeys(turtle.reference(item) for item in found if _ADDRESS.fullmatch(item)))


def filled(value: str, template: str) -> str:
    """The IRI of a template: ``{値}`` is the value, ``{5桁}`` a government's code without its check digit."""
    if "{5桁}" in template and not _CODE.fullmatch(value):
        return ""
    parts = {"値": turtle.segment(value), "5桁": value[:5]}
    return turtle.reference(_SLOT.sub(lambda found: parts[found[1]], template))


def several(value: str, convert: Converter, separator: str) -> str:
    """Every part of a value between separators, each once."""
    terms = (convert(part.strip()) for part in value.split(separator.strip()) if part.strip())
    return ", ".join(dict.fromkeys(filter(None, terms)))


LITERALS: Mapping[str, Converter] = MappingProxyType(
    {
        "xsd:string": text,
        "xsd:decimal": decimal,
        "xsd:double": double,
        "xsd:integer": integer,
        "xsd:nonNegativeInteger": count,
        "xsd:date": date,
        "xsd:dateTime": date_time,
        "xsd:time": time,
        "ic:電話番号型": phone,
    }
)
"""Datatype -> its converter. A range that is not here is a class."""


def converter(*, datatype: str, language: str, template: str, separator: str) -> Converter:
    """The converter of a column for one property; `datatype` is "" for an IRI. It remembers the last few thousand."""
    made: Converter
    if datatype:
        made = partial(text, language=language) if datatype == "xsd:string" else LITERALS[datatype]
    else:
        made = partial(filled, template=template) if template else link
    if separator:
        made = partial(several, convert=made, separator=separator)
    return lru_cache(_REMEMBERED)(made)
