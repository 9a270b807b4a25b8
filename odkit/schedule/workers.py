"""The workers of a cluster for one large table, as one of them sees them: loaded in a task of Dask alone.

Whoever builds the table deals its pieces out and puts them together. A worker that is lost costs time only: its pieces
are done by another one; where it is the one that puts together, the whole table is.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pickle import loads
from secrets import token_hex
from typing import Any, TypeVar

from distributed import Client, KilledWorker, get_client, get_worker, secede
from distributed import Future as Promise

from odkit.errors import OdkitError, UsageError
from odkit.model import OnFiles
from odkit.schedule.call import packed
from odkit.schedule.carrier import Carrier

T = TypeVar("T")
R = TypeVar("R")
TOGETHER = 4
"""Pieces that are handed over at once: Dask takes some milliseconds for each time."""
MOST, AHEAD = 8, 2
"""Workers that one process can keep busy with a table, and what is under way beyond one for each of them."""
KEY = "odkit-piece-{}"
"""What Dask shows the work as."""
UnderWay = deque[tuple[Promise[Any], Future[list[Any]]]]


@dataclass(frozen=True, slots=True)
class Workers:
    """Those that have nothing else to do, for tables of at least `worth` rows: `odkit.model.Hands`."""

    carrier: Carrier
    worth: int

    def help_with(self, rows: int, *, bulky: bool = False) -> bool:  # noqa: ARG002 - as `Hands` has it
        """Whether a table of so many rows is worth dividing, and somebody is there for it."""
        return rows >= self.worth and _idle(get_client()) > 0

    def __call__(self, work: Callable[[T], R], pieces: Iterable[T], /) -> Iterator[R]:
        """What `work` makes of each piece, in their order.

        Raises OdkitError where pieces take several workers with them. What `work` raises is raised here.
        """
        with suppress(KeyError):  # it has left already
            # This thread makes way for a piece: it deals out, and waits mostly.
            secede()
        client, under_way = get_client(), UnderWay()
        with ThreadPoolExecutor(MOST + AHEAD) as threads:
            try:
                for group in _groups(pieces):
                    call = packed(self.carrier.handed(work, group))
                    promise = client.submit(loads, call, key=KEY.format(token_hex(8)))
                    under_way.append((promise, threads.submit(self._taken, promise)))
                    if len(under_way) >= min(MOST, sum(client.nthreads().values())) + AHEAD:
                        yield from under_way.popleft()[1].result()
                while under_way:
                    yield from under_way.popleft()[1].result()
            finally:
                for promise, _ in under_way:
                    promise.cancel()

    def _taken(self, promise: Promise[Any]) -> list[Any]:
        """Fetched by a thread of its own: an object store takes its time to answer."""
        try:
            return self.carrier.taken(promise.result())
        except KilledWorker as error:
            raise OdkitError("cli.worker-lost", dataset=self.carrier.dataset) from error
        except ImportError as error:
            raise UsageError("cli.other-odkit", dataset=self.carrier.dataset) from error


def _idle(client: Client) -> int:
    """Threads of the workers that have nothing to do, but for the one that asks."""
    threads: dict[str, int] = client.nthreads()
    others = {key for keys in client.processing().values() for key in keys} - {get_worker().get_current_task()}
    return sum(threads.values()) - 1 - len(others)


def _groups(pieces: Iterable[T]) -> Iterator[Sequence[T]]:
    """Some pieces at a time; one that looks at files is enough for itself."""
    rest = iter(pieces)
    for first in rest:
        yield [first] if isinstance(first, OnFiles) else [first, *islice(rest, TOGETHER - 1)]
