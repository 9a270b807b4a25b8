"""What the type and the style of a cell in an .xlsx make of its raw value; the same for every way of reading."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from odkit.read.cells import as_text, is_rounded, plain_number
from odkit.read.formats import dated, is_date
from odkit.read.xlsx_parts import TRUE
from odkit.read.xlsx_text import decoded

_REMEMBERED = 1 << 16
_EXACT = 15


@dataclass(frozen=True, slots=True)
class Kind:
    """Cells of one type and style. `spell` turns a raw value (never empty, without entities) into text.

    `is_text`: whether a formula's stored result is text, which may be empty. `finding`: what may be to be said.
    """

    spell: Callable[[str], str]
    is_text: bool = False
    finding: str = ""


class Spelling:
    """The kinds of cells of one workbook: `strings` it shares, the number format of each style, its calendar."""

    def __init__(self, strings: Sequence[str], formats: Sequence[str], *, starts_1904: bool) -> None:
        self.strings = strings
        self._formats = formats
        self._starts_1904 = starts_1904
        self._kinds: dict[tuple[str, str], Kind] = {}

    def kind(self, type_name: str, style: str) -> Kind:
        """The kind for a cell's attributes ``t`` and ``s``. Raises ValueError for a type that there is not."""
        found = self._kinds.get((type_name, style))
        if found is None:
            found = self._kinds[type_name, style] = self._made(type_name, int(style))
        return found

    def _made(self, type_name: str, style: int) -> Kind:
        match type_name:
            case "n":
                return self._number(self._formats[style] if 0 <= style < len(self._formats) else "General")
            case "s":
                return Kind(self._shared)
            case "str" | "inlineStr":
                return Kind(decoded, is_text=True)
            case "b":
                return Kind(_truth)
            case "e":
                return Kind(str, finding="error-value")
            case "d":
                return Kind(_iso_date)
        raise ValueError(f"cell type {type_name}")

    def _shared(self, raw: str) -> str:
        number = int(raw)
        if number < 0:
            raise ValueError(f"shared string {number}")
        return self.strings[number]

    def _number(self, number_format: str) -> Kind:
        if number_format == "General":
            return Kind(_general)
        if is_date(number_format):
            starts_1904 = self._starts_1904

            @lru_cache(_REMEMBERED)
            def moment(raw: str) -> str:
                return as_text(dated(number(raw), number_format, starts_1904=starts_1904))

            return Kind(moment)

        @lru_cache(_REMEMBERED)
        def formatted(raw: str) -> str:
            return as_text(number(raw), number_format)

        return Kind(formatted, finding="rounded" if "%" in number_format else "")


def number(raw: str) -> float:
    """A number as the file spells it; whole ones stay exact however long they are."""
    return float(raw) if "." in raw or "e" in raw or "E" in raw else int(raw)


def is_noted(finding: str, raw: str, text: str) -> bool:
    """Whether a cell of a kind with that `finding` gives cause for it."""
    return finding == "error-value" or is_rounded(number(raw), text)


def _general(raw: str) -> str:
    if raw.isdecimal() and raw.isascii() and len(raw) <= _EXACT and raw[0] != "0":
        return raw
    if len(raw) <= _EXACT and "e" not in raw and repr(float(raw)) == raw and not raw.endswith(".0"):
        return raw
    return plain_number(number(raw))


def _truth(raw: str) -> str:
    return as_text(raw.strip() in TRUE)


def _iso_date(raw: str) -> str:
    for parse in (dt.datetime.fromisoformat, dt.time.fromisoformat):
        try:
            return as_text(parse(raw))
        except ValueError:
            continue
    return raw
