"""Rows that add up the others: they stay rows, but a person should know of them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import takewhile

from odkit.model import Issue, Row, Severity, Where
from odkit.read.report import issue

_TOTAL = re.compile(r"[(\[【]?(?:総?合?計|小計|累計|総数|全体)(?:\(.*\))?[)\]】]?")
_SUBTOTAL = frozenset({"小計", "合計", "総計"})
"""Words that name nothing else; 計 may be a name."""
_OF_GROUP = re.compile(r"(.+?)(?:の|小|合)?計")
_MOST = 5
"""Rows of totals at one end of a table: by ward, by sex, of all."""


def totals(rows: Sequence[Row], numbers: Sequence[int], place: Where) -> Iterator[Issue]:
    """A warning for each first or last row whose first filled cell reads 合計, 計, 総数 …; `numbers` are the rows'.

    Between them 小計 and 合計 count, and 中央計 below 中央; not in large texts, which come from programs.
    """
    most = max(0, min(_MOST, len(rows) - 1))
    found: dict[int, Row] = {}
    for end in (range(most), range(-1, -1 - most, -1)):
        found |= {numbers[at]: rows[at] for at in takewhile(lambda at: _is_total(rows[at]), end)}
    if isinstance(rows, tuple):
        found |= {numbers[at]: rows[at] for at in _inside(rows)}
    for number, cells in sorted(found.items()):
        where = Where(file=place.file, sheet=place.sheet, row=number)
        yield issue("totals-row", Severity.WARNING, where, _first(cells), row=number)


def _inside(rows: tuple[Row, ...]) -> Iterator[int]:
    """The places of the rows that add up some rows above them."""
    group = ""
    for at, cells in enumerate(rows):
        first = cells[0]
        if not first or first.isspace():
            if _is_subtotal(cells):
                yield at
        elif "計" in first and (_is_subtotal(cells) or _is_of_group(cells, group)):
            yield at
        else:
            group = first


def _first(cells: Row) -> str:
    return next((cell for cell in cells if cell.strip()), "")


def is_total(cell: str) -> bool:
    """Whether a cell reads 合計, 計, 総数 …"""
    return bool(_TOTAL.fullmatch(_plain(cell)))


def _is_total(cells: Row) -> bool:
    return is_total(_first(cells)) and _has_values(cells)


def _is_subtotal(cells: Row) -> bool:
    return _plain(_first(cells)) in _SUBTOTAL and _has_values(cells)


def _is_of_group(cells: Row, group: str) -> bool:
    """Whether the first cell is the name of the group above with 計 behind it."""
    found = _OF_GROUP.fullmatch(_plain(cells[0]))
    return found is not None and found[1] == _plain(group) and _has_values(cells)


def _has_values(cells: Row) -> bool:
    return sum(bool(cell.strip()) for cell in cells) > 1


def _plain(cell: str) -> str:
    return "".join(unicodedata.normalize("NFKC", cell).split())
