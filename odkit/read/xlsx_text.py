"""Text in the parts of an .xlsx: entities, Excel's own escapes, shared strings without their ruby, and big parts
in pieces.

Shared strings as programs write them are found by pattern; whatever is written otherwise goes to a real XML parser.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator

from odkit.read.xlsx_parts import main_name
from odkit.read.xml_events import walk

_BLOCK = 1 << 18
_LONGEST = 32 << 20
"""Characters of one row or string that are still looked at as a whole."""
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_ENTITY = re.compile(r"&([^;&]{0,10};?)")
_ENTITIES = {"amp;": "&", "lt;": "<", "gt;": ">", "quot;": '"', "apos;": "'"}
_NUMBER = re.compile(r"#(?:x([0-9A-Fa-f]{1,6})|([0-9]{1,7}));")
_ENCODING = re.compile(rb"""^<\?xml[^>]*?encoding=["']([^"']*)["']""")
_PLAIN_STRING = re.compile(r"<si><t(?: xml:space=\"preserve\")?>([^<]*+)</t></si>")
_RUBY = re.compile(r"<rPh\b[^<>]*+>(?:[^<]*+<(?!/?rPh\b))*+[^<]*+</rPh>")
_RUN = re.compile(r"<t(?:\s[^<>]*+)?>([^<]*+)</t>")
_TAGS = re.compile(r"(?:\s*+<(?!t[\s>]|si\b|[!?])[^<>]*+>)*+\s*+")


class Unusual(Exception):
    """A part is written in a way that the quick reader does not know; the careful one takes over."""


def unescaped(text: str) -> str:
    """Text as it stands between tags -> the text itself. Raises `Unusual` for an entity that XML does not have."""
    return _ENTITY.sub(_character, text) if "&" in text else text


def _character(match: re.Match[str]) -> str:
    if match[1] in _ENTITIES:
        return _ENTITIES[match[1]]
    number = _NUMBER.fullmatch(match[1])
    point = (int(number[2]) if number[2] else int(number[1], 16)) if number else 0
    if point not in {9, 10, 13} and not 0x20 <= point < 0xD800 and not 0xE000 <= point < 0x110000:
        raise Unusual(match[0])
    return chr(point)


def decoded(text: str) -> str:
    """Excel's ``_x000D_`` -> the character itself; what UTF-8 cannot hold becomes U+FFFD."""
    if "_x" not in text:
        return text
    plain = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def pieces(archive: zipfile.ZipFile, path: str, end_tag: str) -> Iterator[str]:
    """A part in pieces that end with `end_tag`, and what follows the last one. Raises `Unusual` where it is not UTF-8
    or has comments and the like; ValueError where its bytes are damaged."""
    end = end_tag.encode()
    pending: list[bytes] = []
    with archive.open(path) as part:
        while block := part.read(_BLOCK):
            if not pending:
                _known_encoding(block)
            stop = block.rfind(end) + len(end) if end in block else 0
            if stop:
                yield _text(b"".join((*pending, block[:stop])))
                pending.clear()
            pending.append(block[stop:])
            if len(pending) > _LONGEST // _BLOCK:
                raise Unusual(end_tag)
    yield _text(b"".join(pending))


def _known_encoding(block: bytes) -> None:
    declared = _ENCODING.match(block)
    if block.startswith((b"\xff\xfe", b"\xfe\xff", b"\0")) or (declared and declared[1].lower() != b"utf-8"):
        raise Unusual("encoding")


def _text(data: bytes) -> str:
    text = data.decode("utf-8-sig")
    if "<!" in text:
        raise Unusual("<!")
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def shared_strings(archive: zipfile.ZipFile, path: str) -> list[str]:
    """The strings that cells refer to by number, without their styles and ruby."""
    try:
        return quick_strings(archive, path)
    except Unusual:
        return careful_strings(archive, path)


def quick_strings(archive: zipfile.ZipFile, path: str) -> list[str]:
    """The shared strings by pattern. Raises `Unusual` where they are not written as programs write them."""
    strings: list[str] = []
    opened = False
    piece = ""
    for piece in pieces(archive, path, "</si>"):
        if not opened:
            opened = "<sst" in piece[:2000]
        found = _PLAIN_STRING.findall(piece)
        count = piece.count("</si>")
        if piece.count("<si") != count:  # one without content would put all that follow out by one
            raise Unusual("si")
        if len(found) != count:
            found = [_styled(string) for string in piece.split("</si>")[:-1]]
        strings.extend(map(plain_text, found) if "&" in piece or "_x" in piece else found)
    if not opened or piece.strip() != "</sst>":
        raise Unusual("sst")
    return strings


def _styled(string: str) -> str:
    """The text of a string that may have runs of several styles, or ruby."""
    _, opening, inner = string.partition("<si>")
    if not opening:
        raise Unusual("si")
    return inline(inner)


def inline(inner: str) -> str:
    """The text, still escaped, of a string's elements. Raises `Unusual` where there is anything else."""
    inner = _RUBY.sub("", inner)
    if not _TAGS.fullmatch(_RUN.sub("", inner)):
        raise Unusual("is")
    return "".join(_RUN.findall(inner))


def plain_text(text: str) -> str:
    """Text as it stands between tags -> what people see in Excel."""
    return decoded(unescaped(text))


def careful_strings(archive: zipfile.ZipFile, path: str) -> list[str]:
    """The shared strings by an XML parser. Raises ValueError or ExpatError for damage."""
    reader = StringReader()
    strings: list[str] = []

    def on_start(tag: str, _: dict[str, str]) -> None:
        reader.start(main_name(tag))

    def on_end(tag: str) -> None:
        name = main_name(tag)
        reader.end(name)
        if name == "si":
            strings.append(decoded(reader.taken()))

    walk(archive, path, on_start, on_end, reader.text)
    return strings


class StringReader:
    """Collects the text of one string from its elements: what stands in ``t``, unless that is ruby."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._in_text = False
        self._in_ruby = False

    def start(self, name: str) -> None:
        """Take note of an element's start, by its name in the main vocabulary."""
        self._in_ruby = self._in_ruby or name == "rPh"
        self._in_text = name == "t"

    def end(self, name: str) -> None:
        """Take note of an element's end."""
        self._in_text = False
        if name == "rPh":
            self._in_ruby = False

    def text(self, piece: str) -> None:
        """Take text."""
        if self._in_text and not self._in_ruby:
            self._parts.append(piece)

    def taken(self) -> str:
        """The text so far; the next string starts afresh."""
        text = "".join(self._parts)
        self._parts.clear()
        return text
