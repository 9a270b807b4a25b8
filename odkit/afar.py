"""Datasets built by machines that share no folder with this one: their files go and come back through a depot."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from odkit.cache import READ_BESIDE, Inputs, installed, stage_inputs, summary
from odkit.depot.parcel import Parcel, pack, unpack
from odkit.errors import OdkitError, RunStop, UsageError, refused_by_system
from odkit.model import Built
from odkit.pieces import Parts
from odkit.project import CORRECTIONS_FILE, DATASET_FILE, SETTINGS_FILE, Project, load_project
from odkit.publish import build, take_in
from odkit.schedule import WORTH, Errand, Outcome, outcome_of

if TYPE_CHECKING:
    from odkit.depot.place import Depot

DAMAGED = "cli.store-damaged"


@dataclass(frozen=True, slots=True)
class Made:
    """What a worker has built, and from what."""

    built: Built
    inputs: Inputs


@dataclass(frozen=True, slots=True)
class Answer:
    """What a worker tells of a batch, for each of its datasets; the files of those that are made are in the parcel."""

    found: Sequence[Made | OdkitError]
    parcel: Parcel = ()


@dataclass(frozen=True, slots=True)
class ByDepot(Errand):
    """Sends what datasets are built from, and sets in place what comes back.

    Tables of at least `worth` rows are divided.
    """

    project: Project
    depot: Depot
    worth: int = WORTH
    sent: set[str] = field(default_factory=set)

    def handed(self, names: Sequence[str]) -> Callable[[Sequence[str]], Answer]:
        """Put what the datasets need into the depot; raises RunStop where the store cannot be worked with."""
        try:
            parcel = pack(self.depot, self.project.root, _needed(names, self.project), self.sent)
        except UsageError as error:
            raise RunStop(error.code, **error.details) from error
        except OSError as error:
            raise _no_room(error) from error
        return partial(prepare_afar, Parts(self.depot, installed(), shared=False, worth=self.worth), parcel)

    def taken(self, names: Sequence[str], answer: Answer) -> Sequence[Outcome]:
        """Fetch what was made, compare it with what the worker tells, and let each package take its place."""
        with TemporaryDirectory(prefix="odkit-") as folder:
            try:
                self._compare(names, answer)
                unpack(self.depot, answer.parcel, Path(folder))
            except UsageError as error:
                if error.code != DAMAGED:
                    raise RunStop(error.code, **error.details) from error
                return [error if isinstance(item, Made) else item for item in answer.found]
            except OSError as error:
                raise _no_room(error) from error
            self.depot.remove(bundle.name for bundle in answer.parcel)
            pairs = zip(names, answer.found, strict=True)
            return [outcome_of(partial(self._set, name, item, Path(folder))) for name, item in pairs]

    def _set(self, name: str, item: Made | OdkitError, folder: Path) -> Built:
        if isinstance(item, OdkitError):
            raise item
        return take_in(name, self.project, item.built, item.inputs, folder / name)

    def _compare(self, names: Sequence[str], answer: Answer) -> None:
        """See that the parcel holds the files of the packages and no others."""
        expected = {
            (f"{name}/{file.path}", file.bytes, file.sha256)
            for name, item in zip(names, answer.found, strict=True)
            if isinstance(item, Made)
            for file in item.built.package.resources
        }
        sent = {(item.path, item.bytes, item.sha256) for bundle in answer.parcel for item in bundle.items}
        if sent != expected:
            raise self.depot.damaged(min(sent ^ expected)[0])


def prepare_afar(parts: Parts, parcel: Parcel, names: Sequence[str]) -> Answer:
    """What a worker does, who is told where the depot is, the digest of the odkit that asks, and which datasets.

    It knows nothing of the project but what is in the parcel, and keeps nothing.
    """
    if parts.odkit != installed():
        return Answer([UsageError("cli.other-odkit", dataset=name) for name in names])
    with TemporaryDirectory(prefix="odkit-") as folder:
        answer = outcome_of(partial(_answer, parts, parcel, names, Path(folder)))
    return Answer([answer for _ in names]) if isinstance(answer, OdkitError) else answer


def _answer(parts: Parts, parcel: Parcel, names: Sequence[str], folder: Path) -> Answer:
    depot = parts.depot
    unpack(depot, parcel, folder)
    project = load_project(folder)
    parts = replace(parts, there=frozenset(bundle.name for bundle in parcel))
    found = [outcome_of(partial(_made, name, project, parts)) for name in names]
    made = [item.built.package for item in found if isinstance(item, Made)]
    files = (f"{package.spec.id}/{file.path}" for package in made for file in package.resources)
    back = pack(depot, project.build_folder, files, set(), mark=depot.mark())
    if not depot.is_wanted():
        depot.remove(bundle.name for bundle in back)
    return Answer(found, back)


def _made(name: str, project: Project, parts: Parts) -> Made:
    spec = project.dataset(name)
    built = summary(*build(spec, project, parts.hands(name)))
    return Made(built, stage_inputs(spec, project, built.before.sha256))


def _no_room(error: OSError) -> RunStop:
    code, details = refused_by_system(error)
    return RunStop(code, **details)


def _needed(names: Sequence[str], project: Project) -> Iterator[str]:
    """The files that datasets are built from, by their paths below the project; what is not there is not missed."""
    yield SETTINGS_FILE
    for name in names:
        home = project.root / "datapackages" / name
        places = [home / DATASET_FILE, home / CORRECTIONS_FILE]
        spec = outcome_of(partial(project.dataset, name))
        if not isinstance(spec, OdkitError):
            source = spec.source.path
            places += [source, *(source.with_name(item.format(source.name)) for item in READ_BESIDE)]
        for place in places:
            if place.is_relative_to(project.root) and place.is_file() and os.access(place, os.R_OK):
                yield posixpath.normpath(place.relative_to(project.root).as_posix())
