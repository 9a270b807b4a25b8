""".xlsx -> sheets: values by openpyxl's streaming reader, the rest by `xlsx_parts`."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from io import BytesIO
from typing import Any, Protocol, cast

from openpyxl import load_workbook
from openpyxl.styles.cell_style import StyleArray

from odkit.model import Row, Where
from odkit.read.archive import guard
from odkit.read.cells import Value, as_text, is_rounded
from odkit.read.damage import damage_reported
from odkit.read.findings import Findings
from odkit.read.formats import JAPANESE_DATES, dated
from odkit.read.grid import Grid, bounded, trimmed
from odkit.read.sheets import Sheet
from odkit.read.xlsx_parts import sheet_facts, sheet_parts


def xlsx_sheets(data: bytes, location: str) -> list[Sheet]:
    """The worksheets in the workbook's order.

    Raises `SourceError`: ``read.too-large`` before unpacking, ``read.broken-file`` also while a sheet loads.
    """
    with damage_reported(location):
        archive = zipfile.ZipFile(BytesIO(data))
        guard(archive, location)
        parts = sheet_parts(archive)
        book = load_workbook(BytesIO(data), read_only=True, data_only=True)
        streamed = cast("Sequence[_Streamed]", book.worksheets)
        return [
            Sheet(
                sheet.title,
                sheet.sheet_state == "visible",
                partial(_load, archive, parts[sheet.title], sheet, location),
            )
            for sheet in streamed
        ]


class _Cell(Protocol):
    """What this module uses of a streamed cell."""

    value: Value
    number_format: str
    data_type: str
    style_array: StyleArray
    parent: Any


class _Streamed(Protocol):
    """What this module uses of a streamed sheet; its class is private to openpyxl."""

    title: str
    sheet_state: str

    def reset_dimensions(self) -> None:
        """Forget the size that the file claims: it is often wrong, and would cut rows off."""

    def iter_rows(self) -> Iterable[Sequence[_Cell]]:
        """The rows from the first one on, each up to its last cell."""


def _load(archive: zipfile.ZipFile, part: str, sheet: _Streamed, location: str) -> Grid:
    findings = Findings(Where(file=location, sheet=sheet.title))
    with damage_reported(location):
        facts = sheet_facts(archive, part)
        sheet.reset_dimensions()
        rows = list(_rows(sheet, findings, Where(file=location, sheet=sheet.title)))
    while rows and not rows[-1]:
        rows.pop()
    findings.formulas(facts.formulas, rows)
    findings.hidden(facts.hidden_rows, facts.hidden_columns, rows)
    return Grid(rows=rows, merged=tuple(sorted(facts.merged)), issues=findings.issues())


def _rows(sheet: _Streamed, findings: Findings, place: Where) -> Iterator[Row]:
    """The rows from the first one on; the reader fills each up to its last cell, wherever a file says that is."""
    cells_so_far = 0
    for row, cells in enumerate(sheet.iter_rows()):
        cells_so_far += len(cells)
        bounded(1, cells_so_far, place)
        yield _texts(cells, row, findings)


def _japanese_date(cell: _Cell, value: Value) -> Value:
    """The date of a cell whose format Japanese Excel knows by number alone; openpyxl takes it for a plain number."""
    if isinstance(value, bool) or not isinstance(value, int | float) or cell.number_format != "General":
        return value
    if cell.style_array.numFmtId not in JAPANESE_DATES:
        return value
    return dated(value, JAPANESE_DATES[cell.style_array.numFmtId], starts_1904=cell.parent.parent.epoch.year == 1904)


def _texts(cells: Sequence[_Cell], row: int, findings: Findings) -> Row:
    """The cells of one row as text, without the blank ones at its end."""
    texts = []
    for column, cell in enumerate(cells):
        value = cell.value
        if value is None or isinstance(value, str):
            texts.append(value or "")
            if cell.data_type == "e":
                findings.note("error-value", row, column, value or "")
            continue
        value = _japanese_date(cell, value)
        text = as_text(value, cell.number_format)
        texts.append(text)
        if is_rounded(value, text):
            findings.note("rounded", row, column, text)
    return trimmed(tuple(texts))
