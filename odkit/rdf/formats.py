"""A table as RDF in one of the syntaxes: a stream of text blocks, from a mapping and rows that are read once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Mapping as Namespaces
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache

from odkit.errors import DeclarationError
from odkit.model import DatasetSpec, Row
from odkit.rdf import rdfxml
from odkit.rdf.compile import Syntax, Template, Texts
from odkit.rdf.dataset import about_area, about_dataset, about_publisher, area_code, below, dataset_address
from odkit.rdf.jsonld import JsonLd
from odkit.rdf.mapping import Mapping
from odkit.rdf.mould import Kin, Marks, Mould, kin_of, words_of
from odkit.rdf.ontology import namespaces
from odkit.rdf.reading import Naming, Reader, Reading, chunks
from odkit.rdf.statements import NTriples, Turtle
from odkit.rdf.subject import Namer, subject_namer
from odkit.rdf.terms import Name, Text, Thing
from odkit.rdf.tree import OPEN, Context, Node, build_tree


@dataclass(frozen=True, kw_only=True, slots=True)
class Format:
    """A syntax of RDF as a file: `name` is what the command line calls it, `key` the end of its resource's key."""

    name: str
    title: str
    key: str
    extension: str
    label: str
    media_type: str


TURTLE = Format(name="turtle", title="Turtle", key="rdf", extension="ttl", label="TTL", media_type="text/turtle")
N_TRIPLES = Format(
    name="ntriples", title="N-Triples", key="nt", extension="nt", label="NT", media_type="application/n-triples"
)
JSON_LD = Format(
    name="jsonld",
    title="JSON-LD",
    key="jsonld",
    extension="jsonld",
    label="JSON-LD",
    media_type="application/ld+json",
)
RDF_XML = Format(
    name="rdfxml",
    title="RDF/XML",
    key="rdfxml",
    extension="rdf",
    label="RDF/XML",
    media_type="application/rdf+xml",
)
_RESOLVED = re.compile(r":|//|/\.|\n[./]")
"""What no relative address may hold, or begin with, each on a line of its own behind a line's end."""
_LAYOUTS = 32
"""Layouts of tables that are kept with what writes them: a few hundred kilobytes each."""
FORMATS = {item.name: item for item in (TURTLE, N_TRIPLES, JSON_LD, RDF_XML)}


@dataclass(frozen=True, kw_only=True, slots=True)
class Blocks:
    """A file in the making: what stands above, a function rows -> a block per row, the end. It serves one table once:
    the rows' names are given as they come.

    `read` prepares some rows, `texts` writes what it gives: files whose `read` is the same one may share its work.
    """

    start: bytes
    read: Reader
    texts: Texts
    end: bytes

    def __call__(self, rows: Iterable[Row]) -> Iterator[bytes]:
        """The whole file, from rows that are read once."""
        yield self.start
        for chunk in chunks(rows):
            yield from self.texts(self.read(chunk))
        yield self.end


def rdf_blocks(
    kind: Format,
    spec: DatasetSpec,
    mapping: Mapping,
    columns: Sequence[str],
    base_uri: str,
    read: Reader | None = None,
) -> Blocks:
    """How a table with these columns is written; `read` is its `row_reader`, where another file of it has one.

    Raises `DeclarationError` where the mapping names another column.
    """
    if kind is RDF_XML:
        return _as_xml(rdf_blocks(N_TRIPLES, spec, mapping, columns, base_uri, read), namespaces(base_uri))
    kin = kin_of(spec)
    if kin:
        mould, template = _shared_start(kind, mapping, tuple(columns), base_uri, kin)
        start = mould.filled(words_of(spec))
    else:
        text, template = _start(kind, mapping, tuple(columns), base_uri, spec)
        start = text.encode()
    return Blocks(
        start=start,
        read=read or row_reader(spec, mapping, columns, base_uri),
        texts=template.texts(),
        end=template.syntax.end().encode(),
    )


@lru_cache(_LAYOUTS * 2)
def _shared_start(
    kind: Format, mapping: Mapping, columns: tuple[str, ...], base_uri: str, kin: Kin
) -> tuple[Mould, Template]:
    """What stands above the rows of datasets of one kin, and how these are written."""
    marks = Marks(kin, base_uri)
    text, template = _start(kind, mapping, columns, base_uri, marks.spec())
    return Mould(text, marks), template


def _start(
    kind: Format, mapping: Mapping, columns: tuple[str, ...], base_uri: str, spec: DatasetSpec
) -> tuple[str, Template]:
    things = above_rows(spec, base_uri)
    template = _template(kind, mapping, columns, base_uri, frozenset(_prefixes(thing_names(things))))
    syntax = template.syntax
    return syntax.start(f"{dataset_address(spec, base_uri)}/") + syntax.things(things), template


def above_rows(spec: DatasetSpec, base_uri: str) -> tuple[Thing, ...]:
    """What a file says beside its rows."""
    return about_dataset(spec, base_uri), about_publisher(spec.publisher, base_uri), about_area(spec.publisher)


def row_reader(spec: DatasetSpec, mapping: Mapping, columns: Sequence[str], base_uri: str) -> Reader:
    """What reads the rows of a table for its files of RDF."""
    naming = row_naming(subject_namer(mapping.subjects, columns), f"{dataset_address(spec, base_uri)}/")
    return layout_reading(mapping, tuple(columns)).open(row_context(spec, base_uri), naming)


@lru_cache(_LAYOUTS)
def layout_reading(mapping: Mapping, columns: tuple[str, ...]) -> Reading:
    """What is read from the rows of all tables of a layout."""
    return Reading(layout_tree(mapping, columns), len(columns))


@lru_cache(_LAYOUTS * 2)
def _template(
    kind: Format, mapping: Mapping, columns: tuple[str, ...], base_uri: str, prefixes: frozenset[str]
) -> Template:
    """How all tables of a layout are written, whichever package they are in."""
    reading = layout_reading(mapping, columns)
    return Template(_syntax(kind, reading.tree, prefixes, base_uri), reading)


def _as_xml(lines: Blocks, spaces: Namespaces[str, str]) -> Blocks:
    return Blocks(
        start=rdfxml.start(spaces).encode() + b"".join(rdfxml.from_lines([lines.start], spaces)),
        read=lines.read,
        texts=lambda chunk: rdfxml.from_lines(lines.texts(chunk), spaces),
        end=rdfxml.END.encode(),
    )


def thing_blocks(things: Sequence[Thing], base_uri: str, kind: Format = TURTLE) -> Iterator[bytes]:
    """Statements alone, without rows."""
    syntax = syntax_of(kind, Node(types=()), things, base_uri)
    yield syntax.start("").encode()
    yield syntax.things(things).encode()
    yield syntax.end().encode()


def row_tree(spec: DatasetSpec, mapping: Mapping, columns: Sequence[str], base_uri: str) -> Node:
    """What a row of one table becomes."""
    return build_tree(mapping, columns, row_context(spec, base_uri))


@lru_cache(_LAYOUTS)
def layout_tree(mapping: Mapping, columns: tuple[str, ...]) -> Node:
    """What a row of a layout becomes, with marks for what a package gives; nobody changes it.

    Raises `DeclarationError` where the mapping names another column.
    """
    for missing in sorted(mapping.columns.difference(columns)):
        raise DeclarationError("rdf.mapping-column", file=f"{mapping.schema}.csv", column=missing)
    return build_tree(mapping, columns, OPEN)


def row_context(spec: DatasetSpec, base_uri: str) -> Context:
    """What a dataset gives to each of its rows."""
    return Context(
        dataset=dataset_address(spec, base_uri), area=area_code(spec.publisher), codes=below(base_uri, "codes", "")
    )


def syntax_of(kind: Format, tree: Node, things: Iterable[Thing], base_uri: str) -> Syntax:
    """The syntax of a file that holds these things and rows of this tree."""
    return _syntax(kind, tree, _prefixes(thing_names(things)), base_uri)


def _syntax(kind: Format, tree: Node, prefixes: AbstractSet[str], base_uri: str) -> Syntax:
    if kind is N_TRIPLES:
        return NTriples(namespaces=namespaces(base_uri))
    wanted = prefixes | _prefixes(_tree_names(tree))
    used = {prefix: space for prefix, space in namespaces(base_uri).items() if prefix in wanted}
    return JsonLd.of(used, tree) if kind is JSON_LD else Turtle(namespaces=used)


def _prefixes(names: Iterable[str]) -> set[str]:
    return {name.partition(":")[0] for name in names}


def thing_names(things: Iterable[Thing]) -> Iterator[str]:
    """The prefixed names that statements use."""
    for thing in things:
        yield from thing.types
        for predicate, value in thing.facts:
            yield predicate
            if isinstance(value, Name):
                yield value.text
            elif isinstance(value, Text):
                yield value.datatype


def _tree_names(tree: Node) -> Iterator[str]:
    yield "ic:"
    for node in tree.walk():
        yield from (*node.types, node.predicate)
        yield from (name for name, _ in node.constants)
        for slot in node.slots:
            yield from (slot.predicate, slot.kind)


def row_naming(namer: Namer, base: str) -> Naming:
    """The addresses of rows: in full, and for Turtle, which resolves them against its base.

    They are in full for Turtle, too, where resolving would change them.
    """

    def name(rows: Sequence[Row]) -> tuple[Sequence[str], Sequence[str]]:
        keys = [namer(row) for row in rows]
        full = [base + key for key in keys]
        joined = "\n".join(["", *keys])
        if _RESOLVED.search(joined):
            keys = [address if _RESOLVED.search(f"\n{key}") else key for key, address in zip(keys, full, strict=True)]
        return keys, full

    return name
