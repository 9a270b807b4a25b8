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


class Terms:
    """What CSVW metadata can say of the rows of a layout: `tree` is what they become, `template` how their addresses
    end.
    """

    def __init__(self, tree: Node, template: str, namespaces: Mapping[str, str]) -> None:
        self._template, self._keys = template, template_columns(template)
        self._said = {
            place: [_said(slot, namespaces) for slot in slots if slot.recipe.datatype]
            for place, slots in _slots(tree).items()
        }
        facts = [("rdf:type", expand(name, namespaces)) for name in tree.types]
        facts += [(name, value.text) for name, value in tree.constants if isinstance(value, Iri)]
        self._fixed = [(expand(name, namespaces), value) for name, value in facts]

    def added_to(self, metadata: dict[str, Any], context: Context) -> dict[str, Any]:
        """The metadata with the addresses of rows (``<dataset>/<template>``) and the terms of columns.

        `context` is what the package gives to its rows. What an earlier run said of them is said anew.
        """
        schema: dict[str, Any] = dict(metadata["tableSchema"])
        listed = [_bare(column) for column in schema["columns"] if not column.get("virtual")]
        names = {column["titles"]: column["name"] for column in listed}
        about = f"{context.dataset}/{self._template}"
        for title in self._keys:
            about = about.replace(f"{{{title}}}", f"{{{names[title]}}}")
        columns = [self._column(place, column) for place, column in enumerate(listed)]
        virtual = [
            {"name": f"fixed{number}", "virtual": True, "propertyUrl": name, "valueUrl": context.close(value)}
            for number, (name, value) in enumerate(self._fixed)
        ]
        return {**metadata, "tableSchema": {**schema, "aboutUrl": about, "columns": [*columns, *virtual]}}

    def _column(self, place: int, column: dict[str, Any]) -> dict[str, Any]:
        declared = column["datatype"]
        if declared == "date" and column["titles"] in self._keys:
            return {**column, "datatype": _DAY_IN_A_KEY, "suppressOutput": True}
        for said in self._said.get(place, ()):
            if said["datatype"] == declared or (said["datatype"] in _INTEGERS and str(declared) in _INTEGERS):
                return {**column, **said}
        return {**column, "suppressOutput": True}


def _bare(column: dict[str, Any]) -> dict[str, Any]:
    return column if _OURS.isdisjoint(column) else {key: value for key, value in column.items() if key not in _OURS}


def _slots(tree: Node) -> Mapping[int, Sequence[Slot]]:
    """The properties of a row that take their values from one cell, by its place."""
    found: dict[int, list[Slot]] = {}
    for slot in tree.slots:
        own, *others = slot.recipe.columns
        if not (others or slot.recipe.template):
            found.setdefault(own, []).append(slot)
    return found


def _said(slot: Slot, namespaces: Mapping[str, str]) -> dict[str, str]:
    """What a column says that is such a property."""
    return {
        "datatype": slot.recipe.datatype.removeprefix(_XSD),
        "propertyUrl": expand(slot.predicate, namespaces),
        **({"lang": slot.language} if slot.language else {}),
        **({"separator": slot.recipe.separator} if slot.recipe.separator else {}),
    }
