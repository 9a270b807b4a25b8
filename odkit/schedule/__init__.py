"""Who does the work: this process, several of this machine, or a cluster. The results and their order are the same."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from functools import partial
from importlib import import_module

from odkit.errors import UsageError
from odkit.model import Hands
from odkit.schedule.batches import FEW, SLOW, batched
from odkit.schedule.carrier import Carrier
from odkit.schedule.contact import scheduler_at
from odkit.schedule.hands import WORTH, Processes, Team, hands_of
from odkit.schedule.outcome import Errand, Outcome, Task, outcome_of
from odkit.schedule.processes import cores, run_in_processes, starts_at_once

Crew = Callable[[Task | Errand, Sequence[Sequence[str]]], Generator[Sequence[Outcome], None, None]]
"""Has a task done for batches of names: the outcomes of each batch, in their order. Errands are for a cluster."""


def _silent() -> None:
    """Nobody is told."""


def crew_of(jobs: int | None = None, scheduler: str = "", waits: Callable[[], None] = _silent) -> Crew:
    """So many processes of this machine (by default as many as it has cores), or the cluster of a `scheduler`.

    `waits` is called where the cluster has no worker yet.

    Raises UsageError where odkit was installed without what a cluster needs, and where the address is of no scheduler.
    """
    if not scheduler:
        return Team(jobs or cores())
    try:
        cluster = import_module("odkit.schedule.cluster")
    except ModuleNotFoundError as error:
        raise UsageError("cli.no-cluster", module=error.name) from error
    crew: Crew = partial(cluster.run_on_cluster, address=scheduler_at(scheduler), waits=waits)
    return crew


def hands_of_cluster(carrier: Carrier, worth: int) -> Hands:
    """The workers of the cluster that the caller is a task of, for tables of at least `worth` rows."""
    hands: Hands = import_module("odkit.schedule.workers").Workers(carrier, worth)
    return hands


__all__ = [
    "FEW",
    "SLOW",
    "WORTH",
    "Carrier",
    "Crew",
    "Errand",
    "Outcome",
    "Processes",
    "Task",
    "batched",
    "cores",
    "crew_of",
    "hands_of",
    "hands_of_cluster",
    "outcome_of",
    "run_in_processes",
    "starts_at_once",
]
