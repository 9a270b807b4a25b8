"""The columns of a table, counted in one pass: how often each text stands where, and the rows of the telling ones.

Memory does not grow with the rows: of a column of very many different texts one of each kind is kept.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain, repeat, zip_longest

from odkit.model import Row, Standard
from odkit.score.facts import Column, Layout
from odkit.score.values import Kind, alike, kind_of, signature, unusual

BLOCK = 2000
DISTINCT = 5000
"""Different texts of a column from which on of the ordinary ones only one of each kind is kept."""
TELLING = 5000
"""Different texts of a column that rules may point at, from which on those alike in everything count as one."""
SHORT = 250
"""Cells of a column up to which all its texts are kept, and what they say is remembered."""
LENGTH, REMEMBERED = 8192, 128
"""Characters of a column that is remembered, and how many are: a package has most columns of its source."""
WHOLE = 1 << 16
"""Characters of a table all of whose columns are remembered, whatever each of them has."""
Numbers = range | tuple[int, ...]
Said = tuple[Mapping[str, int], tuple[str, ...], Sequence[str]]


def columns_of(
    rows: Sequence[Row], layout: Layout, standard: Standard | None = None, length: int | None = None
) -> tuple[Column, ...]:
    """The columns of a table; empty cells are left out. Texts that `standard` does not expect are telling too.

    `length` is how many characters there may be at most, where that is known.
    """
    headings = (*layout.headings, *[""] * (layout.width - len(layout.headings)))
    if len(layout.data) <= SHORT:
        data = _numbers(layout.data)
        columns = chain(zip_longest(*[rows[number - 1] for number in data], fillvalue=""), repeat(()))
        named = zip(range(1, len(headings) + 1), headings, columns, strict=False)
        if length is not None and length <= WHOLE:
            return tuple([_known_column(*column, data, standard) for column in named])
        return tuple([_short(*column, data, standard) for column in named])
    made = [_Counting(place, heading, standard) for place, heading in enumerate(headings, 1)]
    for numbers, block in _blocks(rows, layout.data):
        for counting, cells in zip(made, zip_longest(*block, fillvalue=""), strict=False):
            counting.take(numbers, cells)
    return tuple(counting.column() for counting in made)


def _numbers(data: Sequence[int]) -> Numbers:
    """Ascending numbers so that they are quickly compared: those of one block as a range."""
    return range(data[0], data[-1] + 1) if data and data[-1] - data[0] + 1 == len(data) else tuple(data)


def _short(place: int, heading: str, cells: tuple[str, ...], numbers: Numbers, standard: Standard | None) -> Column:
    """The column of few cells, in rows `numbers`."""
    if len("".join(cells)) <= LENGTH:
        return _known_column(place, heading, cells, numbers, standard)
    return _column(place, heading, cells, numbers, standard, _texts)


def _column(
    place: int,
    heading: str,
    cells: tuple[str, ...],
    numbers: Numbers,
    standard: Standard | None,
    said: Callable[[tuple[str, ...]], Said],
) -> Column:
    counts, telling, odd = said(cells)
    wrong = standard.wrong(place, counts) if standard else None
    if wrong or heading in counts:
        pointed = {heading, *(wrong or ()), *telling}
        telling = tuple(text for text in counts if text in pointed)
    if not telling:
        return Column(place=place, heading=heading, counts=counts, telling={}, odd=odd, wrong=wrong)
    marks = {text: mark for mark, text in enumerate(telling)}
    found = [(row, marks[text]) for row, text in zip(numbers, cells, strict=False) if text in marks]
    return Column(
        place=place,
        heading=heading,
        counts=counts,
        telling=marks,
        rows=array("I", (row for row, _ in found)),
        marks=array("I", (mark for _, mark in found)),
        odd=odd,
        wrong=wrong,
    )


def _texts(cells: tuple[str, ...]) -> Said:
    """How often each text stands in some cells, those that a rule may point at in a column of any name, and the odd."""
    counts = _counted(cells)
    counts.pop("", None)
    odd = unusual(counts)
    for text in filter(str.isspace, odd):
        del counts[text]
    return counts, tuple([text for text in odd if not text.isspace() and kind_of(text) is None]), odd


def _counted(cells: Sequence[str]) -> dict[str, int]:
    """How often each text stands in some cells; most columns have texts that recur, or none."""
    counts = dict.fromkeys(cells, 1)
    return counts if len(counts) == len(cells) else Counter(cells)


_known_texts = lru_cache(REMEMBERED)(_texts)


@lru_cache(REMEMBERED)
def _known_column(
    place: int, heading: str, cells: tuple[str, ...], numbers: Numbers, standard: Standard | None
) -> Column:
    return _column(place, heading, cells, numbers, standard, _known_texts)


def _wrong(standard: Standard | None, place: int, texts: Iterable[str]) -> Collection[str]:
    """The texts that the layout does not expect in a column."""
    return standard.wrong(place, texts).keys() if standard else ()


def _blocks(rows: Sequence[Row], numbers: Sequence[int]) -> Iterator[tuple[Sequence[int], list[Row]]]:
    for start in range(0, len(numbers), BLOCK):
        part = numbers[start : start + BLOCK]
        is_whole = part[-1] - part[0] + 1 == len(part)
        yield part, [*rows[part[0] - 1 : part[-1]]] if is_whole else [rows[number - 1] for number in part]


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
        self._kinds: dict[Kind, str] = {}
        self._names: list[str] = []

    def take(self, numbers: Sequence[int], cells: Sequence[str]) -> None:
        """The cells of some rows."""
        found = _counted(cells)
        found.pop("", None)
        counts = self.counts
        known = counts.keys() & found.keys()
        for text in known:
            counts[text] += found[text]
        marks = {text: self.telling[text] for text in known & self.telling.keys()}
        if len(known) < len(found):
            fresh = {text: count for text, count in found.items() if text not in known} if known else found
            marks |= self._first_seen(fresh)
        if marks:
            places = [(number, marks[text]) for number, text in zip(numbers, cells, strict=False) if text in marks]
            self.rows.extend(number for number, _ in places)
            self.marks.extend(mark for _, mark in places)

    def _first_seen(self, found: Mapping[str, int]) -> dict[str, int]:
        """Count texts that are not kept so far; those that a rule may point at come back with their marks."""
        odd = unusual(found)
        blank = frozenset(filter(str.isspace, odd))
        texts = [text for text in found if text not in blank] if blank else [*found]
        pointed = {self.heading, *_wrong(self.standard, self.place, texts)}
        pointed.update(text for text in odd if kind_of(text) is None)
        marks: dict[str, int] = {}
        for place, text in enumerate(texts):
            if text in pointed:
                marks[text] = self._keep(text, found[text])
            elif len(self.counts) < DISTINCT:
                self.counts[text] = found[text]
            else:
                rest = texts[place:]
                marks |= {text: self._keep(text, found[text]) for text in rest if text in pointed}
                self._count([text for text in rest if text not in pointed], frozenset(odd), found)
                break
        return marks

    def _count(self, texts: Sequence[str], odd: Collection[str], found: Mapping[str, int]) -> None:
        """Count texts that no rule points at with the one of their kind that is kept."""
        if not self._kinds:
            for text in self.counts:
                if text not in self.telling:
                    self._kinds.setdefault(kind_of(text), text)
        plain = [text for text in texts if text not in odd] if odd else texts
        for kind, run in chain(alike(plain), ((kind_of(text), (text,)) for text in texts if text in odd)):
            self.counts[self._kinds.setdefault(kind, run[0])] += sum(map(found.__getitem__, run))

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
