"""File names, formats and media types as CKAN treats them.

An uploaded file's name becomes ASCII lower case and never holds a path; the file on disk does not use it at all.
"""

from __future__ import annotations

import re
import unicodedata

MAX_NAME, MIN_NAME, MAX_EXTENSION = 100, 3, 21

TYPES = {
    "csv": ("CSV", "text/csv"),
    "docx": ("DOCX", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "geojson": ("GeoJSON", "application/geo+json"),
    "htm": ("HTML", "text/html"),
    "html": ("HTML", "text/html"),
    "jpg": ("JPEG", "image/jpeg"),
    "json": ("JSON", "application/json"),
    "jsonld": ("application/ld+json", "application/ld+json"),
    "kml": ("KML", "application/vnd.google-earth.kml+xml"),
    "nt": ("application/n-triples", "application/n-triples"),
    "ods": ("ODS", "application/vnd.oasis.opendocument.spreadsheet"),
    "pdf": ("PDF", "application/pdf"),
    "png": ("PNG", "image/png"),
    "rdf": ("RDF", "application/rdf+xml"),
    "svg": ("SVG", "image/svg+xml"),
    "tsv": ("TSV", "text/tab-separated-values"),
    "ttl": ("text/turtle", "text/turtle"),
    "txt": ("TXT", "text/plain"),
    "xls": ("XLS", "application/vnd.ms-excel"),
    "xlsb": ("XLSB", "application/vnd.ms-excel.sheet.binary.macroenabled.12"),
    "xlsx": ("XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "xml": ("XML", "application/xml"),
    "zip": ("ZIP", "application/zip"),
}
"""Extension -> the format CKAN gives an upload, and its media type."""

SPELLINGS = {key: name for ext, (name, kind) in TYPES.items() if "/" not in name for key in (ext, kind)}
SPELLINGS |= {"shp": "SHP"}

SHOWN_IN_PLACE = frozenset(
    {
        "application/json",
        "application/ld+json",
        "application/n-triples",
        "application/geo+json",
        "application/pdf",
        "image/jpeg",
        "image/png",
        "text/csv",
        "text/plain",
        "text/tab-separated-values",
        "text/turtle",
    }
)
"""Media types that cannot run scripts in a browser: the only ones served inline."""


def spelled_format(text: str) -> str:
    """A format as CKAN spells it: ``csv`` and ``text/csv`` -> ``CSV``; one it does not know stays as given."""
    return SPELLINGS.get(text.strip().lower(), text.strip())


def guessed_type(name: str) -> tuple[str, str | None]:
    """Format and media type of a file by the extension of its (munged) name; ("", None) where it says nothing."""
    stem, dot, extension = name.rpartition(".")
    return TYPES.get(extension, ("", None)) if stem and dot else ("", None)


def munged_filename(name: str) -> str:
    """The name an upload gets in its address: 3 to 100 characters of ``a-z 0-9 _ . -``, no folders.

    Latin letters lose their accents, everything else outside ASCII is dropped: ``人口 2020.CSV`` -> ``-2020.csv``.
    """
    base = name.rsplit("/", 1)[-1].strip()
    plain = unicodedata.normalize("NFD", base.casefold())
    kept = re.sub(r"[^a-z0-9_. -]", "", plain).replace(" ", "-")
    stem, dot, extension = re.sub(r"-+", "-", kept).rpartition(".")
    if not stem:
        return (dot + extension)[:MAX_NAME].ljust(MIN_NAME, "_")
    suffix = (dot + extension)[:MAX_EXTENSION]
    return (stem[: MAX_NAME - len(suffix)] + suffix).ljust(MIN_NAME, "_")
