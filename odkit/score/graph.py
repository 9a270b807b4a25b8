"""RDF: asks the probe of odkit.rdf, the only door to rdflib."""

from __future__ import annotations

from dataclasses import replace

from odkit.rdf.probe import RdfFacts, probe
from odkit.score.facts import Facts
from odkit.score.sniff import declared_format

SYNTAXES = {"turtle": "turtle", "n-triples": "nt", "rdfxml": "xml", "json-ld": "json-ld"}
UNREAD = {"deep": "deep", "remote context": "context", "too large": "too-large", "unsafe xml": "dtd"}
"""The probe's words for what it would not read, and ours."""


def read_graph(facts: Facts, data: bytes) -> Facts:
    """The facts with what the probe found."""
    found = probe(data, SYNTAXES[facts.format])
    unread = UNREAD.get(found.error, "")
    broken = "broken" if found.error and not unread else ""
    return replace(facts, rdf=found, unread=unread, broken=broken, catalogue=found.records > 0)


def known_graph(name: str, size: int, licence: str, found: RdfFacts) -> Facts:
    """The facts of a file that odkit wrote and whose RDF is known: it describes its dataset, too."""
    kind = declared_format(name)
    return Facts(name=name, size=size, format=kind, declared=kind, licence=licence, rdf=found, catalogue=True)
