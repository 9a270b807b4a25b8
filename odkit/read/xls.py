""".xls (Excel 97–2003) -> sheets: values with their number formats, merges, hidden parts, formulas.

Read from its records: calamine tells no number formats and nothing hidden, and damaged files make it panic or ask for
all the memory there is.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from functools import partial

from odkit.errors import SourceError
from odkit.model import Where
from odkit.read.biff import Globals, error_name, read_globals, records, rk_number, text
from odkit.read.cells import Value, as_text, is_rounded
from odkit.read.damage import damage_reported
from odkit.read.findings import Findings
from odkit.read.formats import dated, format_of, is_date
from odkit.read.grid import Grid, Span, bounded
from odkit.read.ole import Container
from odkit.read.sheets import Document, Sheet
from odkit.read.xls_remarks import document_properties, sheet_comments

_LAST_COLUMN = 256


def xls_document(data: bytes, location: str) -> Document:
    """The worksheets in the workbook's order, the comments and the document properties.

    Raises `SourceError`: ``read.broken-file``, ``read.password``.
    """
    with damage_reported(location):
        container = Container(data)
        stream = container.stream("Workbook", "Book")
        shared = read_globals(stream)
        if shared.is_encrypted:
            raise SourceError("read.password", file=location)
        places = [(Where(file=location, sheet=name), place) for name, place, _ in shared.sheets]
        comments = [item for where, place in places for item in sheet_comments(stream, place, where, shared.codec)]
        remarks = (*document_properties(container, location), *comments)
    sheets = [
        Sheet(name, visible, partial(_load, stream, shared, place, Where(file=location, sheet=name)))
        for name, place, visible in shared.sheets
    ]
    return Document(sheets, remarks)


def _load(stream: bytes, shared: Globals, start: int, place: Where) -> Grid:
    sheet = _SheetRecords(shared, place)
    with damage_reported(place.file):
        for kind, begin, end in records(stream, start):
            sheet.take(kind, stream[begin:end])
        return sheet.grid()


class _SheetRecords:
    """The cells of one sheet as its records tell them; rows and columns count from 0."""

    def __init__(self, shared: Globals, place: Where) -> None:
        self._shared = shared
        self._place = place
        self._cells: dict[int, dict[int, str]] = {}
        self._findings = Findings(place)
        self._formulas: dict[tuple[int, int], bool] = {}
        self._merged: list[Span] = []
        self._hidden_rows: set[int] = set()
        self._hidden_columns: list[tuple[int, int]] = []
        self._awaits_text: tuple[int, int] | None = None
        self._handlers: dict[int, Callable[[bytes], None]] = {
            0x00FD: self._on_shared_text,
            0x0204: self._on_text,
            0x00D6: self._on_text,
            0x0203: self._on_number,
            0x027E: self._on_short_number,
            0x00BD: self._on_short_numbers,
            0x0205: self._on_truth,
            0x0006: self._on_formula,
            0x0207: self._on_result,
            0x0208: self._on_row,
            0x007D: self._on_columns,
            0x00E5: self._on_merges,
        }

    def take(self, kind: int, body: bytes) -> None:
        """Take one record."""
        handler = self._handlers.get(kind)
        if handler:
            handler(body)

    def grid(self) -> Grid:
        """The rows up to the last filled one, and what was noticed."""
        filled = {row: {at: cell for at, cell in cells.items() if cell} for row, cells in self._cells.items()}
        widths = {row: max(cells) + 1 for row, cells in filled.items() if cells}
        bounded(1, sum(widths.values()), self._place)
        rows = [
            tuple(filled[row].get(at, "") for at in range(widths[row])) if row in widths else ()
            for row in range(max(widths, default=-1) + 1)
        ]
        for (row, column), is_text in self._formulas.items():
            self._findings.formula(row, column, filled.get(row, {}).get(column, ""), is_text=is_text)
        self._findings.hidden(self._hidden_rows, self._hidden_columns, rows)
        return Grid(rows=rows, merged=tuple(sorted(self._merged)), issues=self._findings.issues())

    def _set(self, row: int, column: int, cell: str) -> None:
        if column >= _LAST_COLUMN:
            raise ValueError(f"column {column + 1}")
        self._cells.setdefault(row, {})[column] = cell

    def _set_number(self, row: int, column: int, style: int, number: float) -> None:
        value, number_format = self._value(style, number)
        cell = as_text(value, number_format)
        self._set(row, column, cell)
        if is_rounded(value, cell):
            self._findings.note("rounded", row, column, cell)

    def _value(self, style: int, number: float) -> tuple[Value, str]:
        """A number as the cell's style means it: a date, a time, or itself; and the number format."""
        key = self._shared.styles[style] if style < len(self._shared.styles) else 0
        number_format = format_of(key, self._shared.formats)
        if not is_date(number_format):
            return number, number_format
        value = dated(number, number_format, starts_1904=self._shared.starts_1904)
        return value, "General" if isinstance(value, float) else number_format

    def _set_error(self, row: int, column: int, code: int) -> None:
        self._set(row, column, error_name(code))
        self._findings.note("error-value", row, column, error_name(code))

    def _on_shared_text(self, body: bytes) -> None:
        row, column, _, number = struct.unpack_from("<HHHI", body)
        self._set(row, column, self._shared.strings[number])

    def _on_text(self, body: bytes) -> None:
        row, column = struct.unpack_from("<HH", body)
        self._set(row, column, text(body, 6, self._shared.codec))

    def _on_number(self, body: bytes) -> None:
        self._set_number(*struct.unpack_from("<HHHd", body))

    def _on_short_number(self, body: bytes) -> None:
        row, column, style, short = struct.unpack_from("<HHHI", body)
        self._set_number(row, column, style, rk_number(short))

    def _on_short_numbers(self, body: bytes) -> None:
        row, first = struct.unpack_from("<HH", body)
        for step, (style, short) in enumerate(struct.iter_unpack("<HI", body[4 : 4 + (len(body) - 6) // 6 * 6])):
            self._set_number(row, first + step, style, rk_number(short))

    def _on_truth(self, body: bytes) -> None:
        row, column, _, value, is_error = struct.unpack_from("<HHHBB", body)
        if is_error:
            self._set_error(row, column, value)
        else:
            self._set(row, column, as_text(bool(value)))

    def _on_formula(self, body: bytes) -> None:
        row, column, style = struct.unpack_from("<HHH", body)
        kind, value, mark = body[6], body[8], body[12:14]
        is_number = mark != b"\xff\xff"
        self._formulas[row, column] = not is_number and kind in {0, 3}
        if is_number:
            self._set_number(row, column, style, struct.unpack_from("<d", body, 6)[0])
        elif kind == 0:
            self._awaits_text = row, column
        elif kind == 1:
            self._set(row, column, as_text(bool(value)))
        elif kind == 2:
            self._set_error(row, column, value)

    def _on_result(self, body: bytes) -> None:
        if self._awaits_text:
            self._set(*self._awaits_text, text(body, 0, self._shared.codec))
            self._awaits_text = None

    def _on_row(self, body: bytes) -> None:
        row, *_, flags = struct.unpack_from("<HHHHHHH", body)
        if flags & 0x20:
            self._hidden_rows.add(row)

    def _on_columns(self, body: bytes) -> None:
        first, last, _, _, flags = struct.unpack_from("<HHHHH", body)
        if flags & 1:
            self._hidden_columns.append((first, last))

    def _on_merges(self, body: bytes) -> None:
        for top, bottom, left, right in struct.iter_unpack("<HHHH", body[2 : 2 + (len(body) - 2) // 8 * 8]):
            self._merged.append(Span(top, left, bottom, right))
