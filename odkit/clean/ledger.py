"""The account of a table's edits and doubts, chunk by chunk: in memory where it is small, in a file of its own else."""

from __future__ import annotations

import marshal
import tempfile
import weakref
from collections.abc import Iterator, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from odkit.clean.draft import Doubt, Draft, Edits

IN_MEMORY = 8 << 20
"""Bytes of an account that are kept in memory."""


Edited = tuple[int, int, str, str, str, str]
"""A change of a cell: its row (from 0) in a chunk, the place of its column, before, after, rule, a person's note."""


class Doubted(NamedTuple):
    """Something said about the cell in the `at`-th row (from 0) of a chunk and the `place`-th column."""

    at: int
    place: int
    code: str
    value: str
    severity: str
    details: dict[str, str]


Block = list[tuple[object, ...]]
"""What a chunk adds: for each column the place, and then the parts of its records.

A part is the same thing of all records; the rule and the note are one text where they are the same for all.
"""


Afters = tuple[int, Sequence[int], Sequence[str]]
"""The place of a column, some of its rows in a chunk, and what is in their cells after an edit."""


class Spool:
    """The blocks of all chunks; `count` is the number of records in them."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed with this object
        self._close = weakref.finalize(self, self._file.close)
        self._places: list[tuple[int, int]] = []
        self.count = 0

    def append(self, block: Block, count: int) -> None:
        """Add the next chunk's block of `count` records: tuples of texts, numbers and dicts of texts."""
        data = marshal.dumps(block) if block else b""
        self._places.append((self._file.seek(0, 2), len(data)))
        self._file.write(data)
        self.count += count

    def __len__(self) -> int:
        return len(self._places)

    def block(self, chunk: int) -> list[tuple[Any, ...]]:
        """What one chunk added, column by column."""
        start, size = self._places[chunk]
        if not size:
            return []
        self._file.seek(start)
        block: list[tuple[Any, ...]] = marshal.loads(self._file.read(size))  # noqa: S302 - what we wrote
        return block

    def records(self, chunk: int) -> list[tuple[Any, ...]]:
        """The records of one chunk by row and column: row, column, and their parts."""
        block = self.block(chunk)
        found = [
            (at, place, *rest)
            for place, rows, *parts in block
            for at, *rest in zip(rows, *(_whole(part, len(rows)) for part in parts), strict=True)
        ]
        found.sort(key=itemgetter(0, 1))
        return found


class Ledger:
    """All edits and doubts of a table; those of one cell in the order of the steps."""

    def __init__(self) -> None:
        self._edits, self._doubts = Spool(), Spool()

    @property
    def chunks(self) -> int:
        """How many chunks it knows."""
        return len(self._edits)

    @property
    def edit_count(self) -> int:
        """The number of all edits."""
        return self._edits.count

    @property
    def doubt_count(self) -> int:
        """The number of all doubts."""
        return self._doubts.count

    def take(self, draft: Draft) -> None:
        """Keep account of the present chunk."""
        edited = [(place, column.edits) for place, column in enumerate(draft.columns) if column.edits.rows]
        doubted = [(place, column.doubts) for place, column in enumerate(draft.columns) if column.doubts]
        self._edits.append([(place, *_parts(edits)) for place, edits in edited], sum(len(edits) for _, edits in edited))
        self._doubts.append(
            [(place, *zip(*map(_plain, doubts), strict=True)) for place, doubts in doubted],
            sum(len(doubts) for _, doubts in doubted),
        )

    def edits(self, chunk: int) -> list[Edited]:
        """The edits of one chunk."""
        return self._edits.records(chunk)

    def afters(self, chunk: int) -> Iterator[Afters]:
        """What the edits of one chunk made of its cells, column by column; those of one cell in the order of steps."""
        return ((place, rows, after) for place, rows, _, after, *_ in self._edits.block(chunk))

    def doubts(self, chunk: int) -> list[Doubted]:
        """The doubts of one chunk."""
        return list(map(Doubted._make, self._doubts.records(chunk)))


def _plain(doubt: Doubt) -> tuple[int, str, str, str, dict[str, str]]:
    return doubt.at, doubt.code, doubt.value, str(doubt.severity), dict(doubt.details)


def _parts(edits: Edits) -> tuple[object, ...]:
    rows, before, after, rules, notes = edits.parts()
    return rows, before, after, _short(rules), _short(notes)


def _short(part: Sequence[object]) -> object:
    return part[0] if part.count(part[0]) == len(part) else part


def _whole(part: Sequence[object] | str, count: int) -> Sequence[object]:
    return [part] * count if isinstance(part, str) else part
