"""The contrast between a heading and its data: which columns hold numbers or dates below a row."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import islice, zip_longest

from odkit.read.grid import Grid
from odkit.read.shapes import DATE, NOTHING, NUMBER, TEXT, shape

_END = "\x1e"
_SIGN = re.compile(r"[\d元]")
"""No number or date is without one of these."""
_NUMBERS = re.compile(f"(?:-?[0-9]+(?:\\.[0-9]+)?{_END})++")
_DATES = re.compile(f"(?:[0-9]{{4}}[-/][0-9]{{1,2}}[-/][0-9]{{1,2}}{_END})++")
"""Whole columns of the plainest numbers and dates."""
_WORD = re.compile(
    "[ぁ-とに-ゖァ-ヺA-GI-LN-QU-Za-wyz]|(?![明大昭平令不未該])[一-龯]"
    "|[0-9]++(?!年)[一-龯]|[0-9]++-[0-9]++(?![^ ])|(?:[0-9]{1,3}|[0-9]{5,})-[0-9]"
)
"""Begins what is plainly text: no number or date and no placeholder begins so."""
_FIRST = 4
"""Cells that tell whether a column may be of words."""
_TYPED = 0.8
"""Share of a column's cells of one shape that makes it a column of numbers, or of dates."""


def typed_columns(grid: Grid, rows: Iterable[int]) -> dict[int, str]:
    """Columns of numbers or dates in `rows`, and which of the two."""
    columns = zip_longest(*map(grid.rows.__getitem__, rows), fillvalue="")
    kinds = ((column, _kind(cells)) for column, cells in enumerate(columns))
    return {column: kind for column, kind in kinds if kind != TEXT}


def _kind(column: Sequence[str]) -> str:
    """`NUMBER` or `DATE` where nearly all of a column's cells are, else `TEXT`."""
    if _are_words(column):
        return TEXT
    distinct = {*column} - {""}
    joined = _END.join((*distinct, ""))
    if joined.count(_END) == len(distinct):
        if not _SIGN.search(joined) and not _SIGN.search(unicodedata.normalize("NFKC", joined)):
            return TEXT
        for kind, plain in ((NUMBER, _NUMBERS), (DATE, _DATES)):
            if plain.fullmatch(joined):
                return kind
    return _most_common(Counter(column))


def _are_words(column: Sequence[str]) -> bool:
    """Whether it is plain at a glance that more than a quarter of a column's cells are text, or that it has none."""
    filled = len(column) - column.count("")
    if not filled:
        return True
    if not any(map(_WORD.match, column[:_FIRST])):
        return False
    return next(islice(filter(_WORD.match, column), filled // 4, None), None) is not None


def _most_common(cells: Counter[str]) -> str:
    """The same of cells that differ: so many of each."""
    del cells[""]
    shapes: Counter[str] = Counter()
    # A column has no kind once a quarter of its cells are text; most columns are words.
    most = cells.total() / 4
    for cell, count in cells.items():
        shapes[shape(cell)] += count
        if shapes[TEXT] > most:
            return TEXT
    del shapes[NOTHING]
    common, count = max(shapes.items(), key=lambda item: (item[1], item[0]), default=(TEXT, 0))
    return common if count >= _TYPED * shapes.total() else TEXT


def all_text(grid: Grid, row: int) -> bool:
    """Whether no filled cell of `row` is a number, a date or a mark such as ``-``."""
    return {TEXT}.issuperset(map(shape, grid.texts(row)))
