"""``odkit push``: packages that are built, to a portal; and what becomes of a dataset there later."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from odkit.cli import base, show
from odkit.cli.portals import Portals
from odkit.cli.stages import each_dataset, show_results
from odkit.errors import UsageError
from odkit.model import DatasetSpec, PushPlan
from odkit.package import load_package
from odkit.project import Project, load_project
from odkit.push import Portal, Rules, apply_plan, describe, make_plan, plan_withdrawal
from odkit.score import score_package

Stage = Callable[[Project, DatasetSpec], dict[str, object]]


@click.command("push", cls=base.Command, help="push")
@base.option("--withdraw", "reason", help="withdraw", metavar="REASON", default="")
@base.option("--restore", help="restore", is_flag=True)
@base.option("--adopt", help="adopt", is_flag=True)
@base.option("--rename-from", help="rename-from", metavar="NAME", default="")
@base.to_portal
def command(
    *,
    datasets: Sequence[str],
    reason: str,
    restore: bool,
    adopt: bool,
    rename_from: str,
    portal_name: str,
    dry_run: bool,
    exit_code: bool,
    accept_changes: bool,
    start: Path,
    as_json: bool,
    lang: str,
) -> int:
    """Plan and, without --dry-run, carry out exactly that plan."""
    if len(datasets) != 1 and (reason or restore or adopt or rename_from):
        raise UsageError("push.one-dataset")
    project = load_project(start)
    rules = Rules(accept_changes=accept_changes, restore=restore, adopt=adopt, rename_from=rename_from)
    with Portals(project, project.portal(portal_name), lang, project.select(datasets), rules) as portals:
        stage = _stage(portals, lang, reason, dry_run=dry_run)
        results, code = each_dataset(datasets, start, lang, stage)
    show_results(results, lang, as_json=as_json)
    pending = dry_run and exit_code and any(result["action"] != "unchanged" for result in results)
    return code or (4 if pending else 0)


def _stage(portals: Portals, lang: str, reason: str, *, dry_run: bool) -> Stage:
    """What is done with one dataset: it is published, or withdrawn for `reason`."""

    def carry_out(plan: PushPlan, spec: DatasetSpec, portal: Portal, folder: Path) -> dict[str, object]:
        base.words(f"{spec.id}:", *(f"  {line}" for line in describe(plan, lang)))
        base.words(*show.issues(plan.issues, lang))
        if not dry_run:
            apply_plan(plan, portal, folder)
        return {"action": plan.action, "address": portal.address(spec.portal_name)}

    def published(project: Project, spec: DatasetSpec) -> dict[str, object]:
        package = load_package(spec, project.build_folder / spec.id)
        portal = portals.claim(spec.id)
        plan = make_plan(package, score_package(package), portal)
        return carry_out(plan, spec, portal, package.folder)

    def withdrawn(_: Project, spec: DatasetSpec) -> dict[str, object]:
        portal = portals.of(spec.publisher.code)
        with TemporaryDirectory() as folder:
            return carry_out(plan_withdrawal(spec, portal, reason, Path(folder)), spec, portal, Path(folder))

    return withdrawn if reason else published
