"""On a cluster, by Dask distributed: the only importer of it, loaded where a scheduler is named.

The workers have the same odkit, and see the project's folder under the same path or are sent on errands. A worker
that is lost costs time only: the scheduler gives its work to another one.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pickle import loads
from secrets import token_hex
from typing import Any

from distributed import CancelledError, Client, Future, KilledWorker
from distributed.comm.core import connect
from distributed.comm.registry import get_backend
from distributed.core import send_recv
from distributed.security import Security

from odkit.errors import OdkitError, RunStop, UsageError
from odkit.schedule.call import packed
from odkit.schedule.outcome import Errand, Outcome, Task

Batch = Sequence[str]
Outcomes = Sequence[Outcome]
Work = Task | Errand
PATIENCE, FOR_WORKERS = 10.0, 60.0
"""Seconds to wait for the scheduler, and for a worker where there is none: a cluster may be about to start some.

After so many seconds without a result, too, it is seen whether there is one.
"""
AHEAD = 2
KEY = "odkit-dataset-{}"
"""What Dask shows the work as."""
ENCRYPTED = frozenset({"tls", "wss"})


def run_on_cluster(
    task: Work, batches: Sequence[Batch], address: str, waits: Callable[[], None]
) -> Generator[Outcomes, None, None]:
    """The outcomes of each batch, in the order of the batches, by the workers of the scheduler at `address`.

    `waits` is called where it has no worker, for a minute from then on.

    A batch that takes several workers with it is tried again dataset by dataset; what does so again has an
    `OdkitError` for an outcome.
    Raises RunStop where there is no scheduler, or no worker, where it is lost on the way, and as errands do.
    """
    security = _security(address)
    _meet(address, security)
    try:
        with Client(address, timeout=PATIENCE, set_as_default=False, security=security) as client:
            run = _Run(client, task, waits)
            run.wait_for_a_worker()
            yield from run.in_order(batches)
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


def _meet(address: str, security: Security) -> None:
    """Raises RunStop where no scheduler answers. A client would wait for ever for what is none: a dashboard, say."""
    try:
        kind = asyncio.run(asyncio.wait_for(_kind(address, security), PATIENCE + 1))
    except Exception as error:  # what a stranger sends, taken for words of Dask, fails in any way
        raise RunStop("cli.no-scheduler", address=address, reason=str(error) or "no answer of Dask") from error
    if kind != "Scheduler":
        raise RunStop("cli.no-scheduler", address=address, reason=f"type: {kind}")


async def _kind(address: str, security: Security) -> str:
    comm = await connect(address, timeout=PATIENCE, **security.get_connection_args("client"))
    try:
        told = await send_recv(comm, op="identity")
    finally:
        comm.abort()
    return str(told["type"])


@dataclass(frozen=True, slots=True)
class _Run:
    """One task, given to the workers of a client's scheduler; `waits` is called where it has none."""

    client: Client
    task: Work
    waits: Callable[[], None]

    def in_order(self, batches: Sequence[Batch]) -> Iterator[Outcomes]:
        waiting, under_way = deque(batches), deque[tuple[Batch, Future[Any]]]()
        while waiting or under_way:
            # Workers come and go: there is always a batch for each of them, and one that waits.
            while waiting and len(under_way) < AHEAD * max(1, sum(self.client.nthreads().values())):
                batch = waiting.popleft()
                under_way.append((batch, self._given(batch)))
            yield self._outcomes(*under_way.popleft())

    def wait_for_a_worker(self) -> None:
        """Raises TimeoutError where none comes."""
        if not self.client.nthreads():
            self.waits()
            self.client.wait_for_workers(1, timeout=FOR_WORKERS)

    def _given(self, batch: Batch) -> Future[Any]:
        call = self.task.handed(batch) if isinstance(self.task, Errand) else self.task
        return self.client.submit(loads, packed(partial(call, batch)), key=KEY.format(token_hex(8)))

    def _outcomes(self, batch: Batch, future: Future[Any]) -> Outcomes:
        try:
            return self._taken(batch, future)
        except KilledWorker:
            return [self._alone(name) for name in batch]

    def _alone(self, name: str) -> Outcome:
        try:
            return self._taken((name,), self._given((name,)))[0]
        except KilledWorker:
            return OdkitError("cli.worker-lost", dataset=name)

    def _taken(self, batch: Batch, future: Future[Any]) -> Outcomes:
        try:
            answer = self._answer(future)
        except (ImportError, AttributeError, TypeError):  # no odkit there, or one where things are called otherwise
            return [UsageError("cli.other-odkit", dataset=name) for name in batch]
        return self.task.taken(batch, answer) if isinstance(self.task, Errand) else list(answer)

    def _answer(self, future: Future[Any]) -> Any:
        while True:
            try:
                return future.result(timeout=PATIENCE)
            except TimeoutError:
                self.wait_for_a_worker()
