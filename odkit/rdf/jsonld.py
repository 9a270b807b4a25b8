"""JSON-LD with Japanese keys: an object per row with its parts inside it, and the context that explains the keys.

No context is fetched, by us or by a reader: the keys that a file uses are explained at its top.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from odkit.rdf import spelling
from odkit.rdf.compile import Piece, Source, variable
from odkit.rdf.reading import FULL
from odkit.rdf.terms import Hole, Iri, Name, Term, Text, Thing, expand
from odkit.rdf.tree import Node, Slot

_CORE = "ic:"


@dataclass(frozen=True, kw_only=True)
class JsonLd:
    """JSON-LD 1.1. `kinds` says of each property what all its values are, where they are all alike."""

    namespaces: Mapping[str, str]
    kinds: Mapping[str, str]

    @classmethod
    def of(cls, namespaces: Mapping[str, str], root: Node) -> JsonLd:
        """For rows of this tree."""
        found: dict[str, set[str]] = {}
        for node in root.walk():
            for slot in node.slots:
                found.setdefault(slot.predicate, set()).add(slot.kind)
            for name, value in node.constants:
                found.setdefault(name, set()).add(_kind(value))
            for child in node.children.values():
                found.setdefault(child.predicate, set()).add("@id")
        alike = {name: kinds.pop() for name, kinds in sorted(found.items()) if len(kinds) == 1}
        return cls(
            namespaces=namespaces,
            kinds={
                name: kind for name, kind in alike.items() if kind == "@id" or ":" in kind or name.startswith(_CORE)
            },
        )

    @cached_property
    def context(self) -> str:
        """What the keys mean, as JSON."""
        keys: dict[str, object] = dict(self.namespaces)
        keys |= {self.key(name): self._meaning(name, kind) for name, kind in self.kinds.items()}
        keys |= {"@vocab": self.namespaces["ic"]}
        return json.dumps(keys, ensure_ascii=False, indent=1)

    def _meaning(self, name: str, kind: str) -> dict[str, str]:
        meaning = {"@id": name if name.startswith(_CORE) else expand(name, self.namespaces)}
        if kind.startswith("@") and kind != "@id":
            return {**meaning, "@language": kind[1:]}
        return {**meaning, "@type": kind} if kind else meaning

    @staticmethod
    def key(name: str) -> str:
        """The key of a property or class: words of the core vocabulary stand without a prefix."""
        return name.removeprefix(_CORE)

    def start(self, base: str) -> str:  # noqa: ARG002 - every address is in full
        """Everything before the first object."""
        return f'{{"@context":{self.context},\n"@graph":[\n'

    def things(self, things: Iterable[Thing]) -> str:
        """An object for each."""
        return ",\n".join(map(self._thing, things))

    def end(self) -> str:
        """Everything after the last object."""
        return "\n]}\n"

    def _thing(self, thing: Thing) -> str:
        members: dict[str, list[str]] = {}
        for name, value in thing.facts:
            members.setdefault(name, []).append(self._value(name, value))
        said = "".join(f',"{self.key(name)}":{_listed(values)}' for name, values in members.items())
        return f'{{"@id":"{spelling.iri_text(thing.subject)}"{self._types(thing.types)}{said}}}'

    def row(self, source: Source, root: Node) -> Piece:
        """As `Syntax.row`: an object with the objects of its parts inside it."""
        return ",\n" + self._node(source, root)

    def _node(self, source: Source, node: Node) -> Piece:
        members: dict[str, list[Piece]] = {}
        for slot in node.slots:
            members.setdefault(slot.predicate, []).append(self._slot(source, slot))
        for child in node.children.values():
            inside = self._node(source, child)
            members.setdefault(child.predicate, []).append(source.optional("," + inside, inside))
        anything = source.either([piece for pieces in members.values() for piece in pieces]) if node.fragment else ""
        constants: dict[str, str] = {}
        for name, value in node.constants:
            constants[name] = constants.get(name, "") + "," + self._value(name, value)
        parts = [
            source.listed(f',"{self.key(name)}":[', constants.pop(name, "") + "".join(pieces), "]")
            for name, pieces in members.items()
        ]
        fixed = "".join(f',"{self.key(name)}":{_array(values)}' for name, values in constants.items())
        place = variable(FULL) + (f"#{node.fragment}" if node.fragment else "")
        text = f'{{"@id":"{place}"{self._types(node.types)}{fixed}' + "".join(parts) + "}"
        return source.optional(text, anything) if node.fragment else text

    def _slot(self, source: Source, slot: Slot) -> Piece:
        opening, closing = self._braces(slot.predicate, slot.kind)
        return source.written(slot, f",{opening}", closing, f"{closing},{opening}")

    def _value(self, name: str, term: Term) -> str:
        opening, closing = self._braces(name, _kind(term))
        if isinstance(term, Name):
            return f"{opening}{expand(term.text, self.namespaces)}{closing}"
        if isinstance(term, Hole):
            return f"{opening}{variable(term.text)}{closing}"
        text = spelling.iri_text(term.text) if isinstance(term, Iri) else spelling.escape(term.text)
        return f"{opening}{text}{closing}"

    def _braces(self, name: str, kind: str) -> tuple[str, str]:
        if self.kinds.get(name, "") == kind:
            return '"', '"'
        if not kind:
            return '{"@value":"', '"}'
        if kind == "@id":
            return '{"@id":"', '"}'
        extra = f'"@language":"{kind[1:]}"' if kind.startswith("@") else f'"@type":"{kind}"'
        return '{"@value":"', f'",{extra}}}'

    def _types(self, types: Iterable[str]) -> str:
        names = [f'"{self.key(name)}"' for name in types]
        return f',"@type":{_listed(names)}' if names else ""


def _kind(term: Term) -> str:
    if not isinstance(term, Text):
        return "@id"
    return f"@{term.language}" if term.language else "" if term.datatype == "xsd:string" else term.datatype


def _listed(values: list[str]) -> str:
    return values[0] if len(values) == 1 else f"[{','.join(values)}]"


def _array(values: str) -> str:
    """Values that each begin with a comma, as an array."""
    return f"[{values[1:]}]"
