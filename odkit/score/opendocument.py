"""The tables of an OpenDocument spreadsheet (ods): texts and merged cells."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from odkit.model import Row
from odkit.score.archive import local, member, opened, stream_xml, unreadable
from odkit.score.facts import Grid, Span, columns_of
from odkit.score.layout import find_layout

CELL_LIMIT = 20_000_000


def read_opendocument(data: bytes) -> tuple[Grid, ...]:
    """One grid per table that holds something. Raises SourceError (broken, encrypted, too-large, dtd)."""
    with opened(data) as archive:
        grids = [_grid(table) for table in stream_xml(member(archive, "content.xml"), "table")]
    return tuple(grid for grid in grids if grid.rows)


def _attribute(element: ET.Element, name: str, default: str = "") -> str:
    return next((value for key, value in element.attrib.items() if local(key) == name), default)


def _grid(table: ET.Element) -> Grid:
    rows: list[Row] = []
    merged: list[Span] = []
    pending = cells = 0
    for element in table.iter():
        if local(element.tag) != "table-row":
            continue
        times = int(_attribute(element, "number-rows-repeated", "1"))
        row = _row(element, len(rows) + pending + 1, merged)
        if not row:  # rows without text count only when text follows: sheets end in a million of them
            pending += times
            continue
        cells += (len(row) + 1) * times + pending
        if cells > CELL_LIMIT:
            raise unreadable("too-large")
        rows.extend([()] * pending)
        rows.extend([row] * times)
        pending = 0
    layout = find_layout(rows, fixed_width=False)
    return Grid(
        sheet=_attribute(table, "name"),
        letters=True,
        rows=tuple(rows),
        layout=layout,
        columns=columns_of(rows, layout),
        merged=tuple(merged),
    )


def _row(element: ET.Element, number: int, merged: list[Span]) -> Row:
    cells: list[str] = []
    empty = 0
    for cell in element:
        if local(cell.tag) not in ("table-cell", "covered-table-cell"):
            continue
        times, text = int(_attribute(cell, "number-columns-repeated", "1")), _text(cell)
        across = int(_attribute(cell, "number-columns-spanned", "1"))
        down = int(_attribute(cell, "number-rows-spanned", "1"))
        if across > 1 or down > 1:
            left = len(cells) + empty + 1
            merged.append(Span(top=number, left=left, bottom=number + down - 1, right=left + across - 1))
        if not text:
            empty += times
            continue
        if len(cells) + empty + times > CELL_LIMIT:
            raise unreadable("too-large")
        cells += [""] * empty + [text] * times
        empty = 0
    return tuple(cells)


def _text(cell: ET.Element) -> str:
    return "\n".join("".join(part.itertext()) for part in cell if local(part.tag) == "p")
