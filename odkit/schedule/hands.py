"""Processes of this machine for one large table, piece by piece. What a killed one had in hand is done again."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from odkit.errors import OdkitError
from odkit.schedule.by_file import ByFile
from odkit.schedule.outcome import Errand, Outcome, Task
from odkit.schedule.processes import pool, run_in_processes

T = TypeVar("T")
R = TypeVar("R")
AHEAD = 2
"""Pieces under way beyond one for each process. Memory does not grow with the table."""
WORTH = 50_000
"""Rows from which on it pays to start processes."""
BULKY = 3
"""Processes from which on bulky results are worth it: with fewer, to take them in costs more than is saved."""


@dataclass(frozen=True, slots=True)
class Team:
    """Processes of this machine as a crew: each builds whole datasets."""

    jobs: int

    def __call__(
        self, task: Task | Errand, batches: Sequence[Sequence[str]], /
    ) -> Generator[Sequence[Outcome], None, None]:
        """As `run_in_processes`; processes of this machine go on no errands."""
        if isinstance(task, Errand):
            raise TypeError(type(task).__name__)
        return run_in_processes(task, batches, self.jobs)


@dataclass(frozen=True, slots=True)
class Processes:
    """So many of them, for the tables of a `dataset` that have at least `worth` rows: `odkit.model.Hands`."""

    jobs: int
    worth: int = WORTH
    dataset: str = ""

    def help_with(self, rows: int, *, bulky: bool = False) -> bool:
        """Whether a table of so many rows is worth dividing."""
        return self.jobs >= (BULKY if bulky else 2) and rows >= self.worth

    def __call__(self, work: Callable[[T], R], pieces: Iterable[T], /) -> Iterator[R]:
        """What `work` makes of each piece, in their order.

        Where a process dies, the pieces under way are done once more by a single one; raises OdkitError where that
        dies too. What `work` raises is raised here.
        """
        waiting, under_way = iter(pieces), deque[tuple[T, Future[bytes]]]()
        with TemporaryDirectory(prefix="odkit-") as folder:
            by_file = ByFile(work, Path(folder))
            while True:
                try:
                    yield from map(by_file.fetch, _until_one_dies(by_file, waiting, under_way, self.jobs))
                except BrokenProcessPool:
                    yield from map(by_file.fetch, self._again(by_file, under_way))
                else:
                    return

    def _again(self, work: Callable[[T], R], under_way: deque[tuple[T, Future[R]]]) -> Iterator[R]:
        """The results of pieces of which some were lost, by one process: it may be that memory was short for more."""
        with pool(1, work) as submit:
            while under_way:
                piece, future = under_way.popleft()
                if future.done() and future.exception() is None:
                    yield future.result()
                    continue
                try:
                    yield submit(piece).result()
                except BrokenProcessPool as error:
                    raise OdkitError("cli.worker-lost", dataset=self.dataset) from error


def hands_of(crew: object) -> Processes:
    """The processes of a crew, all of them for one table. Those of a cluster are found by its workers."""
    return Processes(crew.jobs if isinstance(crew, Team) else 1)


def _until_one_dies(
    work: Callable[[T], R], waiting: Iterator[T], under_way: deque[tuple[T, Future[R]]], jobs: int
) -> Iterator[R]:
    """The results of the pieces that are `waiting`; raises BrokenProcessPool where a process dies."""
    with pool(jobs, work) as submit:
        for piece in waiting:
            under_way.append((piece, Future()))
            under_way[-1] = piece, submit(piece)
            if len(under_way) >= jobs + AHEAD:
                yield _next(under_way)
        while under_way:
            yield _next(under_way)


def _next(under_way: deque[tuple[T, Future[R]]]) -> R:
    result = under_way[0][1].result()
    under_way.popleft()
    return result
