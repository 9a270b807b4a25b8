"""RDF: asks the probe of odkit.rdf, the only door to rdflib."""

from __future__ import annotations

import re
from dataclasses import replace

from odkit.rdf.probe import RdfFacts, beginning, probe
from odkit.score.blob import Blob
from odkit.score.facts import Facts
from odkit.score.sniff import declared_format

SYNTAXES = {"turtle": "turtle", "n-triples": "nt", "rdfxml": "xml", "json-ld": "json-ld"}
BY_BEGINNING = frozenset({"turtle", "n-triples"})
"""Formats of which `read_statements` reads the beginning, however large the file is."""
LINE = re.compile(r"at line (\d+) |<unknown>:(\d+):")
"""How the parsers of Turtle and of XML say where they stopped."""
UNREAD = {"deep": "deep", "remote context": "context", "too large": "too-large", "unsafe xml": "dtd"}
"""The probe's words for what it would not read, and ours."""


def read_graph(facts: Facts, data: bytes) -> Facts:
    """The facts with what the probe found."""
    found = probe(data, SYNTAXES[facts.format])
    unread = UNREAD.get(found.error, "")
    broken = "broken" if found.error and not unread else ""
    fault = (_place(found.detail), found.detail) if broken else facts.fault
    return replace(facts, rdf=found, unread=unread, broken=broken, fault=fault, catalogue=found.records > 0)


def _place(detail: str) -> str:
    """The line that a parser names, as a place; empty where it names none."""
    line = LINE.match(detail)
    return f"R{line[1] or line[2]}" if line else ""


def read_statements(facts: Facts, blob: Blob) -> Facts:
    """The same for a syntax of statements one after the other: of a large file only what the probe looks at is read."""
    wanted = beginning(SYNTAXES[facts.format], blob.size)
    return read_graph(facts, blob.head(wanted) if wanted < blob.size else blob.data())


def known_graph(name: str, size: int, licence: str, found: RdfFacts) -> Facts:
    """The facts of a file that odkit wrote and whose RDF is known: it describes its dataset, too."""
    kind, unread = declared_format(name), UNREAD.get(found.error, "")
    return Facts(
        name=name,
        size=size,
        format=kind,
        declared=kind,
        licence=licence,
        rdf=found,
        unread=unread,
        catalogue=not unread,
    )
