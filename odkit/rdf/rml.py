"""A mapping for other engines: RML and YARRRML that make our graph from the built CSV, and what they cannot say.

RML copies cells into literals and templates. It does not take a code apart, split a cell, check a value, look a word up
in a list or hash; `Exported.unsaid` lists the terms where we do. An engine also writes the nodes whose cells are all
empty: their type, and the link to them. YARRRML has no times: morph-kgc takes ``$(開始時間):00``, which begins with a
cell and has no other, for the name of a column, and stops.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from odkit.rdf import spelling
from odkit.rdf.terms import Iri, Term
from odkit.rdf.tree import Node, Slot

_SLOT = re.compile(r"\{([^{}]+)\}")
_UNSAFE = frozenset({"5桁", "13桁", "住所名"})
_MAPS = "urn:odkit:rml:"
_PREFIXES = {
    "rr": "http://www.w3.org/ns/r2rml#",
    "rml": "http://semweb.mmlab.be/ns/rml#",
    "ql": "http://semweb.mmlab.be/ns/ql#",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Unsaid:
    """A term of the mapping that RML has no words for: which column, which term, and why."""

    column: str
    term: str
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Exported:
    """A mapping in the words of other engines."""

    rml: str
    yarrrml: str
    unsaid: tuple[Unsaid, ...]
    yarrrml_unsaid: tuple[Unsaid, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Value:
    """What a term is made of: `kind` is ``reference`` (a column), ``template`` or ``constant`` (an address)."""

    predicate: str
    kind: str
    text: str
    slot_kind: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class _NodeMap:
    name: str
    subject: str
    types: tuple[str, ...]
    values: tuple[_Value, ...]


def export_mapping(
    tree: Node, columns: Sequence[str], subject: str, csv_name: str, namespaces: Mapping[str, str]
) -> Exported:
    """The mapping of a row's tree. `subject` is a row's address as a template: ``https://…/wifi/{ID}``."""
    unsaid = tuple(
        Unsaid(column=columns[slot.recipe.columns[0]], term=slot.predicate, reason=reason)
        for node in tree.walk()
        for slot in node.slots
        if (reason := why_unsaid(slot))
    )
    maps = [_node_map(node, columns, subject) for node in sayable(tree).walk()]
    times = tuple(
        Unsaid(column=columns[slot.recipe.columns[0]], term=slot.predicate, reason="time")
        for node in sayable(tree).walk()
        for slot in node.slots
        if _begins_with_cell(_slot(slot, columns))
    )
    return Exported(
        rml=_rml(maps, csv_name, namespaces),
        yarrrml=_yarrrml(maps, csv_name, namespaces),
        unsaid=unsaid,
        yarrrml_unsaid=unsaid + times,
    )


def why_unsaid(slot: Slot) -> str:
    """Why RML cannot say a term: ``digits``, ``list``, ``condition``, ``several``; "" where it can."""
    recipe = slot.recipe
    slots = _SLOT.findall(recipe.template)
    if recipe.separator:
        return "several"
    if _UNSAFE.intersection(slots):
        return "digits"
    if any(name.startswith("表:") for name in slots):
        return "list"
    if any(name.startswith("=") for name in slots) or (recipe.template and not slots):
        return "condition"
    return ""


def sayable(node: Node) -> Node:
    """The tree without what RML cannot say, and without the nodes of which nothing is left."""
    children = {key: sayable(child) for key, child in node.children.items()}
    return replace(
        node,
        slots=[slot for slot in node.slots if not why_unsaid(slot)],
        children={key: child for key, child in children.items() if child.slots or child.children},
    )


def _node_map(node: Node, columns: Sequence[str], subject: str) -> _NodeMap:
    place = subject + (f"#{node.fragment}" if node.fragment else "")
    values = [_constant(name, value) for name, value in node.constants]
    values += [_slot(slot, columns) for slot in node.slots]
    values += [
        _Value(predicate=child.predicate, kind="template", text=f"{subject}#{child.fragment}", slot_kind="@id")
        for child in node.children.values()
    ]
    return _NodeMap(name=node.fragment or "row", subject=place, types=node.types, values=tuple(values))


def _slot(slot: Slot, columns: Sequence[str]) -> _Value:
    recipe = slot.recipe
    column = columns[recipe.columns[0]]
    if recipe.template:
        text = _SLOT.sub(lambda found: f"{{{column if found[1] == '値' else found[1]}}}", recipe.template)
        return _Value(predicate=slot.predicate, kind="template", text=text, slot_kind=slot.kind)
    if recipe.datatype == "xsd:time":
        return _Value(predicate=slot.predicate, kind="template", text=f"{{{column}}}:00", slot_kind=slot.kind)
    return _Value(predicate=slot.predicate, kind="reference", text=column, slot_kind=slot.kind)


def _constant(predicate: str, term: Term) -> _Value:
    if isinstance(term, Iri):
        return _Value(predicate=predicate, kind="constant", text=spelling.iri_text(term.text), slot_kind="@id")
    return _Value(predicate=predicate, kind="constant", text=term.text)


def _rml(maps: Sequence[_NodeMap], csv_name: str, namespaces: Mapping[str, str]) -> str:
    head = "".join(f"@prefix {name}: <{space}> .\n" for name, space in {**namespaces, **_PREFIXES}.items())
    return head + "".join(_triples_map(item, csv_name) for item in maps)


def _triples_map(item: _NodeMap, csv_name: str) -> str:
    source = f"[ rml:source {_quoted(csv_name)} ; rml:referenceFormulation ql:CSV ]"
    classes = "".join(f" ; rr:class {name}" for name in item.types)
    lines = [
        f"a rr:TriplesMap ;\n  rml:logicalSource {source}",
        f"rr:subjectMap [ rr:template {_quoted(item.subject)}{classes} ]",
        *(
            f"rr:predicateObjectMap [ rr:predicate {value.predicate} ; rr:objectMap [ {_object(value)} ] ]"
            for value in item.values
        ),
    ]
    return f"\n<{_MAPS}{spelling.segment(item.name)}> " + " ;\n  ".join(lines) + " .\n"


def _object(value: _Value) -> str:
    word = {"reference": "rml:reference", "template": "rr:template", "constant": "rr:constant"}[value.kind]
    if value.kind == "constant":
        return f"{word} <{value.text}>" if value.slot_kind == "@id" else f"{word} {_quoted(value.text)}"
    if value.slot_kind == "@id":
        return f"{word} {_quoted(value.text)} ; rr:termType rr:IRI"
    tail = " ; rr:termType rr:Literal"
    if value.slot_kind.startswith("@"):
        tail += f' ; rr:language "{value.slot_kind[1:]}"'
    elif value.slot_kind:
        tail += f" ; rr:datatype {value.slot_kind}"
    return f"{word} {_quoted(value.text)}{tail}"


def _yarrrml(maps: Sequence[_NodeMap], csv_name: str, namespaces: Mapping[str, str]) -> str:
    lines = ["prefixes:", *(f"  {name}: {_quoted(space)}" for name, space in namespaces.items()), "mappings:"]
    for item in maps:
        lines += [f"  {_quoted(item.name)}:", f"    sources: [[{_quoted(csv_name + '~csv')}]]"]
        lines += [f"    s: {_quoted(_dollars(item.subject))}", "    po:"]
        lines += [f"      - [a, {_quoted(name)}]" for name in item.types]
        lines += [f"      - {_yarrrml_value(value)}" for value in item.values if not _begins_with_cell(value)]
    return "\n".join(lines) + "\n"


def _begins_with_cell(value: _Value) -> bool:
    return value.kind == "template" and value.text.startswith("{") and value.text.count("{") == 1


def _yarrrml_value(value: _Value) -> str:
    text = {"reference": f"$({value.text})", "template": _dollars(value.text), "constant": value.text}[value.kind]
    parts = [value.predicate, text + ("~iri" if value.slot_kind == "@id" else "")]
    if value.slot_kind.startswith("@") and value.slot_kind != "@id":
        parts.append(f"{value.slot_kind[1:]}~lang")
    elif ":" in value.slot_kind:
        parts.append(value.slot_kind)
    return f"[{', '.join(map(_quoted, parts))}]"


def _dollars(template: str) -> str:
    return _SLOT.sub(r"$(\1)", template)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
