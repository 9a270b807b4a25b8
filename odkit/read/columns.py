"""The records of a large text column by column: a block of them is cut into cells at once where its lines allow it."""

from __future__ import annotations

import csv
import io
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import accumulate, chain

from odkit.collector import collector_paused
from odkit.read.lines import Blocks, even_text, odd_cell
from odkit.read.records import Records, long_cells

Columns = list[Sequence[str]]
_HELD = "\0"
"""Stands for a quoted cell while a block is cut; no text has it (`encodings` sees to that)."""


class ColumnReader:
    """Reads the columns of one table; `body`, `skipped` and `columns` are its rows and columns, from 0."""

    def __init__(self, records: Records, body: range, skipped: Sequence[int], columns: range) -> None:
        self._text, self._census = records.text, records.census
        self._body, self._skipped, self._columns = body, skipped, columns
        self._blocks = Blocks(self._text)
        self._odd, self._even = odd_cell(self._text.delimiter), even_text(self._text.delimiter)

    def chunks(self, size: int) -> Iterator[Columns]:
        """The table's columns, `size` rows at a time."""
        width = len(self._columns)
        step = size * width
        kept: list[str] = []
        for cells in self._parts():
            kept += cells
            first = 0
            while len(kept) - first >= step:
                yield [kept[place : first + step : width] for place in range(first, first + width)]
                first += step
            del kept[:first]
        if kept:
            yield [kept[place::width] for place in range(width)]

    def _parts(self) -> Iterator[list[str]]:
        """The cells of the table, row by row, those of many rows at a time."""
        row = 0
        while block := self._blocks.next():
            with collector_paused(), long_cells():
                height, cells = self._cut(block, row) or self._parsed(block, row)
            yield cells
            row += height

    def _cut(self, block: str, row: int) -> tuple[int, list[str]] | None:
        """The height and the cells of a block whose lines are records of one width, none of them left out."""
        held: list[str] = []
        plain = self._unquoted(block, held) if '"' in block else block
        lengths = self._census.lengths
        width = lengths[row]
        if not self._census.is_plain or '"' in plain or width < self._columns.stop:
            return None
        mark = self._text.delimiter
        cells = _split(plain, mark, held)
        # Whatever the lines are: records of one width make so many cells in no other way.
        height, rest = divmod(len(cells), width)
        if rest or lengths[row : row + height].count(width) < height or self._skips(row, row + height):
            return None
        inside = self._inside(row, height)
        if len(inside) < height:
            cells = cells[inside.start * width : inside.stop * width]
        return height, cells if width == len(self._columns) else self._narrowed(cells, width)

    def _narrowed(self, cells: list[str], width: int) -> list[str]:
        """The cells of the table's columns alone."""
        columns = (cells[column::width] for column in self._columns)
        return list(chain.from_iterable(zip(*columns, strict=True)))

    def _unquoted(self, block: str, held: list[str]) -> str:
        """A block without quotes where they were right; `held` gets the cells that cannot be cut without them."""
        parts = self._odd.split(block)
        held += [cell[1:-1].replace('""', '"') for cell in parts[1::2]]
        parts[1::2] = [_HELD] * len(held)
        plain = "".join(parts)
        return plain.replace('"', "") if '"' in plain and self._even.fullmatch(plain) else plain

    def _skips(self, first: int, after: int) -> bool:
        place = bisect_left(self._skipped, first)
        return place < len(self._skipped) and self._skipped[place] < after

    def _inside(self, row: int, height: int) -> range:
        """Which rows of a block, from 0, belong to the table."""
        return range(max(0, self._body.start - row), max(0, min(height, self._body.stop - row)))

    def _parsed(self, block: str, row: int) -> tuple[int, list[str]]:
        """The same of any block, read as csv; its last record may go on in later blocks."""
        reader = csv.reader(self._blocks.lines(block), delimiter=self._text.delimiter, strict=True)
        lines, records = sum(1 for _ in io.StringIO(block, newline="")), []
        while reader.line_num < lines:
            records.append(next(reader))
        inside, skipped = self._inside(row, len(records)), frozenset(self._skipped)
        left, right = self._columns.start, self._columns.stop
        blank = [""] * len(self._columns)
        rows = ((records[at][left:right] + blank)[: len(blank)] for at in inside if row + at not in skipped)
        return len(records), list(chain.from_iterable(rows))


def _split(plain: str, mark: str, held: Sequence[str]) -> list[str]:
    """The cells of some lines, those that were held in their places; no return stands alone."""
    # One character after the other is replaced in a third of the time that both take together.
    flat = plain.replace("\r", "").replace("\n", mark)
    cells = flat.split(mark)
    if held:
        # Marks of a text are counted faster than cells are compared.
        places = accumulate(part.count(mark) for part in flat.split(_HELD))
        for place, cell in zip(places, held, strict=False):
            cells[place] = cell
    if plain.endswith("\n"):
        cells.pop()
    return cells
