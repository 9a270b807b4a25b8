"""The tables of a web page and of a Word document, with what is merged in them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

from odkit.model import Row
from odkit.score.archive import local, member, opened, parse_xml, unreadable
from odkit.score.columns import columns_of
from odkit.score.facts import Cell, Grid, Span
from odkit.score.layout import find_layout

HTML_LIMIT = 4 << 20
WIDEST = 1000
"""Columns or rows that a cell may stretch over, as in browsers."""
CELL_LIMIT = 1_000_000
BLANKS = re.compile(r"[ \t\r\n\f]+")
BREAKS = re.compile(r" ?\x00 ?")
UNSEEN = frozenset({"script", "style"})


@dataclass(slots=True)
class _Table:
    """A table as it is built up: cells by place, and where the next one goes."""

    cells: dict[Cell, str] = field(default_factory=dict)
    merged: list[Span] = field(default_factory=list)
    row: int = 0
    column: int = 0
    nested: bool = False

    def begin_row(self) -> None:
        self.row, self.column = self.row + 1, 0

    def put(self, text: str, across: int, down: int) -> None:
        """The next cell of the row; what a cell covers is empty, as in a sheet."""
        self.column += 1
        while (self.row, self.column) in self.cells:
            self.column += 1
        right, bottom = self.column + across - 1, self.row + down - 1
        if len(self.cells) + across * down > CELL_LIMIT:
            raise unreadable("too-large")
        if across > 1 or down > 1:
            self.merged.append(Span(top=self.row, left=self.column, bottom=bottom, right=right))
        covered = ((row, column) for row in range(self.row, bottom + 1) for column in range(self.column, right + 1))
        self.cells.update(dict.fromkeys(covered, ""))
        self.cells[self.row, self.column] = text
        self.column = right

    def rows(self) -> tuple[Row, ...]:
        lines: list[list[str]] = [[] for _ in range(max((row for row, _ in self.cells), default=0))]
        for (row, column), text in sorted(self.cells.items()):
            lines[row - 1] += [""] * (column - 1 - len(lines[row - 1])) + [text]
        return tuple(map(tuple, lines))


def html_tables(text: str) -> tuple[Grid, ...]:
    """One grid for each table of a page that holds data: two rows of two cells or more, and no table within."""
    reader = _PageReader()
    reader.feed(text[:HTML_LIMIT])
    reader.close()
    return _grids(reader.tables)


def word_tables(data: bytes) -> tuple[Grid, ...]:
    """One grid for each table of a docx that holds data. Raises SourceError (broken, encrypted, too-large, dtd)."""
    with opened(data) as archive:
        root = parse_xml(member(archive, "word/document.xml"))
    return _grids(_word_table(table) for table in root.iter() if local(table.tag) == "tbl")


def _grids(tables: Iterable[_Table]) -> tuple[Grid, ...]:
    rows = [(table, table.rows()) for table in tables if not table.nested]
    kept = [(table, lines) for table, lines in rows if sum(1 for line in lines if len(line) > 1 and any(line)) > 1]
    names = [f"#{number}" for number in range(1, len(kept) + 1)] if len(kept) > 1 else [""]
    return tuple(_grid(name, table, lines) for name, (table, lines) in zip(names, kept, strict=False))


def _grid(name: str, table: _Table, rows: tuple[Row, ...]) -> Grid:
    layout = find_layout(rows, fixed_width=False)
    return Grid(rows=rows, layout=layout, columns=columns_of(rows, layout), sheet=name, merged=tuple(table.merged))


class _PageReader(HTMLParser):
    """Collects the tables of a page, whether or not its tags are closed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[_Table] = []
        self.open: list[_Table] = []
        self.cell: tuple[int, int] | None = None
        self.texts: list[str] = []
        self.unseen = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in UNSEEN:
            self.unseen = tag
        elif tag == "br":
            self.texts.append("\0")
        elif tag == "table":
            self._end_cell()
            for outer in self.open:
                outer.nested = True
            self.open.append(_Table())
            self.tables.append(self.open[-1])
        elif tag == "tr" and self.open:
            self._end_cell()
            self.open[-1].begin_row()
        elif tag in ("td", "th") and self.open:
            self._end_cell()
            said = dict(attrs)
            self.cell = _stretch(said.get("colspan")), _stretch(said.get("rowspan"))

    def handle_endtag(self, tag: str) -> None:
        if tag == self.unseen:
            self.unseen = ""
        elif tag in ("td", "th", "tr", "table"):
            self._end_cell()
            if tag == "table" and self.open:
                self.open.pop()

    def handle_data(self, data: str) -> None:
        if self.cell and not self.unseen:
            self.texts.append(data)

    def close(self) -> None:
        super().close()
        self._end_cell()

    def _end_cell(self) -> None:
        if self.cell and self.open:
            text = BLANKS.sub(" ", "".join(self.texts)).strip(" \0")
            self.open[-1].put(BREAKS.sub("\n", text), *self.cell)
        self.cell, self.texts = None, []


def _stretch(stated: str | None) -> int:
    number = int(stated) if stated and stated.isascii() and stated.isdecimal() else 1
    return min(max(number, 1), WIDEST)


def _word_table(element: ET.Element) -> _Table:
    table = _Table()
    for row in (part for part in element if local(part.tag) == "tr"):
        table.begin_row()
        for cell in (part for part in row if local(part.tag) == "tc"):
            across, continues = _word_looks(cell)
            table.put("" if continues else _word_text(cell), across, 1)
            if continues:
                _grow(table, across)
    return table


def _word_looks(cell: ET.Element) -> tuple[int, bool]:
    """Over how many columns a cell stretches, and whether it goes on from the cell above."""
    looks = {local(part.tag): dict(_plain(part)) for parts in cell if local(parts.tag) == "tcPr" for part in parts}
    return _stretch(looks.get("gridSpan", {}).get("val")), looks.get("vMerge", {"val": "restart"}).get(
        "val"
    ) != "restart"


def _plain(element: ET.Element) -> Iterator[tuple[str, str]]:
    return ((local(name), value) for name, value in element.attrib.items())


def _grow(table: _Table, across: int) -> None:
    """The cell just put belongs to the one above: their range becomes one."""
    left = table.column - across + 1
    joined = [area for area in table.merged if area.left == left and area.bottom in (table.row - 1, table.row)]
    top = min([table.row - 1, *(area.top for area in joined)])
    whole = Span(top=top, left=left, bottom=table.row, right=table.column)
    table.merged = [*(area for area in table.merged if area not in joined), whole]


def _word_text(cell: ET.Element) -> str:
    paragraphs = (part for part in cell.iter() if local(part.tag) == "p")
    lines = ("".join(text.text or "" for text in line.iter() if local(text.tag) == "t") for line in paragraphs)
    return "\n".join(lines).strip("\n")
