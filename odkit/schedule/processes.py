"""Side by side in processes of this machine. A process that is killed costs nobody else's work."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from typing import Any, TypeVar

from odkit.errors import OdkitError
from odkit.schedule.outcome import Outcome, Task

T = TypeVar("T")
R = TypeVar("R")
Batch = Sequence[str]
Outcomes = Sequence[Outcome]
AHEAD = 2
"""Batches under way for each process: one is worked on, the next one waits. Memory does not grow with their number."""
LOST = 137
"""The exit code of a process that was killed, for want of memory mostly."""


def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run_in_processes(task: Task, batches: Sequence[Batch], jobs: int) -> Generator[Outcomes, None, None]:
    """The outcomes of each batch, in the order of the batches, by `jobs` processes.

    One process, or one batch, needs no other process. Where a process dies, the datasets that were under way are
    tried once more, each by itself; one that dies again has an `OdkitError` for an outcome.
    """
    if jobs == 1 or len(batches) == 1:
        yield from map(task, batches)
        return
    waiting = deque(batches)
    while waiting:
        yield from _until_one_dies(task, waiting, min(jobs, len(waiting)))


def _until_one_dies(task: Task, waiting: deque[Batch], jobs: int) -> Iterator[Outcomes]:
    """The outcomes of the batches that are `waiting`, which are taken out; ends early where a process dies."""
    under_way: deque[tuple[Batch, Future[Outcomes]]] = deque()
    with pool(jobs, task) as submit, suppress(BrokenProcessPool):
        while waiting or under_way:
            while waiting and len(under_way) < jobs * AHEAD:
                under_way.append((waiting[0], submit(waiting[0])))
                waiting.popleft()
            outcomes = under_way[0][1].result()
            under_way.popleft()
            yield outcomes
        return
    if not under_way:
        # No process could be started at all.
        under_way.append((waiting.popleft(), Future()))
    yield from (_again(task, batch, future) for batch, future in under_way)


def _again(task: Task, batch: Batch, future: Future[Outcomes]) -> Outcomes:
    """What came of a batch before another process died; or each of its datasets in a process of its own."""
    if future.done() and future.exception() is None:
        return future.result()
    return [_alone(task, name) for name in batch]


def _alone(task: Task, name: str) -> Outcome:
    with pool(1, task) as submit:
        try:
            return submit((name,)).result()[0]
        except BrokenProcessPool:
            return OdkitError("cli.worker-lost", dataset=name)


@contextmanager
def pool(jobs: int, work: Callable[[T], R]) -> Iterator[Callable[[T], Future[R]]]:
    """Processes that do one kind of work: the function that gives them a piece of it.

    They end with this block, with this process, or when it is interrupted: whichever comes first.
    """
    methods = multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")
    if context.get_start_method() == "forkserver":
        # What the work needs is loaded once, not in each process.
        context.set_forkserver_preload(["odkit.publish"])
    theirs, ours = context.Pipe(duplex=False)
    processes = ProcessPoolExecutor(jobs, mp_context=context, initializer=_begin, initargs=(theirs, work))
    try:
        yield lambda piece: processes.submit(_do, piece)
    except BaseException:
        # Nobody waits for what is under way any more, and it is safe to end at any moment.
        ours.close()
        raise
    finally:
        processes.shutdown(wait=True, cancel_futures=True)
        ours.close()
        theirs.close()


_works: list[Callable[[Any], Any]] = []
"""In a process that was started: the one thing it does."""


def _begin(line: Connection, work: Callable[[Any], Any]) -> None:
    """In a new process: leave Ctrl-C to the one that started it, and end when that one hangs up or dies."""
    _works.append(work)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(line,), daemon=True).start()


def _do(piece: Any) -> Any:
    return _works[-1](piece)


def _end_with(line: Connection) -> None:
    try:
        line.recv_bytes()
    except (EOFError, OSError):
        os._exit(LOST)
