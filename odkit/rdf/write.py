"""A package's tables -> Turtle files in its folder, row by row, in flat memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from itertools import islice
from pathlib import Path

from odkit.model import CleanTable, Issue, Package, Resource, Severity, Where
from odkit.rdf.formats import TURTLE, rdf_blocks
from odkit.rdf.mapping import Mapping, find_mapping

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
    return replace(table, issues=(*table.issues, note))


def _write_table(package: Package, table: CleanTable, mapping: Mapping, base_uri: str) -> Resource:
    path = package.folder / f"{table.name}.ttl"
    # Columns beside the standard stand in the rows, though no mapping speaks of them.
    columns = tuple(match.name for match in table.matches)
    blocks = rdf_blocks(TURTLE, package.spec, mapping, columns, base_uri)(table.rows)
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


def _write_blocks(path: Path, blocks: Iterator[bytes]) -> tuple[int, str]:
    size, digest = 0, sha256()
    with path.open("wb") as file:
        while data := b"".join(islice(blocks, _ROWS_PER_BLOCK)):
            digest.update(data)
            size += file.write(data)
    return size, digest.hexdigest()
