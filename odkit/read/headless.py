"""Tables without a heading: the first row of data must not pass for one, and a person can say that there is none."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain

from odkit.errors import SourceError
from odkit.model import Row, Where, column_letters
from odkit.read.grid import Grid

NO_HEADING = (0,)
"""What `header_rows` says of a table without a heading."""

_SAMPLE = 200
_AGAIN = 0.75
"""Share of a heading's words in their own columns that makes a row the heading again, as on every page."""
_RECURRING = 2
"""Columns whose heading stands among their own values, and rows where it does: one may be chance, such as その他."""
_DATA = re.compile(
    r"\(?0\d{1,4}\)?[-(]?\d{1,4}[-)]\d{3,4}|〒?\d{3}-\d{4}|https?://\S+|[^@\s]+@[^@\s]+\.[a-z]+"
    r"|(?:東京都|北海道|(?:京都|大阪)府|\w{2,3}県)\w{1,8}[市区町村]\S*\d+(?:-\d+|番地?|号)\S*"
)
"""Telephone numbers, postal codes, addresses: nothing that a column is called."""


def column_names(columns: range) -> Row:
    """列A, 列B …: what the columns (from 0) are called where the table has no heading."""
    return tuple(f"列{column_letters(column + 1)}" for column in columns)


def refuse_data(grid: Grid, header: Sequence[int], body: range, place: Where) -> None:
    """Raise `SourceError` ``read.heading-is-data`` where the heading that was found reads like a row of data."""
    for row in header:
        values = next(filter(None, (_plainly(grid, row), _recurring(grid, row, body))), ())
        if values:
            shown = " | ".join(values)[:80]
            raise SourceError("read.heading-is-data", place=place, row=row + 1, text=shown)


def has_data(grid: Grid, row: int) -> bool:
    """Whether a row has a cell that can be nothing but data."""
    return any(map(_is_data, grid.texts(row)))


def _plainly(grid: Grid, row: int) -> Row:
    """The cells that can be nothing but data."""
    return tuple(filter(_is_data, grid.texts(row)))


@lru_cache(1 << 10)  # tables of one layout have the same headings
def _is_data(cell: str) -> bool:
    return _DATA.fullmatch(unicodedata.normalize("NFKC", cell).strip()) is not None


def _recurring(grid: Grid, row: int, body: range) -> Row:
    """The cells that stand in their own columns again, if several do; rows that are the heading again do not count."""
    columns = grid.filled(row)
    words = dict(zip(columns, grid.texts(row), strict=True))
    if frozenset(words.values()).isdisjoint(chain.from_iterable(grid.rows[body.start : body[:_SAMPLE].stop])):
        return ()
    rows = [again for again in _again(grid, words, body[:_SAMPLE]) if 0 < len(again) < _AGAIN * len(columns)]
    found = sorted({column for again in rows for column in again})
    return tuple(words[column] for column in found) if min(len(found), len(rows)) >= _RECURRING else ()


def _again(grid: Grid, words: dict[int, str], rows: range) -> Iterator[list[int]]:
    for row in rows:
        cells = dict(enumerate(grid.rows[row] if row < len(grid) else ()))
        yield [column for column, word in words.items() if cells.get(column, "") == word]
