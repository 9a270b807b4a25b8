"""N-Triples and Turtle whose lines are all regular, as programs write them: read many times as fast as by rdflib."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache

from rdflib import URIRef
from rdflib.namespace import NamespaceManager
from rdflib.term import Identifier, Node

_IRI = r'<([a-zA-Z][a-zA-Z0-9+.\-]*:[^\x00-\x20<>"{}|^`\\]*)>'
_LITERAL = r'("(?:[^"\\\n\r]|\\[nrt"\\])*"(?:@[a-zA-Z]+(?:-[a-zA-Z0-9]+)*|\^\^<[a-zA-Z][^\x00-\x20<>"{}|^`\\]*>)?)'
_LINE = re.compile(rf"{_IRI} {_IRI} (?:{_IRI}|{_LITERAL}) \.")
Triple = tuple[Node, Node, Node]

# Turtle with a property a line, as ours is (`odkit.rdf.statements`).
_NAME = r"[a-z][a-z0-9-]*:[^\W\d][\w-]*"
_ANY_IRI = r'<[^\x00-\x20<>"{}|^`\\]+>'
_QUOTED = rf'"(?:[^"\\\n\r]|\\[nrt"\\])*"(?:@[a-zA-Z]+(?:-[a-zA-Z0-9]+)*|\^\^{_NAME})?'
_VALUE = rf"{_ANY_IRI}|{_QUOTED}|{_NAME}"
_VALUES = re.compile(_VALUE)
_SAYS = re.compile(rf"(?:({_ANY_IRI})| ) (a|{_NAME}) ((?:{_VALUE})(?:, (?:{_VALUE}))*) ([;.])")
_DECLARES = re.compile(rf"@(?:prefix ([a-z][a-z0-9-]*):|(base)) {_IRI} \.")
_ABSOLUTE = re.compile("[a-zA-Z][a-zA-Z0-9+.\\-]*:")
_BASE = re.compile(r"https?://[^/?#]+/(?:[^?#]*/)?")
_BELOW = re.compile(r"(?![./#])(?!.*(?://|/\.))[^:?]+")
"""What is resolved by standing behind a base."""
_TYPE = URIRef("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")


class _IrregularError(Exception):
    """Turtle that is written in another way, or is none."""


class _Text(Identifier):
    """A literal as it is spelled: nothing is made of it, which is what takes rdflib its time."""

    __slots__ = ()

    def n3(self, namespace_manager: NamespaceManager | None = None) -> str:  # noqa: ARG002 - rdflib's own
        """As it stands."""
        return str(self)


class Statements:
    """Triples, each once; answers what a `rdflib.Graph` answers."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._about: dict[Node, dict[tuple[Node, Node], None]] = {}
        for subject, predicate, value in triples:
            self._about.setdefault(subject, {})[predicate, value] = None

    def __iter__(self) -> Iterator[Triple]:
        for subject, said in self._about.items():
            yield from ((subject, predicate, value) for predicate, value in said)

    def __len__(self) -> int:
        return sum(map(len, self._about.values()))

    def subjects(self) -> Iterator[Node]:
        """The subjects, each once."""
        return iter(self._about)

    def predicates(self, subject: Node | None = None, *, unique: bool = False) -> Iterator[Node]:
        """The properties of a subject, or of all."""
        found = (predicate for predicate, _ in self.predicate_objects(subject))
        return iter(set(found)) if unique else found

    def objects(
        self, subject: Node | None = None, predicate: Node | None = None, *, unique: bool = False
    ) -> Iterator[Node]:
        """The values of a subject's property; None stands for any."""
        found = (value for name, value in self.predicate_objects(subject) if predicate is None or name == predicate)
        return iter(set(found)) if unique else found

    def predicate_objects(self, subject: Node | None = None) -> Iterator[tuple[Node, Node]]:
        """What is said of a subject, or of all."""
        if subject is not None:
            return iter(self._about.get(subject, ()))
        return ((predicate, value) for said in self._about.values() for predicate, value in said)


def read_lines(data: bytes) -> Statements | None:
    """The statements of N-Triples without comments, blank nodes and rare escapes; None where any line is another one.

    Of literals only that they are there and differ is kept: text, language and type stand together in their text.
    """
    try:
        lines = data.decode().removesuffix("\n").split("\n")
    except UnicodeDecodeError:
        return None
    found = list(map(_LINE.fullmatch, lines))
    if None in found:
        return None
    parts = (line.groups() for line in found if line)
    return Statements(
        (iri(subject), iri(predicate), iri(value) if value else _Text(quoted))
        for subject, predicate, value, quoted in parts
    )


def read_turtle(text: str) -> Statements | None:
    """The statements of Turtle that begins with its prefixes and has a property a line, as for `read_lines`; None where
    any line is another one.
    """
    lines = iter(text.removesuffix("\n").split("\n"))
    names: dict[str, str] = {}
    for line in lines:
        if not line:
            break
        declared = _DECLARES.fullmatch(line)
        if not declared:
            return None
        prefix, base, address = declared.groups()
        if (base or prefix) in names or (base and not _BASE.fullmatch(address)):
            return None
        names["@" if base else prefix] = address
    try:
        return Statements(_said(lines, names))
    except _IrregularError:
        return None


def _said(lines: Iterable[str], names: Mapping[str, str]) -> Iterator[Triple]:
    """What the lines say; `names` are the prefixes, and the base as ``@``. Raises `_IrregularError`."""
    subject: Node | None = None
    term = cache(lambda text: _term(text, names))
    for line in lines:
        found = _SAYS.fullmatch(line)
        if not found or (found[1] is None) == (subject is None):
            raise _IrregularError
        subject = subject or term(found[1])
        predicate = _TYPE if found[2] == "a" else term(found[2])
        for value in _VALUES.findall(found[3]):
            yield subject, predicate, term(value)
        subject = None if found[4] == "." else subject
    if subject is not None:
        raise _IrregularError


def _term(text: str, names: Mapping[str, str]) -> Node:
    """A term as Turtle spells it. Raises `_IrregularError` for a prefix, or a base, that was not declared."""
    try:
        if text[0] == '"':
            value, mark, kind = text.rpartition("^^")
            is_typed = bool(mark) and value.endswith('"') and '"' not in kind
            return _Text(f"{value}^^<{_full(kind, names)}>" if is_typed else text)
        if text[0] != "<":
            return URIRef(_full(text, names))
        address = text[1:-1]
        if _ABSOLUTE.match(address):
            return URIRef(address)
        if _BELOW.fullmatch(address):
            return URIRef(names["@"] + address)
    except KeyError as undeclared:
        raise _IrregularError from undeclared
    raise _IrregularError


def _full(name: str, names: Mapping[str, str]) -> str:
    prefix, _, local = name.partition(":")
    return names[prefix] + local


@lru_cache(4096)
def iri(text: str) -> URIRef:
    """The term of an address."""
    return URIRef(text)
