"""A table as RDF in one of the syntaxes: a stream of text blocks, from a mapping and rows that are read once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Mapping as Namespaces
from dataclasses import dataclass
from functools import lru_cache

from odkit.errors import DeclarationError
from odkit.model import DatasetSpec, Row
from odkit.rdf import rdfxml
from odkit.rdf.compile import Syntax, Writer, compile_writer
from odkit.rdf.dataset import about_area, about_dataset, about_publisher, area_code, below, dataset_address
from odkit.rdf.jsonld import JsonLd
from odkit.rdf.mapping import Mapping
from odkit.rdf.ontology import namespaces
from odkit.rdf.statements import NTriples, Turtle
from odkit.rdf.subject import Namer, subject_namer
from odkit.rdf.terms import Name, Text, Thing
from odkit.rdf.tree import Context, Node, build_tree


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
FORMATS = {item.name: item for item in (TURTLE, N_TRIPLES, JSON_LD, RDF_XML)}


@dataclass(frozen=True, kw_only=True, slots=True)
class Blocks:
    """A file in the making: what stands above, a function rows -> a block per row, the end. It serves one table once:
    the rows' names are given as they come.
    """

    start: bytes
    write: Writer
    end: bytes

    def __call__(self, rows: Iterable[Row]) -> Iterator[bytes]:
        """The whole file, from rows that are read once."""
        yield self.start
        yield from self.write(rows)
        yield self.end


def rdf_blocks(kind: Format, spec: DatasetSpec, mapping: Mapping, columns: Sequence[str], base_uri: str) -> Blocks:
    """How a table with these columns is written. Raises `DeclarationError` where the mapping names another one."""
    if kind is RDF_XML:
        return _as_xml(rdf_blocks(N_TRIPLES, spec, mapping, columns, base_uri), namespaces(base_uri))
    for missing in sorted(mapping.columns.difference(columns)):
        raise DeclarationError("rdf.mapping-column", file=f"{mapping.schema}.csv", column=missing)
    address = dataset_address(spec, base_uri)
    tree = row_tree(spec, mapping, columns, base_uri)
    things = (about_dataset(spec, base_uri), about_publisher(spec.publisher, base_uri), about_area(spec.publisher))
    syntax = syntax_of(kind, tree, things, base_uri)
    namer = subject_namer(mapping.subjects, columns, "" if kind is TURTLE else f"{address}/")
    if kind is TURTLE:
        namer = relative(namer, f"{address}/")
    return Blocks(
        start=(syntax.start(f"{address}/") + syntax.things(things)).encode(),
        write=compile_writer(syntax, tree, len(columns), namer),
        end=syntax.end().encode(),
    )


def _as_xml(lines: Blocks, spaces: Namespaces[str, str]) -> Blocks:
    return Blocks(
        start=rdfxml.start(spaces).encode() + b"".join(rdfxml.from_lines([lines.start], spaces)),
        write=lambda rows: rdfxml.from_lines(lines.write(rows), spaces),
        end=rdfxml.END.encode(),
    )


def thing_blocks(things: Sequence[Thing], base_uri: str, kind: Format = TURTLE) -> Iterator[bytes]:
    """Statements alone, without rows."""
    syntax = syntax_of(kind, Node(types=()), things, base_uri)
    yield syntax.start("").encode()
    yield syntax.things(things).encode()
    yield syntax.end().encode()


def row_tree(spec: DatasetSpec, mapping: Mapping, columns: Sequence[str], base_uri: str) -> Node:
    """What a row of a table becomes; nobody changes it, for all who write the table have the same one."""
    return _tree(mapping, tuple(columns), row_context(spec, base_uri))


@lru_cache(4)
def _tree(mapping: Mapping, columns: tuple[str, ...], context: Context) -> Node:
    return build_tree(mapping, columns, context)


def row_context(spec: DatasetSpec, base_uri: str) -> Context:
    """What a dataset gives to each of its rows."""
    return Context(
        dataset=dataset_address(spec, base_uri), area=area_code(spec.publisher), codes=below(base_uri, "codes", "")
    )


def syntax_of(kind: Format, tree: Node, things: Iterable[Thing], base_uri: str) -> Syntax:
    """The syntax of a file that holds these things and rows of this tree."""
    if kind is N_TRIPLES:
        return NTriples(namespaces=namespaces(base_uri))
    wanted = {name.partition(":")[0] for name in (*_tree_names(tree), *thing_names(things))}
    used = {prefix: space for prefix, space in namespaces(base_uri).items() if prefix in wanted}
    return JsonLd.of(used, tree) if kind is JSON_LD else Turtle(namespaces=used)


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


def relative(namer: Namer, base: str) -> Namer:
    """The namer of Turtle: names that Turtle resolves against its base; in full where resolving would change them."""

    def name(row: Row) -> str:
        key = namer(row)
        plain = not (":" in key or "//" in key or "/." in key or key[0] in "./")
        return key if plain else base + key

    return name
