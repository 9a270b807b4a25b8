"""The rows of a large text file: on disk in blocks, so that memory does not grow with the file."""

from __future__ import annotations

import marshal
import weakref
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from tempfile import TemporaryFile
from typing import overload

from odkit.model import Row

BLOCK = 2000
"""Rows of a block."""
WITHOUT_REFERENCES = 2
"""The version of marshal's format that does not look for equal texts: quicker both ways."""
IN_MEMORY = 2 * BLOCK
"""Rows up to which a file stays in memory."""


def stored(rows: Iterable[Row]) -> Sequence[Row]:
    """The rows as a sequence, read once: a tuple, or for many rows a `StoredRows`."""
    source = iter(rows)
    first = tuple(islice(source, IN_MEMORY))
    return first if len(first) < IN_MEMORY else StoredRows(first, source)


class StoredRows(Sequence[Row]):
    """Rows kept in a passing file, which goes away with this object. Quick where rows are asked for in order."""

    def __init__(self, first: Sequence[Row], rest: Iterator[Row]) -> None:
        self._file = TemporaryFile()  # noqa: SIM115 - closed with this object
        weakref.finalize(self, self._file.close)
        self._places: list[tuple[int, int]] = []
        self._length = 0
        for start in range(0, len(first), BLOCK):
            self._write(first[start : start + BLOCK])
        while block := tuple(islice(rest, BLOCK)):
            self._write(block)
        self._read: tuple[int, tuple[Row, ...]] = (-1, ())

    def _write(self, block: Sequence[Row]) -> None:
        # Our own file of texts, which nobody else can name: marshal is the quickest way there and back.
        data = marshal.dumps(tuple(block), WITHOUT_REFERENCES)
        self._places.append((self._file.tell(), len(data)))
        self._file.write(data)
        self._length += len(block)

    def _block(self, number: int) -> tuple[Row, ...]:
        if self._read[0] != number:
            place, size = self._places[number]
            self._file.seek(place)
            self._read = (number, marshal.loads(self._file.read(size)))  # noqa: S302 - written above
        return self._read[1]

    def _run(self, places: range) -> list[Row]:
        first, after = places.start, places.stop
        blocks = range(first // BLOCK, -(-after // BLOCK) if places else 0)
        return [row for at in blocks for row in self._block(at)[max(0, first - at * BLOCK) : after - at * BLOCK]]

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[Row]:
        for number in range(len(self._places)):
            yield from self._block(number)

    @overload
    def __getitem__(self, at: int) -> Row: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Row]: ...
    def __getitem__(self, at: int | slice) -> Row | Sequence[Row]:
        if isinstance(at, slice):
            places = range(*at.indices(self._length))
            return self._run(places) if places.step == 1 else [self[place] for place in places]
        place = at + self._length if at < 0 else at
        if not 0 <= place < self._length:
            raise IndexError(at)
        return self._block(place // BLOCK)[place % BLOCK]
