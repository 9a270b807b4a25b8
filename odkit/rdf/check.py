"""Is this RDF what the vocabularies allow? SHACL shapes (vocab/shapes/), and what SHACL cannot say.

That is: unknown terms, terms on the wrong class, namespaces that are no longer used.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import pyshacl
from rdflib import RDF, SH, Graph, URIRef
from rdflib.term import Node

from odkit.project import data_file
from odkit.rdf.ontology import OLD_SPACES, imi, prefixes


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Finding:
    """What is wrong with a statement: `rule` is ``shape``, ``unknown-term``, ``wrong-class`` or ``old-namespace``."""

    rule: str
    subject: str
    term: str
    detail: str = ""


def check_graph(graph: Graph) -> tuple[Finding, ...]:
    """Everything that is wrong, sorted. Takes some milliseconds per thing described: sample large graphs."""
    return tuple(sorted({*_terms(graph), *_shapes(graph, "imi"), *_shapes(graph, "dcat")}))


def check_terms(graph: Graph) -> tuple[Finding, ...]:
    """As `check_graph`, without the shapes: fast."""
    return tuple(sorted(set(_terms(graph))))


def _terms(graph: Graph) -> Iterator[Finding]:
    kinds: dict[Node, list[str]] = {}
    for subject, kind in graph.subject_objects(RDF.type):
        kinds.setdefault(subject, []).append(_short(kind))
    for subject, predicate, value in graph:
        term = value if predicate == RDF.type else predicate
        name = _short(term)
        if str(term).startswith(OLD_SPACES):
            yield Finding(rule="old-namespace", subject=str(subject), term=str(term))
        elif predicate == RDF.type:
            if name.startswith("ic:") and name not in imi().parents:
                yield Finding(rule="unknown-term", subject=str(subject), term=name)
        elif name.startswith("ic:"):
            yield from _misplaced(str(subject), name, kinds.get(subject, []))


def _misplaced(subject: str, name: str, kinds: list[str]) -> Iterator[Finding]:
    if name not in _properties():
        yield Finding(rule="unknown-term", subject=subject, term=name)
    elif not any((kind, name) in imi().ranges for kind in kinds):
        yield Finding(rule="wrong-class", subject=subject, term=name, detail=", ".join(sorted(kinds)))


def _shapes(graph: Graph, name: str) -> Iterator[Finding]:
    shapes = _shape_graph(name)
    _, report, _ = pyshacl.validate(graph, shacl_graph=shapes, ont_graph=shapes, advanced=False)
    for result in report.subjects(RDF.type, SH.ValidationResult):
        path, message = report.value(result, SH.resultPath), report.value(result, SH.resultMessage)
        focus = report.value(result, SH.focusNode)
        yield Finding(rule="shape", subject=str(focus), term=_short(path) if path else "", detail=str(message))


@cache
def _shape_graph(name: str) -> Graph:
    return Graph().parse(data_file("vocab", "shapes", f"{name}.ttl"), format="turtle")


@cache
def _properties() -> frozenset[str]:
    return frozenset(name for _, name in imi().ranges)


def _short(term: Node) -> str:
    space = prefixes()["ic"]
    return (
        "ic:" + str(term).removeprefix(space) if isinstance(term, URIRef) and str(term).startswith(space) else str(term)
    )
