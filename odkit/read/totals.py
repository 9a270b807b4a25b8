"""Rows that add up the others: they stay rows, but a person should know of them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import islice, takewhile

from odkit.model import Issue, Row, Severity, Where
from odkit.read.report import issue

_TOTAL = re.compile(r"[(\[【]?(?:総?合?計|小計|累計|総数|全体)(?:\(.*\))?[)\]】]?")
_SUBTOTAL = frozenset({"小計", "合計", "総計"})
"""Words that name nothing else; 計 may be a name."""
_MOST = 5
"""Rows of totals at the end of a table: by ward, by sex, of all."""


def totals(rows: Sequence[Row], numbers: Sequence[int], place: Where) -> Iterator[Issue]:
    """A warning for each of the last rows whose first filled cell reads 合計, 計, 総計 …; `numbers` are the rows'.

    Above them 小計 counts below a group's name alone: with the first cell left blank. Large texts come from programs.
    """
    ending = takewhile(lambda item: _is_total(item[1]), zip(reversed(numbers), reversed(rows), strict=True))
    found = dict(islice(ending, max(0, min(_MOST, len(rows) - 1))))
    if isinstance(rows, tuple):
        found |= {number: cells for number, cells in _blank_starts(numbers, rows) if _is_subtotal(cells)}
    for number, cells in sorted(found.items()):
        where = Where(file=place.file, sheet=place.sheet, row=number)
        yield issue("totals-row", Severity.WARNING, where, _first(cells), row=number)


def _blank_starts(numbers: Sequence[int], rows: Sequence[Row]) -> list[tuple[int, Row]]:
    """The rows whose first cell is blank, with their numbers."""
    return [(number, cells) for number, cells in zip(numbers, rows, strict=True) if not cells[0] or cells[0].isspace()]


def _first(cells: Row) -> str:
    return next((cell for cell in cells if cell.strip()), "")


def _is_total(cells: Row) -> bool:
    return bool(_TOTAL.fullmatch(_word(cells))) and sum(bool(cell.strip()) for cell in cells) > 1


def _is_subtotal(cells: Row) -> bool:
    return _word(cells) in _SUBTOTAL and _is_total(cells)


def _word(cells: Row) -> str:
    return "".join(unicodedata.normalize("NFKC", _first(cells)).split())
