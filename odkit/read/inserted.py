"""Rows that stand among the records and are none: the heading again, titles of groups. They stay rows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from odkit.model import Issue, Row, Severity, Where
from odkit.read.headings import JOINER
from odkit.read.report import issue

_MARK = "\ufeff"
"""Begins a file; inside one it tells where another one was put behind it."""
_TITLE = re.compile(r"\s*[【■□●◆◇▼▽《〈<＜〔]")


def inserted_rows(headings: Row, rows: Sequence[Row], numbers: Sequence[int], place: Where) -> Iterator[Issue]:
    """A warning for each such row; `numbers` are the rows'. Large texts, which are read anew, come from programs."""
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


@lru_cache(64)  # tables of one layout have the same headings
def _words(headings: Row) -> Sequence[frozenset[str]]:
    """What names each column: its heading, and the parts of it."""
    return [frozenset({heading.strip(), *heading.split(JOINER)} - {""}) for heading in headings]


def _is_heading(cells: Row, words: Sequence[frozenset[str]]) -> bool:
    """Whether two cells and half of all filled ones are the words of their columns' headings."""
    filled = [(cell.strip().strip(_MARK), own) for cell, own in zip(cells, words, strict=True) if cell.strip()]
    alike = sum(cell in own for cell, own in filled)
    return alike > 1 and alike * 2 >= len(filled)
