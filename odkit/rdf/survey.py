"""What the RDF of a package holds, told from its rows: the facts that `probe` finds in the files, without reading them.

All rows are written from one tree. Which of its properties have a value in any row tells what is said of rows and their
parts; what the rows add are their addresses and those that they point to.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from odkit.model import CleanTable, DatasetSpec, Package, Row
from odkit.rdf import spelling
from odkit.rdf.dataset import dataset_address
from odkit.rdf.formats import (
    FORMATS,
    JSON_LD,
    RDF_XML,
    TURTLE,
    above_rows,
    layout_reading,
    layout_tree,
    rdf_blocks,
    row_context,
)
from odkit.rdf.mapping import Mapping as Meaning
from odkit.rdf.mapping import find_mapping
from odkit.rdf.mould import Kin, Marks, kin_of
from odkit.rdf.ontology import namespaces
from odkit.rdf.parse import ENOUGH, MAX_BYTES, TOO_LARGE, RdfError, things_at_beginning, things_in
from odkit.rdf.probe import Alike, RdfFacts, Said
from odkit.rdf.reading import FULL, Chunk, Reading, Value
from odkit.rdf.subject import subject_namer
from odkit.rdf.terms import Iri, expand
from odkit.rdf.tree import Context, Node, is_open
from odkit.rdf.values import Recipe

_OUTLINES = 64
_SOME = ("",)
"""Stands for values that are no addresses: it only counts that there are any."""
_NOTHING: Mapping[str, Chunk] = MappingProxyType({})
_Made = Mapping[str, Collection[str]]
"""The values of all rows by variable: addresses all of them, others `_SOME`, where there are any."""


def survey(package: Package, base_uri: str, seen: Mapping[str, Chunk] = _NOTHING) -> Mapping[str, RdfFacts]:
    """The facts of the package's files of RDF by their paths; `triples` are those that were looked at.

    Only of files whose rows tell them for sure: not of cubes, nor of rows that are records or words. Of files so large
    that the probe would read their beginning alone, Turtle is told from the rows that stand there, N-Triples, whose
    beginning ends within a row, are not; of those that have no beginning it is said that they are too large.
    `seen` are rows that `write_rdf` has read, by their table: they are not read again.
    """
    found: dict[str, RdfFacts] = {}
    for table in package.tables:
        keys = {f"{table.name}-{kind.key}" for kind in FORMATS.values()}
        files = [item for item in package.resources if item.key in keys]
        paths = [item.path for item in files if item.bytes <= MAX_BYTES]
        facts = _facts(package, table, base_uri, seen.get(table.name)) if paths else None
        if facts is not None:
            found.update(dict.fromkeys(paths, facts))
        large = [item.path for item in files if item.key == f"{table.name}-{TURTLE.key}" and item.bytes > MAX_BYTES]
        begun = {path: _facts_of_beginning(package, table, base_uri, package.folder / path) for path in large}
        found.update((path, told) for path, told in begun.items() if told is not None)
        whole = {f"{table.name}-{kind.key}" for kind in (JSON_LD, RDF_XML)}
        closed = [item.path for item in files if item.key in whole and item.bytes > MAX_BYTES]
        found.update(dict.fromkeys(closed, RdfFacts(error=TOO_LARGE)))
    return found


def _facts_of_beginning(package: Package, table: CleanTable, base_uri: str, path: Path) -> RdfFacts | None:
    mapping = find_mapping(table.schema.id)
    if mapping is None:
        return None
    above = rdf_blocks(TURTLE, package.spec, mapping, [match.name for match in table.matches], base_uri).start
    try:
        with path.open("rb") as file:
            count = things_at_beginning(file.read(ENOUGH)) - things_in(above.decode())
    except RdfError:
        return None
    facts = _facts(package, replace(table, rows=tuple(table.rows[:count])), base_uri, None) if count > 0 else None
    return replace(facts, sampled=True) if facts else None


def _facts(package: Package, table: CleanTable, base_uri: str, seen: Chunk | None) -> RdfFacts | None:
    mapping = find_mapping(table.schema.id)
    if mapping is None or not table.rows:
        return None
    columns = tuple(match.name for match in table.matches)
    reading, context = layout_reading(mapping, columns), row_context(package.spec, base_uri)
    if seen:
        names, made = _plain([values[reading.places[FULL]] for _, values in seen]), _made_of_seen(reading, seen)
    else:
        name = subject_namer(mapping.subjects, columns, f"{dataset_address(package.spec, base_uri)}/")
        names, made = set(map(name, table.rows)), _made_of_rows(reading, table.rows, context)
    kin, there = kin_of(package.spec), tuple(map(bool, made.values()))
    beside = _beside_of_kin(kin, base_uri) if kin else _beside(package.spec, base_uri)
    outline = _outline(mapping, columns, base_uri, there, beside)
    return outline.alike.tell(names, outline.pointing(made, context))


@lru_cache(_OUTLINES)
def _beside_of_kin(kin: Kin, base_uri: str) -> tuple[frozenset[str], frozenset[str]]:
    return _beside(Marks(kin).spec(), base_uri)


def _beside(spec: DatasetSpec, base_uri: str) -> tuple[frozenset[str], frozenset[str]]:
    """The properties and the types of what is said beside the rows."""
    things = above_rows(spec, base_uri)
    predicates = frozenset([predicate for thing in things for predicate, _ in thing.facts])
    return predicates, frozenset([name for thing in things for name in thing.types])


def _made_of_seen(reading: Reading, seen: Chunk) -> _Made:
    there = [*map(any, zip(*{pattern for pattern, _ in seen}, strict=True))]
    made: dict[str, Collection[str]] = {}
    for variable, is_there in zip(reading.changing, there, strict=True):
        if is_there and variable in reading.links:
            place = reading.places[variable]
            made[variable] = _plain([values[place] for _, values in seen])
        else:
            made[variable] = _SOME if is_there else ()
    return made


def _made_of_rows(reading: Reading, rows: Sequence[Row], context: Context) -> _Made:
    columns = [*zip(*rows, strict=True)]
    return {
        variable: _all_made(
            recipe, [columns[place] for place in recipe.columns], context, wanted=variable in reading.links
        )
        for variable, recipe in reading.recipes().items()
    }


def _all_made(recipe: Recipe, columns: Sequence[Row], context: Context, *, wanted: bool) -> Collection[str]:
    """What a recipe makes of these cells: all of it where it is `wanted`."""
    if not all(map(any, columns)):
        return ()
    convert = recipe.closed(context.close).converter()
    rows = zip(*columns, strict=True)
    if not wanted:
        return _SOME if any(convert(*cells) for cells in rows if all(cells)) else ()
    return _plain(convert(*cells) for cells in {*rows} if all(cells))


def _plain(values: Iterable[Value]) -> set[str]:
    """Each of these values once, as text that is not `spelling.widen`-ed any more; they may be several, or nothing."""
    distinct = {*values}
    texts = {value for value in distinct if isinstance(value, str)}
    texts.update(*distinct.difference(texts))
    texts.discard("")
    if "".join(texts).isascii():
        return texts
    return {text if text.isascii() else text.encode("latin-1").decode() for text in texts}


@dataclass(frozen=True, kw_only=True, slots=True)
class _Outline:
    """What rows say that have values for the same properties, whatever these are: properties with the variables that
    hold their addresses, and constants, of which some are `open` until a package closes them.
    """

    alike: Alike
    links: tuple[tuple[str, str], ...]
    fixed: Mapping[str, frozenset[str]]
    open: tuple[tuple[str, str], ...]

    def pointing(self, made: _Made, context: Context) -> Mapping[str, Collection[str]]:
        """The addresses that the rows lead to, by property."""
        found = {name: {*addresses} for name, addresses in self.fixed.items()}
        for name, variable in self.links:
            found.setdefault(name, set()).update(made[variable])
        for name, text in self.open:
            found.setdefault(name, set()).add(spelling.iri_text(context.close(text)))
        return found


@lru_cache(_OUTLINES)
def _outline(
    mapping: Meaning,
    columns: tuple[str, ...],
    base_uri: str,
    there: tuple[bool, ...],
    beside: tuple[frozenset[str], frozenset[str]],
) -> _Outline:
    """The outline of tables of one layout, where the variables of its reading are `there`, or not; `beside` are the
    properties and the types of what is said beside the rows.
    """
    reading = layout_reading(mapping, columns)
    nodes = _Nodes(reading, dict(zip(reading.changing, there, strict=True)), namespaces(base_uri))
    nodes.visit(layout_tree(mapping, columns))
    fixed: dict[str, set[str]] = {}
    for name, text in nodes.constants:
        if not is_open(text):
            fixed.setdefault(name, set()).add(spelling.iri_text(text))
    return _Outline(
        alike=Alike(nodes.said, nodes.of(*beside)),
        links=tuple(nodes.links),
        fixed={name: frozenset(addresses) for name, addresses in fixed.items()},
        open=tuple((name, text) for name, text in nodes.constants if is_open(text)),
    )


class _Nodes:
    """The nodes of a tree that rows write: what is `said` of each, the row's own first; the `links` of all, properties
    with their variables, and the addresses among the `constants`.
    """

    def __init__(self, reading: Reading, there: Mapping[str, bool], spaces: Mapping[str, str]) -> None:
        self.said: list[Said] = []
        self.links: list[tuple[str, str]] = []
        self.constants: list[tuple[str, str]] = []
        self._variable, self._there, self._spaces = reading.variable, there, spaces

    def visit(self, node: Node) -> bool:
        """Whether any row writes the node; what it says then, and those below it."""
        place = len(self.said)
        told = [(slot, name) for slot in node.slots if self._there[name := self._variable(slot.recipe)]]
        predicates = {slot.predicate for slot, _ in told}
        predicates |= {child.predicate for child in node.children.values() if self.visit(child)}
        if node.fragment and not predicates:
            return False
        self.links += [(self._full(slot.predicate), name) for slot, name in told if slot.kind == "@id"]
        self.constants += [(self._full(name), term.text) for name, term in node.constants if isinstance(term, Iri)]
        predicates.update(name for name, _ in node.constants)
        self.said.insert(place, self.of(predicates, node.types))
        return True

    def of(self, predicates: Iterable[str], types: Iterable[str]) -> Said:
        """What is said, from prefixed names."""
        return Said(predicates=set(map(self._full, predicates)), types=set(map(self._full, types)))

    def _full(self, name: str) -> str:
        return expand(name, self._spaces)
