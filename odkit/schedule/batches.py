"""Datasets put together to pieces of work: many small ones to a piece, so that handing over costs little."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

MOST, HEAVY = 8, 256 << 10
"""Datasets of a batch, and bytes of sources from which on no more are added."""
FEW, SHARES = 4, 16
"""So many small datasets are done before a second process has started; more are shared out in so many batches."""


def batched(names: Sequence[str], sizes: Sequence[int]) -> Iterator[tuple[str, ...]]:
    """`names` in their order, in batches; `sizes` are the bytes of their sources."""
    most = FEW if len(names) <= FEW else max(1, min(MOST, len(names) // SHARES))
    batch: list[str] = []
    weight = 0
    for name, size in zip(names, sizes, strict=True):
        batch.append(name)
        weight += size
        if len(batch) == most or weight >= HEAVY:
            yield tuple(batch)
            batch, weight = [], 0
    if batch:
        yield tuple(batch)
