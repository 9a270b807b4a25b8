""".ods (OpenDocument) -> sheets, straight from content.xml, one event per element.

calamine reads .ods too, but does not tell of merges, hidden parts and formulas, and unfolds whatever a file claims.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from functools import partial
from io import BytesIO

from odkit.errors import SourceError
from odkit.model import Remark, Row, Where
from odkit.read.archive import guard
from odkit.read.damage import damage_reported
from odkit.read.findings import Findings
from odkit.read.grid import MOST_CELLS, Grid, Span, bounded, trimmed
from odkit.read.ods_cells import OFFICE, error_value, is_rounded_percentage, spelled
from odkit.read.ods_remarks import ANNOTATION, Annotation, document_properties
from odkit.read.remarks import comment
from odkit.read.sheets import Document, Sheet
from odkit.read.xml_events import walk

_SPACE = "urn:oasis:names:tc:opendocument:xmlns:{}:1.0 "
_TABLE, _STYLE, _TEXT = _SPACE.format("table"), _SPACE.format("style"), _SPACE.format("text")
_CELLS = frozenset({f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"})
_BREAKS = {f"{_TEXT}line-break": "\n", f"{_TEXT}tab": "\t"}
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384

Attributes = Mapping[str, str]


def ods_document(data: bytes, location: str) -> Document:
    """The tables in the document's order, the comments and the document properties.

    Raises `SourceError`: ``read.too-large`` before unpacking, ``read.password``, ``read.broken-file``,
    ``read.too-many-cells``.
    """
    with damage_reported(location), zipfile.ZipFile(BytesIO(data)) as archive:
        guard(archive, location)
        manifest = "META-INF/manifest.xml"
        if manifest in archive.namelist() and b"encryption-data" in archive.read(manifest):
            raise SourceError("read.password", file=location)
        scan = _Scan(location)
        walk(archive, "content.xml", scan.start, scan.end, scan.text)
        remarks = document_properties(archive, location)
    sheets = [Sheet(table.place.sheet, table.visible, partial(_same, table.grid())) for table in scan.tables]
    return Document(sheets, (*remarks, *scan.comments))


def _same(grid: Grid) -> Grid:
    return grid


class _Table:
    """A table while it is read; rows and columns count from 0."""

    def __init__(self, place: Where, *, visible: bool) -> None:
        self.place = place
        self.visible = visible
        self._rows: list[Row] = []
        self._blank = 0
        self._cells = 0
        self.row: list[str] = []
        self.spans: list[Span] = []
        self.findings = Findings(place)
        self._hidden_rows: set[int] = set()
        self._hidden_columns: list[tuple[int, int]] = []
        self._columns = 0

    @property
    def next_row(self) -> int:
        """The number of the row that is being read."""
        return len(self._rows) + self._blank

    def column(self, times: int, *, hidden: bool) -> None:
        """Take the declaration of `times` columns."""
        if hidden:
            self._hidden_columns.append((self._columns, self._columns + times - 1))
        self._columns += times

    def cell(self, text: str, times: int) -> None:
        """Take `times` cells with the same text."""
        if text and len(self.row) + times > _LAST_COLUMN:
            bounded(MOST_CELLS, len(self.row) + times, self.place)
        self.row.extend([text] * min(times, _LAST_COLUMN))

    def end_row(self, times: int, *, hidden: bool) -> None:
        """Take the cells so far as `times` rows; blank rows count only when something follows."""
        row, first = trimmed(tuple(self.row)), self.next_row
        self.row = []
        if not row:
            self._blank += times
            return
        self._cells += len(row) * times
        bounded(1, self._cells if first + times <= _LAST_ROW else MOST_CELLS + 1, self.place)
        self._rows.extend([()] * self._blank + [row] * times)
        self._blank = 0
        if hidden:
            self._hidden_rows.update(range(first, first + times))

    def grid(self) -> Grid:
        """The rows up to the last filled one, and what was noticed."""
        self.findings.hidden(self._hidden_rows, self._hidden_columns, self._rows)
        return Grid(rows=self._rows, merged=tuple(sorted(self.spans)), issues=self.findings.issues())


class _Scan:
    """Follows the elements of content.xml."""

    def __init__(self, location: str) -> None:
        self.tables: list[_Table] = []
        self._location = location
        self._depth = 0
        self._style = ""
        self._hidden_styles: set[str] = set()
        self._open: _Table | None = None
        self._row: Attributes = {}
        self._cell: Attributes = {}
        self._cell_depth = 0
        self._lines: list[list[str]] = []
        self._in_line = False
        self._annotation: Annotation | None = None
        self.comments: list[Remark] = []
        self._starts = {
            f"{_STYLE}style": self._on_style,
            f"{_STYLE}table-properties": self._on_display,
            f"{_TABLE}table": self._on_table,
            f"{_TABLE}table-column": self._on_column,
            f"{_TABLE}table-row": self._on_row,
            f"{_TEXT}p": self._on_line,
            f"{_TEXT}s": self._on_spaces,
        } | dict.fromkeys(_CELLS, self._on_cell)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Take note of an element's start."""
        self._depth += 1
        handler = self._starts.get(tag)
        if self._annotation:
            self._annotation.start(tag)
        elif tag == ANNOTATION:
            self._annotation = Annotation()
        elif handler:
            handler(attributes)
        elif tag in _BREAKS:
            self.text(_BREAKS[tag])

    def end(self, tag: str) -> None:
        """Take note of an element's end."""
        if self._annotation:
            self._end_annotation(self._annotation, tag)
        elif tag == f"{_TEXT}p" and self._depth == self._cell_depth + 1:
            self._in_line = False
        elif self._open and tag in _CELLS and self._depth == self._cell_depth:
            self._end_cell(self._open)
        elif self._open and tag == f"{_TABLE}table-row":
            times = _times(self._row, "number-rows-repeated")
            self._open.end_row(times, hidden=_is_hidden(self._row))
        self._depth -= 1

    def text(self, piece: str) -> None:
        """Take text; only that of a cell's own lines counts, not that of comments and drawings."""
        if self._annotation:
            self._annotation.take(piece)
        elif self._in_line:
            self._lines[-1].append(piece)

    def _end_annotation(self, annotation: Annotation, tag: str) -> None:
        annotation.end(tag)
        if tag != ANNOTATION:
            return
        self._annotation = None
        if self._open and annotation.text.strip():
            row, column = self._open.next_row, len(self._open.row)
            self.comments.append(comment(self._open.place, row, column, annotation.author, annotation.text))

    def _on_style(self, attributes: Attributes) -> None:
        self._style = attributes.get(f"{_STYLE}name", "")

    def _on_display(self, attributes: Attributes) -> None:
        if attributes.get(f"{_TABLE}display") == "false":
            self._hidden_styles.add(self._style)

    def _on_table(self, attributes: Attributes) -> None:
        name = attributes.get(f"{_TABLE}name", str(len(self.tables) + 1))
        visible = attributes.get(f"{_TABLE}style-name", "") not in self._hidden_styles
        self._open = _Table(Where(file=self._location, sheet=name), visible=visible)
        self.tables.append(self._open)

    def _on_column(self, attributes: Attributes) -> None:
        if self._open:
            self._open.column(_times(attributes, "number-columns-repeated"), hidden=_is_hidden(attributes))

    def _on_row(self, attributes: Attributes) -> None:
        self._row = attributes

    def _on_cell(self, attributes: Attributes) -> None:
        self._cell, self._cell_depth, self._lines = attributes, self._depth, []

    def _on_line(self, _: Attributes) -> None:
        if self._depth == self._cell_depth + 1:
            self._lines.append([])
            self._in_line = True

    def _on_spaces(self, attributes: Attributes) -> None:
        self.text(" " * min(_number(attributes.get(f"{_TEXT}c", "1")), 1000))

    def _end_cell(self, table: _Table) -> None:
        shown = "\n".join("".join(line) for line in self._lines)
        text = spelled(self._cell, shown)
        row, column = table.next_row, len(table.row)
        times = _times(self._cell, "number-columns-repeated")
        across, down = (_times(self._cell, f"number-{kind}-spanned") for kind in ("columns", "rows"))
        if across > 1 or down > 1:
            table.spans.append(Span(row, column, row + down - 1, column + across - 1))
        if f"{_TABLE}formula" in self._cell:
            is_text = self._cell.get(f"{OFFICE}value-type") == "string"
            for step in range(min(times, _LAST_COLUMN)):
                table.findings.formula(row, column + step, text, is_text=is_text)
        if error_value(text):
            table.findings.note("error-value", row, column, text)
        if is_rounded_percentage(self._cell, text):
            table.findings.note("rounded", row, column, text)
        table.cell(text, times)


def _is_hidden(attributes: Attributes) -> bool:
    return attributes.get(f"{_TABLE}visibility") in {"collapse", "filter"}


def _times(attributes: Attributes, name: str) -> int:
    return max(1, _number(attributes.get(f"{_TABLE}{name}", "1")))


def _number(digits: str) -> int:
    return int(digits) if len(digits) < 10 else _LAST_ROW
