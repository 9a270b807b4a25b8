"""CSV on the Web: a table whose sidecar (``<name>-metadata.json``) gives every row an address is linked data too."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import zip_longest
from json.encoder import encode_basestring
from typing import Any
from urllib.parse import quote

from odkit.model import Row
from odkit.rdf.probe import Alike, RdfFacts, Said, probe
from odkit.score.facts import Facts

NAMESPACE = "http://www.w3.org/ns/csvw"
SIDECAR = "-metadata.json"
FOLDER_SIDECAR = "csv-metadata.json"
SIDECAR_LIMIT = 4 << 20
SAMPLE = 200
"""Rows that are turned into triples: what holds for these holds for all, for all come from one template."""
TEMPLATES, KINDS, LENGTH = 1024, 64, 4096
"""Templates without columns, and kinds of things, that are remembered, and their characters: those of a few layouts."""
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
    if not sidecar or len(sidecar) > SIDECAR_LIMIT or facts.format != "csv" or not facts.grids:
        return facts
    try:
        return described(facts, json.loads(sidecar))
    except (ValueError, RecursionError):
        return facts


def described(facts: Facts, metadata: object) -> Facts:
    """The same for metadata that are parsed; their CSV has a table."""
    table = _table(metadata, facts.name)
    if table is None:
        return facts
    grid, columns = facts.grids[0], _columns(table)
    rows = [grid.rows[number - 1] for number in grid.layout.data[:SAMPLE]]
    found = _told(rows, columns) or _probed(rows, columns)
    return (
        facts if found.error or not found.triples else replace(facts, format="csvw", rdf=replace(found, sampled=True))
    )


def _table(content: object, name: str) -> Mapping[str, Any] | None:
    """The description of this file: of the one table, or of that with its name; None where it is no CSVW."""
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
        self.is_address = not self.varies and ADDRESS.fullmatch(text) is not None
        """Whether it is an address as it stands."""
        self.is_plain = CONTROL.search(text) is None

    def fill(self, row: Row, number: int) -> str:
        """The template, filled with one row."""
        if not self.varies:
            return self.text
        filled = [self._first]
        for mark, place, after in self._parts:
            value = str(number) if place == _ROW else "" if place == _NOWHERE else _cell(row, place)
            filled += (_value(mark, value), after)
        return "".join(filled)

    def addresses(self, rows: Sequence[Row]) -> list[str]:
        """The template, filled with each of the rows; empty where that is no address."""
        if len(self._parts) == 1:
            (mark, place, after), first = self._parts[0], self._first
            cells = [_cell(row, place) for row in rows] if place >= 0 and not mark else []
            # Most keys stand in the address as they are: they make one wherever none at all does.
            if (
                cells
                and all(map(ADDRESS.fullmatch, (first, first + after)))
                and all(map(_NEVER_QUOTED.fullmatch, cells))
            ):
                return [f"{first}{cell}{after}" for cell in cells]
        filled = [self.fill(row, number) for number, row in enumerate(rows, 1)]
        return [text if ADDRESS.fullmatch(text) else "" for text in filled]


@lru_cache(TEMPLATES)
def _fixed(text: str) -> _Template:
    """A template without columns: tables of one layout have the same."""
    return _Template(text, {})


@dataclass(kw_only=True, eq=False)
class _Column:
    """A column that says something: where its cells stand, and the templates of its statements."""

    place: int
    name: str
    virtual: bool
    about: _Template
    predicate: _Template
    target: _Template
    term: str
    """Its property, where that is the same in every row."""

    def says(self, row: Row) -> bool:
        """Whether it says anything of a row."""
        return self.virtual or bool(_cell(row, self.place))

    def named(self, row: Row, number: int) -> str:
        """Its property in this row."""
        found = self.predicate.fill(row, number)
        return found if ADDRESS.fullmatch(found) else _own_property(self.name)

    @property
    def regular(self) -> bool:
        """Whether every row with such a column has this property, and is of this type."""
        about, predicate, target = self.about, self.predicate, self.target
        if predicate.varies or not (about.is_plain and predicate.is_plain and target.is_plain):
            return False
        return about.simple and ((self.virtual and target.is_address) or self.term != TYPE)


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
    known = cache(lambda text: _Template(text, places) if "{" in text or len(text) > LENGTH else _fixed(text))
    found = []
    for place, column in enumerate(described):
        if not column.get("suppressOutput"):
            predicate = known(str(column.get("propertyUrl", means) or ""))
            found.append(
                _Column(
                    place=place,
                    name=names[place],
                    virtual=bool(column.get("virtual")),
                    about=known(str(column.get("aboutUrl", own) or "")),
                    predicate=predicate,
                    target=known(str(column.get("valueUrl", leads) or "")),
                    term=predicate.text if predicate.is_address else _own_property(names[place]),
                )
            )
    return found


def _own_property(name: str) -> str:
    """The property of a column that no address is given for."""
    return f"{NAMESPACE}#{quote(name)}"


def _name(column: Mapping[str, Any], place: int) -> str:
    titles = column.get("titles")
    title = titles[0] if isinstance(titles, list) and titles else titles
    return str(column.get("name") or (quote(title) if isinstance(title, str) else f"_col.{place + 1}"))


def _cell(row: Row, place: int) -> str:
    return row[place] if place < len(row) else ""


def _value(mark: str, text: str) -> str:
    quoted = text if _NEVER_QUOTED.fullmatch(text) else quote(text, safe=_RESERVED if mark == "+" else "")
    return f"#{quoted}" if mark == "#" else quoted


def _told(rows: Sequence[Row], columns: Sequence[_Column]) -> RdfFacts | None:
    """The facts of rows that are things of one kind, each with an address of its own; None for what is less regular.

    That is where columns speak of several things, or their properties or types are in the cells.
    """
    if not columns or not all(column.about is columns[0].about and column.regular for column in columns):
        return None
    addresses = columns[0].about.addresses(rows)
    named = [(number, row) for number, (address, row) in enumerate(zip(addresses, rows, strict=True), 1) if address]
    cells = [*zip_longest(*[row for _, row in named], fillvalue="")]
    filled = {place for place, texts in enumerate(cells) if any(texts)}
    said = [column for column in columns if named and (column.virtual or column.place in filled)]
    telling = [column for column in said if column.term != TYPE]
    always = any(column.virtual or all(cells[column.place]) for column in telling)
    if not always and not all(_says_any(telling, row) for _, row in named):
        return None
    predicates = frozenset([column.term for column in telling])
    types = frozenset([column.target.text for column in said if column.term == TYPE])
    kind = _known_kind if sum(map(len, (*predicates, *types))) <= LENGTH else _kind
    return kind(predicates, types).tell({*addresses} - {""}, _links(telling, named))


def _kind(predicates: frozenset[str], types: frozenset[str]) -> Alike:
    return Alike([Said(predicates=predicates, types=types)])


_known_kind = lru_cache(KINDS)(_kind)


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
    target = column.target
    if not target.varies:
        return {target.text} if target.is_address else set()
    return set(filter(ADDRESS.fullmatch, (target.fill(row, number) for number, row in rows if column.says(row))))


def _probed(rows: Sequence[Row], columns: Sequence[_Column]) -> RdfFacts:
    """The facts of the graph that the rows become."""
    numbered = enumerate(rows, 1)
    lines = "".join(line for number, row in numbered for column in columns for line in _statement(column, row, number))
    return probe(lines.encode(), "nt")


def _statement(column: _Column, row: Row, number: int) -> Iterator[str]:
    subject = column.about.fill(row, number)
    if not ADDRESS.fullmatch(subject) or not column.says(row):
        return
    target = column.target.fill(row, number)
    node = f"<{target}>" if ADDRESS.fullmatch(target) else encode_basestring(_cell(row, column.place))
    yield f"<{subject}> <{column.named(row, number)}> {node} .\n"
