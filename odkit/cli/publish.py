"""``odkit publish``: the whole journey of the declared datasets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import click

from odkit.cli import base, show
from odkit.cli.causes import explained
from odkit.cli.portals import Portals
from odkit.errors import OdkitError
from odkit.many import prepare_all
from odkit.model import Built, Publication
from odkit.project import Project, load_project
from odkit.publish import send
from odkit.push import Rules, describe
from odkit.schedule import Crew, Outcome, crew_of


@click.command("publish", cls=base.Command, help="publish")
@base.option("--explain", help="explain", is_flag=True)
@base.option("--jobs", help="jobs", type=click.IntRange(min=1), metavar="N")
@base.option("--scheduler", help="scheduler", metavar="ADDRESS", default="")
@base.to_portal
@base.fails_on
def command(
    *,
    explain: bool,
    jobs: int | None,
    scheduler: str,
    datasets: Sequence[str],
    portal_name: str,
    dry_run: bool,
    exit_code: bool,
    accept_changes: bool,
    fail_on: str,
    start: Path,
    as_json: bool,
    lang: str,
) -> int:
    """Build and push; one dataset that fails does not stop the others."""
    project = load_project(start)
    spec = project.portal(portal_name)
    wanted = project.select(datasets)
    with Portals(project, spec, lang, wanted, Rules(accept_changes=accept_changes)) as portals:
        results, code = _publish_each(wanted, project, portals, crew_of(jobs, scheduler), lang, dry_run=dry_run)
    if explain:
        base.words(*(line for item in results for line in explained(item.built, lang)))
    if as_json:
        base.show_json([show.publication_summary(item) for item in results])
    elif results:
        show.show_table(show.publications(results, lang))
    if results:
        next_code = "cli.next-dry-run" if dry_run else f"cli.next-{spec.kind}"
        base.say(next_code, lang, url=spec.url, build=project.build_folder.name)
    failing = {item.built.package.spec.id: base.failing(item.built.issues, fail_on) for item in results}
    for name, count in failing.items():
        if count:
            base.say("cli.issues-left", lang, dataset=name, count=count, file=f"build/{name}/issues.csv")
    pending = dry_run and exit_code and any(item.plan.action != "unchanged" for item in results)
    return code or (1 if any(failing.values()) else 4 if pending else 0)


def _publish_each(
    wanted: Sequence[str], project: Project, portals: Portals, crew: Crew, lang: str, *, dry_run: bool
) -> tuple[list[Publication], int]:
    """Packages come as they are done, in order; one process brings them to the portal."""
    results: list[Publication] = []
    failures = base.Failures(lang, by_publisher=True)
    with closing(prepare_all(wanted, project, crew)) as prepared:
        for dataset_id in failures.each(wanted):
            with failures.caught(dataset_id):
                # Before anything is built: what is the use without a token.
                portal = portals.of(project.publisher_of(dataset_id).code)
                built = _of(dataset_id, prepared)
                item = send(built, project, portal, dry_run=dry_run)
                results.append(item)
                base.words(*show.issues(item.plan.issues, lang))
                if dry_run:
                    base.words(f"{dataset_id}:", *(f"  {line}" for line in describe(item.plan, lang)))
    return results, failures.exit_code


def _of(dataset_id: str, prepared: Iterator[tuple[str, Outcome]]) -> Built:
    """What became of a dataset; those before it that nobody asked for are passed over."""
    outcome = next(outcome for name, outcome in prepared if name == dataset_id)
    if isinstance(outcome, OdkitError):
        raise outcome
    return outcome
