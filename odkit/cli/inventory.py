"""``odkit inventory``: who publishes which recommended dataset at which stage, against the targets."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import NoneType

import click
import requests

from odkit.cli import base, show
from odkit.errors import DeclarationError, OdkitError, PortalError
from odkit.inventory import (
    BUILT,
    DECLARED,
    LISTING,
    LISTING_SCHEMA,
    Holding,
    Inventory,
    listing,
    load_targets,
    recommended,
    render_page,
    report,
    shown_holding,
    take_stock,
)
from odkit.model import DatasetSpec, Issue, Publisher, Severity, SourceSpec, Where
from odkit.package import exclusive, write_csv
from odkit.portal import create_app, embedded_session
from odkit.project import Project, find_licence, load_project, load_schema, municipalities
from odkit.publish import build
from odkit.push import all_datasets, connect
from odkit.read import look_into_xls
from odkit.score import Rules, score_file

SCORES = "score.json"
LISTS = "lists"


@dataclass
class Seen:
    """What was found on the way: holdings, the datasets of each portal, and what went wrong."""

    holdings: list[Holding] = field(default_factory=list)
    shown: dict[str, list[Mapping[str, object]]] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)
    exit_code: int = 0


@click.command("inventory", cls=base.Command, help="inventory")
@base.option("--portal", "portals", help="portals", multiple=True, metavar="NAME|URL")
@base.option("--lists", help="lists", is_flag=True)
@base.option("-o", "--output", help="output-page", type=click.Path(path_type=Path, dir_okay=False))
@base.in_project
@base.writes_json
@base.speaks
def command(*, portals: Sequence[str], lists: bool, output: Path | None, start: Path, as_json: bool, lang: str) -> int:
    """Take stock of a project and of portals; a portal that does not answer is told and left out."""
    project = load_project(start)
    targets = load_targets(project.root)
    seen = Seen()
    _look_at_project(project, seen)
    for name in portals or (project.default_portal,):
        _look_at_portal(project, name, seen)
    found = take_stock(seen.holdings, targets, seen.issues)
    if output is not None:
        output.write_text(render_page(found, list(seen.shown), lang), encoding="utf-8", newline="\n")
    if as_json:
        base.show_json(report.everything(found, lang))
    else:
        _show(found, lang)
    base.words(*show.issues(found.issues, lang))
    if lists:
        _build_lists(project, found, seen, lang)
    return seen.exit_code


def _look_at_project(project: Project, seen: Seen) -> None:
    """Every declared dataset, built or not; a declaration or source that cannot be read is an issue."""
    for dataset_id in project.dataset_ids():
        try:
            seen.holdings.append(_declared(project.dataset(dataset_id), project, seen))
        except OdkitError as error:
            where = Where(file=f"datapackages/{dataset_id}")
            details = {"dataset": dataset_id, "error": error.code}
            seen.issues.append(_issue("inventory.unreadable", where, details))


def _declared(spec: DatasetSpec, project: Project, seen: Seen) -> Holding:
    name = load_schema(spec.standard).name
    scores = project.build_folder / spec.id / SCORES
    levels = _levels(scores) if scores.is_file() else None
    if levels is not None:
        (before, stage), state = levels, BUILT
    else:
        if scores.is_file():
            where = Where(file=f"{project.build_folder.name}/{spec.id}/{SCORES}")
            seen.issues.append(_issue("inventory.score-damaged", where, {"dataset": spec.id}))
        rules = Rules(look=look_into_xls)
        before = stage = score_file(spec.source.path, spec.licence.id, target=spec.source.path.name, rules=rules).level
        state = DECLARED
    return Holding(
        key=spec.portal_name,
        code=spec.publisher.code,
        standard=name if name in recommended() else "",
        title=spec.title,
        other=name not in recommended(),
        state=state,
        stage=stage,
        source_stage=before,
        licence=spec.licence.id,
    )


def _levels(scores: Path) -> tuple[int | None, int | None] | None:
    """The stages of the source and of the package, as a build noted them; None where the file is damaged."""
    try:
        found = json.loads(scores.read_text(encoding="utf-8"))
        before, after = found["before"]["level"], found["after"]["level"]
    except (ValueError, KeyError, TypeError):
        return None
    return (before, after) if {type(before), type(after)} <= {int, NoneType} else None


def _look_at_portal(project: Project, name: str, seen: Seen) -> None:
    """Every public dataset of a portal, by its name in publish.toml or its address."""
    url = name
    try:
        spec = None if "://" in name else project.portal(name)
        url = spec.url if spec else name.rstrip("/")
        session: requests.Session | None = None
        if spec is not None and spec.kind == "embedded":
            if not spec.folder.is_dir():
                seen.shown[url] = []
                return
            session = embedded_session(create_app(spec.folder, site_url=spec.url), spec.url)
        with connect(url, session=session) as portal:
            if portal.url in seen.shown:  # named twice
                return
            seen.shown[portal.url] = list(all_datasets(portal))
            seen.holdings += [shown_holding(item, portal.url) for item in seen.shown[portal.url]]
    except PortalError as error:
        details = {"portal": url, "error": error.code}
        seen.issues.append(_issue("inventory.unreachable", Where(file=url), details))
        seen.exit_code = error.exit_code


def _issue(code: str, where: Where, details: Mapping[str, str]) -> Issue:
    return Issue(code=code, severity=Severity.ERROR, where=where, value=where.file, details=details)


def _show(found: Inventory, lang: str) -> None:
    for line in report.summary(found, lang):
        click.echo(line)
    for table in (report.matrix(found, lang), report.details(found, lang)):
        click.echo()
        show.show_table(show.table(*table))
    click.echo()
    for line in report.step_lines(found, lang):
        click.echo(f"→ {line}")


def _build_lists(project: Project, found: Inventory, seen: Seen, lang: str) -> None:
    """The オープンデータ一覧 of each publisher on the portals: a package of its own in build/, scored."""
    failures = base.Failures(lang)
    for code in found.publishers:
        with failures.caught(code):
            _build_list(project, code, seen, lang)
    seen.exit_code = max(seen.exit_code, failures.exit_code)


def _build_list(project: Project, code: str, seen: Seen, lang: str) -> None:
    tables = [listing(shown, code, place) for place, shown in seen.shown.items()]
    rows = [row for _, listed in tables for row in listed]
    if not rows:
        return
    if f"{code}/{LISTING}" in project.dataset_ids():
        base.words(*show.issues([_list_declared(code)], lang))
        return
    source = project.build_folder / LISTS / f"{code}_{LISTING}.csv"
    source.parent.mkdir(parents=True, exist_ok=True)
    write_csv(source, tables[0][0], rows, "utf-8-sig")
    spec = _list_spec(project, code, source)
    with exclusive(project.lock_file(spec.id)):
        _, _, after = build(spec, project)
    stage = "?" if after.level is None else after.level
    base.say("inventory.listed", lang, dataset=spec.id, rows=len(rows), stage=stage)


def _list_declared(code: str) -> Issue:
    """A list that people made is kept, which is nothing wrong."""
    where = Where(file=f"datapackages/{code}/{LISTING}")
    details = {"dataset": f"{code}/{LISTING}"}
    return replace(_issue("inventory.list-declared", where, details), severity=Severity.NOTE)


def _list_spec(project: Project, code: str, source: Path) -> DatasetSpec:
    """The declaration of a list, made from the publisher's code and the project's defaults."""
    government = municipalities()[code]
    unknown = Publisher(code=code, name=code, title=government.name, title_en=government.name_en)
    publisher = project.publishers.get(code, unknown)
    stated = str(project.defaults.get("licence", ""))
    licence = find_licence(stated)
    if licence is None:
        raise DeclarationError("project.unknown-licence", file="publish.toml", value=stated)
    return DatasetSpec(
        id=f"{code}/{LISTING}",
        name=LISTING,
        title=f"{publisher.title} オープンデータ一覧",
        title_en=f"List of open data of {publisher.title_en or publisher.title}",
        description=f"{publisher.title}がポータルで公開しているデータセットとファイルの一覧。",
        description_en=f"The datasets and files that {publisher.title_en or publisher.title} publishes on its portal.",
        publisher=publisher,
        source=SourceSpec(path=source),
        standard=LISTING_SCHEMA,
        licence=licence,
        encoding=str(project.defaults.get("encoding", "utf-8-sig")),
        update_cycle=str(project.defaults.get("update_cycle", "")),
        tags=tuple(project.defaults.get("tags", ())),
    )
