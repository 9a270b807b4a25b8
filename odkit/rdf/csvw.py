"""CSVW metadata that says what its columns mean: the rows' addresses and, for each column, a flat term.

CSV on the Web has one term per column and one address template per row, so only part of the graph can be said: terms on
the row itself whose value is the cell as it stands (or its parts). Where a row has no ID, or one that an address would
have to encode, nothing is said at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from odkit.model import Row
from odkit.rdf import spelling
from odkit.rdf.subject import template_columns
from odkit.rdf.terms import Iri, expand
from odkit.rdf.tree import Node, Slot

_XSD = "xsd:"
_INTEGERS = frozenset({"nonNegativeInteger", "integer"})


def has_plain_keys(rows: Sequence[Row], columns: Sequence[str], template: str) -> bool:
    """Whether the template, a single column, gives every one of these rows an address without encoding anything."""
    places = [columns.index(name) for name in template_columns(template)]
    return "#" not in template and len(places) == 1 and all(_is_plain(row[place]) for row in rows for place in places)


def with_terms(
    metadata: dict[str, Any], tree: Node, address: str, template: str, namespaces: Mapping[str, str]
) -> dict[str, Any]:
    """The metadata with the addresses of rows (``<address>/<template>``) and the terms of columns.

    What an earlier run said of them is said anew.
    """
    schema: dict[str, Any] = dict(metadata["tableSchema"])
    listed = [_bare(column) for column in schema["columns"] if not column.get("virtual")]
    titles = [column["titles"] for column in listed]
    columns = [_column(column, _terms(tree, place), namespaces) for place, column in enumerate(listed)]
    about = address + "/" + template
    for title in template_columns(template):
        about = about.replace(f"{{{title}}}", f"{{{_name(title)}}}")
    facts = [("rdf:type", expand(name, namespaces)) for name in tree.types]
    facts += [(name, value.text) for name, value in tree.constants if isinstance(value, Iri)]
    virtual = [
        {"name": f"fixed{number}", "virtual": True, "propertyUrl": expand(name, namespaces), "valueUrl": value}
        for number, (name, value) in enumerate(facts)
    ]
    if schema.get("primaryKey"):
        keys = schema["primaryKey"]
        schema["primaryKey"] = [
            _name(key) if key in titles else key for key in ([keys] if isinstance(keys, str) else keys)
        ]
    return {**metadata, "tableSchema": {**schema, "aboutUrl": about, "columns": [*columns, *virtual]}}


def _bare(column: dict[str, Any]) -> dict[str, Any]:
    ours = {"name", "propertyUrl", "lang", "separator", "suppressOutput"}
    return {key: value for key, value in column.items() if key not in ours}


def _column(column: dict[str, Any], slots: Sequence[Slot], namespaces: Mapping[str, str]) -> dict[str, Any]:
    named = {"name": _name(column["titles"]), **column}
    for slot in slots:
        datatype = _datatype(slot, column["datatype"])
        if datatype:
            said = {**named, "datatype": datatype, "propertyUrl": expand(slot.predicate, namespaces)}
            if slot.language:
                said["lang"] = slot.language
            if slot.recipe.separator:
                said["separator"] = slot.recipe.separator
            return said
    return {**named, "suppressOutput": True}


def _terms(tree: Node, place: int) -> list[Slot]:
    return [slot for slot in tree.slots if slot.recipe.columns == (place,) and not slot.recipe.template]


def _datatype(slot: Slot, declared: str) -> str:
    """The datatype that a column has in both worlds; "" where they differ."""
    ours = slot.recipe.datatype.removeprefix(_XSD)
    if ours == declared or {ours, declared} <= _INTEGERS:
        return ours
    return ""


def _name(title: str) -> str:
    return quote(title, safe="")


def _is_plain(cell: str) -> bool:
    return bool(cell) and cell.isascii() and spelling.segment(cell) == cell == quote(cell, safe="")
