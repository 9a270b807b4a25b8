"""What the RDF of a package holds, told from its rows: the facts that `probe` finds in the files, without reading them.

All rows are written from one tree. Which of its properties have a value in any row tells what is said of rows and their
parts; what the rows add are their addresses and those that they point to.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache
from itertools import chain

from odkit.model import CleanTable, Package, Row
from odkit.rdf import spelling
from odkit.rdf.dataset import dataset_address
from odkit.rdf.formats import FORMATS, JSON_LD, RDF_XML, above_rows, layout_tree, row_context
from odkit.rdf.mapping import find_mapping
from odkit.rdf.ontology import namespaces
from odkit.rdf.parse import MAX_BYTES, TOO_LARGE
from odkit.rdf.probe import RdfFacts, Said, tell
from odkit.rdf.subject import subject_namer
from odkit.rdf.terms import Iri, Thing, expand
from odkit.rdf.tree import Context, Node
from odkit.rdf.values import Converter, Recipe

_Made = tuple[tuple[int, ...], str, str, str, Converter | None]
"""What the values of a property depend on, in one table."""
_SOME = ""
"""Stands for values that are no addresses: it only counts that there are any."""


def survey(package: Package, base_uri: str) -> Mapping[str, RdfFacts]:
    """The facts of the package's files of RDF by their paths; `triples` are those that were looked at.

    Only of files whose rows tell them for sure: not of cubes, of rows that are records or words, nor of files so large
    that the probe would read their beginning alone. Of those that have no beginning it is said that they are too large.
    """
    found: dict[str, RdfFacts] = {}
    for table in package.tables:
        keys = {f"{table.name}-{kind.key}" for kind in FORMATS.values()}
        files = [item for item in package.resources if item.key in keys]
        paths = [item.path for item in files if item.bytes <= MAX_BYTES]
        facts = _facts(package, table, base_uri) if paths else None
        if facts is not None:
            found.update(dict.fromkeys(paths, facts))
        whole = {f"{table.name}-{kind.key}" for kind in (JSON_LD, RDF_XML)}
        closed = [item.path for item in files if item.key in whole and item.bytes > MAX_BYTES]
        found.update(dict.fromkeys(closed, RdfFacts(error=TOO_LARGE)))
    return found


def _facts(package: Package, table: CleanTable, base_uri: str) -> RdfFacts | None:
    mapping = find_mapping(table.schema.id)
    if mapping is None or not table.rows:
        return None
    columns = tuple(match.name for match in table.matches)
    address = f"{dataset_address(package.spec, base_uri)}/"
    names = set(map(subject_namer(mapping.subjects, columns, address), table.rows))
    spaces = namespaces(base_uri)
    nodes = _Nodes(table.rows, row_context(package.spec, base_uri), cache(lambda name: expand(name, spaces)))
    nodes.visit(layout_tree(mapping, columns))
    return tell(names, nodes.said, nodes.links, nodes.of_things(above_rows(package.spec, base_uri)))


class _Nodes:
    """The nodes of a tree that rows write: what is `said` of each, the row's own first, and the `links` of all: a
    property and the addresses that it leads to.
    """

    def __init__(self, rows: Sequence[Row], context: Context, full: Callable[[str], str]) -> None:
        self.said: list[Said] = []
        self.links: dict[str, set[str]] = {}
        self._columns = [*zip(*rows, strict=True)]
        self._context, self._full = context, full
        self._values: dict[_Made, Collection[str]] = {}

    def visit(self, node: Node) -> bool:
        """Whether any row writes the node; what it says then, and those below it."""
        place = len(self.said)
        told = [(slot, self._made(slot.recipe)) for slot in node.slots]
        predicates = {slot.predicate for slot, values in told if values}
        predicates |= {child.predicate for child in node.children.values() if self.visit(child)}
        if node.fragment and not predicates:
            return False
        links = [(slot.predicate, values) for slot, values in told if values and slot.kind == "@id"]
        links += [(name, (self._address(term.text),)) for name, term in node.constants if isinstance(term, Iri)]
        for name, values in links:
            self.links.setdefault(self._full(name), set()).update(values)
        predicates.update(name for name, _ in node.constants)
        self.said.insert(place, self._said(predicates, node.types))
        return True

    def of_things(self, things: Sequence[Thing]) -> Said:
        """What is said of things beside the rows."""
        predicates = {predicate for thing in things for predicate, _ in thing.facts}
        return self._said(predicates, {name for thing in things for name in thing.types})

    def _said(self, predicates: Collection[str], types: Collection[str]) -> Said:
        return Said(predicates=set(map(self._full, predicates)), types=set(map(self._full, types)))

    def _address(self, text: str) -> str:
        return spelling.iri_text(self._context.close(text))

    def _made(self, recipe: Recipe) -> Collection[str]:
        """The values of a property: all where they are addresses, else `_SOME` where there are any."""
        key = (recipe.columns, recipe.datatype, recipe.template, recipe.separator, recipe.form)
        found = self._values.get(key)
        if found is None:
            columns = [self._columns[place] for place in recipe.columns]
            found = self._values[key] = self._all_made(recipe, columns) if all(map(any, columns)) else ()
        return found

    def _all_made(self, recipe: Recipe, columns: Sequence[Row]) -> Collection[str]:
        convert = recipe.closed(self._context.close).converter()
        rows = zip(*columns, strict=True)
        if recipe.datatype:
            return (_SOME,) if any(convert(*cells) for cells in rows if all(cells)) else ()
        made = {convert(*cells) for cells in {*rows} if all(cells)}
        wide = chain.from_iterable((item,) if isinstance(item, str) else item for item in made)
        return {text if text.isascii() else text.encode("latin-1").decode() for text in wide if text}
