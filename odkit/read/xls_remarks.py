"""Comments on cells and the document properties of an Excel 97–2003 workbook.

A comment is in three records: NOTE (cell, author, number), OBJ with that number, and TXO with the text, which runs on
in CONTINUE records. Excel 95 keeps the text in NOTE itself. Properties are in two streams beside the workbook's.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from odkit.model import Remark, Where
from odkit.read.biff import CONTINUE, codec_of, records, text
from odkit.read.ole import Container
from odkit.read.remarks import comment, properties

_NOTE, _OBJ, _TXO = 0x001C, 0x005D, 0x01B6
_SUMMARY = {2: "title", 3: "subject", 4: "creator", 5: "keywords", 6: "description", 8: "lastModifiedBy"}
_DOCUMENT = {2: "category", 14: "manager", 15: "company"}
_TEXT, _WIDE_TEXT = 0x1E, 0x1F
_CODEPAGE, _NUMBER = 1, 2


def sheet_comments(stream: bytes, start: int, place: Where, codec: str) -> Iterator[Remark]:
    """The comments of the sheet at `start`; `codec` is that of Excel 95's texts, else empty."""
    texts: dict[int, str] = {}
    notes: list[tuple[int, int, int, str]] = []
    number, length, pieces = 0, 0, list[bytes]()
    for kind, begin, end in records(stream, start):
        body = stream[begin:end]
        if kind == _OBJ and len(body) >= 8:
            (number,) = struct.unpack_from("<H", body, 6)
        elif kind == _TXO and len(body) >= 12:
            (length,) = struct.unpack_from("<H", body, 10)
            pieces = []
        elif kind == CONTINUE and length:
            pieces.append(body)
            texts[number] = _text_of(pieces, length)
        elif kind == _NOTE and codec:
            row, column = struct.unpack_from("<HH", body)
            yield comment(place, row, column, "", body[6:].decode(codec, errors="replace"))
        elif kind == _NOTE:
            row, column, _, key = struct.unpack_from("<HHHH", body)
            notes.append((row, column, key, text(body, 8, "") if len(body) > 10 else ""))
        if kind not in {_TXO, CONTINUE}:
            length = 0
    for row, column, key, author in notes:
        if texts.get(key):
            yield comment(place, row, column, author, texts[key])


def _text_of(pieces: list[bytes], length: int) -> str:
    """The first `length` characters of pieces that each say how wide their characters are; the rest is styles."""
    found = ""
    for piece in pieces:
        found += piece[1:].decode("utf-16-le" if piece[:1] == b"\1" else "latin-1", errors="replace")
        if len(found) >= length:
            break
    return found[:length]


def document_properties(container: Container, location: str) -> tuple[Remark, ...]:
    """The document's properties. Raises ValueError or struct.error where a stream of them is damaged."""
    found: list[tuple[str, str]] = []
    for stream, names in (("\x05SummaryInformation", _SUMMARY), ("\x05DocumentSummaryInformation", _DOCUMENT)):
        if container.has(stream):
            found.extend(_properties(container.stream(stream), names))
    return properties(location, found)


def _properties(stream: bytes, names: dict[int, str]) -> Iterator[tuple[str, str]]:
    """The texts of a stream's first set of properties, by the numbers in `names`."""
    (section,) = struct.unpack_from("<I", stream, 44)
    _, count = struct.unpack_from("<II", stream, section)
    places = dict(struct.unpack_from("<II", stream, section + 8 + 8 * at) for at in range(min(count, 256)))
    codec = "cp932"
    if _CODEPAGE in places:
        kind, number = struct.unpack_from("<IH", stream, section + places[_CODEPAGE])
        codec = codec_of(number) if kind == _NUMBER else codec
    for key, name in names.items():
        if key in places:
            kind, length = struct.unpack_from("<II", stream, section + places[key])
            begin = section + places[key] + 8
            if kind in {_TEXT, _WIDE_TEXT}:
                size, used = (length * 2, "utf-16-le") if kind == _WIDE_TEXT else (length, codec)
                yield name, stream[begin : begin + size].decode(used, errors="replace").rstrip("\0")
