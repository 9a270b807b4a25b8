"""Bytes -> an rdflib graph, on our terms: no network, no entity bombs, a cap on the size."""

from __future__ import annotations

import codecs
import json
import logging
import re
import warnings
from collections.abc import Iterator
from typing import Any
from xml.parsers import expat
from xml.sax import SAXException

from rdflib import Dataset, Graph
from rdflib.exceptions import ParserError
from rdflib.plugins.parsers.jsonld import to_rdf

MAX_BYTES = 8 << 20
"""Above this only the beginning of a file is parsed: rdflib needs some 30 bytes of memory for each of the file."""

ENOUGH = MAX_BYTES + 1
"""Of so many bytes the beginning is the same as of any more."""

RELATIVE = "http://relative.invalid/"
"""What relative addresses are resolved against: they name nothing until one knows where the file stands."""

SYNTAX, DEEP, REMOTE, TOO_LARGE, UNSAFE = "syntax", "deep", "remote context", "too large", "unsafe xml"
STATEMENTS = frozenset({"turtle", "nt"})
"""Syntaxes whose beginning stands on its own."""
_SYNTAXES = STATEMENTS | {"json-ld", "xml"}
_DETAIL = 300
_XML_ENCODING = re.compile(rb"(?:\xef\xbb\xbf)?<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)")
_XML_DECLARATION = re.compile(r"<\?xml\s[^>]*\?>")
_THING = re.compile(r"^<[^#>\n]*> a ", re.MULTILINE)
_ENTITY_LIMIT = 8 << 20
_REFUSED = (
    # What rdflib's parsers raise on input that is not theirs, found by feeding them broken files.
    *(SyntaxError, ParserError, SAXException, ValueError, LookupError),
    *(TypeError, AttributeError, AssertionError),
)

logging.getLogger("rdflib").addHandler(logging.NullHandler())  # its remarks on odd literals are nobody's message


class RdfError(Exception):
    """RDF that cannot be read: `reason` is one of the words above, `detail` says where or what."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail


def parse(data: bytes, syntax: str) -> tuple[Graph, bool]:
    """The graph, and whether it is only that of the file's beginning.

    `syntax` is ``turtle``, ``nt``, ``json-ld`` or ``xml`` (ValueError for another). Raises `RdfError`.
    """
    if syntax not in _SYNTAXES:
        raise ValueError(syntax)
    sampled = len(data) > MAX_BYTES
    text = _beginning(data, syntax) if sampled else _text(data, syntax)
    if syntax == "xml":
        _refuse_bombs(text)
    try:
        return _read_json(text) if syntax == "json-ld" else _read(text, syntax), sampled
    except RecursionError as error:  # it may be sound: rdflib goes down a level for each bracket
        raise RdfError(DEEP) from error
    except _REFUSED as error:
        detail = " ".join(str(error).split())
        raise RdfError(SYNTAX, detail[:_DETAIL]) from error


def _text(data: bytes, syntax: str) -> str:
    return _decode_xml(data) if syntax == "xml" else _decode(data, "utf-8-sig")


def _decode(data: bytes, encoding: str) -> str:
    try:
        return data.decode("utf-16" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else encoding)
    except (UnicodeError, LookupError) as error:
        raise RdfError(SYNTAX, str(error)) from error


def _decode_xml(data: bytes) -> str:
    found = _XML_ENCODING.match(data[:200])
    text = _decode(data, found[1].decode() if found else "utf-8-sig").removeprefix("\ufeff")
    return _XML_DECLARATION.sub("", text, count=1)  # what it says of the encoding is no longer true


def _read(text: str, syntax: str) -> Graph:
    return Graph().parse(data=text, format=syntax, publicID=RELATIVE)


def _read_json(text: str) -> Graph:
    """JSON-LD, the statements of its named graphs included."""
    document = json.loads(text)
    if not isinstance(document, dict | list):
        raise RdfError(SYNTAX, type(document).__name__)
    for address in _remote_contexts(document):
        raise RdfError(REMOTE, address)
    dataset, graph = Dataset(), Graph()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # rdflib's parser uses rdflib's own old names
        to_rdf(document, dataset, RELATIVE)
    for subject, predicate, value, _ in dataset.quads():
        graph.add((subject, predicate, value))
    return graph


def _beginning(data: bytes, syntax: str) -> str:
    """The first whole statements; a character that is cut through stands behind them.

    Where Turtle writes a thing (``<thing> …``) and then its parts (``<thing#part> …``), these are not cut apart.
    """
    if syntax not in STATEMENTS:
        raise RdfError(TOO_LARGE)
    wide = data[:2] in {b"\xff\xfe", b"\xfe\xff"}
    try:
        text = codecs.getincrementaldecoder("utf-16" if wide else "utf-8-sig")().decode(data[:ENOUGH])
    except UnicodeError as error:
        raise RdfError(SYNTAX, str(error)) from error
    end = text.rfind(".\n", 0, MAX_BYTES // 4)
    if end < 0:
        raise RdfError(TOO_LARGE)
    return text[: (_before_last_thing(text, end) if syntax == "turtle" else end) + 2]


def _before_last_thing(text: str, end: int) -> int:
    """Where the statement before the last thing ends; `end` where no thing begins in the latter half."""
    place = end
    while (place := text.rfind(".\n<", end // 2, place)) >= 0:
        if "#" not in text[place : text.find(">", place)]:
            return place
    return end


def things_at_beginning(data: bytes) -> int:
    """How many things, each with its parts behind it, `parse` reads of large Turtle that odkit has written.

    Raises `RdfError` where it reads nothing.
    """
    return things_in(_beginning(data, "turtle"))


def things_in(text: str) -> int:
    """How many subjects that are no parts stand in Turtle that odkit has written."""
    return len(_THING.findall(text))


def _remote_contexts(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _remote_contexts(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key in {"@context", "@import"}:
                yield from (part for part in (item if isinstance(item, list) else [item]) if isinstance(part, str))
            yield from _remote_contexts(item)


class _RootReached(Exception):
    """The prologue of an XML file is over."""


def _refuse_bombs(text: str) -> None:
    """Entities may shorten namespaces, as ontology editors write them; they may not nest, be external or blow up."""
    sizes: dict[str, int] = {}

    def entity(name: str, _parameter: int, value: str | None, *outside: str | None) -> None:
        if value is None or any(outside) or "&" in value or "%" in value:
            raise RdfError(UNSAFE, name)
        sizes[name] = len(value)

    def element(_name: str, _attributes: object) -> None:
        raise _RootReached

    parser = expat.ParserCreate()
    parser.EntityDeclHandler = entity
    parser.StartElementHandler = element
    try:
        parser.Parse(text.encode())
    except _RootReached:
        pass
    except expat.ExpatError as error:
        raise RdfError(SYNTAX, str(error)) from error
    if sum(text.count(f"&{name};") * size for name, size in sizes.items()) > _ENTITY_LIMIT:
        raise RdfError(UNSAFE, ", ".join(sorted(sizes)))
