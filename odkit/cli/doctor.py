"""``odkit doctor``: is everything ready to publish on a portal, and are the mappings right? Nothing is written."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from odkit.cli import base, show
from odkit.cli.portals import Portals
from odkit.errors import OdkitError
from odkit.model import Issue, Licence, Severity
from odkit.project import Project, load_project
from odkit.push import Rules, examine
from odkit.rdf.doctor import examine_mappings

MAPPINGS = "vocab/mapping"


@click.command("doctor", cls=base.Command, help="doctor")
@base.option("--portal", "portal_name", help="portal", metavar="NAME", default="")
@base.in_project
@base.writes_json
@base.speaks
def command(*, portal_name: str, start: Path, as_json: bool, lang: str) -> int:
    """Examine the mappings, and the portal as each publisher that has datasets, or as all where none has any yet."""
    project = load_project(start)
    licences = _licences(project)
    failures, results = base.Failures(lang, by_publisher=True), []
    with Portals(project, project.portal(portal_name), lang, (), Rules()) as portals:
        for code in failures.each(sorted(licences)):
            with failures.caught(code):
                publisher = project.publishers[code]
                found = examine(portals.of(code), publisher, tuple(licences[code].values()))
                results.append((publisher.title, found))
    mappings = examine_mappings()
    if as_json:
        listed = [{"publisher": title, "findings": list(map(_facts, found))} for title, found in results]
        base.show_json([*listed, {"publisher": "", "mappings": MAPPINGS, "findings": list(map(_facts, mappings))}])
    else:
        for title, found in [*results, (MAPPINGS, mappings)]:
            click.echo(base.visible("\n".join((f"{title}:", *(f"  {line}" for line in show.issues(found, lang))))))
    wrong = any(_is_wrong(found) for _, found in results)
    return failures.exit_code or (3 if wrong else 2 if _is_wrong(mappings) else 0)


def _is_wrong(found: Iterable[Issue]) -> bool:
    return any(issue.severity is Severity.ERROR for issue in found)


def _licences(project: Project) -> dict[str, dict[str, Licence]]:
    """The licences of each publisher's datasets; a declaration that is wrong is for the other commands to tell."""
    found: dict[str, dict[str, Licence]] = {code: {} for code in project.publishers}
    for dataset_id in project.dataset_ids():
        try:
            spec = project.dataset(dataset_id)
        except OdkitError:
            continue
        found[spec.publisher.code][spec.licence.id] = spec.licence
    return {code: licences for code, licences in found.items() if licences} or found


def _facts(issue: Issue) -> dict[str, object]:
    return {"code": issue.code, "severity": issue.severity.value, **issue.details}
