"""A mapping's paths, merged into the tree of nodes that one row becomes.

Paths that share their first steps share the nodes. Every node but the row's own has a hash IRI, made of the
properties that lead to it: ``#設置地点.住所``, and with group or fixed values ``#記述-SSID``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from odkit.rdf import turtle
from odkit.rdf.mapping import Line, Mapping
from odkit.rdf.notation import Extra, Path, Step
from odkit.rdf.ontology import imi
from odkit.rdf.values import Converter, converter

_LAST_PART = re.compile(r"[^/#]*$")


@dataclass(frozen=True, kw_only=True, slots=True)
class Slot:
    """A property of a node that takes its value from a column; `convert` is None for text as it stands."""

    column: int
    predicate: str
    language: str = ""
    convert: Converter | None = None


@dataclass(kw_only=True, slots=True)
class Node:
    """A node of a row's tree. `predicate` leads to it, `constants` are (predicate, Turtle term)."""

    predicate: str = ""
    fragment: str = ""
    types: tuple[str, ...]
    constants: tuple[tuple[str, str], ...] = ()
    slots: list[Slot] = field(default_factory=list)
    children: dict[tuple[str, str, str, object], Node] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Context:
    """What a package gives to every row: the `dataset`'s address and the publisher's `area` (five digits)."""

    dataset: str
    area: str

    def fill(self, template: str) -> str:
        """A template with ``{データセット}`` and ``{団体}`` filled in."""
        return template.replace("{データセット}", self.dataset).replace("{団体}", self.area)


def build_tree(mapping: Mapping, columns: Sequence[str], context: Context) -> Node:
    """The tree of a table with these columns. Columns that the table does not have are left out."""
    links = tuple((link.name, turtle.reference(context.fill(link.template))) for link in mapping.links)
    part_of = ("dcterms:isPartOf", turtle.reference(context.dataset))
    root = Node(types=(mapping.root, *mapping.types), constants=(part_of, *links))
    for line in mapping.lines:
        if line.column in columns:
            _add_line(root, line, columns.index(line.column), context)
    return root


def _add_line(root: Node, line: Line, column: int, context: Context) -> None:
    root.slots.extend(_extra_slot(extra, line, column, context) for extra in line.extras)
    if not line.path:
        return
    node, owner = root, line.path.root.name
    for step in line.path.steps[:-1]:
        owner = imi().node_class(owner, step)
        node = _child(node, owner, step)
    last = line.path.steps[-1]
    datatype = "" if line.path.link else imi().range_of(owner, last.name)
    node.slots.append(_slot(column, last.name, datatype, line.path, line.separator, context))


def _extra_slot(extra: Extra, line: Line, column: int, context: Context) -> Slot:
    datatype = "" if extra.link else extra.datatype
    return _slot(column, extra.name, datatype, extra, line.separator, context)


def _slot(column: int, name: str, datatype: str, how: Path | Extra, separator: str, context: Context) -> Slot:
    if datatype == "xsd:string" and not separator:
        return Slot(column=column, predicate=name, language=how.language)
    convert = converter(
        datatype=datatype, language=how.language, template=context.fill(how.template), separator=separator
    )
    return Slot(column=column, predicate=name, convert=convert)


def _child(parent: Node, owner: str, step: Step) -> Node:
    key = (step.name, step.group, owner, step.fixed)
    if key not in parent.children:
        parent.children[key] = Node(
            predicate=step.name,
            fragment=".".join(filter(None, (parent.fragment, _own_fragment(step)))),
            types=(owner,),
            constants=tuple((name, _constant(owner, name, value)) for name, value in step.fixed),
        )
    return parent.children[key]


def _own_fragment(step: Step) -> str:
    fixed = (_LAST_PART.findall(value)[0] or value for _, value in step.fixed)
    parts = (step.name.partition(":")[2], step.group, *fixed)
    return "-".join(turtle.segment(part) for part in parts if part)


def _constant(owner: str, name: str, value: str) -> str:
    return turtle.reference(value) if imi().is_link(owner, name) else turtle.quoted(value)
