"""What an RDF file holds: things with addresses of their own, and links to other people's data (stages 4 and 5)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from heapq import nsmallest
from itertools import chain

from rdflib import DCAT, DCTERMS, FOAF, OWL, QB, RDF, RDFS, SKOS, VOID, BNode, Graph, URIRef
from rdflib.term import Node

from odkit.rdf.hosts import host_of, not_links
from odkit.rdf.lines import Statements, iri, read_lines
from odkit.rdf.ontology import OLD_SPACES
from odkit.rdf.parse import ENOUGH, MAX_BYTES, RELATIVE, STATEMENTS, RdfError, parse

EXAMPLES, _LINKS = 5, 20
_FEW = 1000
"""Names that are sorted sooner than searched for the first ones."""
_REMEMBERED = 4096

_TYPE = str(RDF.type)
_WORD_NAMESPACES = tuple(str(space) for space in (OWL, RDFS, SKOS, RDF))
_WORD_TYPES = frozenset(
    {
        QB.AttributeProperty,
        QB.CodedProperty,
        QB.ComponentProperty,
        QB.ComponentSpecification,
        QB.DataStructureDefinition,
        QB.DimensionProperty,
        QB.MeasureProperty,
        QB.SliceKey,
    }
)
_NO_KINDS = frozenset({OWL.NamedIndividual, OWL.Thing, RDFS.Resource})
_WORD_PREDICATES = frozenset({RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range})
_RECORD_TYPES = frozenset(
    {
        FOAF.Document,
        QB.DataSet,
        VOID.Dataset,
        *(
            URIRef(f"{scheme}://schema.org/{name}")
            for scheme in ("http", "https")
            for name in ("DataCatalog", "Dataset")
        ),
        *(URIRef(f"{scheme}://schema.org/DataDownload") for scheme in ("http", "https")),
    }
)
_CONTENT_PREDICATES = frozenset(
    {
        DCTERMS.hasPart,
        FOAF.primaryTopic,
        QB.observation,
        QB.slice,
        VOID.exampleResource,
        URIRef("http://schema.org/hasPart"),
        URIRef("https://schema.org/hasPart"),
    }
)


@dataclass(frozen=True, kw_only=True, slots=True)
class RdfFacts:
    """What was found in an RDF file.

    `instances` counts the things described: not words of a vocabulary, not catalogue records, not the parts of a thing
    (blank nodes and ``thing#part``). `subjects` are examples on real hosts, `bad_subjects` those that identify nothing
    (``[]`` for a blank node) and `bad_count` their number. `records` is the number of catalogue records. `link_count`
    and `links` are the distinct IRIs of other hosts' data that instances point to. `old_terms` are properties and
    classes in namespaces of the common vocabulary that are no longer used. `sampled`: the file is large, and the facts
    are those of its beginning.
    `error` is "" or ``syntax``, ``deep``, ``remote context``, ``too large``, ``unsafe xml``; `detail` says where.
    """

    triples: int = 0
    instances: int = 0
    subjects: tuple[str, ...] = ()
    bad_subjects: tuple[str, ...] = ()
    bad_count: int = 0
    records: int = 0
    link_count: int = 0
    links: tuple[str, ...] = ()
    old_terms: tuple[str, ...] = ()
    sampled: bool = False
    error: str = ""
    detail: str = ""


def probe(data: bytes, syntax: str) -> RdfFacts:
    """Read RDF in `syntax` (``turtle``, ``nt``, ``json-ld``, ``xml``; ValueError for another) and say what it holds.

    Nothing is fetched. What cannot be read comes back as `RdfFacts.error`, never as an exception. Deterministic.
    """
    try:
        graph, sampled = _read(data, syntax)
    except RdfError as error:
        return RdfFacts(error=error.reason, detail=error.detail)
    view = _View(graph)
    names = sorted({_shown(node) for node in view.things})
    good = [name for name in names if host_of(name)]
    bad = [node for node in view.things if not host_of(_shown(node))]
    links = sorted(view.links())
    used = {str(term) for term in (*graph.predicates(unique=True), *graph.objects(None, RDF.type, unique=True))}
    return RdfFacts(
        triples=len(graph),
        instances=len(view.things),
        subjects=tuple(good[:EXAMPLES]),
        bad_subjects=tuple([name for name in names if not host_of(name)][:EXAMPLES]),
        bad_count=len(bad),
        records=len(view.records),
        link_count=len(links),
        links=tuple(links[:_LINKS]),
        old_terms=tuple(sorted(filter(_is_old, used)))[:_LINKS],
        sampled=sampled,
    )


def beginning(syntax: str, size: int) -> int:
    """How many of `size` bytes are enough for the probe to find what it would find in all of them."""
    return min(size, ENOUGH) if syntax in STATEMENTS else size


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """What is said of a subject, or of several: their properties, beside ``rdf:type``, and their types."""

    predicates: AbstractSet[str]
    types: AbstractSet[str] = frozenset()


class Alike:
    """Things that are all alike, as a graph tells of them: what their names and where they lead to do not change.

    Each has the types of the first of `said`, one of its properties at least, and no others; the rest of `said` are
    parts that things may have, at addresses ``<name>#…``. `record` is what the graph says beside them, of its one data
    set and what that points to.
    """

    def __init__(self, said: Sequence[Said], record: Said | None = None) -> None:
        everything = (*said, record) if record else said
        types = frozenset[str]().union(*(item.types for item in everything))
        used = types.union(*(item.predicates for item in everything), [_TYPE] if types else ())
        self._may_be_else = any(map(_is_no_thing, said))
        self._names = used.union(name.partition("#")[0] for name in used)
        self._words = (*_spaces(used - types), *not_links().beginnings)
        self._kinds = {kind for item in said for kind in item.types}
        self._facts = RdfFacts(
            triples=len(used),
            records=1 if record else 0,
            old_terms=tuple(sorted(filter(_is_old, used)))[:_LINKS],
        )

    def tell(self, names: AbstractSet[str], links: Mapping[str, Iterable[str]]) -> RdfFacts | None:
        """What `probe` finds in a graph of things of these `names`, without the graph.

        `links` are the addresses that the statements about them lead to, by property; those of the things themselves
        may be left out. `triples` counts what was looked at. None where the graph alone can tell: the things may be
        something else, or stand on several hosts.
        """
        first = sorted(names)[:EXAMPLES] if len(names) <= _FEW else nsmallest(EXAMPLES, names)
        own = _one_host(names, first[0]) if first else None
        if own is None or self._may_be_else or "#" in "".join(names) or not self._names.isdisjoint(names):
            return None
        pointing = chain(links.items(), [(_TYPE, self._kinds)])
        leading = {value for name, values in pointing if not_links().leads_to_data(name) for value in values}
        found = [value for value in leading if _is_others(own, value) and not value.startswith(self._words)]
        return replace(
            self._facts,
            instances=len(names),
            subjects=tuple(first) if own else (),
            bad_subjects=() if own else tuple(first),
            bad_count=0 if own else len(names),
            link_count=len(found),
            links=tuple(sorted(found)[:_LINKS]),
        )


def _one_host(names: AbstractSet[str], first: str) -> str | None:
    """The host of all names, of which this is the first in order; None where they are on several."""
    origin = "/".join(first.split("/", 3)[:3]) + "/"
    # What stands between two names in their order begins as both of them do.
    if first.startswith(origin) and max(names).startswith(origin):
        return host_of(first)
    hosts = set(map(host_of, names))
    return hosts.pop() if len(hosts) == 1 else None


def _is_no_thing(said: Said) -> bool:
    types = [*map(iri, said.types)]
    return _makes_word(map(iri, said.predicates), types) or _makes_record(types)


def _read(data: bytes, syntax: str) -> tuple[Graph | Statements, bool]:
    regular = read_lines(data) if syntax == "nt" and len(data) <= MAX_BYTES else None
    return (regular, False) if regular is not None else parse(data, syntax)


class _View:
    """A graph sorted into things, words, records, and parts of these."""

    def __init__(self, graph: Graph | Statements) -> None:
        self.graph = graph
        self.subjects = set(graph.subjects())

    @cached_property
    def aside(self) -> set[Node]:
        """Subjects that are no things of this data: words, records, and what hangs on them."""
        used = {*self.graph.predicates(), *self.graph.objects(None, RDF.type)}
        words = {node for node in self.subjects if node in used or self._is_word(node)}
        about = {part for record in self.records for part in self._about(record)}
        return words | self.records | about | self._below({*words, *self.records, *about})

    @cached_property
    def records(self) -> set[Node]:
        """The subjects that say something about data: of a catalogue, a data set, a download."""
        return {node for node in self.subjects if self._is_record(node)}

    @cached_property
    def described(self) -> set[Node]:
        """The subjects that are left: things and their parts."""
        return self.subjects - self.aside

    @cached_property
    def things(self) -> set[Node]:
        """The subjects that are described as things in their own right."""
        pointed_at = {node for node in self.graph.objects() if isinstance(node, BNode)}
        return {
            node
            for node in self.described
            if not (node in pointed_at if isinstance(node, BNode) else self._is_part(str(node)))
            and any(predicate != RDF.type for predicate in self.graph.predicates(node))
        }

    def links(self) -> set[str]:
        """The IRIs of data on other hosts that things, or their parts, point to."""
        hosts = Counter(filter(None, (host_of(str(node)) for node in self.things)))
        main = min(hosts, key=lambda host: (-hosts[host], host), default="")
        spaces = _spaces(map(str, self.graph.predicates(unique=True)))
        return {
            str(value)
            for node, predicate, value in self.graph
            if isinstance(value, URIRef) and node not in self.aside and not str(value).startswith(spaces)
            if _is_link(host_of(str(node)) if isinstance(node, URIRef) else main, str(predicate), str(value))
        }

    def _types(self, node: Node) -> set[Node]:
        return set(self.graph.objects(node, RDF.type))

    def _is_word(self, node: Node) -> bool:
        return _makes_word(self.graph.predicates(node), self._types(node))

    def _is_record(self, node: Node) -> bool:
        return _makes_record(self._types(node))

    def _about(self, record: Node) -> Iterator[Node]:
        for predicate, value in self.graph.predicate_objects(record):
            if predicate not in _CONTENT_PREDICATES and value in self.subjects:
                yield value

    def _below(self, nodes: set[Node]) -> set[Node]:
        """The blank nodes under these, at any depth."""
        found: set[Node] = set()
        waiting = list(nodes)
        while waiting:
            below = {value for value in self.graph.objects(waiting.pop()) if isinstance(value, BNode)}
            waiting.extend(below - found)
            found |= below
        return found

    def _is_part(self, iri: str) -> bool:
        document, mark, _ = iri.partition("#")
        return bool(mark) and URIRef(document) in self.described


def _makes_word(predicates: Iterable[Node], types: Collection[Node]) -> bool:
    """Whether a subject with these properties and types is a word of a vocabulary."""
    if any(predicate in _WORD_PREDICATES for predicate in predicates):
        return True
    told = [kind for kind in types if kind not in _NO_KINDS]
    return bool(told) and all(kind in _WORD_TYPES or str(kind).startswith(_WORD_NAMESPACES) for kind in told)


def _makes_record(types: Collection[Node]) -> bool:
    """Whether a subject with these types says something about data."""
    return bool(types) and all(_is_record_type(kind) for kind in types)


def _spaces(predicates: Iterable[str]) -> tuple[str, ...]:
    """The namespaces of these properties on real hosts."""
    return tuple(filter(host_of, set(map(_namespace, predicates))))


def _is_link(own: str, predicate: str, value: str) -> bool:
    return not_links().leads_to_data(predicate) and _is_others(own, value)


@lru_cache(_REMEMBERED)
def _is_others(own: str, value: str) -> bool:
    """Whether an address can be data on another host than this."""
    other = host_of(value)
    return bool(other) and other != own and not_links().names_data(value)


def _is_record_type(kind: Node) -> bool:
    return kind in _RECORD_TYPES or str(kind).startswith(str(DCAT))


def _is_old(term: str) -> bool:
    return term.startswith(OLD_SPACES)


def _namespace(name: str) -> str:
    """The namespace of a property: its other names are words too, not data."""
    return name[: max(name.rfind("#"), name.rfind("/")) + 1]


def _shown(node: Node) -> str:
    return "[]" if isinstance(node, BNode) else str(node).removeprefix(RELATIVE)
