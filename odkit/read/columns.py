"""The records of a large text column by column: a block of them is cut into cells at once where its lines allow it."""

from __future__ import annotations

import csv
import io
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from odkit.collector import collector_paused
from odkit.read.lines import Blocks, quoted_cell
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
        self._quoted = quoted_cell(self._text.delimiter)

    def chunks(self, size: int) -> Iterator[Columns]:
        """The table's columns, `size` rows at a time."""
        kept: list[list[str]] = [[] for _ in self._columns]
        for columns in self._parts():
            for column, cells in zip(kept, columns, strict=True):
                column.extend(cells)
            while len(kept[0]) >= size:
                yield [column[:size] for column in kept]
                for column in kept:
                    del column[:size]
        if kept[0]:
            yield list(kept)

    def _parts(self) -> Iterator[Columns]:
        row = 0
        while block := self._blocks.next():
            with collector_paused(), long_cells():
                height, columns = self._cut(block, row) or self._parsed(block, row)
            yield columns
            row += height

    def _cut(self, block: str, row: int) -> tuple[int, Columns] | None:
        """The height and the columns of a block whose lines are records of one width, none of them left out."""
        held: list[str] = []
        plain = self._quoted.sub(lambda found: _hold(found, held), block) if '"' in block else block
        lines = plain.replace("\r\n", "\n").removesuffix("\n").removesuffix("\r").split("\n")
        height, lengths = len(lines), self._census.lengths
        width = lengths[row]
        if not self._census.is_plain or '"' in plain or lengths[row : row + height].count(width) < height:
            return None
        if width < self._columns.stop or self._skips(row, row + height):
            return None
        mark = self._text.delimiter
        cells = mark.join(lines).split(mark)
        place = -1
        for cell in held:
            place = cells.index(_HELD, place + 1)
            cells[place] = cell
        inside = self._inside(row, height)
        columns: Columns = [cells[column::width] for column in self._columns]
        return height, columns if len(inside) == height else [column[inside.start : inside.stop] for column in columns]

    def _skips(self, first: int, after: int) -> bool:
        place = bisect_left(self._skipped, first)
        return place < len(self._skipped) and self._skipped[place] < after

    def _inside(self, row: int, height: int) -> range:
        """Which rows of a block, from 0, belong to the table."""
        return range(max(0, self._body.start - row), max(0, min(height, self._body.stop - row)))

    def _parsed(self, block: str, row: int) -> tuple[int, Columns]:
        """The same of any block, read as csv; its last record may go on in later blocks."""
        reader = csv.reader(self._blocks.lines(block), delimiter=self._text.delimiter, strict=True)
        lines, records = sum(1 for _ in io.StringIO(block, newline="")), []
        while reader.line_num < lines:
            records.append(next(reader))
        inside, skipped = self._inside(row, len(records)), frozenset(self._skipped)
        left, right = self._columns.start, self._columns.stop
        blank = [""] * len(self._columns)
        rows = [(records[at][left:right] + blank)[: len(blank)] for at in inside if row + at not in skipped]
        return len(records), list(zip(*rows, strict=True)) or [()] * len(blank)


def _hold(found: re.Match[str], held: list[str]) -> str:
    held.append(found[0][1:-1].replace('""', '"'))
    return _HELD
