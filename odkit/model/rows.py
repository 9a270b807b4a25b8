"""Rows of text, and sequences that need not be in memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import Protocol, TypeVar, overload, runtime_checkable

T = TypeVar("T")

Row = tuple[str, ...]  # the cells of one row, as text


@runtime_checkable
class Batched(Protocol):
    """Rows that can be gone through many at a time, which is faster than one by one."""

    def batches(self) -> Iterator[Sequence[Sequence[str]]]:
        """The rows in order, in batches of any size."""


@runtime_checkable
class Columned(Protocol):
    """Rows that can be gone through column by column, which is faster than row by row."""

    def columns(self, size: int) -> Iterator[Sequence[Sequence[str]]]:
        """The columns, `size` rows at a time."""


def column_batches(rows: Sequence[Row], size: int) -> Iterator[tuple[int, Sequence[Sequence[str]]]]:
    """The columns of `size` rows at a time, the last time of fewer, after the number of rows."""
    # Asked last, for that takes its time.
    if not isinstance(rows, tuple) and isinstance(rows, Columned):
        yield from ((len(columns[0]), columns) for columns in rows.columns(size))
    else:
        yield from ((len(batch), list(zip(*batch, strict=True))) for batch in batches(rows, size))


def batches(rows: Sequence[Row], size: int) -> Iterator[Sequence[Sequence[str]]]:
    """Rows in batches of `size`, the last one excepted."""
    kept: list[Sequence[str]] = []
    for batch in rows.batches() if not isinstance(rows, tuple) and isinstance(rows, Batched) else _sliced(rows, size):
        if not kept and len(batch) == size:
            yield batch
            continue
        kept += batch
        while len(kept) >= size:
            yield kept[:size]
            del kept[:size]
    if kept:
        yield kept


def _sliced(rows: Sequence[Row], size: int) -> Iterator[Sequence[Row]]:
    each = iter(rows)
    while batch := list(islice(each, size)):
        yield batch


class Joined(Sequence[T]):
    """Sequences one after the other, none of them copied."""

    def __init__(self, *parts: Sequence[T]) -> None:
        self._parts = parts

    @classmethod
    def of(cls, first: Sequence[T], second: Sequence[T]) -> Sequence[T]:
        """Both as one; two tuples stay a tuple."""
        if isinstance(first, tuple) and isinstance(second, tuple):
            return (*first, *second)
        return cls(first, second)

    def __len__(self) -> int:
        return sum(map(len, self._parts))

    def __iter__(self) -> Iterator[T]:
        return chain.from_iterable(self._parts)

    @overload
    def __getitem__(self, index: int) -> T: ...

    @overload
    def __getitem__(self, index: slice) -> list[T]: ...

    def __getitem__(self, index: int | slice) -> T | list[T]:
        if isinstance(index, slice):
            return [self[place] for place in range(*index.indices(len(self)))]
        return next(islice(self, range(len(self))[index], None))
