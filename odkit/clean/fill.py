"""Cells that stand for the cell above them: merged groups and ditto marks."""

from __future__ import annotations

import re

from odkit.clean.draft import Column, Draft

RANGE = re.compile(r"\$?([A-Z]+)\$?([0-9]+):\$?([A-Z]+)\$?([0-9]+)")
DITTO = frozenset({"〃", "″", "同上"})
SPACES = re.compile(r"\s")


def fill_merged(draft: Draft) -> None:
    """Write the value of a merged range into the blank cells below it, in the range's first column."""
    source = draft.source
    places = {column.source: column for column in draft.columns if column.source is not None}
    index_of = {row: index for index, row in enumerate(source.row_numbers)}
    for text in source.merged:
        found = RANGE.fullmatch(text)
        column = places.get(column_number(found[1]) - source.first_column) if found else None
        if found and column and int(found[2]) in index_of:
            rows = range(int(found[2]), int(found[4]) + 1)
            _fill_down(column, [index_of[row] for row in rows if row in index_of])


def fill_ditto(draft: Draft) -> None:
    """Write out 〃 and 同上; a mark with nothing above it stays and is reported."""
    for column in draft.columns:
        marks = {value for value in set(column.values) if SPACES.sub("", value) in DITTO}
        if marks:
            _fill_marks(column, marks)


def column_number(letters: str) -> int:
    """The number of a column from its letters: A -> 1, AA -> 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _fill_down(column: Column, indexes: list[int]) -> None:
    value = column.values[indexes[0]]
    for index in indexes[1:]:
        if not column.values[index].strip():
            column.put(index, value, "merged-cell")


def _fill_marks(column: Column, marks: set[str]) -> None:
    for index, value in enumerate(column.values):
        if value not in marks:
            continue
        above = column.values[index - 1] if index else ""
        if above.strip() and above not in marks:
            column.put(index, above, "ditto")
        else:
            column.doubt(index, "clean.ditto")
