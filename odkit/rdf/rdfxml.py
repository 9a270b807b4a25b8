"""RDF/XML, made from N-Triples as they stream by: for readers that take nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from xml.sax.saxutils import escape, quoteattr

_LINE = re.compile(r'<([^>]*)> <([^>]*)> (?:<([^>]*)>|"((?:[^"\\]|\\.)*)"(?:@([\w-]+)|\^\^<([^>]*)>)?) \.\n')
_ESCAPED = re.compile(r"\\(?:u([0-9A-F]{4})|(.))")
_WORDS = {"n": "\n", "r": "\r", "t": "\t"}
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_LOCAL = re.compile(r"[^/#]*$")

END = "</rdf:RDF>\n"


def start(namespaces: Mapping[str, str]) -> str:
    """The first lines of a file."""
    spaces = "".join(f"\n  xmlns:{prefix}={quoteattr(space)}" for prefix, space in namespaces.items())
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF{spaces}>\n'


def from_lines(blocks: Iterable[bytes], namespaces: Mapping[str, str]) -> Iterator[bytes]:
    """The statements of N-Triples, block by block. Control characters, which XML cannot hold, are U+FFFD."""
    prefixes = {space: prefix for prefix, space in namespaces.items()}
    for block in blocks:
        found = (match.groups("") for match in _LINE.finditer(block.decode()))
        nodes = groupby(found, key=lambda parts: parts[0])
        yield "".join(_node(subject, (parts[1:] for parts in facts), prefixes) for subject, facts in nodes).encode()


def _node(subject: str, facts: Iterable[tuple[str, ...]], prefixes: Mapping[str, str]) -> str:
    lines = "".join(f"  {_property(*fact, prefixes=prefixes)}\n" for fact in facts)
    return f"<rdf:Description rdf:about={quoteattr(subject)}>\n{lines}</rdf:Description>\n"


def _property(predicate: str, iri: str, text: str, *kind: str, prefixes: Mapping[str, str]) -> str:
    language, datatype = kind
    local = _LOCAL.findall(predicate)[0]
    name = f"{prefixes[predicate.removesuffix(local)]}:{local}"
    if iri:
        return f"<{name} rdf:resource={quoteattr(iri)}/>"
    said = f" xml:lang={quoteattr(language)}" if language else ""
    said += f" rdf:datatype={quoteattr(datatype)}" if datatype else ""
    plain = _NOT_IN_XML.sub("\ufffd", _ESCAPED.sub(_unescaped, text))
    return f"<{name}{said}>{escape(plain, {chr(13): '&#13;'})}</{name}>"


def _unescaped(found: re.Match[str]) -> str:
    return chr(int(found[1], 16)) if found[1] else _WORDS.get(found[2], found[2])
