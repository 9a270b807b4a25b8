"""On a cluster, by Dask distributed: the only importer of it, loaded where a scheduler is named.

The workers have the same odkit, and see the project's folder under the same path or are sent on errands. A worker
that is lost costs time only: the scheduler gives its work to another one.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterator, Sequence
from typing import Any

from distributed import CancelledError, Client, Future, KilledWorker
from distributed.comm.registry import get_backend
from distributed.security import Security

from odkit.errors import OdkitError, RunStop, UsageError
from odkit.schedule.outcome import Errand, Outcome, Task

Batch = Sequence[str]
Outcomes = Sequence[Outcome]
Work = Task | Errand
PATIENCE, FOR_WORKERS = 10.0, 60.0
"""Seconds to wait for the scheduler, and for a first worker: a cluster may be about to start some."""
AHEAD = 2
ENCRYPTED = frozenset({"tls", "wss"})


def run_on_cluster(task: Work, batches: Sequence[Batch], address: str) -> Generator[Outcomes, None, None]:
    """The outcomes of each batch, in the order of the batches, by the workers of the scheduler at `address`.

    A batch that takes several workers with it is tried again dataset by dataset; what does so again has an
    `OdkitError` for an outcome.
    Raises RunStop where there is no scheduler, or no worker, where it is lost on the way, and as errands do.
    """
    security = _security(address)
    try:
        with Client(address, timeout=PATIENCE, set_as_default=False, security=security) as client:
            client.wait_for_workers(1, timeout=FOR_WORKERS)
            yield from _in_order(client, task, batches)
    except (OSError, ValueError, CancelledError) as error:
        raise RunStop("cli.no-scheduler", address=address, reason=str(error) or type(error).__name__) from error


def _security(address: str) -> Security:
    """What Dask is configured to prove itself with.

    Looked at before there is a client: one that comes to nothing waits for itself, and ends with a traceback.
    """
    scheme = address.rpartition("://")[0].lower() or "tcp"
    try:
        get_backend(scheme).get_connector()
    except (ImportError, TypeError, ValueError) as error:  # a kind that this Dask knows by name alone
        raise RunStop("cli.no-scheduler", address=address, reason=str(error) or type(error).__name__) from error
    encrypted = scheme in ENCRYPTED
    try:
        security = Security()
        certified = security.get_connection_args("client")["ssl_context"] is not None
    except (OSError, ValueError) as error:
        raise RunStop("cli.scheduler-tls", address=address, reason=str(error) or type(error).__name__) from error
    if encrypted and not certified:
        raise RunStop("cli.scheduler-tls", address=address, reason="distributed.comm.tls.ca-file: -")
    if security.require_encryption and not encrypted:
        raise RunStop("cli.scheduler-tls", address=address, reason="distributed.comm.require-encryption: true")
    return security


def _in_order(client: Client, task: Work, batches: Sequence[Batch]) -> Iterator[Outcomes]:
    waiting, under_way = deque(batches), deque[tuple[Batch, Future[Any]]]()
    while waiting or under_way:
        # Workers come and go: there is always a batch for each of them, and one that waits.
        while waiting and len(under_way) < AHEAD * max(1, sum(client.nthreads().values())):
            batch = waiting.popleft()
            under_way.append((batch, _given(client, task, batch)))
        batch, future = under_way.popleft()
        yield _outcomes(client, task, batch, future)


def _given(client: Client, task: Work, batch: Batch) -> Future[Any]:
    return client.submit(task.handed(batch) if isinstance(task, Errand) else task, batch, pure=False)


def _outcomes(client: Client, task: Work, batch: Batch, future: Future[Any]) -> Outcomes:
    try:
        answer = future.result()
    except KilledWorker:
        return [_alone(client, task, name) for name in batch]
    except ImportError:
        return [UsageError("cli.other-odkit", dataset=name) for name in batch]
    return task.taken(batch, answer) if isinstance(task, Errand) else list(answer)


def _alone(client: Client, task: Work, name: str) -> Outcome:
    try:
        answer = _given(client, task, (name,)).result()
    except KilledWorker:
        return OdkitError("cli.worker-lost", dataset=name)
    outcomes = task.taken((name,), answer) if isinstance(task, Errand) else answer
    outcome: Outcome = outcomes[0]
    return outcome
