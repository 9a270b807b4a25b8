""".xls (Excel 97–2003) -> sheets, by calamine. It does not say what is hidden inside a sheet, nor number formats."""

from __future__ import annotations

from functools import partial
from io import BytesIO

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from odkit.errors import SourceError
from odkit.read.cells import as_text
from odkit.read.grid import Grid, Span, trimmed
from odkit.read.sheets import Sheet


def xls_sheets(data: bytes, location: str) -> list[Sheet]:
    """The worksheets in the workbook's order. Raises `SourceError` ``read.broken-file``."""
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(data))
    except CalamineError as error:
        raise SourceError("read.broken-file", file=location, reason=str(error)) from error
    return [
        Sheet(item.name, item.visible == SheetVisibleEnum.Visible, partial(_load, book, item.name, location))
        for item in book.sheets_metadata
        if item.typ == SheetTypeEnum.WorkSheet
    ]


def _load(book: CalamineWorkbook, name: str, location: str) -> Grid:
    try:
        sheet = book.get_sheet_by_name(name)
        values = sheet.to_python(skip_empty_area=False)
    except CalamineError as error:
        raise SourceError("read.broken-file", file=location, reason=str(error)) from error
    rows = [trimmed(tuple(as_text(value) for value in row)) for row in values]
    spans = (Span(*first, *last) for first, last in sheet.merged_cell_ranges or ())
    return Grid(rows=rows, merged=tuple(sorted(spans)))
