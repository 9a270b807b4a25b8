"""Cells that stand for the cell above them, or on their left: merged groups and ditto marks."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection

from odkit.clean.draft import Column, Doubt, Draft

RANGE = re.compile(r"\$?([A-Z]+)\$?([0-9]+):\$?([A-Z]+)\$?([0-9]+)")
LEFT = "同左"
DITTO = frozenset({"〃", "″", "”", "同上", LEFT})
FIRST = frozenset(mark[0] for mark in DITTO)
SPACES = re.compile(r"\s")


class Merged:
    """Writes the value of a merged range into the blank cells below it, in the range's first column."""

    def __init__(self, draft: Draft) -> None:
        columns = {column.source: column for column in draft.all_columns if column.source is not None}
        numbers = draft.source.row_numbers
        self._spans: list[tuple[Column, int, int]] = []
        self._tops: dict[int, str] = {}
        for text in draft.source.merged:
            found = RANGE.fullmatch(text)
            column = columns.get(column_number(found[1]) - draft.source.first_column) if found else None
            if found and column:
                first, last = bisect_left(numbers, int(found[2])), bisect_right(numbers, int(found[4]))
                if first < last and numbers[first] == int(found[2]):
                    self._spans.append((column, first, last))

    def take(self, draft: Draft) -> None:
        """Fill the cells of the present chunk; `first` and `last` of a span are rows of the whole table."""
        for number, (column, first, last) in enumerate(self._spans):
            if draft.first <= first < draft.first + draft.height:
                self._tops[number] = column.values[first - draft.first]
            for row in range(max(first + 1, draft.first), min(last, draft.first + draft.height)):
                if not column.values[row - draft.first].strip():
                    column.put(row - draft.first, self._tops[number], "merged-cell")


class Ditto:
    """Writes out 〃, 同上 and 同左; a mark that points at nothing stays and is reported."""

    def __init__(self, draft: Draft) -> None:
        # As in the source, from left to right: a cell on the left is written out before it is taken.
        self._columns = sorted(draft.all_columns, key=lambda column: -1 if column.source is None else column.source)
        beside = {column.source: column for column in self._columns if column.source is not None}
        self._left = [beside.get(column.source - 1) if column.source else None for column in self._columns]
        self._above = [""] * len(self._columns)

    def take(self, _draft: Draft) -> None:
        """Write out the marks of the present chunk."""
        for place, (column, left) in enumerate(zip(self._columns, self._left, strict=True)):
            marks = _marks(column.notable)
            for index, mark in list(column.rows_with(marks)):
                if SPACES.sub("", mark) == LEFT:
                    meant = left.values[index] if left else ""
                else:
                    meant = column.values[index - 1] if index else self._above[place]
                if meant.strip() and not _is_mark(meant):
                    column.put(index, meant, "ditto")
                else:
                    column.doubts.append(Doubt(index, "clean.ditto", mark))
            self._above[place] = column.values[-1]


def column_number(letters: str) -> int:
    """The number of a column from its letters: A -> 1, AA -> 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _marks(values: Collection[str]) -> set[str]:
    """Those of some values that stand for the cell above: none where no value has the characters of one."""
    text = "".join(values)
    if not (text and any(map(text.__contains__, FIRST))):
        return set()
    return {value for value in values if value.lstrip()[:1] in FIRST and _is_mark(value)}


def _is_mark(value: str) -> bool:
    return SPACES.sub("", value) in DITTO
