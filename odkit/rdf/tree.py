"""A mapping's paths, merged into the tree of nodes that one row becomes.

Paths that share their first steps share the nodes. Every node but the row's own has a hash IRI, made of the
properties that lead to it: ``#設置地点.住所``, and with group or fixed values ``#記述-SSID``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from odkit.rdf import spelling
from odkit.rdf.mapping import Line, Mapping
from odkit.rdf.notation import Extra, Path, Step
from odkit.rdf.ontology import imi
from odkit.rdf.terms import Iri, Term, Text
from odkit.rdf.values import Recipe, form_of, other_columns

_LAST_PART = re.compile(r"[^/#]*$")


@dataclass(frozen=True, kw_only=True, slots=True)
class Slot:
    """A property of a node that takes its value from the cells of a row."""

    predicate: str
    recipe: Recipe
    language: str = ""

    @property
    def kind(self) -> str:
        """What the values are: ``@ja``, a datatype, ``@id`` for IRIs, or "" for plain text."""
        if self.language:
            return f"@{self.language}"
        datatype = self.recipe.datatype or "@id"
        return "" if datatype == "xsd:string" else datatype


@dataclass(kw_only=True, slots=True)
class Node:
    """A node of a row's tree. `predicate` leads to it, `constants` are what every such node says.

    It is written where any of its slots has a value, or, where some are `required`, all of these (the first ones). A
    root without types and slots says nothing itself.
    """

    predicate: str = ""
    fragment: str = ""
    types: tuple[str, ...]
    constants: tuple[tuple[str, Term], ...] = ()
    slots: list[Slot] = field(default_factory=list)
    required: int = 0
    children: dict[tuple[str, str, str, object], Node] = field(default_factory=dict)

    def walk(self) -> Iterator[Node]:
        """The node and all below it, each before its children."""
        yield self
        for child in self.children.values():
            yield from child.walk()


@dataclass(frozen=True, kw_only=True, slots=True)
class Context:
    """What a package gives to every row: the addresses of the `dataset` and of the `codes`, the publisher's `area`."""

    dataset: str
    area: str
    codes: str = ""

    def fill(self, template: str) -> str:
        """A template with ``{データセット}``, ``{団体}`` (five digits) and ``{コード}`` filled in."""
        known = {"{データセット}": self.dataset, "{団体}": self.area, "{コード}": self.codes}
        for slot, value in known.items():
            template = template.replace(slot, value)
        return template

    def close(self, text: str) -> str:
        """A text of a tree that was built with `OPEN`, with what this package gives."""
        if not is_open(text):
            return text
        known = {OPEN.dataset: self.dataset, OPEN.area: self.area, OPEN.codes: self.codes}
        for mark, value in known.items():
            text = text.replace(mark, value)
        return text


_MARK = "\x00"
OPEN = Context(dataset=f"{_MARK}dataset{_MARK}", area=f"{_MARK}area{_MARK}", codes=f"{_MARK}codes{_MARK}")
"""The context of a tree that serves every package: marks stand for what each gives (`Context.close`)."""


def is_open(text: str) -> bool:
    """Whether a text of a tree wants something that a package gives."""
    return _MARK in text


def build_tree(mapping: Mapping, columns: Sequence[str], context: Context) -> Node:
    """The tree of a table with these columns. Columns that the table does not have are left out."""
    links = tuple((link.name, Iri(context.fill(link.template))) for link in mapping.links)
    root = Node(
        types=(mapping.root, *mapping.types),
        constants=(("dcterms:isPartOf", Iri(context.dataset)), *links),
    )
    for line in mapping.lines:
        if line.column in columns:
            _add_line(root, line, Cells(columns=columns, column=line.column, separator=line.separator), context)
    return root


@dataclass(frozen=True, kw_only=True, slots=True)
class Cells:
    """Where a line's values come from."""

    columns: Sequence[str]
    column: str
    separator: str

    def recipe(self, datatype: str, template: str) -> Recipe:
        """How to make a value, with the other columns that its template names."""
        names = (self.column, *(name for name in other_columns(template) if name != self.column))
        return Recipe(
            columns=tuple(self.columns.index(name) for name in names),
            names=names,
            datatype=datatype,
            template=template,
            separator=self.separator,
        )


def _add_line(root: Node, line: Line, cells: Cells, context: Context) -> None:
    for extra in line.extras:
        node = _descend(root, extra.steps[:-1], "", lambda _, step: step.type)
        node.slots.append(make_slot(extra, "" if extra.link else extra.datatype, cells, context))
    if line.path:
        owner = line.path.root.name
        node = _descend(root, line.path.steps[:-1], owner, imi().node_class)
        datatype = "" if line.path.link else imi().range_of(node.types[0], line.path.steps[-1].name)
        node.slots.append(make_slot(line.path, datatype, cells, context))


def make_slot(how: Path | Extra, datatype: str, cells: Cells, context: Context) -> Slot:
    """The property that a term of a mapping writes."""
    recipe = replace(cells.recipe(datatype, context.fill(how.template)), form=form_of(how.steps[-1].name))
    return Slot(predicate=how.steps[-1].name, recipe=recipe, language=how.language)


def _descend(root: Node, steps: Sequence[Step], owner: str, class_of: Callable[[str, Step], str]) -> Node:
    node = root
    for step in steps:
        owner = class_of(owner, step)
        node = _child(node, owner, step)
    return node


def _child(parent: Node, owner: str, step: Step) -> Node:
    key = (step.name, step.group, owner, step.fixed)
    if key not in parent.children:
        parent.children[key] = Node(
            predicate=step.name,
            fragment=".".join(filter(None, (parent.fragment, _own_fragment(step)))),
            types=(owner,) if owner else (),
            constants=tuple((name, _constant(owner, name, value)) for name, value in step.fixed),
        )
    return parent.children[key]


def _own_fragment(step: Step) -> str:
    fixed = (_LAST_PART.findall(value)[0] or value for _, value in step.fixed)
    parts = dict.fromkeys((step.name.partition(":")[2], step.group, *fixed))
    return "-".join(spelling.segment(part) for part in parts if part)


def _constant(owner: str, name: str, value: str) -> Term:
    return Iri(value) if imi().is_link(owner, name) else Text(value)
