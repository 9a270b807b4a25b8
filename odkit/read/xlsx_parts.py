"""What openpyxl's streaming reader does not say about an .xlsx: merged ranges, hidden rows and columns, formulas.

Read with expat straight from the parts, one event per element, so that a large sheet costs no memory.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache

from odkit.read.grid import Span
from odkit.read.xml_events import walk

_ADDRESS = re.compile(r"\$?([A-Z]{1,3})\$?(\d+)")
LAST_ROW = 1_048_576
Handler = Callable[[str, Mapping[str, str]], None]


@dataclass(slots=True)
class SheetFacts:
    """Facts of one sheet; rows and columns count from 0. `formulas` maps a cell to whether its stored result is
    a text, which may be empty."""

    merged: list[Span] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    formulas: dict[tuple[int, int], bool] = field(default_factory=dict)


def sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Sheet name -> path of its part in the archive."""
    book = _targets(archive, "_rels/.rels", "")
    path = next(target for kind, target in book.values() if kind.endswith("/officeDocument"))
    folder, name = posixpath.split(path)
    targets = _targets(archive, f"{folder}/_rels/{name}.rels", folder)
    sheets: dict[str, str] = {}

    def on_element(tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "sheet":
            relation = next(value for name, value in attributes.items() if _local(name) == "id")
            sheets[attributes["name"]] = targets[relation][1]

    _walk(archive, path, on_element)
    return sheets


def _targets(archive: zipfile.ZipFile, path: str, folder: str) -> dict[str, tuple[str, str]]:
    """Relationship id -> its type and the path it points at."""
    found: dict[str, tuple[str, str]] = {}

    def on_element(tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "Relationship":
            target = posixpath.normpath(posixpath.join("/", folder, attributes["Target"]))
            found[attributes["Id"]] = (attributes["Type"], target.lstrip("/"))

    _walk(archive, path, on_element)
    return found


def sheet_facts(archive: zipfile.ZipFile, path: str) -> SheetFacts:
    """Read one sheet's part for its facts."""
    scan = _SheetScan()
    _walk(archive, path, scan.element)
    return scan.facts


class _SheetScan:
    """Follows the elements of a sheet; cells and rows without an address stand one after the other."""

    def __init__(self) -> None:
        self.facts = SheetFacts()
        self._row = -1
        self._column = -1
        self._is_text = False
        self._handlers: dict[str, Callable[[Mapping[str, str]], None]] = {
            "row": self._on_row,
            "c": self._on_cell,
            "f": self._on_formula,
            "col": self._on_columns,
            "mergeCell": self._on_merge,
        }

    def element(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Take note of one element's start."""
        handler = self._handlers.get(tag)
        if handler:
            handler(attributes)

    def _on_row(self, attributes: Mapping[str, str]) -> None:
        self._row = int(attributes.get("r", self._row + 2)) - 1
        self._column = -1
        if self._row >= LAST_ROW:
            raise ValueError(f"row {self._row + 1}")
        if attributes.get("hidden") in {"1", "true"}:
            self.facts.hidden_rows.add(self._row)

    def _on_cell(self, attributes: Mapping[str, str]) -> None:
        address = attributes.get("r")
        self._column = _column(address.rstrip("0123456789")) if address else self._column + 1
        self._is_text = attributes.get("t") == "str"

    def _on_formula(self, _: Mapping[str, str]) -> None:
        self.facts.formulas[self._row, self._column] = self._is_text

    def _on_columns(self, attributes: Mapping[str, str]) -> None:
        if attributes.get("hidden") in {"1", "true"}:
            self.facts.hidden_columns.append((int(attributes["min"]) - 1, int(attributes["max"]) - 1))

    def _on_merge(self, attributes: Mapping[str, str]) -> None:
        first, _, last = attributes["ref"].partition(":")
        self.facts.merged.append(Span(*_position(first), *_position(last or first)))


def _position(address: str) -> tuple[int, int]:
    """``B3`` -> (2, 1)."""
    match = _ADDRESS.fullmatch(address)
    if not match:
        raise ValueError(address)
    return int(match[2]) - 1, _column(match[1])


@cache
def _column(letters: str) -> int:
    """``A`` -> 0, ``AA`` -> 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _walk(archive: zipfile.ZipFile, path: str, on_element: Handler) -> None:
    """Call `on_element` with each element's local name and its attributes (prefixed ones as ``namespace name``)."""

    def start(tag: str, attributes: dict[str, str]) -> None:
        on_element(_local(tag), attributes)

    walk(archive, path, start)


def _local(name: str) -> str:
    return name.rpartition(" ")[2]
