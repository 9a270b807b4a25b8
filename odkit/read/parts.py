"""Workbooks kept as an archive of parts, in XML (.xlsx) or in records (.xlsb): opened alike, read each in its way."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from io import BytesIO

from odkit.model import Where
from odkit.read.archive import guard
from odkit.read.damage import damage_reported
from odkit.read.grid import Grid
from odkit.read.sheets import Document, Sheet
from odkit.read.xlsx_cells import Spelling
from odkit.read.xlsx_parts import Book
from odkit.read.xlsx_remarks import Notes, workbook_remarks


@dataclass(frozen=True, slots=True)
class Form:
    """How the parts of a workbook are written: what reads each; all take the archive, and most a part's path."""

    book: Callable[[zipfile.ZipFile], Book]
    notes: Notes
    strings: Callable[[zipfile.ZipFile, str], list[str]]
    formats: Callable[[zipfile.ZipFile, str], tuple[str, ...]]
    rows: Callable[[zipfile.ZipFile, str, Spelling, Where], Grid]


def open_document(form: Form, data: bytes, location: str) -> Document:
    """The worksheets in the workbook's order, the comments and the document properties.

    Raises `SourceError`: ``read.too-large`` before unpacking, ``read.broken-file`` also while a sheet loads.
    """
    with damage_reported(location):
        archive = zipfile.ZipFile(BytesIO(data))
        guard(archive, location)
        book = form.book(archive)
        remarks = workbook_remarks(archive, book, location, form.notes)
    spelling = cache(partial(_spelling, form, archive, book))

    def load(path: str, place: Where) -> Grid:
        with damage_reported(location):
            return form.rows(archive, path, spelling(), place)

    sheets = [
        Sheet(sheet.name, sheet.visible, partial(load, sheet.path, Where(file=location, sheet=sheet.name)))
        for sheet in book.sheets
    ]
    return Document(sheets, remarks)


def _spelling(form: Form, archive: zipfile.ZipFile, book: Book) -> Spelling:
    strings = form.strings(archive, book.parts["sharedStrings"]) if "sharedStrings" in book.parts else []
    formats = form.formats(archive, book.parts["styles"]) if "styles" in book.parts else ()
    return Spelling(strings, formats, starts_1904=book.starts_1904)
