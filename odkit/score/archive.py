"""Reading zip members and XML from strangers: bounded in size, and without the tricks that make small files huge."""

from __future__ import annotations

import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from xml.etree import ElementTree as ET

from odkit.errors import SourceError

MEMBER_LIMIT = 128 << 20
"""Bytes of one member, unpacked. More is not read: the answer is 未判定."""
TOTAL_LIMIT = 256 << 20
"""Bytes of all members that are looked at."""
Member = tuple[str, bytes]
"""Name and bytes of a file in a zip."""
MEMBERS = 20
"""Members of a zip that are looked at."""

XML_ENCODING = re.compile(rb"(<\?xml\b[^>]{0,80}?)\s+encoding\s*=\s*[\"']([\w.-]+)[\"']", re.ASCII)
ZIP_FAULTS = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, LookupError)


AROUND = 20
"""Characters before and after a fault that are shown."""


def unreadable(kind: str) -> SourceError:
    """The error for content that was not read for its own good (too-large, dtd, deep, encrypted) or is broken."""
    return SourceError("score.parse", kind=kind)


def broken_at(line: int, column: int, text: str) -> SourceError:
    """The error for a text whose syntax breaks at a place (line from 1, column from 0); `text` is that line."""
    around = " ".join(text[max(0, column - AROUND) : column + AROUND].split())
    return SourceError("score.parse", kind="broken", place=f"R{line}", text=around)


@contextmanager
def opened(data: bytes) -> Iterator[zipfile.ZipFile]:
    """The zip in `data`. Raises SourceError (broken, encrypted) for whatever goes wrong inside the block."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield archive
    except ZIP_FAULTS as error:
        raise unreadable("broken") from error
    except RuntimeError as error:  # what zipfile raises for a member with a password
        raise unreadable("encrypted") from error


def member(archive: zipfile.ZipFile, name: str) -> bytes:
    """The bytes of one member. Raises SourceError (too-large) beyond MEMBER_LIMIT, whatever the directory claims."""
    with archive.open(name) as file:
        data = file.read(MEMBER_LIMIT + 1)
    if len(data) > MEMBER_LIMIT:
        raise unreadable("too-large")
    return data


def payload(data: bytes, rank: Callable[[str], int]) -> list[Member]:
    """Name and bytes of the files of a zip, of very many those of the lowest `rank` by their names."""
    with opened(data) as archive:
        names = _own_names(archive)
        first = {*sorted(names, key=rank)[:MEMBERS]}
        found: list[Member] = []
        for name in filter(first.__contains__, names):
            found.append((name, member(archive, name)))
            if sum(len(data) for _, data in found) > TOTAL_LIMIT:
                raise unreadable("too-large")
        return found


def zipped_names(data: bytes) -> list[str]:
    """The names of the files of a zip, which a password does not hide. Raises SourceError (broken)."""
    with opened(data) as archive:
        return _own_names(archive)


def _own_names(archive: zipfile.ZipFile) -> list[str]:
    """The files of a zip, each once; folders and what systems add on their own left out."""
    names = dict.fromkeys(info.filename for info in archive.infolist() if not info.is_dir())
    return [name for name in names if not name.startswith("__MACOSX/") and not name.rsplit("/", 1)[-1].startswith(".")]


def unpacked(data: bytes) -> bytes:
    """The file inside a gzip. Raises SourceError (too-large, broken)."""
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
            content = file.read(MEMBER_LIMIT + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise unreadable("broken") from error
    if len(content) > MEMBER_LIMIT:
        raise unreadable("too-large")
    return content


def guard_xml(data: bytes) -> None:
    """Refuse XML with a document type (entities): SourceError (dtd). UTF-16 is looked through as well."""
    if b"<!DOCTYPE" in data.replace(b"\x00", b""):
        raise unreadable("dtd")


def parse_xml(data: bytes) -> ET.Element:
    """The root of an XML document without a DTD. Raises SourceError (dtd, broken)."""
    guard_xml(data)
    try:
        return ET.fromstring(_recoded(data))  # noqa: S314 - no DTD gets here, so no entities
    except ET.ParseError as error:
        line, column = error.position
        raise broken_at(line, column, _line(data, line)) from error
    except (ValueError, LookupError) as error:
        raise unreadable("broken") from error


def _line(data: bytes, number: int) -> str:
    """A line of XML by its number from 1; empty where its encoding is none that Python knows."""
    try:
        wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
        text = _recoded(data).decode("utf-16" if wide else "utf-8-sig", "replace")
    except (ValueError, LookupError):
        return ""
    return next(islice(io.StringIO(text), number - 1, None), "")


def _recoded(data: bytes) -> bytes:
    """XML in Shift_JIS or EUC-JP, which Python's parser does not know, in UTF-8. Raises ValueError, LookupError."""
    found = XML_ENCODING.match(data)
    if not found or found[2].lower() in (b"utf-8", b"utf-16"):
        return data
    codec = {b"shift_jis": "cp932", b"x-sjis": "cp932", b"windows-31j": "cp932"}.get(
        found[2].lower(), found[2].decode()
    )
    text = data.decode(codec)
    return (found[1].decode() + text[found.end() :]).encode()


def stream_xml(data: bytes, *tags: str) -> Iterator[ET.Element]:
    """Each element with one of the names (no namespace) as it ends, then emptied. Raises SourceError (dtd, broken)."""
    guard_xml(data)
    try:
        for _, element in ET.iterparse(io.BytesIO(data)):  # noqa: S314 - the same
            if local(element.tag) in tags:
                yield element
                element.clear()
    except (ET.ParseError, ValueError, LookupError) as error:
        raise unreadable("broken") from error


def local(tag: str) -> str:
    """The name of an element or attribute without its namespace."""
    return tag.rpartition("}")[2]


def is_error_root(root: ET.Element) -> bool:
    """An interface's word for what went wrong in place of data: ``Error``, ``ServiceExceptionReport``."""
    return re.fullmatch(r"errors?|fault|.*exception(report)?", local(root.tag), re.IGNORECASE) is not None
