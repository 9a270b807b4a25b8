"""What the RDF of a package holds, told from its rows: the facts that `probe` finds in the files, without reading them.

All rows are written from one tree, so a few tell what holds for every one. What the others add are their addresses and
those that they point to: these are gone through. The probe itself judges, of the statements that tell.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from heapq import nsmallest

from odkit.model import CleanTable, Package, Row
from odkit.rdf.dataset import dataset_address
from odkit.rdf.formats import FORMATS, JSON_LD, N_TRIPLES, RDF_XML, rdf_blocks, row_tree
from odkit.rdf.hosts import host_of, not_links
from odkit.rdf.mapping import find_mapping
from odkit.rdf.ontology import namespaces
from odkit.rdf.parse import MAX_BYTES, TOO_LARGE
from odkit.rdf.probe import EXAMPLES, RdfFacts, probe
from odkit.rdf.subject import subject_namer
from odkit.rdf.terms import expand
from odkit.rdf.values import Recipe


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
    names = list(map(subject_namer(mapping.subjects, columns, address), table.rows))
    slots = [slot for node in row_tree(package.spec, mapping, columns, base_uri).walk() for slot in node.slots]
    pointing = [(expand(slot.predicate, namespaces(base_uri)), slot.recipe) for slot in slots if slot.kind == "@id"]
    links = _links(pointing, table.rows, host_of(address))
    telling = list(_telling(table.rows))
    blocks = rdf_blocks(N_TRIPLES, package.spec, mapping, columns, base_uri)(telling)
    found = probe(b"".join((*blocks, *(f"<{names[0]}> {said} .\n".encode() for said in links))), N_TRIPLES.key)
    # Where the probe does not take each row for a thing, only the files themselves can say what there is.
    return _scaled(found, names) if not found.error and found.instances == len(telling) else None


def _telling(rows: Sequence[Row]) -> Iterator[Row]:
    """The first row, and those that fill a column which none before them fills."""
    empty = set(range(len(rows[0])))
    for number, row in enumerate(rows):
        filled = {place for place in empty if row[place]}
        empty -= filled
        if filled or not number:
            yield row


def _links(pointing: Iterable[tuple[str, Recipe]], rows: Sequence[Row], own: str) -> Iterator[str]:
    """What may be links to data of others: property and address as N-Triples spell them, each once."""
    is_data = not_links().is_data
    for predicate, recipe in pointing:
        convert = recipe.converter()
        for cells in {tuple([row[place] for place in recipe.columns]) for row in rows}:
            made = convert(*cells) if all(cells) else ()
            for wide in (made,) if isinstance(made, str) else made or ():
                value = wide.encode("latin-1").decode()
                if host_of(value) not in ("", own) and is_data(predicate, value):
                    yield f"<{predicate}> <{value}>"


def _scaled(found: RdfFacts, names: Sequence[str]) -> RdfFacts:
    """The facts of a few rows, as those of all rows with these addresses."""
    first, real = tuple(nsmallest(EXAMPLES, names)), bool(found.subjects)
    return replace(
        found,
        instances=len(names),
        subjects=first if real else (),
        bad_subjects=() if real else first,
        bad_count=0 if real else len(names),
    )
