"""Comments on cells, both the older notes and threads, and the document properties of an .xlsx."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping

from odkit.model import Remark, Where
from odkit.read.remarks import comment, properties
from odkit.read.xlsx_parts import Attributes, Book, relations
from odkit.read.xlsx_rows import position
from odkit.read.xlsx_text import decoded
from odkit.read.xml_events import walk

_PROPERTIES = {
    name.lower(): name
    for name in (
        "creator",
        "lastModifiedBy",
        "title",
        "subject",
        "description",
        "keywords",
        "category",
        "contentStatus",
        "company",
        "manager",
    )
}
_THREAD = "tc="
"""How the author of a note starts that only repeats a thread, for older Excel."""


Notes = Callable[[zipfile.ZipFile, str, Where], Iterable[Remark]]
"""Reads the notes of the part at a path (empty where there is none), on the sheet at a place."""


def workbook_remarks(archive: zipfile.ZipFile, book: Book, location: str, read_notes: Notes) -> tuple[Remark, ...]:
    """The document's properties, then the comments sheet by sheet. Raises ValueError or ExpatError for damage."""
    package = {item.kind: item.path for item in relations(archive, "").values()}
    persons = _persons(archive, book.parts.get("person", ""))
    found = list(properties(location, _properties(archive, package)))
    for sheet in book.sheets:
        place = Where(file=location, sheet=sheet.name)
        parts = {item.kind: item.path for item in relations(archive, sheet.path).values()}
        threads = list(_threads(archive, parts.get("threadedComment", ""), place, persons))
        answered = set(map(_cell, threads))
        notes = read_notes(archive, parts.get("comments", ""), place)
        found.extend(note for note in notes if not (_repeats(note) and _cell(note) in answered))
        found.extend(threads)
    return tuple(found)


def _repeats(note: Remark) -> bool:
    return note.where.field.startswith(_THREAD)


def _cell(remark: Remark) -> str:
    return remark.where.cell


def _properties(archive: zipfile.ZipFile, package: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for kind in ("core-properties", "extended-properties"):
        for name, _, text in _texts(archive, package.get(kind, "")):
            if name.lower() in _PROPERTIES:
                yield _PROPERTIES[name.lower()], text
    for name, above, text in _texts(archive, package.get("custom-properties", "")):
        if name != "property" and above.get("name"):
            yield above["name"], text


def _texts(archive: zipfile.ZipFile, path: str) -> Iterator[tuple[str, Attributes, str]]:
    """The innermost elements of a part that is there: name, attributes of the element around it, text."""
    found: list[tuple[str, Attributes, str]] = []
    opened: list[tuple[str, Attributes]] = []
    pieces: list[str] = []

    def on_start(tag: str, attributes: dict[str, str]) -> None:
        opened.append((tag.rpartition(" ")[2], attributes))
        pieces.clear()

    def on_end(_: str) -> None:
        name, _attributes = opened.pop()
        if pieces:
            found.append((name, opened[-1][1] if opened else {}, decoded("".join(pieces))))
        pieces.clear()

    _walk(archive, path, on_start, on_end, pieces.append)
    return iter(found)


def _walk(
    archive: zipfile.ZipFile,
    path: str,
    on_start: Callable[[str, dict[str, str]], None],
    on_end: Callable[[str], None],
    on_text: Callable[[str], None],
) -> None:
    """Parts that are named but missing hold no remarks."""
    if path in archive.NameToInfo:
        walk(archive, path, on_start, on_end, on_text)


def _persons(archive: zipfile.ZipFile, path: str) -> dict[str, str]:
    """The people who wrote in threads, by id."""
    found: dict[str, str] = {}

    def on_start(tag: str, attributes: dict[str, str]) -> None:
        if tag.endswith(" person"):
            found[attributes.get("id", "")] = attributes.get("displayName", "")

    _walk(archive, path, on_start, lambda _: None, lambda _: None)
    return found


class _Comments:
    """Follows the elements of a part of comments of either kind."""

    def __init__(self, tag: str, author: Callable[[Attributes], str], place: Where) -> None:
        self._tag = tag
        self._author = author
        self._place = place
        self.found: list[Remark] = []
        self.authors: list[str] = []
        self._attributes: Attributes = {}
        self._pieces: list[str] = []
        self._in_ruby = False

    def start(self, tag: str, attributes: Attributes) -> None:
        name = tag.rpartition(" ")[2]
        if name == self._tag:
            self._attributes = attributes
        if name in {self._tag, "author"}:
            self._pieces.clear()
        self._in_ruby = self._in_ruby or name == "rPh"

    def end(self, tag: str) -> None:
        name = tag.rpartition(" ")[2]
        text = decoded("".join(self._pieces))
        if name == "author":
            self.authors.append(text)
        elif name == self._tag and text.strip():
            row, column = position(self._attributes["ref"].partition(":")[0])
            self.found.append(comment(self._place, row, column, self._author(self._attributes), text))
        elif name == "rPh":
            self._in_ruby = False

    def text(self, piece: str) -> None:
        if not self._in_ruby:
            self._pieces.append(piece)


def xlsx_notes(archive: zipfile.ZipFile, path: str, place: Where) -> list[Remark]:
    """The notes of an .xlsx, which are XML."""

    def author(attributes: Attributes) -> str:
        number = attributes.get("authorId", "")
        return scan.authors[int(number)] if number.isdecimal() and int(number) < len(scan.authors) else ""

    scan = _Comments("comment", author, place)
    _walk(archive, path, scan.start, scan.end, scan.text)
    return scan.found


def _threads(archive: zipfile.ZipFile, path: str, place: Where, persons: Mapping[str, str]) -> list[Remark]:
    scan = _Comments("threadedComment", lambda attributes: persons.get(attributes.get("personId", ""), ""), place)
    _walk(archive, path, scan.start, scan.end, scan.text)
    return scan.found
