"""The rows of a table, taken through the steps of cleaning a chunk at a time."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import cast

from odkit.clean.draft import CHUNK, Draft, Step, Summary
from odkit.clean.ledger import Ledger
from odkit.collector import collector_paused
from odkit.model import column_batches


def clean_by_chunks(draft: Draft, steps: Sequence[Step]) -> Ledger:
    """The account of what the steps did; raises Learned where they have to start again knowing more."""
    ledger = Ledger()
    first = 0
    with collector_paused():
        for height, columns in column_batches(draft.source.rows, CHUNK):
            draft.load(first, height, columns)
            for step in steps:
                step.take(draft)
            ledger.take(draft)
            first += height
    for step in steps:
        if _sums_up(type(step)):
            cast("Summary", step).finish(draft)
    return ledger


@cache
def _sums_up(kind: type[Step]) -> bool:
    return issubclass(kind, Summary)
