"""Datasets put together to pieces of work: many small ones to a piece, so that handing over costs little."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

MOST, HEAVY = 8, 256 << 10
"""Datasets of a batch, and bytes of sources from which on no more are added."""
FEW, SLOW = 4, 100
"""So many small datasets are done before a second process has done its share: where one starts at once, where not."""
SHARES = 16
"""A batch is this part of what is left, so that all end at the same time."""


def batched(names: Sequence[str], sizes: Sequence[int], few: int = FEW) -> Iterator[tuple[str, ...]]:
    """`names` in their order, in batches; `sizes` are the bytes of their sources. Up to a `few` small ones are one."""
    batch: list[str] = []
    weight = 0
    for left, name, size in zip(range(len(names), 0, -1), names, sizes, strict=True):
        if not batch:
            most = few if len(names) <= few else max(1, min(MOST, left // SHARES))
        batch.append(name)
        weight += size
        if len(batch) == most or weight >= HEAVY:
            yield tuple(batch)
            batch, weight = [], 0
    if batch:
        yield tuple(batch)
