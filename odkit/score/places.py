"""Addresses of evidence back to rows and columns: ``C5:C9``, ``5:5``, ``B:B``; in a text file ``R3C2:R5C2``, ``R3``."""

from __future__ import annotations

import re

from odkit.score.facts import Span

CELL = re.compile(r"([A-Z]{1,3})?([0-9]{1,7})?")
TEXT_CELL = re.compile(r"(?:R([0-9]{1,9}))?(?:C([0-9]{1,6}))?")
END = 1 << 31
"""The last row or column of a range that has none."""


def column_number(letters: str) -> int:
    """``A`` -> 1, ``AA`` -> 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def area_of(place: str, *, letters: bool) -> Span | None:
    """The rectangle that an address names; None where it is no address of a cell (``features[3]``, a sheet's name)."""
    corners = [_corner(part, letters=letters) for part in place.split(":")]
    if not place or len(corners) > 2 or None in corners:
        return None
    found = [corner for corner in corners if corner is not None]
    rows = [row for row, _ in found if row]
    columns = [column for _, column in found if column]
    return Span(
        top=min(rows, default=1),
        left=min(columns, default=1),
        bottom=max(rows, default=END),
        right=max(columns, default=END),
    )


def _corner(text: str, *, letters: bool) -> tuple[int, int] | None:
    found = (CELL if letters else TEXT_CELL).fullmatch(text)
    if not found or not text:
        return None
    row, column = (found[2], found[1]) if letters else (found[1], found[2])
    number = column_number(column) if letters and column else int(column or 0)
    return int(row or 0), number
