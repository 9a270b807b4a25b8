"""The address of a row: from its ID, else from its content, never from its place in the table."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from hashlib import sha256

from odkit.model import Row
from odkit.rdf import turtle

Namer = Callable[[Row], str]
"""Row -> the end of its address; "" where a column that it needs is empty."""

_SLOT = re.compile(r"\{([^{}]+)\}")
_DIGITS = 12


def template_columns(template: str) -> list[str]:
    """The columns that a template needs: ``{ID}`` -> ID, ``{#名称+住所}`` -> 名称 and 住所."""
    slots: list[str] = _SLOT.findall(template)
    return [name for slot in slots for name in (slot[1:].split("+") if slot.startswith("#") else [slot])]


def subject_namer(templates: Sequence[str], columns: Sequence[str], base: str) -> Namer:
    """The function row -> IRI that begins with `base`.

    The first template whose columns are all filled counts, after the last one the whole row's hash. An address that
    is taken gets ``-2``, ``-3`` …, so two rows are never one thing. Raises `ValueError` for an unknown column.
    """
    makers = [*(_template(template, columns) for template in templates), _hasher(range(len(columns)))]
    seen: dict[str, int] = {}

    def name(row: Row) -> str:
        key = next(filter(None, (make(row) for make in makers)))
        number = seen[key] = seen.get(key, 0) + 1
        if number > 1:
            key = _free(seen, key, number)
        return base + key

    return name


def _free(seen: dict[str, int], key: str, number: int) -> str:
    while f"{key}-{number}" in seen:
        number += 1
    seen[key] = number
    seen[f"{key}-{number}"] = 1
    return f"{key}-{number}"


def _template(template: str, columns: Sequence[str]) -> Namer:
    pieces = _SLOT.split(template)
    makers = [_slot(piece, columns) if place % 2 else piece for place, piece in enumerate(pieces)]

    def name(row: Row) -> str:
        parts = [piece if isinstance(piece, str) else piece(row) for piece in makers]
        return "".join(parts) if all(parts[1::2]) else ""

    return name


def _slot(text: str, columns: Sequence[str]) -> Namer:
    if text.startswith("#"):
        return _hasher([columns.index(column) for column in text[1:].split("+")])
    place = columns.index(text)
    return lambda row: turtle.segment(row[place])


def _hasher(places: Sequence[int]) -> Namer:
    def name(row: Row) -> str:
        cells = "\x1f".join(row[place] for place in places)
        return sha256(cells.encode("utf-8", "replace")).hexdigest()[:_DIGITS]

    return name
