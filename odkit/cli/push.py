"""``odkit push``: packages that are built, to a portal."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from odkit.cli import base, show
from odkit.cli.portals import Portals
from odkit.cli.stages import each_dataset, show_results
from odkit.model import DatasetSpec
from odkit.package import load_package
from odkit.project import Project, load_project
from odkit.push import Rules, apply_plan, describe, make_plan
from odkit.score import score_package


@click.command("push", cls=base.Command, help="push")
@base.to_portal
def command(
    *,
    datasets: Sequence[str],
    portal_name: str,
    dry_run: bool,
    exit_code: bool,
    accept_changes: bool,
    start: Path,
    as_json: bool,
    lang: str,
) -> int:
    """Plan and, without --dry-run, carry out exactly that plan."""
    project = load_project(start)
    rules = Rules(accept_changes=accept_changes)
    with Portals(project, project.portal(portal_name), lang, project.select(datasets), rules) as portals:

        def stage(project: Project, spec: DatasetSpec) -> dict[str, object]:
            package = load_package(spec, project.build_folder / spec.id)
            portal = portals.of(spec.publisher.code)
            plan = make_plan(package, score_package(package), portal)
            base.words(f"{spec.id}:", *(f"  {line}" for line in describe(plan, lang)))
            base.words(*show.issues(plan.issues, lang))
            if not dry_run:
                apply_plan(plan, portal, package.folder)
            return {"action": plan.action, "address": portal.address(spec.portal_name)}

        results, code = each_dataset(datasets, start, lang, stage)
    show_results(results, lang, as_json=as_json)
    pending = dry_run and exit_code and any(result["action"] != "unchanged" for result in results)
    return code or (4 if pending else 0)
