""".xlsb -> sheets: the binary form of .xlsx, with everything that the other form tells."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterator
from functools import partial

from odkit.model import Remark, Where
from odkit.read.biff import error_name, rk_number
from odkit.read.biff12 import Record, read_book, records, shared_strings, style_formats
from odkit.read.cells import as_text
from odkit.read.grid import Grid, Span
from odkit.read.parts import Form, open_document
from odkit.read.remarks import comment
from odkit.read.xlsx_cells import Spelling, is_noted
from odkit.read.xlsx_rows import SheetRows

_ROW, _COLUMNS, _MERGE, _END = 0, 60, 176, 146
_AUTHOR, _NOTE, _NOTE_TEXT = 632, 635, 637
_BLANK, _RK, _ERROR, _TRUTH, _NUMBER, _TEXT, _SHARED = range(1, 8)
_FORMULA_TEXT, _FORMULA_NUMBER, _FORMULA_TRUTH, _FORMULA_ERROR = range(8, 12)
_SHORT = range(12, 19)
"""The seven kinds above again, for a cell right of the one before."""
_STYLED_TEXT = 62
_RESULTS = {_FORMULA_TEXT: _TEXT, _FORMULA_NUMBER: _NUMBER, _FORMULA_TRUTH: _TRUTH, _FORMULA_ERROR: _ERROR}


def _notes(archive: zipfile.ZipFile, path: str, place: Where) -> Iterator[Remark]:
    authors: list[str] = []
    author, row, column = "", 0, 0
    for record in records(archive, path) if path in archive.NameToInfo else ():
        if record.kind == _AUTHOR:
            authors.append(record.text(0))
        elif record.kind == _NOTE:
            number, row, _, column = record.numbers("IIII")
            author = authors[number]
        elif record.kind == _NOTE_TEXT:
            yield comment(place, row, column, author, record.text(1))


def _rows(archive: zipfile.ZipFile, path: str, spelling: Spelling, place: Where) -> Grid:
    found = _SheetRecords(spelling, SheetRows(place))
    for record in records(archive, path):
        found.take(record)
    return found.grid()


class _SheetRecords:
    """Follows the records of a sheet; rows and columns count from 0."""

    def __init__(self, spelling: Spelling, found: SheetRows) -> None:
        self._spelling = spelling
        self._found = found
        self._row = 0
        self._column = -1
        self._hidden = False
        self._cells: dict[int, str] = {}

    def take(self, record: Record) -> None:
        """Take one record."""
        kind = record.kind
        if kind in {_ROW, _END}:
            self._found.take(self._row, self._cells, hidden=self._hidden)
            self._cells = {}
        if kind == _ROW:
            self._row, self._column = record.numbers("I")[0], -1
            self._hidden = bool(record.body[11] & 0x10)
            self._found.expect(self._row, 0)
        elif kind == _COLUMNS:
            first, last, _, _, flags = record.numbers("IIIIH")
            if flags & 1:
                self._found.hide_columns(first, last)
        elif kind == _MERGE:
            top, bottom, left, right = record.numbers("IIII")
            self._found.merge(Span(top, left, bottom, right))
        elif kind in _SHORT:
            self._take_cell(record, kind - _SHORT.start + _BLANK, self._column + 1, 4)
        elif _BLANK <= kind <= _FORMULA_ERROR or kind == _STYLED_TEXT:
            self._take_cell(record, _RESULTS.get(kind, kind), record.numbers("I")[0], 8)

    def grid(self) -> Grid:
        """The rows up to the last filled one, and what was noticed."""
        return self._found.grid()

    def _take_cell(self, record: Record, kind: int, column: int, at: int) -> None:
        """Take a cell whose value stands at `at`, after its style."""
        self._column = column
        style = record.numbers("I", at - 4)[0] & 0xFFFFFF
        text = self._text(record, kind, str(style), at)
        if record.kind in _RESULTS:
            self._found.findings.formula(self._row, column, text, is_text=kind == _TEXT)
        if text and self._cells.setdefault(column, text) is not text:
            raise ValueError(f"row {self._row + 1}, column {column + 1} twice")

    def _text(self, record: Record, kind: int, style: str, at: int) -> str:
        if kind == _SHARED:
            return self._spelling.strings[record.numbers("I", at)[0]]
        if kind == _TEXT:
            return record.text(at)
        if kind == _STYLED_TEXT:
            return record.text(at + 1)
        if kind == _TRUTH:
            return as_text(bool(record.body[at]))
        if kind == _ERROR:
            self._found.findings.note("error-value", self._row, self._column, error_name(record.body[at]))
            return error_name(record.body[at])
        return self._number(record, kind, style, at) if kind in {_RK, _NUMBER} else ""

    def _number(self, record: Record, kind: int, style: str, at: int) -> str:
        (bits,) = record.numbers("I", at)
        value: float = rk_number(bits) if kind == _RK else struct.unpack_from("<d", record.body, at)[0]
        spelled = self._spelling.kind("n", style)
        text = spelled.spell(repr(value))
        if spelled.finding and is_noted(spelled.finding, repr(value), text):
            self._found.findings.note(spelled.finding, self._row, self._column, text)
        return text


xlsb_document = partial(
    open_document, Form(book=read_book, notes=_notes, strings=shared_strings, formats=style_formats, rows=_rows)
)
"""The document in the bytes of an .xlsb, as `open_document` makes it."""
