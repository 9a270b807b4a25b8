"""Many datasets: what stands is found at once, what must be built goes to those who work side by side."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from functools import partial
from itertools import chain
from pathlib import Path

from odkit.cache import installed
from odkit.errors import UsageError
from odkit.model import Built
from odkit.project import Project, load_project
from odkit.publish import prepare, standing
from odkit.schedule import Crew, Outcome, batched, outcome_of


def prepare_all(names: Sequence[str], project: Project, crew: Crew) -> Generator[tuple[str, Outcome], None, None]:
    """The packages of declared datasets, in the order of `names`; an error stands for one that cannot be built.

    Nothing is begun before the first one is asked for.
    """
    found = {name: outcome_of(partial(standing, name, project)) for name in names}
    missing = [name for name in names if found[name] is None]
    batches = list(batched(missing, [_weight(project.dataset(name).source.path) for name in missing]))
    task = partial(prepare_batch, project.root, installed())
    made = chain.from_iterable(crew(task, batches) if batches else ())
    for name in names:
        yield name, found[name] or next(made)


def prepare_batch(root: Path, odkit: str, names: Sequence[str]) -> list[Outcome]:
    """What a worker does, who is told where the project is, the digest of the `odkit` that asks, and which datasets.

    A worker with another odkit, or without the project, makes nothing: the same run must give the same bytes.
    """
    if odkit != installed():
        return [UsageError("cli.other-odkit", dataset=name) for name in names]
    project = outcome_of(partial(load_project, root))
    if not isinstance(project, Project):
        return [project for _ in names]
    return [outcome_of(partial(_prepared, name, project)) for name in names]


def _prepared(name: str, project: Project) -> Built:
    return prepare(project.dataset(name), project)


def _weight(source: Path) -> int:
    return source.stat().st_size if source.is_file() else 0
