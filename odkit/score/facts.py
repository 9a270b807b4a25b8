"""What the readers of this stage found in the bytes: the only thing that checks look at."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from odkit.model import Conform, Conformance, Row, column_letters
from odkit.score.values import is_number

if TYPE_CHECKING:
    from odkit.rdf.probe import RdfFacts

NUMBERS = re.compile(r"\0(\s*(?:[-+]|(?!0[0-9]))[0-9]+(?:\.[0-9]+)?\s*)(?=\0)")
"""Plain numbers among texts parted by NUL: those of an ordinary column, see `Column.numbers`."""
NOTHING: frozenset[str] = frozenset()
Said = TypeVar("Said")
Cell = tuple[int, int]
"""Row and column of a cell, from 1."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Layout:
    """Which rows of a grid are what; row numbers from 1.

    `width` is the number of cells a row should have, `headings` the heading rows joined per column; `ragged` lists
    the first of `ragged_count` rows of another length (row, number of cells). `headless`: the first row is data.
    """

    width: int = 0
    header: tuple[int, ...] = ()
    titles: tuple[int, ...] = ()
    notes: tuple[int, ...] = ()
    blanks: Sequence[int] = ()
    data: Sequence[int] = ()
    headings: Row = ()
    ragged: Sequence[tuple[int, int]] = ()
    ragged_count: int = 0
    headless: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """The data cells of one column: how often each text stands there. Rules look at a text once, however often.

    `telling` are the texts that a rule may point at, each with its number; `rows` and `marks` say in which rows they
    stand, in the order of the rows. The others are ordinary: to every rule they are plain numbers, or nothing at all.

    Of a short column what was seen on the way is kept, too: `odd` texts, blank ones among them, not known at a glance
    (`unusual`), and `wrong` ones, that the layout does not expect, with what it does. Of a long one both are None.
    """

    place: int
    heading: str
    counts: Mapping[str, int]
    telling: Mapping[str, int]
    rows: Sequence[int] = ()
    marks: Sequence[int] = ()
    odd: Sequence[str] | None = None
    wrong: Mapping[str, str] | None = None
    _known: dict[object, int] = field(default_factory=dict, init=False, repr=False, compare=False)

    def once(self, ask: Callable[[Column], int]) -> int:
        """What `ask` says of this column, worked out once: several rules want to know the same."""
        known = self._known
        if ask not in known:
            known[ask] = ask(self)
        return known[ask]

    @property
    def filled(self) -> int:
        """The number of cells that are not empty."""
        return self.once(_filled)

    @property
    def numbers(self) -> int:
        """The number of cells that hold a number, however it is written."""
        return self.once(_numbers)

    def share(self, rule: Callable[[str], bool]) -> int:
        """The number of cells whose trimmed text fits `rule`, whatever it asks; looks at each text."""
        return sum(count for text, count in self.counts.items() if rule(text.strip()))

    def texts(self, rule: Callable[[str], bool]) -> frozenset[str]:
        """The texts that fit `rule` once trimmed; of a rule that points at them, for the ordinary ones are passed."""
        return frozenset([text for text in self.telling if rule(text.strip())]) if self.telling else NOTHING

    def count(self, texts: Iterable[str]) -> int:
        """The number of cells that hold one of some texts of the column."""
        return sum(map(self.counts.__getitem__, texts))


def _filled(column: Column) -> int:
    return sum(column.counts.values())


def _numbers(column: Column) -> int:
    """Cells with a number; among the ordinary texts they are found all at once."""
    telling = column.telling
    texts = [text for text in column.counts if text not in telling] if telling else column.counts
    joined = "\0".join(("", *texts, ""))
    apart = joined.count("\0") == len(texts) + 1
    plain = NUMBERS.findall(joined) if apart else [text for text in texts if is_number(text.strip())]
    return column.count(plain) + column.count(column.texts(is_number))


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """A rectangle of cells, both corners included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Grid:
    """A table as it stands: `rows[i]` is row i + 1. `letters`: places read A1 (a sheet) and not R1C1 (a text file).

    `stored_text` are cells of a sheet that hold text (a number kept as text), `hidden` ranges such as ``G:G``.
    """

    rows: Sequence[Row]
    layout: Layout
    columns: tuple[Column, ...] = ()
    sheet: str = ""
    letters: bool = False
    merged: tuple[Span, ...] = ()
    formulas: tuple[Cell, ...] = ()
    stored_text: frozenset[Cell] = frozenset()
    hidden: tuple[str, ...] = ()
    drawings: int = 0
    _known: dict[object, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def once(self, ask: Callable[[Grid], Said]) -> Said:
        """What `ask` says of this table, worked out once: several rules want to know the same."""
        known = self._known
        if ask not in known:
            known[ask] = ask(self)
        said: Said = known[ask]
        return said

    def at(self, row: int, column: int) -> str:
        """The text of one cell; empty where the row is shorter."""
        cells = self.rows[row - 1]
        return cells[column - 1] if column <= len(cells) else ""

    def find(self, column: Column, texts: AbstractSet[str]) -> Iterator[Cell]:
        """The data cells of a column that hold one of `texts`, from the top."""
        if not texts:
            return iter(())
        if texts <= column.telling.keys():
            wanted = {column.telling[text] for text in texts}
            return ((row, column.place) for row, mark in zip(column.rows, column.marks, strict=True) if mark in wanted)
        return self.scan(column, texts.__contains__)

    def scan(self, column: Column, rule: Callable[[str], bool]) -> Iterator[Cell]:
        """The data cells of a column whose text fits `rule`, from the top; goes through all rows."""
        return ((row, column.place) for row in self.layout.data if rule(self.at(row, column.place)))

    def place(self, row: int | None = None, column: int | None = None) -> str:
        """The address of a cell, row or column: ``C5``, ``5:5``, ``C:C``; in a text file ``R5C3``, ``R5``, ``C3``."""
        if not self.letters:
            return (f"R{row}" if row else "") + (f"C{column}" if column else "")
        if row and column:
            return f"{column_letters(column)}{row}"
        part = str(row) if row else column_letters(column)
        return f"{part}:{part}"

    def span(self, area: Span) -> str:
        """The address of a rectangle: ``A1:H1``; of one cell: ``A1``."""
        first, last = self.place(area.top, area.left), self.place(area.bottom, area.right)
        return first if first == last else f"{first}:{last}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """One file, read. Empty fields mean: not found, or not of this kind of file.

    `format` is what the bytes are (an id of vocab/formats.csv, or ``zip``, ``image`` …), `declared` what the name says.
    `structure` names why there is no grid and no record (``one-string``, ``no-table`` …); `broken` what keeps the file
    from being parsed (`fault`: the place and the text there), `unread` why it was not tried (``too-large``,
    ``dtd``, ``context`` …).
    """

    name: str
    size: int
    format: str
    declared: str
    licence: str = ""
    status: int = 200
    content_type: str = ""
    failure: str = ""
    error_page: str = ""
    encoding: str = ""
    garbled: tuple[tuple[str, str], ...] = ()
    delimiter: str = ""
    grids: tuple[Grid, ...] = ()
    records: int | None = None
    structure: str = ""
    broken: str = ""
    fault: tuple[str, str] = ("", "")
    unread: str = ""
    pdf: str = ""
    points: tuple[tuple[str, float, float], ...] = ()
    rdf: RdfFacts | None = None
    catalogue: bool = False
    conform: Conform | None = None
    conformance: Conformance | None = None


def runs_down(cells: Iterable[Cell]) -> Iterator[Span]:
    """Cells of one column, from the top, gathered into rectangles; one after the other, however many."""
    area: Span | None = None
    for row, column in cells:
        if area and row == area.bottom + 1:
            area = Span(top=area.top, left=column, bottom=row, right=column)
            continue
        if area:
            yield area
        area = Span(top=row, left=column, bottom=row, right=column)
    if area:
        yield area


def spans(cells: Iterable[Cell]) -> list[Span]:
    """Cells gathered into rectangles one cell wide or high: columns first, then what is left along rows."""
    columns = [Span(top=row, left=column, bottom=row, right=column) for column, row in sorted((c, r) for r, c in cells)]
    grown: list[Span] = []
    for area in columns:
        last = grown[-1] if grown else None
        if last and last.left == area.left and last.bottom + 1 == area.top:
            grown[-1] = Span(top=last.top, left=last.left, bottom=area.bottom, right=last.right)
        else:
            grown.append(area)
    return _along_rows(grown)


def _along_rows(areas: list[Span]) -> list[Span]:
    joined: list[Span] = []
    for area in sorted(areas, key=lambda item: (item.top, item.left)):
        last = joined[-1] if joined else None
        flat = last and last.top == last.bottom == area.top == area.bottom
        if last and flat and last.right + 1 == area.left:
            joined[-1] = Span(top=last.top, left=last.left, bottom=last.bottom, right=area.right)
        else:
            joined.append(area)
    return joined
