"""A cell's text -> the text of the value that its property wants, or nothing where the text is no such value.

What does not fit stays in the CSV, and the clean stage has reported it; an ill-typed literal helps nobody.
A lexical form that comes from here needs no escaping any more.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
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

_REMEMBERED, _TEMPLATES = 4096, 32
_SOUTH, _NORTH, _WEST, _EAST = 20, 46, 122, 154
"""Japan, in degrees: what lies outside, the clean stage has called an error."""
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_INTEGER = re.compile(r"[+-]?[0-9]+")
_COUNT = re.compile(r"\+?[0-9]+")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DATE_TIME = re.compile(r"[0-9-]{10}T[0-9:]{8}(?:Z|[+-][0-9]{2}:[0-9]{2})?")
_TIME = re.compile(r"((?:[01][0-9]|2[0-3]):[0-5][0-9])(:[0-5][0-9])?")
_END_OF_DAY = re.compile(r"24:00(?::00)?")
_PHONE = re.compile(r"[0-9+()\-,]+")
_EMAILS = re.compile(r"[;,、，；／/\s]+")
_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_POINT = re.compile(r"POINT\(([+-]?[0-9]+(?:\.[0-9]+)?) ([+-]?[0-9]+(?:\.[0-9]+)?)\)")
_CODE = re.compile(r"(?:0[1-9]|[1-3][0-9]|4[0-7])[0-9]{4}")
_WEIGHTS = (6, 5, 4, 3, 2)
_CORPORATE = re.compile(r"[0-9]{13}")
_PLAIN_ADDRESS = re.compile(r"https?://[A-Za-z0-9._~-]+\.[A-Za-z0-9._~-]+(?:/[A-Za-z0-9._~/?@!$&'()*+,=:-]*)?")
_ADDRESS = re.compile(r"(https?://[\w.~-]+\.[\w~-]+(?::[0-9]{1,5})?)((?:[/?#].*)?)", re.IGNORECASE)
_ADDRESSES = re.compile(r"[;\s]+(?=https?://)", re.IGNORECASE)
_SLOT = re.compile(r"\{([^{}]+)\}")
_LIST = "表:"


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
    """``09:30`` -> ``09:30:00``; the end of a day is, as a time, its beginning: ``24:00`` -> ``00:00:00``."""
    found = _TIME.fullmatch("00:00" if _END_OF_DAY.fullmatch(value) else value)
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


def latitude(value: str) -> str:
    """``35.7``, as it stands: a place in Japan."""
    return value if _DECIMAL.fullmatch(value) and _SOUTH <= float(value) <= _NORTH else ""


def longitude(value: str) -> str:
    """``139.9``, as it stands: a place in Japan."""
    return value if _DECIMAL.fullmatch(value) and _WEST <= float(value) <= _EAST else ""


def emails(value: str) -> tuple[str, ...]:
    """``a@b.jp、c@d.jp`` -> each address as it stands, once; nothing where one of them is no address."""
    if _EMAIL.fullmatch(value):
        return (value,)
    parts = [part for part in _EMAILS.split(value) if part]
    return tuple(dict.fromkeys(parts)) if all(map(_EMAIL.fullmatch, parts)) else ()


def point(value: str) -> str:
    """``POINT(140.1 35.6)``, as it stands: longitude first, a place in Japan."""
    found = _POINT.fullmatch(value)
    return value if found and longitude(found[1]) and latitude(found[2]) else ""


def links(value: str) -> tuple[str, ...]:
    """One or several http(s) addresses -> IRIs, each once."""
    if _PLAIN_ADDRESS.fullmatch(value) and "://" not in value[8:] and "." in value:
        return (value,)
    found = _ADDRESSES.split(value.strip())
    parts = filter(None, map(_ADDRESS.fullmatch, found))
    wide = (spelling.widen(spelling.iri_text(part[1]) + spelling.tail_text(part[2])) for part in parts)
    return tuple(dict.fromkeys(wide))


def is_corporate_number(value: str) -> bool:
    """Whether these are the thirteen digits of a 法人番号: the first one checks the others."""
    if not _CORPORATE.fullmatch(value):
        return False
    total = sum(int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(value[1:])))
    return int(value[0]) == 9 - total % 9


def is_area_code(value: str) -> bool:
    """Whether these are the six digits of a 全国地方公共団体コード: the last one checks the others."""
    if not _CODE.fullmatch(value):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(value, _WEIGHTS, strict=False))
    return int(value[5]) == (11 - total % 11) % 10


_OWN: Mapping[str, Lexical] = MappingProxyType(
    {
        "値": str,
        "5桁": lambda value: value[:5] if is_area_code(value) else "",
        "13桁": lambda value: value if is_corporate_number(value) else "",
        "住所名": lambda value: place_names().get(value, ""),
    }
)
"""What a template may make of the cell itself."""

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
_FORMS: Mapping[str, Converter] = MappingProxyType(
    {
        **dict.fromkeys(("ic:緯度", "geo:lat", "schema:latitude"), latitude),
        **dict.fromkeys(("ic:経度", "geo:long", "schema:longitude"), longitude),
        **dict.fromkeys(("ic:電話番号", "schema:telephone"), phone),
        **dict.fromkeys(("ic:Eメールアドレス", "schema:email"), emails),
    }
)
"""Property -> the converter of its values, whatever their datatype: no coordinate is none as a string either."""


_PLAIN: Mapping[Converter, re.Pattern[str]] = MappingProxyType(
    {
        **dict.fromkeys((decimal, latitude, longitude), _DECIMAL),
        integer: _INTEGER,
        count: _COUNT,
        phone: _PHONE,
        emails: _EMAIL,
        links: _PLAIN_ADDRESS,
    }
)
"""Converters -> the texts that they leave as they stand, or make nothing of."""
_RANGES: Mapping[Converter, tuple[int, int]] = MappingProxyType({latitude: (_SOUTH, _NORTH), longitude: (_WEST, _EAST)})


@dataclass(frozen=True, kw_only=True, slots=True)
class Recipe:
    """How a property's value is made from cells: `datatype` is "" for an IRI.

    `columns` are the places of the cells that it needs, its own first; `names` are theirs in the template. `form` is
    how the value must look beyond its datatype (`form_of`).
    """

    columns: tuple[int, ...]
    names: tuple[str, ...] = ()
    datatype: str = "xsd:string"
    template: str = ""
    separator: str = ""
    form: Converter | None = None

    @property
    def plain(self) -> bool:
        """Whether the value is the cell's text as it stands."""
        return self.datatype == "xsd:string" and not (self.template or self.separator or self.form)

    @property
    def made(self) -> Recipe:
        """The recipe that makes the same text: a form is the same in every datatype."""
        return replace(self, datatype="xsd:string") if self.form else self

    def closed(self, close: Callable[[str], str]) -> Recipe:
        """The recipe for one package, from that of a tree that serves all of them."""
        template = close(self.template)
        return self if template == self.template else replace(self, template=template)

    @property
    def many(self) -> bool:
        """Whether there may be several values."""
        return bool(self.separator) or self.form is emails or not (self.datatype or self.template)

    def converter(self) -> Converter:
        """The function that makes the value, `spelling.widen`-ed. It remembers where that is dearer than making it."""
        if self.template:
            return _remembering(self)
        made = self._single()
        return partial(_several, made, self.separator.strip()) if self.separator else made

    def _single(self) -> Converter:
        """What makes one value of a cell, where there is no template."""
        return self.form or (LITERALS[self.datatype] if self.datatype else links)

    def stands(self, cells: Collection[str]) -> bool:
        """Whether each of these cells (none empty) is the value that would be made of it: soon told of all at once.

        False where that takes a closer look.
        """
        if self.template or (made := self._single()) not in _PLAIN:
            return False
        if not all(map(_PLAIN[made].fullmatch, cells)):
            return False
        if self.separator and self.separator.strip() in "".join(cells):
            return False
        if made in _RANGES:
            least, most = _RANGES[made]
            numbers = [*map(float, cells)]
            return least <= min(numbers) and max(numbers) <= most
        return made is not links or "".join(cells).count("://") == len(cells)


def form_of(predicate: str) -> Converter | None:
    """How the values of a property must look beyond their datatype, None for all but coordinates, phones and e-mail."""
    return _FORMS.get(predicate)


def template_slots(template: str) -> list[str]:
    """What a template wants filled in: ``値`` (the cell), ``5桁`` and ``13桁`` (the digits of a code that is one),
    ``住所名`` (the place of a code), ``表:hazard`` (its code in a list of vocab/schemes/), other columns; ``=1`` is a
    condition on the cell.
    """
    return [str(name) for name in _SLOT.findall(template)]


def other_columns(template: str) -> list[str]:
    """The other columns that a template needs."""
    own = (name for name in dict.fromkeys(template_slots(template)))
    return [name for name in own if name not in _OWN and not name.startswith(("=", _LIST))]


@lru_cache(_TEMPLATES)
def _remembering(recipe: Recipe) -> Converter:
    """The converter of a template, the same one for all tables of a layout: codes come back in every one."""
    fill = _filler(recipe)
    separator = recipe.separator.strip()
    if not recipe.separator:
        return lru_cache(_REMEMBERED)(fill)

    def several(*cells: str) -> tuple[str, ...]:
        parts = (part.strip() for part in cells[0].split(separator))
        return tuple(dict.fromkeys(filter(None, (fill(part, *cells[1:]) for part in parts if part))))

    return lru_cache(_REMEMBERED)(several)


def _filler(recipe: Recipe) -> Callable[..., str]:
    """The function that fills a template with cells, taken apart once."""
    first, *rest = _SLOT.split(recipe.template)
    slots = [(_filling(name, recipe.names), after) for name, after in zip(rest[::2], rest[1::2], strict=True)]
    lexical = LITERALS[recipe.datatype] if recipe.datatype else None

    def fill(*cells: str) -> str:
        pieces = [first]
        for filling, after in slots:
            filled = filling(cells)
            if filled and not lexical:
                filled = spelling.segment(filled) or None
            if filled is None:
                return ""
            pieces += (filled, after)
        text = "".join(pieces)
        return lexical(text) if lexical else spelling.widen(spelling.iri_text(text))

    return fill


def _filling(name: str, names: Sequence[str]) -> Callable[[Sequence[str]], str | None]:
    """Cells -> what stands for a slot of a template, "" for a condition that is met; None where there is nothing."""
    if name.startswith("="):
        return lambda cells: "" if name[1:] == cells[0] else None
    if name.startswith(_LIST):
        words = schemes()[name.removeprefix(_LIST)].by_word()
        return lambda cells: words.get(cells[0]) or None
    if name in _OWN:
        own = _OWN[name]
        return lambda cells: own(cells[0]) or None
    place = names.index(name)
    return lambda cells: cells[place] or None


def _several(made: Converter, separator: str, value: str) -> tuple[str, ...]:
    if separator not in value:
        only = made(value.strip())
        return only if isinstance(only, tuple) else (only,) if only else ()
    parts = (made(part.strip()) for part in value.split(separator) if part.strip())
    flat = (item for part in parts for item in ((part,) if isinstance(part, str) else part))
    return tuple(dict.fromkeys(filter(None, flat)))
