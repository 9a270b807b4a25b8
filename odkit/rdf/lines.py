"""N-Triples whose lines are all regular, as programs write them: read many times as fast as by rdflib."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from rdflib import URIRef
from rdflib.namespace import NamespaceManager
from rdflib.term import Identifier, Node

_IRI = r'<([a-zA-Z][a-zA-Z0-9+.\-]*:[^\x00-\x20<>"{}|^`\\]*)>'
_LITERAL = r'("(?:[^"\\\n\r]|\\[nrt"\\])*"(?:@[a-zA-Z]+(?:-[a-zA-Z0-9]+)*|\^\^<[a-zA-Z][^\x00-\x20<>"{}|^`\\]*>)?)'
_LINE = re.compile(rf"{_IRI} {_IRI} (?:{_IRI}|{_LITERAL}) \.")
Triple = tuple[Node, Node, Node]


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


@lru_cache(4096)
def iri(text: str) -> URIRef:
    """The term of an address."""
    return URIRef(text)
