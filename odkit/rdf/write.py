"""A package's tables -> Turtle files in its folder, row by row, in flat memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from itertools import islice
from pathlib import Path

from odkit.errors import DeclarationError
from odkit.model import CleanTable, DatasetSpec, Issue, Package, Resource, Row, Severity, Where
from odkit.rdf.compile import compile_writer
from odkit.rdf.dataset import area_code, dataset_address, header
from odkit.rdf.mapping import Mapping, find_mapping
from odkit.rdf.subject import subject_namer
from odkit.rdf.tree import Context, build_tree

TITLE, TITLE_EN = "RDF（Turtle、共通語彙基盤）", "RDF (Turtle, IMI common vocabulary)"
_ROWS_PER_BLOCK = 1000


def write_rdf(package: Package, base_uri: str) -> tuple[Resource, ...]:
    """Write ``<table>.ttl`` beside every table of the package that has a mapping, and describe the files.

    `base_uri` is what the things' addresses begin with; a row's is ``<base_uri><code6>/<dataset>/<ID>``. Tables
    without a mapping are passed over (`note_unmapped` says so). Raises `DeclarationError` for a mapping that is wrong
    or does not fit its schema.
    """
    found = ((table, find_mapping(table.schema.id)) for table in package.tables)
    return tuple(_write_table(package, table, mapping, base_uri) for table, mapping in found if mapping)


def note_unmapped(table: CleanTable) -> CleanTable:
    """The table, with a note among its issues where its schema has no mapping: it will have no RDF."""
    if find_mapping(table.schema.id) is not None:
        return table
    origin = table.origin
    note = Issue(
        code="rdf.no-mapping",
        severity=Severity.NOTE,
        where=Where(file=origin.location, sheet=origin.sheet),
        details={"title": table.schema.title, "schema": table.schema.id},
    )
    return table.noting((note,))


def turtle_blocks(
    spec: DatasetSpec, mapping: Mapping, columns: Sequence[str], rows: Iterable[Row], base_uri: str
) -> Iterator[str]:
    """The Turtle of one table, in blocks: the prefixes and the dataset, then a block per row, in the rows' order.

    `rows` may be any iterable, read once. Raises `DeclarationError` where the mapping names a column that is not there.
    """
    for missing in sorted(mapping.columns.difference(columns)):
        raise DeclarationError("rdf.mapping-column", file=f"{mapping.schema}.csv", column=missing)
    address = dataset_address(spec, base_uri)
    tree = build_tree(mapping, columns, Context(dataset=address, area=area_code(spec.publisher)))
    write = compile_writer(tree, len(columns), subject_namer(mapping.subjects, columns, f"{address}/"))
    yield header(spec, base_uri)
    yield from write(rows)


def _write_table(package: Package, table: CleanTable, mapping: Mapping, base_uri: str) -> Resource:
    path = package.folder / f"{table.name}.ttl"
    # Columns beside the standard stand in the rows, though no mapping speaks of them.
    columns = tuple(match.name for match in table.matches)
    blocks = turtle_blocks(package.spec, mapping, columns, table.rows, base_uri)
    size, digest = _write_blocks(path, blocks)
    first = table is package.tables[0]
    return Resource(
        key=f"{table.name}-rdf",
        path=path.name,
        title=TITLE if first else f"{table.title} {TITLE}",
        title_en=TITLE_EN if first else f"{table.name}: {TITLE_EN}",
        format="TTL",
        media_type="text/turtle",
        bytes=size,
        sha256=digest,
    )


def _write_blocks(path: Path, blocks: Iterator[str]) -> tuple[int, str]:
    size, digest = 0, sha256()
    with path.open("wb") as file:
        while block := "".join(islice(blocks, _ROWS_PER_BLOCK)):
            data = block.encode()
            digest.update(data)
            size += file.write(data)
    return size, digest.hexdigest()
