"""CSV on the Web: a table whose sidecar (``<name>-metadata.json``) gives every row an address is linked data too."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from json.encoder import encode_basestring
from typing import Any
from urllib.parse import quote

from odkit.model import Row
from odkit.rdf.probe import RdfFacts, Said, probe, tell
from odkit.score.facts import Facts

NAMESPACE = "http://www.w3.org/ns/csvw"
SIDECAR = "-metadata.json"
FOLDER_SIDECAR = "csv-metadata.json"
SIDECAR_LIMIT = 4 << 20
SAMPLE = 200
"""Rows that are turned into triples: what holds for these holds for all, for all come from one template."""
VARIABLE = re.compile(r"\{([#+]?)([\w%.]+)\}")
CONTROL = re.compile(r"[\x00-\x1f]")
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_RESERVED = "/:?#[]@!$&'()*+,;="
_NEVER_QUOTED = re.compile(r"[A-Za-z0-9_.~-]*")
"""Most keys: it takes a fraction of the time to see that they stay as they are."""
_ROW, _NOWHERE = -1, -2
Numbered = tuple[int, Row]
"""A row with its number, from 1."""
ADDRESS = re.compile(r"https?://[^\s<>\"{}|\\^`]+")


def sidecar_names(name: str) -> tuple[str, str]:
    """Where the metadata of a CSV file may stand, beside it."""
    folder = name.rpartition("/")[0]
    return name + SIDECAR, f"{folder}/{FOLDER_SIDECAR}".lstrip("/")


def read_sidecar(facts: Facts, sidecar: bytes) -> Facts:
    """The facts of a CSV with its metadata: RDF where these name each row by an address, else as they were."""
    table = _table(sidecar, facts.name) if sidecar and facts.format == "csv" and facts.grids else None
    if table is None:
        return facts
    grid, columns = facts.grids[0], _columns(table)
    rows = [(number, grid.rows[row - 1]) for number, row in enumerate(grid.layout.data[:SAMPLE], 1)]
    found = _told(rows, columns) or _probed(rows, columns)
    return (
        facts if found.error or not found.triples else replace(facts, format="csvw", rdf=replace(found, sampled=True))
    )


def _table(sidecar: bytes, name: str) -> Mapping[str, Any] | None:
    """The description of this file: of the one table, or of that with its name; None where it is no CSVW."""
    try:
        content = json.loads(sidecar) if len(sidecar) <= SIDECAR_LIMIT else None
    except (ValueError, RecursionError):
        return None
    if not isinstance(content, dict) or NAMESPACE not in json.dumps(content.get("@context")):
        return None
    tables = content.get("tables")
    listed = [item for item in tables if isinstance(item, dict)] if isinstance(tables, list) else [content]
    own = name.rpartition("/")[2]
    fitting = [item for item in listed if str(item.get("url", "")).rpartition("/")[2] == own]
    return {**content, **fitting[0]} if fitting else None


class _Template:
    """A URI template, taken apart once: its texts, and the places of the columns that stand between them."""

    def __init__(self, text: str, places: Mapping[str, int]) -> None:
        first, *rest = VARIABLE.split(text)
        self.text, self._first = text, first
        marks, names, texts = rest[::3], rest[1::3], rest[2::3]
        self._parts = [
            (mark, _ROW if name == "_row" else places.get(name, _NOWHERE), after)
            for mark, name, after in zip(marks, names, texts, strict=True)
        ]
        self.varies = bool(self._parts)
        self.simple = not (any(marks) or "#" in text)
        """Whether what is filled in never holds a ``#``."""

    def fill(self, row: Row, number: int) -> str:
        """The template, filled with one row."""
        if not self.varies:
            return self.text
        filled = [self._first]
        for mark, place, after in self._parts:
            value = str(number) if place == _ROW else "" if place == _NOWHERE else _cell(row, place)
            filled += (_value(mark, value), after)
        return "".join(filled)


@dataclass(kw_only=True, eq=False)
class _Column:
    """A column that says something: where its cells stand, and the templates of its statements."""

    place: int
    name: str
    virtual: bool
    about: _Template
    predicate: _Template
    target: _Template

    def says(self, row: Row) -> bool:
        """Whether it says anything of a row."""
        return self.virtual or bool(_cell(row, self.place))

    def named(self, row: Row, number: int) -> str:
        """Its property in this row."""
        found = self.predicate.fill(row, number)
        return found if ADDRESS.fullmatch(found) else f"{NAMESPACE}#{quote(self.name)}"

    @cached_property
    def term(self) -> str:
        """Its property, where that is the same in every row."""
        return self.named((), 0)

    @property
    def regular(self) -> bool:
        """Whether every row with such a column has this property, and is of this type."""
        if self.predicate.varies or CONTROL.search(self.about.text + self.predicate.text + self.target.text):
            return False
        typed = self.virtual and not self.target.varies and ADDRESS.fullmatch(self.target.text)
        return self.about.simple and bool(typed or self.term != TYPE)


def _columns(table: Mapping[str, Any]) -> list[_Column]:
    """The columns of a table that are not kept back."""
    schema = table.get("tableSchema")
    columns = schema.get("columns") if isinstance(schema, dict) else None
    if not isinstance(schema, dict) or not isinstance(columns, list):
        return []
    described = [item if isinstance(item, dict) else {} for item in columns]
    names = [_name(item, place) for place, item in enumerate(described)]
    places = {name: place for place, name in enumerate(names)}
    own, means, leads = (schema.get(key, table.get(key)) for key in ("aboutUrl", "propertyUrl", "valueUrl"))
    known = cache(lambda text: _Template(text, places))
    found = []
    for place, column in enumerate(described):
        if not column.get("suppressOutput"):
            found.append(
                _Column(
                    place=place,
                    name=names[place],
                    virtual=bool(column.get("virtual")),
                    about=known(str(column.get("aboutUrl", own) or "")),
                    predicate=known(str(column.get("propertyUrl", means) or "")),
                    target=known(str(column.get("valueUrl", leads) or "")),
                )
            )
    return found


def _name(column: Mapping[str, Any], place: int) -> str:
    titles = column.get("titles")
    title = titles[0] if isinstance(titles, list) and titles else titles
    return str(column.get("name") or (quote(title) if isinstance(title, str) else f"_col.{place + 1}"))


def _cell(row: Row, place: int) -> str:
    return row[place] if place < len(row) else ""


def _value(mark: str, text: str) -> str:
    quoted = text if _NEVER_QUOTED.fullmatch(text) else quote(text, safe=_RESERVED if mark == "+" else "")
    return f"#{quoted}" if mark == "#" else quoted


def _told(rows: Sequence[Numbered], columns: Sequence[_Column]) -> RdfFacts | None:
    """The facts of rows that are things of one kind, each with an address of its own; None for what is less regular.

    That is where columns speak of several things, or their properties or types are in the cells.
    """
    if not columns or not all(column.about is columns[0].about and column.regular for column in columns):
        return None
    about = columns[0].about
    filled = [(about.fill(row, number), number, row) for number, row in rows]
    filled = [item for item in filled if ADDRESS.fullmatch(item[0])]
    named = [(number, row) for _, number, row in filled]
    said = [column for column in columns if any(column.says(row) for _, row in named)]
    telling = [column for column in said if column.term != TYPE]
    if not any(column.virtual for column in telling) and not all(_says_any(telling, row) for _, row in named):
        return None
    return tell(
        {address for address, _, _ in filled},
        [
            Said(
                predicates={column.term for column in telling},
                types={column.target.text for column in said if column.term == TYPE},
            )
        ],
        _links(telling, named),
    )


def _links(columns: Iterable[_Column], rows: Sequence[Numbered]) -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = {}
    for column in columns:
        if addresses := _addresses(column, rows):
            found.setdefault(column.term, set()).update(addresses)
    return found


def _says_any(columns: Iterable[_Column], row: Row) -> bool:
    return any(column.says(row) for column in columns)


def _addresses(column: _Column, rows: Iterable[Numbered]) -> set[str]:
    """The addresses that a column points to."""
    if not column.target.varies:
        return {column.target.text} if ADDRESS.fullmatch(column.target.text) else set()
    return set(filter(ADDRESS.fullmatch, (column.target.fill(row, number) for number, row in rows if column.says(row))))


def _probed(rows: Sequence[Numbered], columns: Sequence[_Column]) -> RdfFacts:
    """The facts of the graph that the rows become."""
    lines = "".join(line for number, row in rows for column in columns for line in _statement(column, row, number))
    return probe(lines.encode(), "nt")


def _statement(column: _Column, row: Row, number: int) -> Iterator[str]:
    subject = column.about.fill(row, number)
    if not ADDRESS.fullmatch(subject) or not column.says(row):
        return
    target = column.target.fill(row, number)
    node = f"<{target}>" if ADDRESS.fullmatch(target) else encode_basestring(_cell(row, column.place))
    yield f"<{subject}> <{column.named(row, number)}> {node} .\n"
