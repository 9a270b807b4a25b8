"""A piece of a large table as RDF, for whoever has a hand free.

What concerns the table as a whole, the addresses of its rows, is settled before: they stand in a column of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Mapping as Chunks
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice

from odkit.model import DatasetSpec, Row
from odkit.rdf.cube import cube_blocks, find_cube
from odkit.rdf.formats import FORMATS, Blocks, rdf_blocks, row_reader
from odkit.rdf.mapping import Mapping
from odkit.rdf.reading import Chunk, Reader, chunks
from odkit.rdf.subject import GIVEN, subject_namer

ROWS_PER_PIECE = 500
"""Rows that are handed over at once: some megabytes come back of them."""


@dataclass(frozen=True, kw_only=True)
class Share:
    """What a process knows that writes pieces of a table in these formats (by name), and as a cube where it is one."""

    spec: DatasetSpec
    mapping: Mapping
    columns: tuple[str, ...]
    base_uri: str
    formats: tuple[str, ...]

    def files(self) -> list[Blocks]:
        """The files as one process writes them."""
        return list(_files(self.formats, self.spec, self.mapping, self.columns, self.base_uri))

    def pieces(self, rows: Iterable[Row], see: Callable[[Sequence[Row]], None]) -> Iterator[list[Row]]:
        """The rows in their order, piece by piece, each row with the end of its address; `see` looks at them before."""
        name = subject_namer(self.mapping.subjects, self.columns)
        rest = iter(rows)
        while piece := list(islice(rest, ROWS_PER_PIECE)):
            see(piece)
            yield [(*row, name(row)) for row in piece]

    def write(self, piece: Sequence[Row]) -> list[bytes]:
        """A piece in each form."""
        written = [write_rows(self._named, rows) for rows in chunks(piece)]
        return [b"".join(blocks) for blocks in zip(*written, strict=True)]

    @cached_property
    def _named(self) -> list[Blocks]:
        """The files of rows that have their addresses; of these files neither beginning nor end is wanted."""
        mapping, columns = replace(self.mapping, subjects=(GIVEN,)), (*self.columns, GIVEN)
        return list(_files(self.formats, self.spec, mapping, columns, self.base_uri))


def _files(
    formats: Iterable[str], spec: DatasetSpec, mapping: Mapping, columns: Sequence[str], base_uri: str
) -> Iterator[Blocks]:
    read = row_reader(spec, mapping, columns, base_uri)
    for name in formats:
        yield rdf_blocks(FORMATS[name], spec, mapping, columns, base_uri, read)
    cube = find_cube(mapping.schema)
    if cube:
        yield cube_blocks(cube, mapping, spec, columns, base_uri)


def write_rows(files: Sequence[Blocks], rows: Sequence[Row]) -> list[bytes]:
    """Some rows in each form."""
    read = read_rows(files, rows)
    return [b"".join(blocks.texts(read[blocks.read])) for blocks in files]


def read_rows(files: Sequence[Blocks], rows: Sequence[Row]) -> Chunks[Reader, Chunk]:
    """Some rows as each file reads them: once for all files that read them alike."""
    return {reader: reader(rows) for reader in {blocks.read for blocks in files}}
