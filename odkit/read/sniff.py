"""What a file is, by its bytes and never by its name."""

from __future__ import annotations

import zipfile
from enum import StrEnum
from io import BytesIO

from odkit.errors import SourceError


class Kind(StrEnum):
    """The formats this stage reads; the value is the media type."""

    TEXT = "text/csv"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    XLS = "application/vnd.ms-excel"


_OLE2 = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_STARTS = (
    (b"%PDF-", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"{\\rtf", "RTF"),
    (b"\x1f\x8b", "gzip"),
    (b"7z\xbc\xaf", "7z"),
)
_TEXT_STARTS = ((b"<!doctype html", "HTML"), (b"<html", "HTML"), (b"<table", "HTML"), (b"<?xml", "XML"))
_JSON_STARTS = ((b"{", b'"'), (b"[", b"{"), (b"[", b"["))
_PARTS = (
    ("xl/workbook.bin", "xlsb"),
    ("word/document.xml", "docx"),
    ("ppt/presentation.xml", "pptx"),
    ("content.xml", "ODF"),
)


def sniff(data: bytes, location: str) -> Kind:
    """The kind of a file that holds a table.

    Raises `SourceError`: ``read.empty-file``, ``read.password``, ``read.broken-file`` or ``read.not-a-table`` (a PDF,
    an image, a web page …; the detail ``format`` names it).
    """
    if not data:
        raise SourceError("read.empty-file", file=location)
    if data.startswith(_OLE2):
        return _old_office(data, location)
    if data.startswith(b"PK\3\4"):
        return _zipped(data, location)
    found = next((name for start, name in _STARTS if data.startswith(start)), "") or _marked_up(data)
    if found:
        raise SourceError("read.not-a-table", file=location, format=found)
    return Kind.TEXT


def _old_office(data: bytes, location: str) -> Kind:
    """An OLE2 container: a workbook behind a password, an .xls, or another program's file."""
    if _ENCRYPTED in data:
        raise SourceError("read.password", file=location)
    if any(name.encode("utf-16-le") in data for name in ("Workbook", "Book")):
        return Kind.XLS
    raise SourceError("read.not-a-table", file=location, format="OLE2")


def _zipped(data: bytes, location: str) -> Kind:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError) as error:
        raise SourceError("read.broken-file", file=location, reason=str(error)) from error
    names = {entry.filename for entry in entries}
    if any(entry.flag_bits & 1 for entry in entries):
        raise SourceError("read.password", file=location)
    found = next((name for part, name in _PARTS if part in names), "")
    if not found and "[Content_Types].xml" in names and any(name.startswith("xl/") for name in names):
        return Kind.XLSX
    raise SourceError("read.not-a-table", file=location, format=found or "ZIP")


def _marked_up(data: bytes) -> str:
    """The name of a text format that is not a delimited table; empty for any other text."""
    start = data[:512].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if any(_opens_json(start, pair) for pair in _JSON_STARTS):
        return "JSON"
    return next((name for mark, name in _TEXT_STARTS if start.startswith(mark)), "")


def _opens_json(start: bytes, pair: tuple[bytes, bytes]) -> bool:
    return start.startswith(pair[0]) and start[1:].lstrip().startswith(pair[1])
