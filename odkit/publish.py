"""READ FIRST: the journey, read -> clean -> package -> rdf -> score -> push, as one short function."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Protocol, TypeVar

from odkit.cache import Inputs, Past
from odkit.clean import clean_table, conform, hold_back
from odkit.collector import collector_paused
from odkit.indicators import dated_headings, tidy_tables
from odkit.model import ALONE, Built, CleanTable, DatasetSpec, Hands, Package, Publication, Score
from odkit.package import add_files, build_package, exclusive, seal_package, staged_folder
from odkit.project import Project, accepted_beside, load_schema
from odkit.push import Portal, apply_plan, make_plan
from odkit.rdf import Chunk, note_unmapped, survey, write_rdf
from odkit.read import look_into_xls, read_source
from odkit.score import Rules, Scoring, stage_summary, write_scores

Result = TypeVar("Result")


def publish(spec: DatasetSpec, project: Project, portal: Portal, *, dry_run: bool = False) -> Publication:
    """Take one declared dataset the whole way; with `dry_run` the portal is only read.

    Raises SourceError where the source is no table, HeldBack where it has personal data that nobody has allowed,
    PortalError where the portal refuses. Bad data is in the package's ledger of issues, and nothing half-built or
    half-sent is left behind.
    """
    return send(prepare(spec, project), project, portal, dry_run=dry_run)


def prepare(spec: DatasetSpec, project: Project, hands: Hands = ALONE) -> Built:
    """The package in build/: the one that stands there, or where something has changed one of the stages that must run.

    `hands` take part where its table is large. Raises as `publish` does, apart from the portal.
    """
    with exclusive(project.lock_file(spec.id)):
        past = Past(spec, project)
        return past.standing() or past.settle(*_build(spec, project, past.stage, hands))


def standing(dataset_id: str, project: Project) -> Built | None:
    """The package of a dataset that stands in build/, where nothing would be built; raises DeclarationError."""
    # Without the lock: where somebody is at work on it, it does not stand, and `prepare` waits for them.
    return Past(project.dataset(dataset_id), project).standing()


def take_in(dataset_id: str, project: Project, built: Built, inputs: Inputs, folder: Path) -> Built:
    """The package in build/, by the files in `folder`, which somebody else has `built` from `inputs`.

    The files are moved. Raises as `prepare` does where this project does not allow it any more.
    """
    with exclusive(project.lock_file(dataset_id)):
        past = Past(project.dataset(dataset_id), project)
        if there := past.standing():
            return there
        with staged_folder(project.build_folder / dataset_id) as staged:
            for item in built.package.resources:
                shutil.move(folder / item.path, staged / item.path)
        return past.adopt(built, inputs)


def send(built: Built, project: Project, portal: Portal, *, dry_run: bool = False) -> Publication:
    """Bring a package of build/ to the portal; raises PortalError."""
    package = built.package
    with exclusive(project.lock_file(package.spec.id)):
        plan = make_plan(package, built.after, portal, before=built.before)
        if not dry_run:
            apply_plan(plan, portal, package.folder)
    return Publication(built=built, plan=plan, address=portal.address(package.spec.portal_name))


def build(spec: DatasetSpec, project: Project, hands: Hands = ALONE) -> tuple[Package, Score, Score]:
    """Everything before the portal, whatever earlier runs know: the package, the source's stage and the package's."""
    return _build(spec, project, _anew, hands)


class Stage(Protocol):
    """Runs one stage, which writes its files into a folder, or knows what it comes to."""

    def __call__(self, name: str, folder: Path, make: Callable[[], Result], /) -> Result:
        """What the stage `name` comes to; `make` runs it."""


def _anew(_: str, __: Path, make: Callable[[], Result], /) -> Result:
    return make()


def _build(spec: DatasetSpec, project: Project, stage: Stage, hands: Hands) -> tuple[Package, Score, Score]:
    final, base_uri, seen = project.build_folder / spec.id, project.base_uri, dict[str, Chunk]()
    with staged_folder(final) as folder:
        package = stage("package", folder, lambda: _packed(spec, _tables(spec, stage, folder), folder, base_uri))
        rdf = stage("rdf", folder, lambda: write_rdf(package, base_uri, hands=hands, seen=seen))
        package = add_files(package, rdf)
        rules = Rules(accepted=accepted_beside(spec.source.path), conform=conform, look=look_into_xls, drawn=False)
        with closing(Scoring(package, rules, lambda: survey(package, base_uri, seen), hands)) as scoring:
            before = stage("source-score", folder, scoring.of_source)
            after = stage("score", folder, scoring.of_package)
        package = add_files(package, [write_scores(before, after, folder)])
        package = seal_package(package, {"odkit:stage": stage_summary(before, after)}, whole_numbers=True)
    return replace(package, folder=final), before, after


def build_data(spec: DatasetSpec, project: Project) -> Package:
    """The first three stages alone: a package without RDF and score."""
    final = project.build_folder / spec.id
    with staged_folder(final) as folder:
        package = _packed(spec, _tables(spec, _anew, folder), folder, project.base_uri)
        package = seal_package(package, {})
    return replace(package, folder=final)


def _packed(spec: DatasetSpec, tables: Sequence[CleanTable], folder: Path, base_uri: str) -> Package:
    with collector_paused():
        package = build_package(spec, tables, folder, base_uri)
    if "xlsx" not in spec.also_as:
        return package
    # Few ask for a workbook, and what writes it takes as long to load as ten packages to build.
    add_workbook: Callable[[Package], Package] = import_module("odkit.package.published").add_workbook
    return add_workbook(package)


def _tables(spec: DatasetSpec, stage: Stage, folder: Path) -> tuple[CleanTable, ...]:
    return stage("clean", folder, lambda: _cleaned(spec))


def _cleaned(spec: DatasetSpec) -> tuple[CleanTable, ...]:
    with collector_paused():
        source = read_source(spec.source, spec.source.path.name)
        schema = load_schema(spec.standard)
        headings = {**dated_headings(source.headings, schema), **spec.headings}
        table = clean_table(source, schema, spec.publisher, headings, decisions=spec.decisions)
        hold_back(table)
        return tuple(map(note_unmapped, (table, *tidy_tables(table))))
