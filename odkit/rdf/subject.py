"""The address of a row: from its ID, else from its content, never from its place in the table."""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256

from odkit.model import Row
from odkit.rdf import spelling

Namer = Callable[[Row], str]
"""Row -> the end of its address; "" where a column that it needs is empty."""

GIVEN = "{=}"
"""As the only template: the ends of the addresses were made before, and stand in the last column."""

_SLOT = re.compile(r"\{([^{}]+)\}")
_SURELY_SEGMENT = re.compile(r"[A-Za-z0-9_-]*")
_DIGITS = 12
_FIRST, _SMALLEST = 500, 1 << 10


def template_columns(template: str) -> list[str]:
    """The columns that a template needs: ``{ID}`` -> ID, ``{#名称+住所}`` -> 名称 and 住所."""
    slots: list[str] = _SLOT.findall(template)
    return [name for slot in slots for name in (slot[1:].split("+") if slot.startswith("#") else [slot])]


def subject_namer(templates: Sequence[str], columns: Sequence[str], base: str = "") -> Namer:
    """The function row -> IRI that begins with `base`.

    The first template whose columns are filled counts (of a ``{#…}`` any), after the last one the whole row's hash.
    An address that is taken gets ``-2``, ``-3`` …, so two rows are never one thing. Raises `ValueError` for an unknown
    column.
    """
    if templates == (GIVEN,):
        return lambda row: base + row[-1]
    first, *others = [
        *(_template(template, columns) for template in templates),
        _hasher(range(len(columns)), whole=True),
    ]
    taken = Taken()
    again: dict[str, int] = {}

    def name(row: Row) -> str:
        key = first(row) or next(filter(None, (make(row) for make in others)))
        if taken.add(key):
            return base + key
        number = again.get(key, 1) + 1
        while not taken.add(f"{key}-{number}"):
            number += 1
        again[key] = number
        return f"{base}{key}-{number}"

    return name


def count_renamed(templates: Sequence[str], columns: Sequence[str], rows: Iterable[Row]) -> int:
    """How many rows have another address than the first template makes: without an ID, or with an earlier row's."""
    given, plain = subject_namer(templates, columns), _template(templates[0], columns)
    return sum(given(row) != plain(row) for row in rows)


class Taken:
    """Which texts were here before, by their 64-bit hashes: 12 to 24 bytes each, where a set of texts takes 150.

    The first ones, which are all that a small table has, are in a set: that is quicker.
    """

    def __init__(self) -> None:
        self.first: set[int] = set()
        self.slots = array("q", bytes(8 * _SMALLEST))
        self.mask = _SMALLEST - 1
        self.used = 0

    def add(self, text: str) -> bool:
        """Whether the text is new; from now on it is not."""
        value = hash(text) or 1
        if value in self.first:
            return False
        if len(self.first) < _FIRST:
            self.first.add(value)
            return True
        slots, mask = self.slots, self.mask
        place = value & mask
        while slots[place]:
            if slots[place] == value:
                return False
            place = (place + 1) & mask
        slots[place] = value
        self.used += 1
        if self.used * 3 > mask * 2:
            self._grow()
        return True

    def _grow(self) -> None:
        old, self.mask = self.slots, self.mask * 2 + 1
        self.slots = array("q", bytes(8 * (self.mask + 1)))
        for value in filter(None, old):
            place = value & self.mask
            while self.slots[place]:
                place = (place + 1) & self.mask
            self.slots[place] = value


def _template(template: str, columns: Sequence[str]) -> Namer:
    pieces = _SLOT.split(template)
    makers = [_slot(piece, columns) if place % 2 else piece for place, piece in enumerate(pieces)]
    if [piece for piece in makers if piece != ""] == makers[1:2] and not isinstance(makers[1], str):
        return makers[1]

    def name(row: Row) -> str:
        parts = [piece if isinstance(piece, str) else piece(row) for piece in makers]
        return "".join(parts) if all(parts[1::2]) else ""

    return name


def _slot(text: str, columns: Sequence[str]) -> Namer:
    if text.startswith("#"):
        return _hasher([columns.index(column) for column in text[1:].split("+")])
    place = columns.index(text)

    def name(row: Row) -> str:
        cell = row[place]
        return cell if _SURELY_SEGMENT.fullmatch(cell) else spelling.segment(cell)

    return name


def _hasher(places: Sequence[int], *, whole: bool = False) -> Namer:
    def name(row: Row) -> str:
        cells = "\x1f".join([row[place] for place in places])
        if not whole and len(cells) < len(places):  # nothing but what stands between the cells
            return ""
        return sha256(cells.encode("utf-8", "replace")).hexdigest()[:_DIGITS]

    return name
