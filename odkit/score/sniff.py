"""What a file is, by its bytes; its name decides only between texts that the bytes cannot tell apart."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Mapping
from functools import cache
from pathlib import PurePosixPath

from odkit.project import data_file, read_csv

MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpg"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"\x1f\x8b\x08", "gzip"),
    (b"BM", "image"),
    (b"{\\rtf", "rtf"),
    (b"\x00\x00\x27\x0a", "shapefile"),
    (b"PAR1", "parquet"),
    (b"SQLite format 3\x00", "gpkg"),
)
OFFICE = (
    ("xl/workbook.xml", "xlsx"),
    ("xl/workbook.bin", "xlsb"),
    ("word/document.xml", "docx"),
    ("ppt/presentation.xml", "pptx"),
)
OLE = (("EncryptedPackage", "encrypted"), ("Workbook", "xls"), ("Book", "xls"), ("WordDocument", "doc"))
XML_ROOTS = (
    (b"rdf:RDF", "rdfxml"),
    (b"RDF", "rdfxml"),
    (b"kml", "kml"),
    (b"svg", "svg"),
    (b"gml:FeatureCollection", "gml"),
    (b"wfs:FeatureCollection", "gml"),
    (b"html", "html"),
)
HEAD = 1 << 16
CONTROLS = bytes(code for code in range(32) if code not in (9, 10, 12, 13, 27))
HEAD_OF_PDF = 1024
"""Blanks may stand before a PDF, as readers of PDF allow."""
SMALL = 4 << 20
TURTLE = re.compile(rb"^\s*(@prefix|@base|PREFIX|BASE)\s+[^\s<>]*\s*<", re.MULTILINE | re.IGNORECASE)
TRIPLE = re.compile(
    rb"(\s*#[^\n]*\n)*\s*(<[^<>\s]+>|_:\S+)\s+<[^<>\s]+>\s+(<[^<>\s]+>|_:\S+|\".*)\s*\.\s*$", re.MULTILINE
)
HTML = re.compile(
    rb"\A\s*(<!--.*?-->\s*)*<(!doctype\s+html|html|head|body|table|div|title|script|meta)\b", re.IGNORECASE | re.DOTALL
)
BEGINNINGS = ((HTML, "html"), (re.compile(rb"BEGIN:VCALENDAR\b"), "ics"))
RDF_SPACE = b"http://www.w3.org/1999/02/22-rdf-syntax-ns#"
ROOT = re.compile(rb"<(?![?!])([\w:.-]+)")


@cache
def formats() -> Mapping[str, Mapping[str, str]]:
    """The format table of vocab/formats.csv by format id."""
    return {row["format"]: row for row in read_csv(data_file("vocab", "formats.csv"))}


@cache
def _by_extension() -> Mapping[str, str]:
    return {
        extension: name for name, row in formats().items() for extension in row["extensions"].split(";") if extension
    }


def declared_format(name: str) -> str:
    """The format that a file name promises; empty where its ending says nothing."""
    return _by_extension().get(PurePosixPath(name).suffix.lstrip(".").lower(), "")


def sniff(data: bytes, name: str) -> str:
    """The format of `data`: an id of vocab/formats.csv, or empty, zip, pptx, encrypted, image, text, unknown."""
    plain = data.removeprefix(b"\xef\xbb\xbf")
    if not plain.strip():
        return "empty"
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zipped(data, name)
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return next((kind for mark, kind in OLE if mark.encode("utf-16-le") in data), "unknown")
    if data[:HEAD_OF_PDF].lstrip().startswith(b"%PDF-"):
        return "pdf"
    for mark, kind in MAGIC:
        if data.startswith(mark) and _is_really(kind, data, name):
            return kind
    return "unknown" if _binary(data) else _text_format(plain, name)


def _is_really(kind: str, data: bytes, name: str) -> bool:
    """Two letters begin many a text beside pictures; of databases GeoPackages alone are known."""
    if kind == "image":
        return declared_format(name) == ""
    return kind != "gpkg" or data[68:70] == b"GP"


def is_container(head: bytes) -> bool:
    """A zip or an old Office file: its directory may stand at the end."""
    return head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0"))


def _binary(data: bytes) -> bool:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.startswith(b"\xff\xfe\x00\x00")  # UTF-32, which the programs of offices do not write or read
    head = data[:HEAD]
    controls = len(head) - len(head.translate(None, CONTROLS))
    return controls * 20 > len(head)


def _zipped(data: bytes, name: str) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            sizes = {info.filename: info.file_size for info in archive.infolist()}
            if 0 < sizes.get("mimetype", 0) < 200:
                return _open_document(archive.read("mimetype"))
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError):
        declared = declared_format(name)
        return declared if declared in ("xlsx", "xlsm", "ods", "docx") else "zip"
    if "xl/vbaProject.bin" in names and "xl/workbook.xml" in names:
        return "xlsm"
    return next((kind for part, kind in OFFICE if part in names), "zip")


def _open_document(mimetype: bytes) -> str:
    kinds = {b"spreadsheet": "ods", b"text": "odt", b"presentation": "odp"}
    return next((kind for mark, kind in kinds.items() if b"opendocument." + mark in mimetype), "zip")


def _text_format(data: bytes, name: str) -> str:
    declared, head = declared_format(name), _as_utf8(data[:HEAD]).lstrip()
    if begun := next((kind for beginning, kind in BEGINNINGS if beginning.match(head)), ""):
        return begun
    if head.startswith(b"<?xml") or (head.startswith(b"<") and not TRIPLE.match(head) and declared != "turtle"):
        return _xml_format(head)
    if TURTLE.match(head) or (declared not in ("csv", "tsv") and TURTLE.search(head)):
        return "turtle"
    if TRIPLE.match(head):
        return "turtle" if declared == "turtle" else "n-triples"
    if head[:1] in (b"{", b"[") and (declared not in ("csv", "tsv", "turtle") or _is_json(data)):
        return declared if declared in ("geojson", "json-ld") else "json"
    return declared if _as_named(declared, head, data) else "text"


def _as_named(declared: str, head: bytes, data: bytes) -> bool:
    """A text that may be what its name says: RDF has addresses, JSON parses."""
    if declared in ("turtle", "n-triples"):
        return b"<" in head
    return declared in ("csv", "tsv", "txt") or (declared in ("json", "geojson", "json-ld") and _is_json(data))


def _is_json(data: bytes) -> bool:
    """JSON under the name of something else: it has to parse, for a table may begin with a bracket too."""
    if len(data) > SMALL:
        return False
    try:
        json.loads(data)
    except (ValueError, RecursionError):
        return False
    return True


def _as_utf8(head: bytes) -> bytes:
    """UTF-16 made comparable; every other encoding has ASCII where it matters."""
    return head.decode("utf-16", "ignore").encode() if head.startswith((b"\xff\xfe", b"\xfe\xff")) else head


def _xml_format(head: bytes) -> str:
    root = ROOT.search(head)
    name = root[1] if root else b""
    if name.endswith(b":RDF") and RDF_SPACE in head:
        return "rdfxml"
    return next((kind for mark, kind in XML_ROOTS if name.lower() == mark.lower()), "xml")
