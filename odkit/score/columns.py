"""The columns of a table, counted in one pass: how often each text stands where, and the rows of the telling ones.

Memory does not grow with the rows: of a column of very many different texts one of each kind is kept.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest

from odkit.model import Row, Standard
from odkit.score.facts import Column, Layout
from odkit.score.values import kind_of, signature

BLOCK = 2000
DISTINCT = 5000
"""Different texts of a column from which on of the ordinary ones only one of each kind is kept."""
TELLING = 5000
"""Different texts of a column that rules may point at, from which on those alike in everything count as one."""


def columns_of(rows: Sequence[Row], layout: Layout, standard: Standard | None = None) -> tuple[Column, ...]:
    """The columns of a table; empty cells are left out. Texts that `standard` does not expect are telling too."""
    headings = (*layout.headings, *[""] * (layout.width - len(layout.headings)))
    made = [_Counting(place, heading, standard) for place, heading in enumerate(headings, 1)]
    for numbers, block in _blocks(rows, layout.data):
        for counting, cells in zip(made, zip_longest(*block, fillvalue=""), strict=False):
            counting.take(numbers, cells)
    return tuple(counting.column() for counting in made)


def _blocks(rows: Sequence[Row], numbers: Sequence[int]) -> Iterator[tuple[Sequence[int], list[Row]]]:
    for start in range(0, len(numbers), BLOCK):
        part = numbers[start : start + BLOCK]
        yield part, [rows[number - 1] for number in part]


class _Counting:
    """One column while its cells go by."""

    def __init__(self, place: int, heading: str, standard: Standard | None) -> None:
        self.place = place
        self.heading = heading
        self.standard = standard
        self.counts: Counter[str] = Counter()
        self.telling: dict[str, int] = {}
        self.rows = array("I")
        self.marks = array("I")
        self._alike: dict[object, int] = {}
        self._kinds: dict[tuple[bool, bool], str] = {}
        self._names: list[str] = []

    def take(self, numbers: Sequence[int], cells: Sequence[str]) -> None:
        """The cells of some rows."""
        found = Counter(cells)
        counts = self.counts
        known = [text for text in found if text in counts]
        for text in known:
            counts[text] += found[text]
        marks = {text: self.telling[text] for text in known if text in self.telling}
        marks |= self._first_seen({text: found[text] for text in found if text not in counts})
        if marks:
            places = [(number, marks[text]) for number, text in zip(numbers, cells, strict=False) if text in marks]
            self.rows.extend(number for number, _ in places)
            self.marks.extend(mark for _, mark in places)

    def _first_seen(self, found: Mapping[str, int]) -> dict[str, int]:
        """Count texts that are not kept so far; those that a rule may point at come back with their marks."""
        marks: dict[str, int] = {}
        wrong = self.standard.expected if self.standard else None
        for text, count in found.items():
            if not text or text.isspace():
                continue
            kind = None if text == self.heading or (wrong and wrong(self.place, text)) else kind_of(text)
            if kind is None:
                marks[text] = self._keep(text, count)
            elif len(self.counts) < DISTINCT:
                self.counts[text] = count
                self._kinds.setdefault(kind, text)
            else:
                self.counts[self._kinds.setdefault(kind, text)] += count
        return marks

    def _is_wrong(self, text: str) -> bool:
        return self.standard is not None and bool(self.standard.expected(self.place, text))

    def _keep(self, text: str, count: int) -> int:
        """The mark of a telling text: its own, or beyond `TELLING` that of the first text it is alike in everything."""
        mark = len(self._names)
        if mark >= TELLING:
            mark = self._alike.setdefault((signature(text), text == self.heading, self._is_wrong(text)), mark)
        if mark == len(self._names):
            self.telling[text] = mark
            self._names.append(text)
        self.counts[self._names[mark]] += count
        return mark

    def column(self) -> Column:
        """What was counted."""
        return Column(
            place=self.place,
            heading=self.heading,
            counts=self.counts,
            telling=self.telling,
            rows=self.rows,
            marks=self.marks,
        )
