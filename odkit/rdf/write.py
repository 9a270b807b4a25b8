"""A package's tables -> RDF files in its folder, row by row, in flat memory; and the files that explain them."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256
from itertools import chain
from pathlib import Path

from odkit import wholefile
from odkit.jsonfile import json_bytes, json_value
from odkit.model import ALONE, CleanTable, Hands, Issue, Package, Resource, Row, Severity, Where
from odkit.project import INFERRED
from odkit.rdf.csvw import PlainKeys, Terms
from odkit.rdf.cube import find_cube
from odkit.rdf.formats import FORMATS, JSON_LD, TURTLE, Blocks, Format, layout_tree, row_context, thing_blocks
from odkit.rdf.mapping import Mapping, find_mapping
from odkit.rdf.ontology import namespaces
from odkit.rdf.reading import ROWS_PER_BLOCK, Chunk, chunks
from odkit.rdf.record import catalogue, package_record
from odkit.rdf.record_file import record_turtle
from odkit.rdf.share import Share, read_rows, write_rows
from odkit.rdf.vocabulary import VOCABULARY, vocabulary

TITLE, TITLE_EN = "RDF（{}、共通語彙基盤）", "RDF ({}, IMI common vocabulary)"
CUBE_TITLE, CUBE_TITLE_EN = "RDF（データキューブ）", "RDF (Data Cube)"
RECORD = "dcat"
_VOCABULARIES = _LAYOUTS = 32
_DATA = ("", *(f"-{kind.key}" for kind in FORMATS.values()), "-cube")
USUAL = (TURTLE, JSON_LD)


def write_rdf(
    package: Package,
    base_uri: str,
    formats: Sequence[Format] = USUAL,
    hands: Hands = ALONE,
    seen: dict[str, Chunk] | None = None,
) -> tuple[Resource, ...]:
    """Write the RDF of every table of the package that has a mapping, and describe the files.

    Beside each table: ``<table>.ttl`` and the other `formats`, ``<table>-cube.ttl`` where its rows are figures. Once:
    ``vocabulary.ttl`` with the words of ours that they use, ``dcat.ttl`` with the package's catalogue record.
    `base_uri` is what the things' addresses begin with; a row's is ``<base_uri><code6>/<dataset>/<ID>``. Tables
    without a mapping are passed over (`note_unmapped` says so). `hands` take part where a table is large; the rows of
    small ones are left in `seen` as they were read, by the table's name, for `odkit.rdf.survey`. Raises
    `DeclarationError` for a mapping that is wrong or does not fit its schema.
    """
    found = [(table, mapping) for table in package.tables if (mapping := find_mapping(table.schema.id))]
    if not found:
        return ()
    task = _Task(package, base_uri, formats, hands, {} if seen is None else seen)
    written = [item for table, mapping in found for item in _table_files(task, table, mapping)]
    written += _vocabulary(package, [mapping for _, mapping in found], base_uri)
    described = _described(TURTLE, RECORD, f"{RECORD}.ttl", ("DCAT（データカタログの記録）", "DCAT record"))
    record = record_turtle(package, _data_files((*package.resources, *written), package), base_uri)
    return (*written, write_file(package, described, [record]))


def write_catalogue(packages: Sequence[Package], folder: Path, base_uri: str) -> Path:
    """Write ``catalogue.ttl`` over built packages into `folder`: a DCAT catalogue with the record of each.

    Its publisher is the one with the lowest code: the prefecture, where it publishes with its municipalities.
    """
    publisher = min((package.spec.publisher for package in packages), key=lambda item: item.code)
    records = (
        thing for item in packages for thing in package_record(item, _data_files(item.resources, item), base_uri)
    )
    things = {thing.subject: thing for thing in (*catalogue(packages, publisher, base_uri), *records)}
    path = folder / "catalogue.ttl"
    path.write_bytes(b"".join(thing_blocks([*things.values()], base_uri)))
    return path


def note_unmapped(table: CleanTable) -> CleanTable:
    """The table, with a note among its issues where its schema has no mapping: it will have no RDF."""
    if find_mapping(table.schema.id) is not None:
        return table
    origin = table.origin
    note = Issue(
        code="rdf.no-standard" if table.schema.id == INFERRED else "rdf.no-mapping",
        severity=Severity.NOTE,
        where=Where(file=origin.location, sheet=origin.sheet),
        details={"title": table.schema.title, "schema": table.schema.id},
    )
    return table.noting((note,))


def _data_files(resources: Iterable[Resource], package: Package) -> list[Resource]:
    """The files that hold the package's data, in one form or another: what its record calls distributions."""
    keys = {f"{table.name}{end}" for table in package.tables for end in _DATA}
    return list({item.key: item for item in resources if item.key in keys}.values())


@dataclass(frozen=True, slots=True)
class _Task:
    """What `write_rdf` is asked for."""

    package: Package
    base_uri: str
    formats: Sequence[Format]
    hands: Hands
    seen: dict[str, Chunk]


def _table_files(task: _Task, table: CleanTable, mapping: Mapping) -> list[Resource]:
    """Write a table in all its forms at once: its rows are gone through a single time."""
    # Columns beside the standard stand in the rows, though no mapping speaks of them.
    columns = tuple(match.name for match in table.matches)
    names = tuple(kind.name for kind in task.formats)
    share = Share(spec=task.package.spec, mapping=mapping, columns=columns, base_uri=task.base_uri, formats=names)
    keys = PlainKeys(columns, mapping.subjects[0])
    is_small = len(table.rows) <= ROWS_PER_BLOCK and not task.hands.help_with(len(table.rows), bulky=True)
    written = (_small_files if is_small else _large_files)(task, table, share, keys)
    return [*written, *_csvw(task, table, share)] if keys.held else written


def _small_files(task: _Task, table: CleanTable, share: Share, keys: PlainKeys) -> list[Resource]:
    """Write each file of a table in one piece, from rows that are read at once."""
    files, rows = share.files(), [*table.rows]
    keys.see(rows)
    read = read_rows(files, rows)
    if task.formats:
        task.seen[table.name] = read[files[0].read]
    return [
        write_file(task.package, described, [blocks.start, *blocks.texts(read[blocks.read]), blocks.end])
        for described, blocks in zip(_forms(task, table), files, strict=True)
    ]


def _large_files(task: _Task, table: CleanTable, share: Share, keys: PlainKeys) -> list[Resource]:
    """Write the files of a table side by side, some rows at a time."""
    files = share.files()
    with ExitStack() as opened:
        sinks = [_Sink(task.package, described, opened) for described in _forms(task, table)]
        middle = opened.enter_context(closing(_parts(table.rows, share, files, keys, task.hands)))
        for parts in chain([[blocks.start for blocks in files]], middle, [[blocks.end for blocks in files]]):
            for sink, data in zip(sinks, parts, strict=True):
                sink.write(data)
    return [sink.described() for sink in sinks]


def _parts(
    rows: Sequence[Row], share: Share, files: Sequence[Blocks], keys: PlainKeys, hands: Hands
) -> Generator[list[bytes], None, None]:
    """What stands between the beginnings and the ends of the files, some rows at a time."""
    if hands.help_with(len(rows), bulky=True):
        yield from hands(share.write, share.pieces(rows, keys.see))
        return
    for chunk in chunks(rows):
        keys.see(chunk)
        yield write_rows(files, chunk)


def _csvw(task: _Task, table: CleanTable, share: Share) -> Iterator[Resource]:
    """The CSVW metadata of the package stage, with our terms."""
    package = task.package
    for resource in package.resources:
        if resource.key == f"{table.name}-csvw":
            before = json_value((package.folder / resource.path).read_bytes())
            terms = _terms(share.mapping, share.columns, task.base_uri)
            after = terms.added_to(before, row_context(package.spec, task.base_uri))
            yield write_file(package, resource, [json_bytes(after)])


@lru_cache(_LAYOUTS)
def _terms(mapping: Mapping, columns: tuple[str, ...], base_uri: str) -> Terms:
    return Terms(layout_tree(mapping, columns), mapping.subjects[0], namespaces(base_uri))


def _forms(task: _Task, table: CleanTable) -> Iterator[Resource]:
    """The files of a table, in the order of `Share.files`."""
    first = table is task.package.tables[0]
    for kind in task.formats:
        titles = _titles(table, (TITLE.format(kind.title), TITLE_EN.format(kind.title)), first=first)
        yield _described(kind, f"{table.name}-{kind.key}", f"{table.name}.{kind.extension}", titles)
    if find_cube(table.schema.id):
        titles = _titles(table, (CUBE_TITLE, CUBE_TITLE_EN), first=first)
        yield _described(TURTLE, f"{table.name}-cube", f"{table.name}-cube.ttl", titles)


class _Sink:
    """A file that is being written, and what will be said of it."""

    def __init__(self, package: Package, resource: Resource, opened: ExitStack) -> None:
        self.resource = resource
        self.file = opened.enter_context((package.folder / resource.path).open("wb"))
        self.digest = sha256()
        self.size = 0

    def write(self, data: bytes) -> None:
        """Add to the file."""
        self.digest.update(data)
        self.size += self.file.write(data)

    def described(self) -> Resource:
        """The file's description, with its size and digest."""
        return replace(self.resource, bytes=self.size, sha256=self.digest.hexdigest())


def _vocabulary(package: Package, mappings: Iterable[Mapping], base_uri: str) -> Iterator[Resource]:
    text = _vocabulary_text(tuple(mappings), base_uri)
    if text:
        titles = ("語彙とコード表（RDF）", "Vocabulary and code lists (RDF)")
        yield write_file(package, _described(TURTLE, VOCABULARY, f"{VOCABULARY}.ttl", titles), [text])


@lru_cache(_VOCABULARIES)
def _vocabulary_text(mappings: tuple[Mapping, ...], base_uri: str) -> bytes:
    """Our words that tables of these mappings use, as Turtle; nothing where they use none."""
    things = vocabulary((extra for mapping in mappings for line in mapping.lines for extra in line.extras), base_uri)
    return b"".join(thing_blocks(things, base_uri)) if things else b""


def _titles(table: CleanTable, titles: tuple[str, str], *, first: bool) -> tuple[str, str]:
    japanese, english = titles
    return titles if first else (f"{table.title} {japanese}", f"{table.name}: {english}")


def _described(kind: Format, key: str, path: str, titles: tuple[str, str]) -> Resource:
    return Resource(
        key=key,
        path=path,
        title=titles[0],
        title_en=titles[1],
        format=kind.label,
        media_type=kind.media_type,
        bytes=0,
        sha256="",
    )


def write_file(package: Package, resource: Resource, blocks: Iterable[bytes]) -> Resource:
    """Write a small file of the package; its description comes back with the size and digest."""
    data = b"".join(blocks)
    wholefile.write_file(package.folder / resource.path, data)
    return replace(resource, bytes=len(data), sha256=sha256(data).hexdigest())
