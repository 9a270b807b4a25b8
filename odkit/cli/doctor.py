"""``odkit doctor``: is everything ready to publish on a portal, and are the mappings right? Nothing is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import click

from odkit.cli import base, show
from odkit.cli.portals import Portals
from odkit.errors import OdkitError, PortalStop
from odkit.model import Issue, Licence, Publisher, Severity, Where
from odkit.project import Project, load_project
from odkit.push import Rules, examine
from odkit.rdf.doctor import examine_mappings

MAPPINGS = "vocab/mapping"
LACKING = "push.no-token"

Findings = tuple[Issue, ...]


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
                results.append((publisher.title, _examined(portals, publisher, tuple(licences[code].values()))))
    mappings = examine_mappings()
    if as_json:
        listed = [{"publisher": title, "findings": list(map(_facts, found))} for title, found in results]
        base.show_json([*listed, {"publisher": "", "mappings": MAPPINGS, "findings": list(map(_facts, mappings))}])
    else:
        for title, found in [*_together(results), (MAPPINGS, mappings)]:
            click.echo(base.visible("\n".join((f"{title}:", *(f"  {line}" for line in show.issues(found, lang))))))
    wrong = any(_is_wrong(found) for _, found in results)
    return failures.exit_code or (3 if wrong else 2 if _is_wrong(mappings) else 0)


def _examined(portals: Portals, publisher: Publisher, licences: tuple[Licence, ...]) -> Findings:
    """What there is to know as one publisher; that it has no token is a finding like the others."""
    try:
        portal = portals.of(publisher.code)
    except PortalStop as error:
        if error.code != LACKING:
            raise
        where = Where(file="publish.toml")
        return (Issue(code=LACKING, severity=Severity.ERROR, where=where, details=error.details),)
    return examine(portal, publisher, licences)


def _together(results: Sequence[tuple[str, Findings]]) -> Iterator[tuple[str, Findings]]:
    """The findings by publisher; publishers without a token on one line, for a prefecture has many."""
    lacking = {title: found[0] for title, found in results if found and found[0].code == LACKING}
    yield from ((title, found) for title, found in results if len(lacking) < 2 or title not in lacking)
    if len(lacking) > 1:
        variables = "、".join(str(issue.details["variable"]) for issue in lacking.values())
        first = next(iter(lacking.values()))
        details = {"count": str(len(lacking)), "variables": variables}
        yield "、".join(lacking), (replace(first, code="push.doctor-no-tokens", details=details),)


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
