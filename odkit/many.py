"""Many datasets: what stands is found at once, what must be built goes to those who work side by side."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import replace
from functools import lru_cache, partial
from pathlib import Path
from platform import node
from typing import TYPE_CHECKING

from odkit.afar import ByDepot
from odkit.cache import installed, was_built
from odkit.errors import OdkitError, UsageError
from odkit.model import ALONE, Built, Hands
from odkit.pieces import Parts
from odkit.project import SETTINGS_FILE, Project, load_project
from odkit.publish import prepare, standing
from odkit.schedule import (
    FEW,
    SLOW,
    WORTH,
    Crew,
    Errand,
    Outcome,
    Processes,
    Task,
    batched,
    hands_of,
    outcome_of,
    starts_at_once,
)

if TYPE_CHECKING:
    from odkit.depot.place import Depot

LARGE = 8 << 20
"""Bytes of a source whose table may be worth dividing."""


def prepare_all(
    names: Sequence[str],
    project: Project,
    crew: Crew,
    hands: Processes | None = None,
    through: AbstractContextManager[Depot] | None = None,
    *,
    shared: bool = False,
) -> Generator[tuple[str, Outcome], None, None]:
    """The packages of declared datasets, in the order of `names`; an error stands for one that cannot be built.

    Nothing is begun before the first one is asked for. Large ones that would leave some of the crew idle are built
    first, one after the other, by all `hands` (those of the crew): nobody else works meanwhile.

    A cluster gets and gives files `through` a depot, which is entered where something must be built: pieces of large
    tables, and all others where the project's folder is not `shared` with it.
    Raises RunStop where the crew, or the depot, cannot be worked with.
    """
    hands = hands or hands_of(crew)
    found = {name: _standing(name, project) for name in names}
    weights = {name: _weight(name, project) for name in names if found[name] is None}
    large = [name for name, weight in weights.items() if weight >= LARGE]
    for name in large[: len(large) % hands.jobs]:
        found[name] = outcome_of(partial(_prepared, name, project, replace(hands, dataset=name)))
    missing = [name for name in names if found[name] is None]
    few = FEW if hands.jobs == 1 or starts_at_once() else SLOW
    batches = list(batched(missing, [weights[name] for name in missing], few))
    with closing(_made(batches, project, crew, through, shared=shared)) as made:
        for name in names:
            yield name, found[name] or next(made)


def _made(
    batches: Sequence[Sequence[str]],
    project: Project,
    crew: Crew,
    through: AbstractContextManager[Depot] | None,
    *,
    shared: bool,
) -> Generator[Outcome, None, None]:
    if not batches:
        return
    with through or nullcontext() as depot:
        parts = Parts(depot, installed(), shared=True, worth=WORTH) if depot else None
        task: Task | Errand = partial(prepare_batch, project.root, installed(), parts=parts)
        if depot and not shared:
            task = ByDepot(project, depot, WORTH)
        # Whoever works ends before what they work with.
        with closing(crew(task, batches)) as done:
            for outcomes in done:
                yield from outcomes


def prepare_batch(root: Path, odkit: str, names: Sequence[str], parts: Parts | None = None) -> list[Outcome]:
    """What a worker does, who is told where the project is, the digest of the `odkit` that asks, and which datasets.

    On a cluster, `parts` of large tables go to others. A worker with another odkit, or without the project, makes
    nothing: the same run must give the same bytes.
    """
    if odkit != installed():
        return [UsageError("cli.other-odkit", dataset=name) for name in names]
    if not (root / SETTINGS_FILE).is_file():
        return [UsageError("cli.no-shared-folder", dataset=name, machine=node(), folder=root) for name in names]
    project = outcome_of(partial(_project, root))
    if not isinstance(project, Project):
        return [project for _ in names]
    hands = {name: parts.hands(name) if parts else ALONE for name in names}
    return [outcome_of(partial(_prepared, name, project, hands[name])) for name in names]


def _project(root: Path) -> Project:
    """The project at `root`: batches come often, its settings are another rarely."""
    return _loaded(root, (root / SETTINGS_FILE).read_bytes())


@lru_cache(maxsize=1)
def _loaded(root: Path, _settings: bytes) -> Project:
    return load_project(root)


def _prepared(name: str, project: Project, hands: Hands = ALONE) -> Built:
    return prepare(project.dataset(name), project, hands)


def _standing(name: str, project: Project) -> Outcome | None:
    """The package that stands; what was never built is not looked at: nobody works while this is found out."""
    return outcome_of(partial(standing, name, project)) if was_built(project, name) else None


def _weight(name: str, project: Project) -> int:
    """The bytes of a source; 0 where there is none, or where its declaration is wrong: who builds it says so."""
    spec = outcome_of(partial(project.dataset, name))
    if isinstance(spec, OdkitError) or not spec.source.path.is_file():
        return 0
    return spec.source.path.stat().st_size
