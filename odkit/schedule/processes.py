"""Side by side in processes of this machine. A process that is killed costs nobody else's work."""

from __future__ import annotations

import _thread
import gc
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType
from typing import Any, TypeVar

from odkit.errors import OdkitError, Terminated
from odkit.interruption import hear_interruption
from odkit.schedule.by_file import ByFile
from odkit.schedule.outcome import Outcome, Task

T = TypeVar("T")
R = TypeVar("R")
Batch = Sequence[str]
Outcomes = Sequence[Outcome]
AHEAD, HELD = 2, 32
"""Batches under way for each process: one is worked on, the next one waits. So many more may be done, and wait for
one before them that takes long. Memory does not grow with their number."""
TRIES = 2
"""How often a dataset is tried by itself: it is not known whether it was begun before another one's process died."""
LOST = 137
"""The exit code of a process that was killed, for want of memory mostly."""
GRACE, GLANCE = 10.0, 0.02
"""Seconds that a process has for taking away what it has half made, and between two looks at whether it has."""
ENDING = (signal.SIGINT, signal.SIGTERM)
THREADS = "/proc/self/task"
"""Where Linux lists the threads of a process."""


def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run_in_processes(task: Task, batches: Sequence[Batch], jobs: int) -> Generator[Outcomes, None, None]:
    """The outcomes of each batch, in the order of the batches, by `jobs` processes.

    One process, or one batch, needs no other process. Where a process dies, the datasets that were under way are
    tried again, each by itself; one that dies every time has an `OdkitError` for an outcome.
    """
    if jobs == 1 or len(batches) == 1:
        yield from map(task, batches)
        return
    waiting = deque(batches)
    with TemporaryDirectory(prefix="odkit-") as folder:
        by_file = ByFile(task, Path(folder))
        while waiting:
            yield from _until_one_dies(by_file, waiting, min(jobs, len(waiting)))


def _until_one_dies(task: ByFile[Outcomes], waiting: deque[Batch], jobs: int) -> Iterator[Outcomes]:
    """The outcomes of the batches that are `waiting`, which are taken out; ends early where a process dies."""
    under_way: deque[tuple[Batch, Future[bytes]]] = deque()
    with pool(jobs, task) as submit, suppress(BrokenProcessPool):
        while waiting or under_way:
            busy = [future for _, future in under_way if not future.done()]
            while waiting and len(busy) < jobs * AHEAD and len(under_way) < jobs * AHEAD + HELD:
                busy.append(submit(waiting[0]))
                under_way.append((waiting.popleft(), busy[-1]))
            if under_way[0][1] in busy:
                wait(busy, return_when=FIRST_COMPLETED)
                continue
            outcomes = task.fetch(under_way[0][1].result())
            under_way.popleft()
            yield outcomes
        return
    if not under_way:
        # No process could be started at all.
        under_way.append((waiting.popleft(), Future()))
    yield from (_again(task, batch, future) for batch, future in under_way)


def _again(task: ByFile[Outcomes], batch: Batch, future: Future[bytes]) -> Outcomes:
    """What came of a batch before another process died; or each of its datasets in a process of its own."""
    if future.done() and future.exception() is None:
        return task.fetch(future.result())
    return [_alone(task, name) for name in batch]


def _alone(task: ByFile[Outcomes], name: str) -> Outcome:
    for _ in range(TRIES):
        with pool(1, task) as submit, suppress(BrokenProcessPool):
            return task.fetch(submit((name,)).result())[0]
    return OdkitError("cli.worker-lost", dataset=name)


@contextmanager
def pool(jobs: int, work: Callable[[T], R]) -> Iterator[Callable[[T], Future[R]]]:
    """Processes that do one kind of work: the function that gives them a piece of it.

    They end with this block, with this process, or when it is interrupted: whichever comes first.
    """
    way = _way()
    context = multiprocessing.get_context(way)
    if context.get_start_method() == "forkserver":
        # What the work needs is loaded once, not in each process.
        context.set_forkserver_preload(["odkit.publish"])
    theirs, ours = context.Pipe(duplex=False)
    told = (theirs, ours if way == "fork" else None, work)
    processes = ProcessPoolExecutor(jobs, mp_context=context, initializer=_begin, initargs=told)
    try:
        if way == "fork":
            with _forking():
                processes.submit(int)  # with the first piece of work, whatever it is, all are started
        yield lambda piece: processes.submit(_do, piece)
    except BaseException:
        # Nobody waits for what is under way any more, and it is safe to end at any moment.
        ours.close()
        raise
    finally:
        processes.shutdown(wait=True, cancel_futures=True)
        ours.close()
        theirs.close()


def starts_at_once() -> bool:
    """Whether a process is there in no time; else it takes a second or two to load what it needs."""
    return _way() == "fork"


def _way() -> str:
    """How processes start.

    A fork has all that this process has loaded, at once. It is safe while this process has one thread, as the system
    counts them, those of libraries too: no lock is then held by somebody whom the fork does not have. That can be
    asked on Linux; on macOS, libraries of the system keep threads of their own.
    """
    if sys.platform == "linux" and len(list(Path(THREADS).glob("*"))) == 1:
        return "fork"
    return "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"


@contextmanager
def _forking() -> Iterator[None]:
    """The moment in which processes are forked: signals wait, as the handlers of this process are not theirs.

    What the collector could find from then on is not theirs to close, either: for them, it is out of its reach.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


_works: list[Callable[[Any], Any]] = []
"""In a process that was started: the one thing it does."""
_busy = threading.Event()
"""In a process that was started: it is at work, and may have something half made."""
_asked: list[bool] = []
"""In a process that was started: holds something once it was asked to end while it was at work."""


def _begin(line: Connection, end: Connection | None, work: Callable[[Any], Any]) -> None:
    """In a new process: leave Ctrl-C to the one that started it, and end when that one hangs up or dies.

    A fork has the other `end` of the line too, and lets it go.
    """
    _works.append(work)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _end)
    hear_interruption()
    if end is not None:
        end.close()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
    threading.Thread(target=_end_with, args=(line,), daemon=True).start()


def _do(piece: Any) -> Any:
    try:
        try:
            _busy.set()
            return _works[-1](piece)
        finally:
            _busy.clear()
    except Terminated:
        pass  # with it go the frames in which blocks were not ended yet, and end them
    os._exit(LOST)


def _end(_number: int, _frame: FrameType | None) -> None:
    """End once what is under way has taken away what it has half made; who asks again waits as well."""
    if not _busy.is_set():
        os._exit(LOST)
    if not _asked:
        _asked.append(True)
        raise Terminated(_asked.clear)


def _end_with(line: Connection) -> None:
    try:
        line.recv_bytes()
    except (EOFError, OSError):
        _thread.interrupt_main(signal.SIGTERM)
        until = time.monotonic() + GRACE
        while _busy.is_set() and time.monotonic() < until:
            time.sleep(GLANCE)
        os._exit(LOST)
