"""The file of a workbook: openpyxl makes the frame (styles, comments, filters), the rows go into it as text.

Cell by cell, openpyxl builds an element of XML for each: six times as slow for 10,000 rows of 28 columns.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from odkit.model import Row

LONG_AGO = (1980, 1, 1, 0, 0, 0)
LONGEST_TEXT = 32_767
"""Characters that Excel keeps in one cell."""
SIGNS = frozenset("=+-@'＝＋－＠")
BLOCK = 500
"""Rows that are packed at once."""
HEADING = "FFDDE6F0"

SPECIAL = re.compile(r"\r\n|[&<>\0-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_x(?=[0-9A-Fa-f]{4}_)")
SPELLED = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "_x": "_x005F_x", "\r\n": "\n", "\r": "\n"}
TEXT_START, TEXT_END = ' t="inlineStr"><is><t xml:space="preserve">', "</t></is></c>"
DIMENSION = re.compile('<dimension ref="[^"]*"')
ROWS = re.compile("<sheetData ?/>|<sheetData>.*</sheetData>", re.DOTALL)

StyledRow = tuple[Row, Sequence[str]]
"""The texts of a row's cells, and the style of each."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A sheet whose own rows are to come, with the range they fill; openpyxl's sheet has the comments at most."""

    sheet: Worksheet
    area: str
    rows: Iterable[StyledRow]


class Styles:
    """The styles of a workbook's cells: all of them text, some with a colour (as ``FFDDE6F0``), each made once."""

    def __init__(self, book: Workbook, colours: Sequence[str]) -> None:
        sheet: Worksheet = book.create_sheet("styles")
        keys = [(colour, quoted) for colour in ("", HEADING, *colours) for quoted in (False, True)]
        self._made = {key: _style(sheet, at, *key) for at, key in enumerate(keys, 1)}
        book.remove(sheet)

    def of(self, text: str, colour: str = "") -> str:
        """The style of a cell with that text."""
        return self._made[colour, text[:1] in SIGNS]


def _style(sheet: Worksheet, row: int, colour: str, quoted: bool) -> str:  # noqa: FBT001 - part of a style's key
    cell = sheet.cell(row, 1)
    cell.number_format = "@"
    # Excel keeps such text as text even when somebody edits the cell.
    cell.quotePrefix = quoted
    if colour:
        cell.fill = PatternFill("solid", fgColor=colour)
    if colour == HEADING:
        cell.font = Font(bold=True)
        cell.alignment = Alignment(vertical="top", wrap_text=True)
    return str(cell.style_id)


def save_workbook(path: Path, book: Workbook, frames: Sequence[Frame]) -> None:
    """Write the workbook with its rows, without the time of writing: the same rows give the same bytes."""
    book.properties.creator = "odkit"
    book.properties.created = book.properties.modified = datetime(*LONG_AGO[:3], tzinfo=UTC).replace(tzinfo=None)
    empty = BytesIO()
    ExcelWriter(book, ZipFile(empty, "w", ZIP_DEFLATED)).save()
    by_part = {frame.sheet.path.lstrip("/"): frame for frame in frames}
    with ZipFile(empty) as source, ZipFile(path, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            part = ZipInfo(name, LONG_AGO)
            part.compress_type = ZIP_DEFLATED
            with target.open(part, "w", force_zip64=True) as stream:
                if name in by_part:
                    _write_sheet(stream, source.read(name).decode(), by_part[name])
                else:
                    stream.write(source.read(name))


def _write_sheet(stream: IO[bytes], empty: str, frame: Frame) -> None:
    before, after = ROWS.split(DIMENSION.sub(f'<dimension ref="{frame.area}"', empty))
    stream.write(f"{before}<sheetData>".encode())
    rows = _row_texts(frame.rows)
    while block := "".join(islice(rows, BLOCK)):
        stream.write(block.encode())
    stream.write(f"</sheetData>{after}".encode())


def _row_texts(rows: Iterable[StyledRow]) -> Iterator[str]:
    letters: list[str] = []
    for number, (texts, styles) in enumerate(rows, 1):
        letters.extend(get_column_letter(column + 1) for column in range(len(letters), len(texts)))
        cells = "".join(
            f'<c r="{letter}{number}" s="{style}"{TEXT_START}{spelled(text)}{TEXT_END}'
            if text
            else f'<c r="{letter}{number}" s="{style}"/>'
            for letter, text, style in zip(letters, texts, styles, strict=False)
        )
        yield f'<row r="{number}">{cells}</row>'


def spelled(text: str) -> str:
    """A text as it stands in a workbook's XML; what XML cannot hold becomes U+FFFD, a line ends with a line feed."""
    return SPECIAL.sub(lambda match: SPELLED.get(match[0], "\ufffd"), text[:LONGEST_TEXT])


def writable(text: str) -> str:
    """A text for openpyxl to write, without the characters that XML cannot hold."""
    return SPECIAL.sub(lambda match: match[0] if match[0] in "&<>_x" else SPELLED.get(match[0], "\ufffd"), text)
