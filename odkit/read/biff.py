"""The records of an Excel 97–2003 workbook (BIFF8, and BIFF5 of Excel 95): strings, formats, sheets."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

BOF, EOF, CONTINUE = 0x0809, 0x000A, 0x003C
_FILEPASS, _CODEPAGE, _DATEMODE, _FORMAT, _XF = 0x002F, 0x0042, 0x0022, 0x041E, 0x00E0
_BOUNDSHEET, _SST = 0x0085, 0x00FC
_BIFF8 = 0x0600
_CODEPAGES = {932: "cp932", 1200: "utf-16-le", 65001: "utf-8", 10001: "cp932"}


def codec_of(number: int) -> str:
    """The codec for Windows' number of a code page."""
    return _CODEPAGES.get(number, f"cp{number}")


_ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}


def error_name(code: int) -> str:
    """The error that a cell shows for its code."""
    return _ERRORS.get(code, "#N/A")


def rk_number(short: int) -> float:
    """A number in four bytes: a whole number or the upper half of a float, perhaps in hundredths."""
    whole = short >> 2
    if short & 2:
        number: float = whole - (1 << 30) if whole >> 29 else whole
    else:
        (number,) = struct.unpack("<d", struct.pack("<Q", whole << 34))
    return number / 100 if short & 1 else number


@dataclass(slots=True)
class Globals:
    """What stands before the sheets: shared strings, number formats by cell style, the calendar, the sheets' places."""

    strings: list[str] = field(default_factory=list)
    formats: dict[int, str] = field(default_factory=dict)
    styles: list[int] = field(default_factory=list)
    starts_1904: bool = False
    sheets: list[tuple[str, int, bool]] = field(default_factory=list)
    """Name, place in the stream, whether it is visible; worksheets only."""
    codec: str = ""
    """The codec of strings of bytes (BIFF5); empty where strings say themselves."""
    is_encrypted: bool = False


def records(stream: bytes, at: int) -> Iterator[tuple[int, int, int]]:
    """Kind, start and end of each record from `at` on, up to the end of that part; parts inside it are passed over."""
    depth = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        if at + 4 + length > len(stream):
            raise ValueError(f"record {kind:04X} is longer than the file")
        depth += (kind == BOF) - (kind == EOF)
        if depth <= 1:
            yield kind, at + 4, at + 4 + length
        if depth <= 0:
            return
        at += 4 + length


def read_globals(stream: bytes) -> Globals:
    """Read the first part of a workbook's stream. Raises ValueError, struct.error or LookupError for damage."""
    made = Globals()
    shared: list[bytes] = []
    collecting = False
    for kind, start, end in records(stream, 0):
        body = stream[start:end]
        collecting = kind == _SST or (collecting and kind == CONTINUE)
        if collecting:
            shared.append(body)
        elif kind == BOF and struct.unpack_from("<H", body)[0] != _BIFF8:
            made.codec = "cp932"
        elif kind == _FILEPASS:
            made.is_encrypted = True
            return made
        else:
            _take(made, kind, body)
    if shared:
        made.strings = _shared_strings(shared)
    return made


def _take(made: Globals, kind: int, body: bytes) -> None:
    if kind == _CODEPAGE and made.codec:
        made.codec = codec_of(struct.unpack_from("<H", body)[0])
    elif kind == _DATEMODE:
        made.starts_1904 = body[:1] == b"\1"
    elif kind == _FORMAT:
        number = struct.unpack_from("<H", body)[0]
        made.formats[number] = short_text(body, 2, made.codec) if made.codec else text(body, 2, "")
    elif kind == _XF:
        made.styles.append(struct.unpack_from("<H", body, 2)[0])
    elif kind == _BOUNDSHEET:
        place, state, sort = struct.unpack_from("<IBB", body)
        if sort == 0:
            made.sheets.append((short_text(body, 6, made.codec), place, state & 3 == 0))


def text(body: bytes, at: int, codec: str) -> str:
    """A string after a length of two bytes."""
    (length,) = struct.unpack_from("<H", body, at)
    return _characters(body, at + 2, length, codec)


def short_text(body: bytes, at: int, codec: str) -> str:
    """A string after a length of one byte."""
    return _characters(body, at + 1, body[at], codec)


def _characters(body: bytes, at: int, length: int, codec: str) -> str:
    if codec:
        return body[at : at + length].decode(codec, errors="replace")
    wide = body[at] & 1 if length else 0
    return body[at + 1 : at + 1 + (length << wide)].decode("utf-16-le" if wide else "latin-1", errors="replace")


def _shared_strings(parts: list[bytes]) -> list[str]:
    """The table of strings, which runs on over several records."""
    reader = _Parts(parts)
    _, count = struct.unpack("<II", reader.take(8))
    found: list[str] = []
    while len(found) < count and reader.has_more():
        length, flags = struct.unpack("<HB", reader.take(3))
        styled = struct.unpack("<H", reader.take(2))[0] if flags & 8 else 0
        phonetic = struct.unpack("<I", reader.take(4))[0] if flags & 4 else 0
        found.append(reader.characters(length, flags & 1))
        reader.take(styled * 4 + phonetic)
    return found


class _Parts:
    """Bytes that run on over records; where a string is cut, the next record says anew how wide its characters are."""

    def __init__(self, parts: list[bytes]) -> None:
        self._parts = parts
        self._part = 0
        self._at = 0

    def has_more(self) -> bool:
        while self._part < len(self._parts) and self._at >= len(self._parts[self._part]):
            self._part, self._at = self._part + 1, 0
        return self._part < len(self._parts)

    def take(self, count: int) -> bytes:
        taken = b""
        while len(taken) < count:
            if not self.has_more():
                raise ValueError("the table of strings is cut off")
            piece = self._parts[self._part][self._at : self._at + count - len(taken)]
            self._at += len(piece)
            taken += piece
        return taken

    def characters(self, length: int, wide: int) -> str:
        found = ""
        while len(found) < length:
            left = len(self._parts[self._part]) - self._at
            count = min(length - len(found), left >> wide)
            raw = self.take(count << wide)
            found += raw.decode("utf-16-le" if wide else "latin-1", errors="replace").ljust(count, "\ufffd")[:count]
            if len(found) < length:
                self._at = len(self._parts[self._part])
                wide = self.take(1)[0] & 1
        return found
