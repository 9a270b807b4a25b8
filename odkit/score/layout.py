"""Which rows of a grid are title, heading, data, note: found before any rule runs.

Needs no number anywhere: a table all of text has a heading too. A LinkData file says itself where its heading is
(``#property``).
"""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice, pairwise, takewhile

from odkit.model import Row
from odkit.score.columns import SHORT
from odkit.score.facts import Column, Layout
from odkit.score.runs import Runs
from odkit.score.values import NOTE, is_number, is_typed, is_unit, of_heading, width_folded

LINKDATA_HEAD = 20
HEADER_ROWS = 3
SAMPLE_ROWS = 200
MOST_RAGGED = 20
BLOCK = 500
"""Rows that are measured at once."""
BESIDE_DATA = re.compile(rf"^(?:#|{NOTE.pattern})", re.MULTILINE)
"""How the first cell of a row begins that may be no data, in texts parted by line ends."""
ASIDE = re.compile(r"現在$|時点$|単位|作成$|更新$|[(（].*[)）]$|[年月]度?[)）]?$|No\.?\s*\d+$|ページ$|\d日$")
"""What stands on the right beside a title: a date, a unit, a number of the table."""
INNER_MARKS = ("※", "＊", "【", "■", "◆", "●", "◎", "注)", "注）")


class Measures:
    """What the layout is found by, taken while the rows go by: filled cells and length of each row, and odd rows.

    `marked` are rows whose first cell begins with ``#``, `lonely` those that hold one text or begin as a note does.
    """

    def __init__(self) -> None:
        self.counts = array("I")
        self.lengths = array("I")
        self.marked: dict[int, str] = {}
        self.lonely = array("I")

    @classmethod
    def of(cls, rows: Iterable[Row]) -> Measures:
        """The measures of rows that are all there."""
        made = cls()
        for _ in made.watch(rows):
            pass
        return made

    def watch(self, rows: Iterable[Row]) -> Iterator[Row]:
        """The rows, measured some at a time."""
        source = iter(rows)
        while block := tuple(islice(source, BLOCK)):
            self._take(block)
            yield from block

    def _take(self, block: Sequence[Row]) -> None:
        first = len(self.counts) + 1
        counts = [len(row) - row.count("") for row in block]
        if any(map(str.isspace, chain.from_iterable(block))):
            counts = [count - sum(map(str.isspace, row)) for count, row in zip(counts, block, strict=True)]
        self.counts.extend(counts)
        self.lengths.extend(map(len, block))
        if 1 not in counts and not BESIDE_DATA.search("\n".join([row[0] for row in block if row])):
            return
        for number, (row, count) in enumerate(zip(block, counts, strict=True), first):
            if count == 1 or (count and NOTE.match(row[0])):
                self.lonely.append(number)
            if row and row[0].startswith("#"):
                self.marked[number] = row[0]


def plain_layout(rows: Sequence[Row]) -> Layout | None:
    """What `find_layout` finds in a small text file of one row of headings and data below, if `is_plain` agrees.

    None where the first two rows, or rows of different lengths, show that it takes a closer look.
    """
    if not 1 < len(rows) <= SHORT + 1:
        return None
    first, second = rows[0], rows[1]
    headings = tuple(map(str.strip, first))
    if len(first) < 2 or not all(headings) or set(map(len, rows)) != {len(first)}:
        return None
    if first[0].startswith("#") or any(map(_is_typed_heading, first)):
        return None
    if len(rows) > 2 and not any(map(is_typed, second)):
        return None
    return Layout(width=len(first), header=(1,), data=range(2, len(rows) + 1), headings=headings)


def is_plain(columns: Sequence[Column], rows: int) -> bool:
    """Whether the columns under a `plain_layout` show that all its `rows` are data.

    With two columns that are filled all the way down, none is blank and none holds a single text; and no first cell
    begins as that of a note does.
    """
    return sum(column.filled == rows for column in columns) > 1 and not columns[0].once(_may_begin_aside)


def _may_begin_aside(column: Column) -> bool:
    return BESIDE_DATA.search("\n".join(column.counts)) is not None


def find_layout(rows: Sequence[Row], *, fixed_width: bool, measures: Measures | None = None) -> Layout:
    """The layout of `rows`; `fixed_width` is False for a sheet, whose rows have no length of their own.

    `measures` are those of `rows`, where these were measured on their way.
    """
    measures = measures or Measures.of(rows)
    counts = measures.counts
    filled = Runs.to(len(counts)) if 0 not in counts else Runs.of(n for n, count in enumerate(counts, 1) if count)
    if not filled:
        return Layout()
    directives = _linkdata(measures.marked)
    typical = _typical(counts)
    body: Sequence[int] = Runs.of(number for number in filled if number not in directives) if directives else filled
    titles = () if directives else _titles(rows, body, counts, typical)
    body = body[len(titles) :]
    header = _header(rows, body, counts)
    notes = _notes(rows, body[len(header) :], measures, typical)
    data = body[len(header) :]
    if notes:
        outside = {*notes}
        data = Runs.of(number for number in data if number not in outside)
    ragged = _ragged(measures.lengths, header, data) if fixed_width else ()
    headless = not directives and _headless(rows, header, data)
    return Layout(
        width=_width(measures.lengths, header if fixed_width and header else chain(header, data)),
        header=() if headless else header,
        titles=titles,
        notes=notes,
        blanks=Runs.of(_blanks(measures, filled, from_top=fixed_width)),
        data=Runs.of((*header, *data)) if headless else data,
        headings=() if headless else _joined(rows, header),
        ragged=tuple(ragged[:MOST_RAGGED]),
        ragged_count=len(ragged),
        headless=headless,
    )


def _blanks(measures: Measures, filled: Sequence[int], *, from_top: bool) -> Iterator[int]:
    """The rows without a text down to the last one with; `from_top` also those of separators alone above the first.

    An empty line at the top is passed over by whoever reads CSV; of separators alone they make the heading.
    """
    for number in range(1, filled[-1]) if 0 in measures.counts else ():
        above = number < filled[0]
        if not measures.counts[number - 1] and (not above or (from_top and measures.lengths[number - 1] > 1)):
            yield number


def _linkdata(marked: Mapping[int, str]) -> frozenset[int]:
    """The directive rows (``#LINK``, ``#lang`` …) of a LinkData file, without the ``#property`` row; else none."""
    if not any(name == "#property" and number <= LINKDATA_HEAD for number, name in marked.items()):
        return frozenset()
    return frozenset({0, *(number for number, name in marked.items() if name != "#property")})


def _typical(counts: Iterable[int]) -> int:
    rows = Counter(counts)
    return max((count for count in rows if count > 1), key=lambda count: (rows[count], count), default=1)


def _titles(rows: Sequence[Row], body: Sequence[int], counts: Sequence[int], typical: int) -> tuple[int, ...]:
    """The rows above the heading: one or two cells filled where the table has many."""
    found: list[int] = []
    for number in body:
        few = counts[number - 1]
        row = rows[number - 1]
        if few >= typical or few > 2 or (few == 2 and typical < 5 and not _has_aside(row)) or _looks_like_data(row):
            break
        found.append(number)
    # Nothing but such rows: there is no table below, so they are the table.
    return tuple(found) if len(found) < len(body) else ()


def _has_aside(row: Row) -> bool:
    first, *others = (cell.strip() for cell in row if cell.strip())
    return bool(row[0].strip()) and not ASIDE.search(first) and all(map(ASIDE.search, others))


def _looks_like_data(row: Row) -> bool:
    return any(is_number(cell) for cell in row if cell.strip())


def _header(rows: Sequence[Row], body: Sequence[int], counts: Sequence[int]) -> tuple[int, ...]:
    """The heading rows: the first row, and those below that fill its holes or stand as text over numbers."""
    header = list(body[:1])
    for position, number in enumerate(body[1:HEADER_ROWS], 1):
        if number != header[-1] + 1 or not _continues(rows, header, body[position:], counts):
            break
        header.append(number)
    return tuple(header)


def _continues(rows: Sequence[Row], header: list[int], rest: Sequence[int], counts: Sequence[int]) -> bool:
    row, above = rows[rest[0] - 1], _joined(rows, tuple(header))
    filled = {place for place, cell in enumerate(row) if cell.strip()}
    if len(rest) < 2 or any(is_typed(row[place]) for place in filled):
        return False
    if all(is_unit(row[place]) for place in filled):
        return True
    holes = {place for place, text in enumerate(above) if not text}
    if counts[rest[0] - 1] < 2:
        return len(header) > 1 and bool(filled & holes)
    covered = {place for place, text in enumerate(above) if text}
    numeric = _typed_columns(rows, rest[1:])
    if covered <= filled and numeric and _grouped(above) and len({*map(str.strip, row)}) > len({*above}):
        return True
    if filled & holes:
        return bool(covered - filled)
    return len(rest) > 3 and len(numeric) > 1 and numeric <= filled


def _grouped(above: Row) -> bool:
    """At least half of a heading row repeats the name to its left: groups over the names of the columns below."""
    named = [text for text in above if text]
    repeated = sum(1 for text, left in pairwise(above) if text and text == left)
    return repeated * 2 >= len(named) > 2


def _typed_columns(rows: Sequence[Row], numbers: Sequence[int]) -> set[int]:
    """Columns (from 0) in which nearly every filled cell is a number, a date or the like."""
    typed: Counter[int] = Counter()
    full: Counter[int] = Counter()
    for number in numbers[:SAMPLE_ROWS]:
        for place, cell in enumerate(rows[number - 1]):
            if cell.strip():
                full[place] += 1
                typed[place] += is_typed(cell)
    return {place for place, count in full.items() if typed[place] * 10 >= count * 9}


def _notes(rows: Sequence[Row], body: Sequence[int], measures: Measures, typical: int) -> tuple[int, ...]:
    """Rows of remarks: at the end any lonely text, in between only what is marked as a remark."""
    sparse = [number for number in measures.lonely if measures.counts[number - 1] < typical and number in body]
    if not sparse:
        return ()
    found = {number for number in sparse if _is_note(rows[number - 1], typical, INNER_MARKS)}
    plain = {number for number in sparse if _is_note(rows[number - 1], typical, ())}
    end = list(takewhile(plain.__contains__, reversed(body[1:])))
    outside = found.union(end)
    if plain - outside:
        # Sparse rows are the habit of this table: only marked remarks are remarks.
        end = [number for number in end if NOTE.match(rows[number - 1][0])]
    return tuple(sorted(found.union(end)))


def _is_note(row: Row, typical: int, marks: tuple[str, ...]) -> bool:
    cells = [cell.strip() for cell in row if cell.strip()]
    if len(cells) >= typical or not row[0].strip() or is_typed(cells[0]):
        return False
    if marks:
        return len(cells) == 1 and cells[0].startswith(marks)
    return NOTE.match(cells[0]) is not None or (len(cells) == 1 and typical > 2)


def _headless(rows: Sequence[Row], header: tuple[int, ...], data: Sequence[int]) -> bool:
    """The first row is data: every column of numbers or dates has one there too (years as headings are not)."""
    if len(data) < 2 or len(header) != 1:
        return False
    first = rows[header[0] - 1]
    if not any(map(_is_typed_heading, first)):
        return False
    typed = {place for place in _typed_columns(rows, data) if any(_cell(rows[n - 1], place) for n in data)}
    if not typed or not all(is_typed(_cell(first, place)) for place in typed):
        return False
    heads = [width_folded(_cell(first, place)) for place in sorted(typed)]
    years = [int(head) for head in heads if head.isdecimal() and len(head) <= 4]
    return not (len(years) == len(heads) and years == sorted(set(years)) and _in_sequence(years))


_is_typed_heading = of_heading(is_typed)


def _in_sequence(years: list[int]) -> bool:
    """Years from the last two centuries, or at least three running numbers (months, ages)."""
    return 1900 <= years[0] <= 2100 or (len(years) > 2 and years[-1] - years[0] == len(years) - 1)


def _cell(row: Row, place: int) -> str:
    return row[place].strip() if place < len(row) else ""


def _joined(rows: Sequence[Row], header: tuple[int, ...]) -> Row:
    """The heading of each column, its rows joined with a stroke."""
    parts = [rows[number - 1] for number in header]
    if len(parts) == 1:
        return tuple(map(str.strip, parts[0]))
    width = max((len(row) for row in parts), default=0)
    return tuple("／".join(filter(None, (_cell(row, place) for row in parts))) for place in range(width))


def _width(lengths: Sequence[int], numbers: Iterable[int]) -> int:
    """The number of cells of the widest of these rows."""
    return max((lengths[number - 1] for number in numbers), default=0)


def _ragged(lengths: array[int], header: tuple[int, ...], data: Sequence[int]) -> list[tuple[int, int]]:
    width = lengths[header[0] - 1] if header else 0
    if lengths.count(width) == len(lengths):
        return []
    return [(number, lengths[number - 1]) for number in chain(header, data) if lengths[number - 1] != width]
