"""What a file is, by its bytes and never by its name."""

from __future__ import annotations

import zipfile
from enum import StrEnum
from io import BytesIO

from odkit.errors import SourceError
from odkit.read.damage import damage_reported


class Kind(StrEnum):
    """The formats this stage reads; the value is the media type."""

    TEXT = "text/csv"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    XLSB = "application/vnd.ms-excel.sheet.binary.macroEnabled.12"
    XLS = "application/vnd.ms-excel"
    ODS = "application/vnd.oasis.opendocument.spreadsheet"
    HTML = "text/html"
    JSON = "application/json"
    ZIP = "application/zip"


_OLE2 = bytes.fromhex("d0cf11e0a1b11ae1")
_ZIP_STARTS = (b"PK\3\4", b"PK\5\6")
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
_HTML_STARTS = (b"<!doctype html", b"<html", b"<head", b"<meta", b"<body", b"<style", b"<div", b"<table")
_JSON_STARTS = ((b"{", b'"'), (b"[", b"{"), (b"[", b"["))
_XML_START = b"<?xml"
_PARTS = (
    ("word/document.xml", "docx"),
    ("ppt/presentation.xml", "pptx"),
)


def is_container(head: bytes) -> bool:
    """Whether a file that starts so holds others: only as a whole it tells what it is."""
    return head.startswith((_OLE2, *_ZIP_STARTS))


def sniff(data: bytes, location: str) -> Kind:
    """The kind of a file that holds a table; of one that is no container the first bytes are enough.

    Raises `SourceError`: ``read.empty-file``, ``read.password``, ``read.broken-file`` or ``read.not-a-table`` (a PDF,
    an image, a web page …; the detail ``format`` names it).
    """
    if not data:
        raise SourceError("read.empty-file", file=location)
    if data.startswith(_OLE2):
        return _old_office(data, location)
    if data.startswith(_ZIP_STARTS):
        return _zipped(data, location)
    found = next((name for start, name in _STARTS if data.startswith(start)), "")
    if found:
        raise SourceError("read.not-a-table", file=location, format=found)
    return _text_kind(data, location)


def _old_office(data: bytes, location: str) -> Kind:
    """An OLE2 container: a workbook behind a password, an .xls, or another program's file."""
    if _ENCRYPTED in data:
        raise SourceError("read.password", file=location)
    if any(name.encode("utf-16-le") in data for name in ("Workbook", "Book")):
        return Kind.XLS
    raise SourceError("read.not-a-table", file=location, format="OLE2")


def _zipped(data: bytes, location: str) -> Kind:
    with damage_reported(location), zipfile.ZipFile(BytesIO(data)) as archive:
        if any(entry.flag_bits & 1 for entry in archive.infolist()):
            raise SourceError("read.password", file=location)
        names = set(archive.namelist())
        opens_as = _declared_type(archive) if "mimetype" in names else ""
    if "xl/workbook.bin" in names:
        return Kind.XLSB
    found = next((name for part, name in _PARTS if part in names), "")
    if not found and "[Content_Types].xml" in names and any(name.startswith("xl/") for name in names):
        return Kind.XLSX
    if opens_as.removesuffix("-template") == Kind.ODS:
        return Kind.ODS
    found = found or ("ODF" if opens_as.startswith("application/vnd.oasis.") else "")
    if found:
        raise SourceError("read.not-a-table", file=location, format=found)
    return Kind.ZIP


def _declared_type(archive: zipfile.ZipFile) -> str:
    """What an OpenDocument file says it is."""
    with archive.open("mimetype") as part:
        return part.read(99).decode("latin-1").strip()


def _text_kind(data: bytes, location: str) -> Kind:
    """The kind of a text by its first characters; what looks like nothing else is a delimited table."""
    start = data[:4096].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    while start.startswith(b"<!--"):
        start = start.partition(b"-->")[2].lstrip()
    if any(_opens_json(start, pair) for pair in _JSON_STARTS):
        return Kind.JSON
    if start.startswith(_HTML_STARTS) or (start.startswith(_XML_START) and b"<html" in start):
        return Kind.HTML
    if start.startswith(_XML_START):
        raise SourceError("read.not-a-table", file=location, format="XML")
    return Kind.TEXT


def _opens_json(start: bytes, pair: tuple[bytes, bytes]) -> bool:
    return start.startswith(pair[0]) and start[1:].lstrip().startswith(pair[1])
