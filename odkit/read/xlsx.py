""".xlsx -> sheets, straight from the parts of the archive; nothing else tells formats, formulas and hidden parts."""

from __future__ import annotations

import zipfile
from functools import partial

from odkit.collector import collector_paused
from odkit.model import Where
from odkit.read.grid import Grid
from odkit.read.parts import Form, open_document
from odkit.read.xlsx_careful import read_carefully
from odkit.read.xlsx_cells import Spelling
from odkit.read.xlsx_parts import read_book, style_formats
from odkit.read.xlsx_quick import read_quickly
from odkit.read.xlsx_remarks import xlsx_notes
from odkit.read.xlsx_rows import SheetRows
from odkit.read.xlsx_text import Unusual, shared_strings


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


xlsx_document = partial(
    open_document,
    Form(book=read_book, notes=xlsx_notes, strings=shared_strings, formats=style_formats, rows=read_rows),
)
"""The document in the bytes of an .xlsx, as `open_document` makes it."""
