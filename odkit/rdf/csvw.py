"""CSVW metadata that says what its columns mean: the rows' addresses and, for each column, a flat term.

CSV on the Web has one term per column and one address template per row, so only part of the graph can be said: terms on
the row itself whose value is the cell as it stands (or its parts). Where a row has no ID, one that another row has too,
or one that an address would have to encode, nothing is said at all.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from odkit.model import Row
from odkit.rdf.subject import Taken, template_columns
from odkit.rdf.terms import Iri, expand
from odkit.rdf.tree import Context, Node, Slot

_XSD = "xsd:"
_DAY_IN_A_KEY = {"base": "string", "format": "[0-9]{4}-[0-9]{2}-[0-9]{2}"}
"""A day that an address is made of: readers differ in how they write a date into an address, a text they leave."""
_PLAIN = re.compile(r"[A-Za-z0-9_.~-]+")
"""What an address holds as it stands, in all readers alike."""
_DOTS = frozenset({".", ".."})
_OURS = frozenset({"propertyUrl", "lang", "separator", "suppressOutput"})
_INTEGERS = frozenset({"nonNegativeInteger", "integer"})


class PlainKeys:
    """Whether a template gives every row of a table an address of its own, without encoding anything (`held`)."""

    def __init__(self, columns: Sequence[str], template: str) -> None:
        self.held = "{#" not in template
        self._places = [columns.index(name) for name in template_columns(template)]
        self._taken = Taken()

    def see(self, rows: Sequence[Row]) -> None:
        """Look at further rows; after the first that has no such address at none."""
        if self.held:
            columns = [[row[place] for row in rows] for place in self._places]
            plain = all(all(map(_PLAIN.fullmatch, cells)) and _DOTS.isdisjoint(cells) for cells in columns)
            self.held = plain and all(map(self._taken.add, map("/".join, zip(*columns, strict=True))))


def with_terms(
    metadata: dict[str, Any], tree: Node, context: Context, template: str, namespaces: Mapping[str, str]
) -> dict[str, Any]:
    """The metadata with the addresses of rows (``<dataset>/<template>``) and the terms of columns.

    `tree` is what a row of the layout becomes, `context` what the package gives to it.
    What an earlier run said of them is said anew.
    """
    schema: dict[str, Any] = dict(metadata["tableSchema"])
    listed = [_bare(column) for column in schema["columns"] if not column.get("virtual")]
    names = {column["titles"]: column["name"] for column in listed}
    keys = template_columns(template)
    for column in listed:
        if column["titles"] in keys and column["datatype"] == "date":
            column["datatype"] = _DAY_IN_A_KEY
    terms = _terms(tree)
    columns = [_column(column, terms.get(place, ()), namespaces) for place, column in enumerate(listed)]
    about = f"{context.dataset}/{template}"
    for title in keys:
        about = about.replace(f"{{{title}}}", f"{{{names[title]}}}")
    facts = [("rdf:type", expand(name, namespaces)) for name in tree.types]
    facts += [(name, context.close(value.text)) for name, value in tree.constants if isinstance(value, Iri)]
    virtual = [
        {"name": f"fixed{number}", "virtual": True, "propertyUrl": expand(name, namespaces), "valueUrl": value}
        for number, (name, value) in enumerate(facts)
    ]
    return {**metadata, "tableSchema": {**schema, "aboutUrl": about, "columns": [*columns, *virtual]}}


def _bare(column: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in column.items() if key not in _OURS}


def _column(column: dict[str, Any], slots: Sequence[Slot], namespaces: Mapping[str, str]) -> dict[str, Any]:
    for slot in slots:
        datatype = _datatype(slot, column["datatype"])
        if datatype:
            said = {**column, "datatype": datatype, "propertyUrl": expand(slot.predicate, namespaces)}
            if slot.language:
                said["lang"] = slot.language
            if slot.recipe.separator:
                said["separator"] = slot.recipe.separator
            return said
    return {**column, "suppressOutput": True}


def _terms(tree: Node) -> Mapping[int, Sequence[Slot]]:
    """The properties of a row that take their values from one cell, by its place."""
    found: dict[int, list[Slot]] = {}
    for slot in tree.slots:
        own, *others = slot.recipe.columns
        if not (others or slot.recipe.template):
            found.setdefault(own, []).append(slot)
    return found


def _datatype(slot: Slot, declared: object) -> str:
    """The datatype that a column has in both worlds; "" where they differ."""
    ours = slot.recipe.datatype.removeprefix(_XSD)
    if ours == declared or (ours in _INTEGERS and str(declared) in _INTEGERS):
        return ours
    return ""
