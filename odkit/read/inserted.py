"""Rows that stand among the records and are none: the heading again, titles of groups, notes. They stay rows."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from functools import lru_cache

from odkit.model import Issue, Row, Severity, Where
from odkit.read.headings import JOINER
from odkit.read.report import issue
from odkit.read.shapes import is_note

_MARK = "\ufeff"
"""Begins a file; inside one it tells where another one was put behind it."""
_TITLE = re.compile(r"\s*[【■□●◆◇▼▽《〈<＜〔]")


def inserted_rows(headings: Row, rows: Sequence[Row], numbers: Sequence[int], place: Where) -> Iterator[Issue]:
    """A warning for each row that is the heading again or the title of a group; `numbers` are the rows'.

    Large texts, which are read anew, come from programs.
    """
    named = [column for column, heading in enumerate(headings) if heading.strip()]
    if len(named) < 2 or not isinstance(rows, tuple):
        return
    words = _words(headings)
    first, second = named[:2]
    for cells, number in zip(rows, numbers, strict=True):
        # Most rows are told by two cells.
        if cells[first] in words[first] or cells[second] in words[second]:
            if _is_heading(cells, words):
                where = Where(file=place.file, sheet=place.sheet, row=number)
                yield issue("repeated-heading", Severity.WARNING, where, cells[first] or cells[second], row=number)
        elif not any(cells[first + 1 :]) and _TITLE.match(cells[first]):
            where = Where(file=place.file, sheet=place.sheet, row=number)
            yield issue("group-title", Severity.WARNING, where, cells[first], row=number)


def laid_out_rows(
    headings: Row, rows: Sequence[Row], numbers: Sequence[int], place: Where, wide: Container[int]
) -> Iterator[Issue]:
    """The same of rows that people laid out: notes alone, and titles that are merged sideways (the rows `wide`)."""
    if sum(bool(heading.strip()) for heading in headings) < 2 or not isinstance(rows, tuple):
        return
    for cells, number in zip(rows, numbers, strict=True):
        if cells[1] or any(cells[2:]) or _TITLE.match(cells[0]):
            continue
        where = Where(file=place.file, sheet=place.sheet, row=number)
        if is_note(cells[0]):
            yield issue("note-row", Severity.WARNING, where, cells[0], row=number)
        elif number in wide:
            yield issue("group-title", Severity.WARNING, where, cells[0], row=number)


@lru_cache(64)  # tables of one layout have the same headings
def _words(headings: Row) -> Sequence[frozenset[str]]:
    """What names each column: its heading, and the parts of it."""
    return [frozenset({heading.strip(), *heading.split(JOINER)} - {""}) for heading in headings]


def _is_heading(cells: Row, words: Sequence[frozenset[str]]) -> bool:
    """Whether two cells and half of all filled ones are the words of their columns' headings."""
    filled = [(cell.strip().strip(_MARK), own) for cell, own in zip(cells, words, strict=True) if cell.strip()]
    alike = sum(cell in own for cell, own in filled)
    return alike > 1 and alike * 2 >= len(filled)
