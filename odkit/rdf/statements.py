"""Turtle and N-Triples: one statement after the other, grouped by subject in Turtle."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from odkit.rdf import spelling
from odkit.rdf.compile import Piece, Source, variable
from odkit.rdf.reading import FULL, RELATIVE
from odkit.rdf.terms import Hole, Iri, Name, Term, Text, Thing, expand
from odkit.rdf.tree import Node, Slot

_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


@dataclass(frozen=True, kw_only=True)
class Turtle:
    """Readable Turtle: a block per subject, prefixes, addresses relative to the dataset's."""

    namespaces: Mapping[str, str]

    def start(self, base: str) -> str:
        """The prefixes, and what relative addresses begin with (nothing: there are none)."""
        lines = "".join(f"@prefix {prefix}: <{space}> .\n" for prefix, space in self.namespaces.items())
        return lines + (f"@base <{spelling.iri_text(base)}> .\n\n" if base else "\n")

    def things(self, things: Iterable[Thing]) -> str:
        """A block for each, with a line for each property."""
        return "".join(map(self._thing, things))

    def end(self) -> str:
        """Nothing stands behind the last block."""
        return ""

    def _thing(self, thing: Thing) -> str:
        facts: dict[str, list[str]] = {"a": list(thing.types)} if thing.types else {}
        for predicate, value in thing.facts:
            facts.setdefault(predicate, []).append(self._term(value))
        pairs = (f"{predicate} {', '.join(dict.fromkeys(values))}" for predicate, values in facts.items())
        return f"<{spelling.iri_text(thing.subject)}> " + " ;\n  ".join(pairs) + " .\n"

    def row(self, source: Source, root: Node) -> Piece:
        """As `Syntax.row`: a block per node."""
        return "".join(self._node(source, root)[1])

    def _node(self, source: Source, node: Node) -> tuple[Piece, list[Piece]]:
        """The condition under which a node has anything to say, and the texts of its block and those below it."""
        children = [(child, *self._node(source, child)) for child in node.children.values()]
        parts = [self._slot(source, slot) for slot in node.slots]
        parts += [source.optional(self._link(child), condition) for child, condition, _ in children if child.predicate]
        below = [block for _, _, blocks in children for block in blocks]
        if not (node.types or parts):
            return "", below
        types = [f"a {', '.join(node.types)}"] if node.types else []
        said = " ;\n  ".join([*types, *(f"{name} {self._term(value)}" for name, value in node.constants)])
        head, tail = f"{_place(node, RELATIVE)} {said}", " .\n"
        if not node.fragment:
            return "", [head, *parts, tail, *below]
        condition = _condition(source, node, parts)
        if node.required:
            return condition, [source.optional(head + "".join(parts) + tail, condition), *below]
        return condition, [source.optional(head, condition), *parts, source.optional(tail, condition), *below]

    def _slot(self, source: Source, slot: Slot) -> Piece:
        opening, closing = _quotes(slot.kind, f"^^{slot.kind}")
        return source.written(slot, f" ;\n  {slot.predicate} {opening}", closing, f"{closing}, {opening}")

    @staticmethod
    def _link(child: Node) -> str:
        return f" ;\n  {child.predicate} {_place(child, RELATIVE)}"

    @staticmethod
    def _term(term: Term) -> str:
        if isinstance(term, Name):
            return term.text
        return _constant(term, f"^^{term.datatype}" if isinstance(term, Text) else "")


@dataclass(frozen=True, kw_only=True)
class NTriples:
    """A line per statement, every address in full."""

    namespaces: Mapping[str, str]

    def start(self, base: str) -> str:  # noqa: ARG002 - every address is in full
        """Nothing: N-Triples have no prefixes."""
        return ""

    def things(self, things: Iterable[Thing]) -> str:
        """The statements of each."""
        return "".join(map(self._thing, things))

    def end(self) -> str:
        """Nothing stands behind the last line."""
        return ""

    def _thing(self, thing: Thing) -> str:
        subject = f"<{spelling.iri_text(thing.subject)}>"
        types = tuple(("rdf:type", Name(name)) for name in thing.types)
        return "".join(dict.fromkeys(self._said(subject, name, value) for name, value in (*types, *thing.facts)))

    def row(self, source: Source, root: Node) -> Piece:
        """As `Syntax.row`: a node's own statements, then those of the nodes below it."""
        return "".join(self._node(source, root)[1])

    def _node(self, source: Source, node: Node) -> tuple[Piece, list[Piece]]:
        """The condition under which a node has anything to say, and the texts of its lines and those below it."""
        children = [(child, *self._node(source, child)) for child in node.children.values()]
        place = _place(node, FULL)
        parts = [self._slot(source, slot, place) for slot in node.slots]
        for child, condition, _ in (item for item in children if item[0].predicate):
            link = f"{place} {self._iri(child.predicate)} {_place(child, FULL)} .\n"
            parts.append(source.optional(link, condition))
        below = [block for _, _, blocks in children for block in blocks]
        if not (node.types or parts):
            return "", below
        types = tuple(("rdf:type", Name(name)) for name in node.types)
        said = "".join(self._said(place, name, value) for name, value in (*types, *node.constants))
        if not node.fragment:
            return "", [said, *parts, *below]
        condition = _condition(source, node, parts)
        return condition, [source.optional(said, condition), *parts, *below]

    def _slot(self, source: Source, slot: Slot, place: str) -> Piece:
        opening, closing = _quotes(slot.kind, f"^^{self._iri(slot.kind)}" if ":" in slot.kind else "")
        before = f"{place} {self._iri(slot.predicate)} {opening}"
        return source.written(slot, before, f"{closing} .\n", f"{closing} .\n{before}")

    def _said(self, place: str, predicate: str, term: Term) -> str:
        if isinstance(term, Name):
            value = self._iri(term.text)
        else:
            value = _constant(term, f"^^{self._iri(term.datatype)}" if isinstance(term, Text) else "")
        return f"{place} {self._iri(predicate)} {value} .\n"

    def _iri(self, name: str) -> str:
        return f"<{_TYPE if name == 'rdf:type' else expand(name, self.namespaces)}>"


def _place(node: Node, address: str) -> Piece:
    """A node's address; `address` is the variable that holds the row's."""
    fragment = f"#{node.fragment}" if node.fragment else ""
    return f"<{variable(address)}{fragment}>"


def _condition(source: Source, node: Node, parts: list[Piece]) -> Piece:
    """The condition under which the node is written."""
    return source.all_of(parts[: node.required]) if node.required else source.either(parts)


def _quotes(kind: str, datatype: str) -> tuple[str, str]:
    if kind == "@id":
        return "<", ">"
    return '"', f'"{kind if kind.startswith("@") else datatype if kind else ""}'


def _constant(term: Iri | Text, datatype: str) -> Piece:
    if isinstance(term, Hole):
        return f"<{variable(term.text)}>"
    if isinstance(term, Iri):
        return f"<{spelling.iri_text(term.text)}>"
    tail = f"@{term.language}" if term.language else "" if term.datatype == "xsd:string" else datatype
    return f'"{spelling.escape(term.text)}"{tail}'
