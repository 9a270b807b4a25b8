"""READ FIRST: the journey, read -> clean -> package -> rdf -> score -> push, as one short function."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from odkit.clean import clean_table, conform, hold_back
from odkit.indicators import tidy_tables
from odkit.model import DatasetSpec, Package, Publication, Score
from odkit.package import add_files, build_package, exclusive, seal_package, staged_folder
from odkit.project import Project, accepted_beside, load_schema
from odkit.push import Portal, apply_plan, make_plan
from odkit.rdf import note_unmapped, write_rdf
from odkit.read import look_into_xls, read_source
from odkit.score import Rules, score_file, score_package, stage_summary, write_scores


def publish(spec: DatasetSpec, project: Project, portal: Portal, *, dry_run: bool = False) -> Publication:
    """Take one declared dataset the whole way; with `dry_run` the portal is only read.

    Raises SourceError where the source is no table, HeldBack where it has personal data that nobody has allowed,
    PortalError where the portal refuses. Bad data is in the package's ledger of issues, and nothing half-built or
    half-sent is left behind.
    """
    with exclusive(project.lock_file(spec.id)):
        package, before, after = build(spec, project)
        plan = make_plan(package, after, portal, before=before)
        if not dry_run:
            apply_plan(plan, portal, package.folder)
    return Publication(package=package, before=before, after=after, plan=plan, address=portal.address(spec.portal_name))


def build(spec: DatasetSpec, project: Project) -> tuple[Package, Score, Score]:
    """Everything before the portal: the package in build/, the source's stage and the package's."""
    final = project.build_folder / spec.id
    with staged_folder(final) as folder:
        package = _tables(spec, project, folder)
        package = add_files(package, write_rdf(package, project.base_uri))
        rules = Rules(accepted=accepted_beside(spec.source.path), conform=conform, look=look_into_xls)
        before = score_file(spec.source.path, spec.licence.id, target=spec.source.path.name, rules=rules)
        after = score_package(package, rules)
        package = add_files(package, [write_scores(before, after, folder)])
        package = seal_package(package, {"odkit:stage": stage_summary(before, after)})
    return replace(package, folder=final), before, after


def build_data(spec: DatasetSpec, project: Project) -> Package:
    """The first three stages alone: a package without RDF and score."""
    final = project.build_folder / spec.id
    with staged_folder(final) as folder:
        package = seal_package(_tables(spec, project, folder), {})
    return replace(package, folder=final)


def _tables(spec: DatasetSpec, project: Project, folder: Path) -> Package:
    source = read_source(spec.source, spec.source.path.name)
    table = clean_table(source, load_schema(spec.standard), spec.publisher, spec.headings, decisions=spec.decisions)
    hold_back(table)
    tables = tuple(map(note_unmapped, (table, *tidy_tables(table))))
    return build_package(spec, tables, folder, project.base_uri)
