"""Rows that add up the others: they stay rows, but a person should know of them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import islice, takewhile

from odkit.model import Issue, Row, Severity, Where
from odkit.read.report import issue

_TOTAL = re.compile(r"[(\[【]?(?:総?合?計|小計|累計|総数|全体)(?:\(.*\))?[)\]】]?")
_MOST = 5
"""Rows of totals at the end of a table: by ward, by sex, of all."""


def totals(rows: Sequence[Row], numbers: Sequence[int], place: Where) -> Iterator[Issue]:
    """A warning for each of the last rows whose first filled cell reads 合計, 計, 総計 …; `numbers` are the rows'."""
    ending = takewhile(lambda item: _is_total(item[0]), zip(reversed(rows), reversed(numbers), strict=True))
    last = list(islice(ending, max(0, min(_MOST, len(rows) - 1))))
    for cells, number in reversed(last):
        where = Where(file=place.file, sheet=place.sheet, row=number)
        yield issue("totals-row", Severity.WARNING, where, _first(cells), row=number)


def _first(cells: Row) -> str:
    return next((cell for cell in cells if cell.strip()), "")


def _is_total(cells: Row) -> bool:
    text = "".join(unicodedata.normalize("NFKC", _first(cells)).split())
    return bool(_TOTAL.fullmatch(text)) and sum(bool(cell.strip()) for cell in cells) > 1
