""".xlsx -> sheets, straight from the parts of the archive; nothing else tells formats, formulas and hidden parts."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from functools import cache, partial
from io import BytesIO

from odkit.collector import collector_paused
from odkit.model import Where
from odkit.read.archive import guard
from odkit.read.damage import damage_reported
from odkit.read.grid import Grid
from odkit.read.sheets import Document, Sheet
from odkit.read.xlsx_careful import read_carefully
from odkit.read.xlsx_cells import Spelling
from odkit.read.xlsx_parts import Book, read_book, style_formats
from odkit.read.xlsx_quick import read_quickly
from odkit.read.xlsx_remarks import workbook_remarks, xlsx_notes
from odkit.read.xlsx_rows import SheetRows
from odkit.read.xlsx_text import Unusual, shared_strings


def xlsx_document(data: bytes, location: str) -> Document:
    """The worksheets in the workbook's order, the comments and the document properties.

    Raises `SourceError`: ``read.too-large`` before unpacking, ``read.broken-file`` also while a sheet loads.
    """
    with damage_reported(location):
        archive = zipfile.ZipFile(BytesIO(data))
        guard(archive, location)
        book = read_book(archive)
        remarks = workbook_remarks(archive, book, location, xlsx_notes)
    spelling = cache(partial(_spelling, archive, book))
    sheets = [
        Sheet(
            sheet.name,
            sheet.visible,
            partial(_load, archive, sheet.path, spelling, Where(file=location, sheet=sheet.name)),
        )
        for sheet in book.sheets
    ]
    return Document(sheets, remarks)


def _spelling(archive: zipfile.ZipFile, book: Book) -> Spelling:
    strings = shared_strings(archive, book.parts["sharedStrings"]) if "sharedStrings" in book.parts else []
    formats = style_formats(archive, book.parts["styles"]) if "styles" in book.parts else ()
    return Spelling(strings, formats, starts_1904=book.starts_1904)


def _load(archive: zipfile.ZipFile, path: str, spelling: Callable[[], Spelling], place: Where) -> Grid:
    with damage_reported(place.file):
        return read_rows(archive, path, spelling(), place)


def read_rows(archive: zipfile.ZipFile, path: str, spelling: Spelling, place: Where) -> Grid:
    """One sheet, quickly where it is written as usual, else with care. Raises what a damaged file makes of it."""
    with collector_paused():
        found = SheetRows(place)
        try:
            read_quickly(archive, path, spelling, found)
        except Unusual:
            found = SheetRows(place)
            read_carefully(archive, path, spelling, found)
        return found.grid()
