"""The rows of an .xlsx sheet by a real XML parser: slower, for whatever the quick reader does not know."""

from __future__ import annotations

import zipfile

from odkit.read.xlsx_cells import Spelling, is_noted
from odkit.read.xlsx_parts import TRUE, Attributes, main_name
from odkit.read.xlsx_rows import SheetRows, position
from odkit.read.xlsx_text import StringReader, decoded
from odkit.read.xml_events import walk


def read_carefully(archive: zipfile.ZipFile, path: str, spelling: Spelling, found: SheetRows) -> None:
    """Collect the rows of the part at `path`. Raises ValueError, LookupError or ExpatError for damage."""
    scan = _Scan(spelling, found)
    walk(archive, path, scan.start, scan.end, scan.text)


class _Scan:
    """Follows the elements of a sheet; cells and rows without an address stand one after the other."""

    def __init__(self, spelling: Spelling, found: SheetRows) -> None:
        self._spelling = spelling
        self._found = found
        self._row = -1
        self._column = -1
        self._row_attributes: Attributes = {}
        self._cell: Attributes | None = None
        self._cells: dict[int, str] = {}
        self._formula = False
        self._value: list[str] | None = None
        self._values = ""
        self._inline: StringReader | None = None
        self._inline_text: str | None = None

    def start(self, tag: str, attributes: Attributes) -> None:
        """Take note of an element's start."""
        name = main_name(tag)
        if self._cell is None:
            self._start_outside(name, tag, attributes)
        elif self._inline:
            self._inline.start(name)
        elif name == "f":
            self._formula = True
        elif name == "v":
            self._value = []
        elif name == "is":
            self._inline = StringReader()

    def _start_outside(self, name: str, tag: str, attributes: Attributes) -> None:
        if name == "row":
            self._row = int(attributes["r"]) - 1 if "r" in attributes else self._row + 1
            self._column, self._row_attributes, self._cells = -1, attributes, {}
            self._found.expect(self._row, 0)
        elif name == "c":
            self._cell, self._formula, self._values, self._inline_text = attributes, False, "", None
            self._column = self._place(attributes.get("r", ""))
        else:
            self._found.around(tag, attributes)

    def _place(self, address: str) -> int:
        """The column of a cell; it also says the row where that has no number of its own."""
        if not address:
            return self._column + 1
        row, column = position(address)
        if "r" not in self._row_attributes and not self._cells:
            self._row = row
            self._found.expect(row, 0)
        return column

    def end(self, tag: str) -> None:
        """Take note of an element's end."""
        name = main_name(tag)
        if self._inline and name != "is":
            self._inline.end(name)
        elif self._inline:
            self._inline_text, self._inline = self._inline.taken(), None
        elif name == "v" and self._value is not None:
            self._values, self._value = "".join(self._value), None
        elif name == "c" and self._cell is not None:
            self._end_cell(self._cell)
            self._cell = None
        elif name == "row":
            self._found.take(self._row, self._cells, hidden=self._row_attributes.get("hidden") in TRUE)

    def text(self, piece: str) -> None:
        """Take text."""
        if self._inline:
            self._inline.text(piece)
        elif self._value is not None:
            self._value.append(piece)

    def _end_cell(self, cell: Attributes) -> None:
        kind = self._spelling.kind(cell.get("t", "n"), cell.get("s", "0"))
        if self._inline_text is not None:
            text = decoded(self._inline_text)
        else:
            text = kind.spell(self._values) if self._values else ""
            if text and kind.finding and is_noted(kind.finding, self._values, text):
                self._found.findings.note(kind.finding, self._row, self._column, text)
        if self._formula:
            self._found.findings.formula(self._row, self._column, text, is_text=kind.is_text)
        if text and self._cells.setdefault(self._column, text) is not text:
            raise ValueError(f"cell {cell.get('r')} twice")
