"""On a cluster, by Dask distributed: the only importer of it, loaded where a scheduler is named.

The workers see the project's folder under the same path and have the same odkit. A worker that is lost costs time
only: the scheduler gives its work to another one.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence

from distributed import CancelledError, Client, Future, KilledWorker

from odkit.errors import OdkitError, UsageError
from odkit.schedule.outcome import Outcome, Task

Batch = Sequence[str]
Outcomes = Sequence[Outcome]
PATIENCE, FOR_WORKERS = 10.0, 60.0
"""Seconds to wait for the scheduler, and for a first worker: a cluster may be about to start some."""
AHEAD = 2


def run_on_cluster(task: Task, batches: Sequence[Batch], address: str) -> Iterator[Outcomes]:
    """The outcomes of each batch, in the order of the batches, by the workers of the scheduler at `address`.

    A batch that takes several workers with it is tried again dataset by dataset; what does so again has an
    `OdkitError` for an outcome.
    Raises UsageError where there is no scheduler, or no worker, or where it is lost on the way.
    """
    try:
        with Client(address, timeout=PATIENCE, set_as_default=False) as client:
            client.wait_for_workers(1, timeout=FOR_WORKERS)
            yield from _in_order(client, task, batches)
    except (OSError, ValueError, CancelledError) as error:
        raise UsageError("cli.no-scheduler", address=address, reason=str(error) or type(error).__name__) from error


def _in_order(client: Client, task: Task, batches: Sequence[Batch]) -> Iterator[Outcomes]:
    waiting, under_way = deque(batches), deque[tuple[Batch, Future[Outcomes]]]()
    while waiting or under_way:
        # Workers come and go: there is always a batch for each of them, and one that waits.
        while waiting and len(under_way) < AHEAD * max(1, sum(client.nthreads().values())):
            batch = waiting.popleft()
            under_way.append((batch, client.submit(task, batch, pure=False)))
        batch, future = under_way.popleft()
        yield _outcomes(client, task, batch, future)


def _outcomes(client: Client, task: Task, batch: Batch, future: Future[Outcomes]) -> Outcomes:
    try:
        return list(future.result())
    except KilledWorker:
        return [_alone(client, task, name) for name in batch]
    except ImportError:
        return [UsageError("cli.other-odkit", dataset=name) for name in batch]


def _alone(client: Client, task: Task, name: str) -> Outcome:
    outcome: Outcome
    try:
        (outcome,) = client.submit(task, (name,), pure=False).result()
    except KilledWorker:
        return OdkitError("cli.worker-lost", dataset=name)
    return outcome
