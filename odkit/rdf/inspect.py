"""What can be asked of a built package's RDF: is it right, where does it point, how would another engine make it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from rdflib import Graph

from odkit.model import CleanTable, Issue, Package, Resource, Severity, Where
from odkit.rdf.check import check_graph
from odkit.rdf.dataset import dataset_address
from odkit.rdf.formats import N_TRIPLES, rdf_blocks, row_tree
from odkit.rdf.links import DEAD, UNKNOWN, LinkState, links_of
from odkit.rdf.mapping import Mapping, find_mapping
from odkit.rdf.ontology import namespaces
from odkit.rdf.rml import Unsaid, export_mapping
from odkit.rdf.subject import count_renamed, template_columns
from odkit.rdf.vocabulary import VOCABULARY
from odkit.rdf.write import RECORD, write_file

SAMPLE = 500
"""So many rows of a table are checked where not all are asked for."""
EXPORTS = {"rml": "RML", "yarrrml": "YARRRML"}
"""What a mapping can be exported as, and what its file's format is called."""
_CODES = {
    "shape": "rdf.shape",
    "unknown-term": "rdf.unknown-term",
    "wrong-class": "rdf.wrong-class",
    "old-namespace": "rdf.old-namespace",
}
_SUFFIX = {"rml": "rml.ttl", "yarrrml": "yarrrml.yml"}
_MEDIA = {"rml": "text/turtle", "yarrrml": "application/yaml"}


def check_package(package: Package, base_uri: str, rows: int | None = SAMPLE) -> tuple[Issue, ...]:
    """What is wrong with the package's RDF, by the vocabularies: of the first `rows` of each table, None for all.

    The record and the vocabulary are looked at as they stand in the package's folder, where they have been written.
    """
    graphs = {f"{table.name}.ttl": _graph(package, table, found, base_uri, rows) for table, found in _mapped(package)}
    beside = (package.folder / f"{name}.ttl" for name in (RECORD, VOCABULARY))
    graphs |= {path.name: Graph().parse(path, format="turtle") for path in beside if path.is_file()}
    return tuple(
        Issue(
            code=_CODES[finding.rule],
            severity=Severity.WARNING if finding.rule == "old-namespace" else Severity.ERROR,
            where=Where(file=name),
            value=finding.term,
            details={"subject": finding.subject, "detail": finding.detail},
        )
        for name, graph in graphs.items()
        for finding in check_graph(graph)
    )


def package_links(package: Package, base_uri: str) -> frozenset[str]:
    """The addresses of other people's data that the package's rows point to."""
    found: frozenset[str] = frozenset()
    for table, mapping in _mapped(package):
        columns = tuple(match.name for match in table.matches)
        found |= links_of(rdf_blocks(N_TRIPLES, package.spec, mapping, columns, base_uri)(table.rows))
    return found


def dead_links(package: Package, states: Iterable[LinkState]) -> tuple[Issue, ...]:
    """A warning for each address that says there is nothing, a note for each of which nothing can be said."""
    told = {DEAD: ("rdf.link-dead", Severity.WARNING), UNKNOWN: ("rdf.link-unknown", Severity.NOTE)}
    return tuple(
        Issue(
            code=told[item.state][0],
            severity=told[item.state][1],
            where=Where(file=package.spec.id),
            value=item.address,
            details={"status": item.status, "checked": item.checked.isoformat()},
        )
        for item in states
        if item.state in told
    )


def export_package(package: Package, base_uri: str, kind: str) -> tuple[tuple[Resource, ...], tuple[Issue, ...]]:
    """Write the mapping of each table as `kind` (``rml``, ``yarrrml``) beside its CSV; and what it cannot say."""
    written: list[Resource] = []
    notes: list[Issue] = []
    for table, mapping in _mapped(package):
        columns = tuple(match.name for match in table.matches)
        exported = export_mapping(
            row_tree(package.spec, mapping, columns, base_uri),
            columns,
            f"{dataset_address(package.spec, base_uri)}/{mapping.subjects[0]}",
            f"{table.name}.csv",
            namespaces(base_uri),
        )
        text = exported.rml if kind == "rml" else exported.yarrrml
        described = Resource(
            key=f"{table.name}-{kind}",
            path=f"{table.name}.{_SUFFIX[kind]}",
            title=f"対応（{EXPORTS[kind]}）",
            title_en=f"Mapping ({EXPORTS[kind]})",
            format=EXPORTS[kind],
            media_type=_MEDIA[kind],
            bytes=0,
            sha256="",
        )
        written.append(write_file(package, described, [text.encode()]))
        notes += _not_exported(described.path, exported.unsaid if kind == "rml" else exported.yarrrml_unsaid)
        notes += _rows_not_exported(described.path, table, mapping, columns)
    return tuple(written), tuple(notes)


def _not_exported(path: str, unsaid: Sequence[Unsaid]) -> Iterator[Issue]:
    if unsaid:
        terms = ", ".join(dict.fromkeys(f"{item.column} → {item.term}" for item in unsaid))
        details = {"count": str(len(unsaid)), "terms": terms}
        yield Issue(code="rdf.export-partly", severity=Severity.NOTE, where=Where(file=path), details=details)


def _rows_not_exported(path: str, table: CleanTable, mapping: Mapping, columns: Sequence[str]) -> Iterator[Issue]:
    """Other engines know a row by its ID alone: without one it gets no statement, with an earlier row's that one's."""
    count = count_renamed(mapping.subjects, columns, table.rows)
    if count:
        key = "、".join(template_columns(mapping.subjects[0]))
        details = {"count": str(count), "rows": str(len(table.rows)), "column": key}
        yield Issue(code="rdf.export-rows", severity=Severity.WARNING, where=Where(file=path), details=details)


def _mapped(package: Package) -> Iterator[tuple[CleanTable, Mapping]]:
    for table in package.tables:
        mapping = find_mapping(table.schema.id)
        if mapping:
            yield table, mapping


def _graph(package: Package, table: CleanTable, mapping: Mapping, base_uri: str, rows: int | None) -> Graph:
    columns = tuple(match.name for match in table.matches)
    blocks = rdf_blocks(N_TRIPLES, package.spec, mapping, columns, base_uri)(islice(table.rows, rows))
    return Graph().parse(data=b"".join(blocks), format="nt")
