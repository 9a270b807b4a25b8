"""Comments (annotations) and document properties (meta.xml) of an OpenDocument file."""

from __future__ import annotations

import zipfile

from odkit.model import Remark
from odkit.read.remarks import properties
from odkit.read.xml_events import walk

ANNOTATION = "urn:oasis:names:tc:opendocument:xmlns:office:1.0 annotation"
_PARAGRAPH = "urn:oasis:names:tc:opendocument:xmlns:text:1.0 p"
_CREATOR = "http://purl.org/dc/elements/1.1/ creator"
_META = "urn:oasis:names:tc:opendocument:xmlns:meta:1.0 "
_DUBLIN = "http://purl.org/dc/elements/1.1/ "
_PROPERTIES = {
    f"{_META}initial-creator": "creator",
    _CREATOR: "lastModifiedBy",
    f"{_DUBLIN}title": "title",
    f"{_DUBLIN}subject": "subject",
    f"{_DUBLIN}description": "description",
    f"{_META}keyword": "keywords",
}


class Annotation:
    """One comment while it is read: who wrote it, and its lines."""

    def __init__(self) -> None:
        self.author = ""
        self._lines: list[str] = []
        self._inside = ""

    @property
    def text(self) -> str:
        """The lines so far."""
        return "\n".join(self._lines)

    def start(self, tag: str) -> None:
        """Take note of an element's start."""
        if tag in {_PARAGRAPH, _CREATOR}:
            self._inside = tag
        if tag == _PARAGRAPH:
            self._lines.append("")

    def end(self, tag: str) -> None:
        """Take note of an element's end."""
        if tag == self._inside:
            self._inside = ""

    def take(self, piece: str) -> None:
        """Take text."""
        if self._inside == _CREATOR:
            self.author += piece
        elif self._inside:
            self._lines[-1] += piece


def document_properties(archive: zipfile.ZipFile, location: str) -> tuple[Remark, ...]:
    """What meta.xml says of the document and its authors. Raises ValueError or ExpatError for damage."""
    found: list[tuple[str, str]] = []
    name = ""

    def on_start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal name
        own_name = attributes.get(f"{_META}name", "") if tag == f"{_META}user-defined" else ""
        name = _PROPERTIES.get(tag, own_name)

    def on_end(_: str) -> None:
        nonlocal name
        name = ""

    def on_text(piece: str) -> None:
        if name:
            found.append((name, piece))

    if "meta.xml" in archive.NameToInfo:
        walk(archive, "meta.xml", on_start, on_end, on_text)
    return properties(location, found)
