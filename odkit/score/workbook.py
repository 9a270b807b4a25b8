"""What the score needs of an xlsx and no more: texts, merged cells, formulas, hidden parts, drawings.

Parsed from the XML parts themselves, because formulas and hidden parts are lost in a reader made for values.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from xml.etree import ElementTree as ET

from odkit.model import SeenSheet, column_letters
from odkit.score.archive import local, member, opened, parse_xml, stream_xml, unreadable
from odkit.score.columns import columns_of
from odkit.score.facts import Cell, Grid, Span
from odkit.score.layout import find_layout
from odkit.score.places import column_number

ADDRESS = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")
CELL_LIMIT = 5_000_000
LAST_COLUMN = 16_384
Sheet = tuple[str, str, bool]
"""Name, path inside the file, hidden."""


def read_workbook(data: bytes) -> tuple[Grid, ...]:
    """One grid per worksheet that holds something. Raises SourceError (broken, encrypted, too-large, dtd)."""
    with opened(data) as archive:
        strings = _shared_strings(archive)
        grids = [_read_sheet(archive, sheet, strings) for sheet in _sheets(archive)]
    return tuple(grid for grid in grids if grid.rows or grid.drawings)


def seen_grid(seen: SeenSheet) -> Grid:
    """A worksheet that was read elsewhere."""
    rows = tuple(seen.rows)
    layout = find_layout(rows, fixed_width=False)
    return Grid(
        sheet=seen.name,
        letters=True,
        rows=rows,
        layout=layout,
        columns=columns_of(rows, layout),
        merged=tuple(Span(top=top, left=left, bottom=bottom, right=right) for top, left, bottom, right in seen.merged),
        formulas=seen.formulas,
        stored_text=seen.texts,
        hidden=seen.hidden,
        drawings=seen.objects,
    )


def _relations(archive: zipfile.ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """Relations of a part by id: kind (last word of its type) and target path."""
    folder, name = posixpath.split(part)
    path = posixpath.join(folder, "_rels", f"{name}.rels")
    if path not in archive.namelist():
        return {}
    found: dict[str, tuple[str, str]] = {}
    for item in parse_xml(member(archive, path)):
        target = item.get("Target", "")
        place = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        found[item.get("Id", "")] = (item.get("Type", "").rpartition("/")[2], place)
    return found


def _sheets(archive: zipfile.ZipFile) -> list[Sheet]:
    relations = _relations(archive, "xl/workbook.xml")
    found: list[Sheet] = []
    for item in parse_xml(member(archive, "xl/workbook.xml")).iter():
        if local(item.tag) != "sheet":
            continue
        reference = next((value for key, value in item.attrib.items() if key.endswith("}id")), "")
        kind, path = relations.get(reference, ("", ""))
        if kind == "worksheet":
            found.append((item.get("name", ""), path, item.get("state", "visible") != "visible"))
    return found


def _shared_strings(archive: zipfile.ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in archive.namelist():
        return []
    return [_text(item) for item in stream_xml(member(archive, "xl/sharedStrings.xml"), "si")]


def _text(element: ET.Element) -> str:
    """The text of a string item, without the reading aids (ruby) that Excel keeps beside it."""
    parts = [child for child in element if local(child.tag) in ("t", "r")]
    return "".join(text.text or "" for part in parts for text in part.iter() if local(text.tag) == "t")


class _SheetReader:
    """Collects one worksheet, element by element."""

    def __init__(self, strings: list[str]) -> None:
        self.strings = strings
        self.cells: dict[int, dict[int, str]] = {}
        self.formulas: list[Cell] = []
        self.stored_text: set[Cell] = set()
        self.hidden: list[str] = []
        self.merged: list[Span] = []
        self.row = self.count = 0

    def take_row(self, element: ET.Element) -> None:
        """A ``row`` with its ``c`` children."""
        self.row = int(element.get("r") or self.row + 1)
        if element.get("hidden") in ("1", "true"):
            self.hidden.append(f"{self.row}:{self.row}")
        column = 0
        for cell in element:
            column = _column(cell.get("r", ""), column)
            self._take_cell(cell, column)

    def _take_cell(self, cell: ET.Element, column: int) -> None:
        parts = {local(part.tag): part for part in cell}
        if "f" in parts:
            self.formulas.append((self.row, column))
        kind = cell.get("t", "n")
        value = parts["v"].text or "" if "v" in parts else ""
        text = _text(parts["is"]) if "is" in parts else value
        if kind == "s" and value:
            text = self.strings[int(value)]
        if not text and "f" not in parts:
            return
        self.count += 1
        if self.count > CELL_LIMIT:
            raise unreadable("too-large")
        self.cells.setdefault(self.row, {})[column] = text or f"={parts['f'].text or ''}"
        if kind in ("s", "inlineStr", "str"):
            self.stored_text.add((self.row, column))

    def take_columns(self, element: ET.Element) -> None:
        """A ``col``: one range of columns with the same look."""
        if element.get("hidden") in ("1", "true") or element.get("width") == "0":
            first, last = int(element.get("min", "1")), int(element.get("max", "1"))
            self.hidden.append(f"{column_letters(first)}:{column_letters(last)}")

    def take_merged(self, element: ET.Element) -> None:
        """A ``mergeCell``."""
        if span := _span(element.get("ref", "")):
            self.merged.append(span)

    def rows(self) -> tuple[tuple[str, ...], ...]:
        """The rows from 1, each as long as the widest. Raises SourceError (too-large)."""
        width = max((max(cells) for cells in self.cells.values()), default=0)
        if width * len(self.cells) > CELL_LIMIT or width > LAST_COLUMN:
            raise unreadable("too-large")
        places, last = range(1, width + 1), max(self.cells, default=0)
        return tuple(
            tuple(self.cells[number].get(place, "") for place in places) if number in self.cells else ()
            for number in range(1, last + 1)
        )


def _column(address: str, before: int) -> int:
    found = ADDRESS.fullmatch(address)
    return column_number(found[1]) if found else before + 1


def _span(reference: str) -> Span | None:
    corners = [ADDRESS.fullmatch(part) for part in reference.split(":")]
    first, last = corners[0], corners[-1]
    if not (first and last):
        return None
    return Span(top=int(first[2]), left=column_number(first[1]), bottom=int(last[2]), right=column_number(last[1]))


def _read_sheet(archive: zipfile.ZipFile, sheet: Sheet, strings: list[str]) -> Grid:
    name, path, is_hidden = sheet
    reader = _SheetReader(strings)
    takers = {"row": reader.take_row, "col": reader.take_columns, "mergeCell": reader.take_merged}
    for element in stream_xml(member(archive, path), *takers):
        takers[local(element.tag)](element)
    rows = reader.rows()
    layout = find_layout(rows, fixed_width=False)
    return Grid(
        sheet=name,
        letters=True,
        rows=rows,
        layout=layout,
        columns=columns_of(rows, layout),
        merged=tuple(sorted(reader.merged, key=lambda area: (area.top, area.left))),
        formulas=tuple(reader.formulas),
        stored_text=frozenset(reader.stored_text),
        hidden=(*reader.hidden, *((name,) if is_hidden else ())),
        drawings=_drawings(archive, path),
    )


def _drawings(archive: zipfile.ZipFile, sheet: str) -> int:
    """Objects on a sheet: pictures, charts, shapes. Notes to cells are no objects."""
    paths = [path for kind, path in _relations(archive, sheet).values() if kind == "drawing"]
    roots = [parse_xml(member(archive, path)) for path in paths if path in archive.namelist()]
    return sum(1 for root in roots for item in root if local(item.tag).endswith("Anchor"))
