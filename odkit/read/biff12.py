"""The records of an .xlsb: the parts of an .xlsx in binary form; and the parts that are not sheets."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

from odkit.read.formats import format_of
from odkit.read.xlsx_parts import Book, SheetPart, relations

_WB_PROPERTIES, _SHEET = 153, 156
_STRING, _FORMAT, _STYLE = 19, 44, 47
_STYLES_START, _STYLES_END = 617, 618


@dataclass(frozen=True, slots=True)
class Record:
    """One record: its number in the format's list, its bytes."""

    kind: int
    body: bytes

    def numbers(self, layout: str, at: int = 0) -> tuple[int, ...]:
        """Whole numbers from `at` on, little-endian, as `struct` describes them."""
        return struct.unpack_from(f"<{layout}", self.body, at)

    def text(self, at: int) -> str:
        """The text at `at`: its length in UTF-16 units in four bytes, then those; 0xFFFFFFFF is no text."""
        return self.text_and_end(at)[0]

    def text_and_end(self, at: int) -> tuple[str, int]:
        """The text at `at`, and the place after it. Raises ValueError where it is longer than the record."""
        (length,) = self.numbers("I", at)
        end = at + 4 + (0 if length == 0xFFFFFFFF else length * 2)
        if end > len(self.body):
            raise ValueError(f"text of {length} characters")
        return self.body[at + 4 : end].decode("utf-16-le", errors="replace"), end


def records(archive: zipfile.ZipFile, path: str) -> Iterator[Record]:
    """The records of a part. Raises IndexError or ValueError where it is cut off."""
    data = archive.read(path)
    at = 0
    while at < len(data):
        kind, at = _number(data, at, 2)
        length, at = _number(data, at, 4)
        if at + length > len(data):
            raise ValueError(f"record {kind} is longer than its part")
        yield Record(kind, data[at : at + length])
        at += length


def _number(data: bytes, at: int, most: int) -> tuple[int, int]:
    """A number in up to `most` bytes of seven bits, the lowest first; and the place after it."""
    number = 0
    for step in range(most):
        byte = data[at + step]
        number |= (byte & 0x7F) << 7 * step
        if byte < 0x80:
            return number, at + step + 1
    return number, at + most


def read_book(archive: zipfile.ZipFile) -> Book:
    """Find the workbook's part and read it. Raises StopIteration, LookupError, ValueError, struct.error for damage."""
    path = next(item.path for item in relations(archive, "").values() if item.kind == "officeDocument")
    related = relations(archive, path)
    book = Book(parts={item.kind: item.path for item in related.values() if item.path in archive.NameToInfo})
    for record in records(archive, path):
        if record.kind == _WB_PROPERTIES:
            book.starts_1904 = bool(record.numbers("I")[0] & 1)
        elif record.kind == _SHEET:
            state, _ = record.numbers("II")
            relation, end = record.text_and_end(8)
            target = related[relation]
            if target.kind == "worksheet":
                book.sheets.append(SheetPart(record.text(end), state == 0, target.path))
    return book


def shared_strings(archive: zipfile.ZipFile, path: str) -> list[str]:
    """The strings that cells refer to by number, without their styles and ruby."""
    return [record.text(1) for record in records(archive, path) if record.kind == _STRING]


def style_formats(archive: zipfile.ZipFile, path: str) -> tuple[str, ...]:
    """The number format of each cell style."""
    spelled: dict[int, str] = {}
    keys: list[int] = []
    in_styles = False
    for record in records(archive, path):
        if record.kind in {_STYLES_START, _STYLES_END}:
            in_styles = record.kind == _STYLES_START
        elif record.kind == _FORMAT:
            spelled[record.numbers("H")[0]] = record.text(2)
        elif record.kind == _STYLE and in_styles:
            keys.append(record.numbers("HH")[1])
    return tuple(format_of(key, spelled) for key in keys)
