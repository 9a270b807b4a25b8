"""The parts of an .xlsx: how they refer to each other, the sheets' names, number formats by style, shared strings."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field

from odkit.read.formats import format_of
from odkit.read.xml_events import walk

Attributes = Mapping[str, str]

_MAIN = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main ",
    "http://purl.oclc.org/ooxml/spreadsheetml/main ",  # "strict" files have their own names for everything
)
TRUE = frozenset({"1", "true"})


@dataclass(frozen=True, slots=True)
class Relation:
    """A reference from one part to another: `kind` is the last word of its type."""

    kind: str
    path: str


@dataclass(frozen=True, slots=True)
class SheetPart:
    """A worksheet: its name, whether it is visible, its part in the archive."""

    name: str
    visible: bool
    path: str


@dataclass(slots=True)
class Book:
    """What a workbook's own part says; `parts` maps the kind of a further part that is there to its path."""

    sheets: list[SheetPart] = field(default_factory=list)
    starts_1904: bool = False
    parts: dict[str, str] = field(default_factory=dict)


def main_name(tag: str) -> str:
    """The name of an element of a sheet or workbook; empty for one of another vocabulary."""
    space, name = tag[: tag.rfind(" ") + 1], tag[tag.rfind(" ") + 1 :]
    return name if space in _MAIN else ""


def relations(archive: zipfile.ZipFile, path: str) -> dict[str, Relation]:
    """The parts that the part at `path` refers to, by the reference's id; ``""`` stands for the package itself."""
    folder, name = posixpath.split(path)
    listed = posixpath.join(folder, "_rels", f"{name}.rels")
    found: dict[str, Relation] = {}

    def on_element(tag: str, attributes: Attributes) -> None:
        if _local(tag) == "Relationship" and attributes.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/", folder, attributes["Target"])).lstrip("/")
            found[attributes["Id"]] = Relation(posixpath.basename(attributes["Type"]), target)

    if listed in archive.NameToInfo:
        walk(archive, listed, on_element)
    return found


def read_book(archive: zipfile.ZipFile) -> Book:
    """Find the workbook's part and read it. Raises StopIteration, LookupError or ValueError for damage."""
    path = next(item.path for item in relations(archive, "").values() if item.kind == "officeDocument")
    related = relations(archive, path)
    book = Book(parts={item.kind: item.path for item in related.values() if item.path in archive.NameToInfo})

    def on_element(tag: str, attributes: Attributes) -> None:
        name = main_name(tag)
        if name == "workbookPr":
            book.starts_1904 = attributes.get("date1904") in TRUE
        elif name == "sheet":
            target = related[next(value for key, value in attributes.items() if _local(key) == "id")]
            if target.kind == "worksheet":
                visible = attributes.get("state", "visible") == "visible"
                book.sheets.append(SheetPart(attributes["name"], visible, target.path))

    walk(archive, path, on_element)
    return book


def style_formats(archive: zipfile.ZipFile, path: str) -> tuple[str, ...]:
    """The number format of each cell style, in the order of the part at `path`."""
    spelled: dict[int, str] = {}
    keys: list[int] = []
    section = ""

    def on_element(tag: str, attributes: Attributes) -> None:
        nonlocal section
        name = main_name(tag)
        if name in {"numFmts", "cellXfs", "cellStyleXfs", "dxfs"}:
            section = name
        elif section == "numFmts" and name == "numFmt":
            spelled[int(attributes["numFmtId"])] = attributes["formatCode"]
        elif section == "cellXfs" and name == "xf":
            keys.append(int(attributes.get("numFmtId", "0")))

    walk(archive, path, on_element)
    return tuple(format_of(key, spelled) for key in keys)


def _local(name: str) -> str:
    return name.rpartition(" ")[2]
