"""Ascending row numbers, kept as ranges: those of a table of a million rows are one."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, chain
from typing import overload


class Runs(Sequence[int]):
    """Ascending numbers as a sequence."""

    __slots__ = ("_ends", "_ranges")

    def __init__(self, ranges: Iterable[range]) -> None:
        self._ranges = [part for part in ranges if part]
        self._ends = list(accumulate(map(len, self._ranges)))

    @classmethod
    def of(cls, numbers: Iterable[int]) -> Runs:
        """Numbers from 1 on, ascending."""
        return cls(_ranges(numbers))

    @classmethod
    def to(cls, last: int) -> Runs:
        """All numbers from 1 to `last`."""
        return cls([range(1, last + 1)])

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    def __iter__(self) -> Iterator[int]:
        return chain.from_iterable(self._ranges)

    def __reversed__(self) -> Iterator[int]:
        return chain.from_iterable(map(reversed, reversed(self._ranges)))

    def __contains__(self, number: object) -> bool:
        if not isinstance(number, int):
            return False
        place = bisect_right(self._ranges, number, key=lambda part: part.start)
        return place > 0 and number in self._ranges[place - 1]

    @overload
    def __getitem__(self, at: int) -> int: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[int]: ...
    def __getitem__(self, at: int | slice) -> int | Sequence[int]:
        if isinstance(at, slice):
            start, stop, _ = at.indices(len(self))
            return Runs(self._cut(start, stop))
        place = at + len(self) if at < 0 else at
        if not 0 <= place < len(self):
            raise IndexError(at)
        part = bisect_right(self._ends, place)
        return self._ranges[part][place - (self._ends[part - 1] if part else 0)]

    def _cut(self, start: int, stop: int) -> Iterator[range]:
        begin = 0
        for part in self._ranges:
            if begin >= stop:
                break
            yield part[max(start - begin, 0) : stop - begin]
            begin += len(part)


def _ranges(numbers: Iterable[int]) -> Iterator[range]:
    start = end = 0
    for number in numbers:
        if start and number == end:
            end += 1
            continue
        if start:
            yield range(start, end)
        start, end = number, number + 1
    if start:
        yield range(start, end)
