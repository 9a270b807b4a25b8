"""The tables of an OpenDocument spreadsheet (ods): texts, merged cells, formulas, hidden parts, objects."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree as ET

from odkit.model import Row, column_letters
from odkit.score.archive import local, member, opened, stream_xml, unreadable
from odkit.score.columns import columns_of
from odkit.score.facts import Cell, Grid, Span
from odkit.score.layout import find_layout

CELL_LIMIT = 20_000_000
UNSEEN = frozenset({"collapse", "filter"})


def read_opendocument(data: bytes) -> tuple[Grid, ...]:
    """One grid per table that holds something. Raises SourceError (broken, encrypted, too-large, dtd)."""
    with opened(data) as archive:
        grids = list(_grids(member(archive, "content.xml")))
    return tuple(grid for grid in grids if grid.rows)


def _grids(content: bytes) -> Iterator[Grid]:
    unseen: set[str] = set()
    for element in stream_xml(content, "style", "table"):
        if local(element.tag) == "style":
            shown = [_attribute(part, "display", "true") for part in element if local(part.tag) == "table-properties"]
            unseen |= {_attribute(element, "name")} if "false" in shown else set()
        else:
            yield _TableReader(element).grid(is_hidden=_attribute(element, "style-name") in unseen)


def _attribute(element: ET.Element, name: str, default: str = "") -> str:
    return next((value for key, value in element.attrib.items() if local(key) == name), default)


class _TableReader:
    """Collects one table, element by element."""

    def __init__(self, table: ET.Element) -> None:
        self.name = _attribute(table, "name")
        self.rows: list[Row] = []
        self.merged: list[Span] = []
        self.formulas: list[Cell] = []
        self.stored_text: set[Cell] = set()
        self.hidden: list[str] = []
        self.pending = self.cells = self.columns = self.drawings = 0
        takers = {"table-column": self._take_column, "table-row": self._take_row}
        for element in table.iter():
            if take := takers.get(local(element.tag)):
                take(element)
            self.drawings += local(element.tag) == "frame"

    def grid(self, *, is_hidden: bool) -> Grid:
        """What was collected."""
        layout = find_layout(self.rows, fixed_width=False)
        return Grid(
            sheet=self.name,
            letters=True,
            rows=tuple(self.rows),
            layout=layout,
            columns=columns_of(self.rows, layout),
            merged=tuple(self.merged),
            formulas=tuple(self.formulas),
            stored_text=frozenset(self.stored_text),
            hidden=(*self.hidden, *((self.name,) if is_hidden else ())),
            drawings=self.drawings,
        )

    def _take_column(self, element: ET.Element) -> None:
        first, times = self.columns + 1, int(_attribute(element, "number-columns-repeated", "1"))
        self.columns += times
        if _attribute(element, "visibility") in UNSEEN:
            self.hidden.append(f"{column_letters(first)}:{column_letters(self.columns)}")

    def _take_row(self, element: ET.Element) -> None:
        times = int(_attribute(element, "number-rows-repeated", "1"))
        first = len(self.rows) + self.pending + 1
        row = self._cells_of(element, first)
        if not row:  # rows without text count only when text follows: sheets end in a million of them
            self.pending += times
            return
        self.cells += (len(row) + 1) * times + self.pending
        if self.cells > CELL_LIMIT:
            raise unreadable("too-large")
        if _attribute(element, "visibility") in UNSEEN:
            self.hidden += [f"{number}:{number}" for number in range(first, first + times)]
        self.rows += [()] * self.pending + [row] * times
        self.pending = 0

    def _cells_of(self, row: ET.Element, number: int) -> Row:
        cells: list[str] = []
        empty = 0
        for cell in row:
            if local(cell.tag) not in ("table-cell", "covered-table-cell"):
                continue
            times, text = int(_attribute(cell, "number-columns-repeated", "1")), _text(cell)
            left = len(cells) + empty + 1
            self._take_looks(cell, number, left)
            if not text:
                empty += times
                continue
            if left + times > CELL_LIMIT:
                raise unreadable("too-large")
            if _attribute(cell, "value-type") == "string":
                self.stored_text.update((number, left + step) for step in range(times))
            cells += [""] * empty + [text] * times
            empty = 0
        return tuple(cells)

    def _take_looks(self, cell: ET.Element, row: int, column: int) -> None:
        across = int(_attribute(cell, "number-columns-spanned", "1"))
        down = int(_attribute(cell, "number-rows-spanned", "1"))
        if across > 1 or down > 1:
            self.merged.append(Span(top=row, left=column, bottom=row + down - 1, right=column + across - 1))
        if _attribute(cell, "formula"):
            self.formulas.append((row, column))


def _text(cell: ET.Element) -> str:
    return "\n".join("".join(part.itertext()) for part in cell if local(part.tag) == "p")
