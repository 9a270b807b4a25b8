"""``odkit publish``: the whole journey of the declared datasets.

Where nothing has changed, nothing of odkit's stages is loaded: `odkit.cli.journey` is, as soon as one dataset needs it.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from odkit.cli import base
from odkit.cli.causes import explained
from odkit.cli.glance import Overview
from odkit.cli.told import Told
from odkit.errors import UsageError

if TYPE_CHECKING:
    from odkit.cli.journey import Journey


@click.command("publish", cls=base.Command, help="publish")
@base.option("--explain", help="explain", is_flag=True)
@base.option("--jobs", help="jobs", type=click.IntRange(min=1), metavar="N")
@base.option("--scheduler", help="scheduler", metavar="ADDRESS")
@base.option("--store", help="store", metavar="ADDRESS")
@base.to_portal
@base.fails_on
def command(
    *,
    explain: bool,
    jobs: int | None,
    scheduler: str | None,
    store: str | None,
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
    for address, wrong in ((scheduler, "cli.scheduler-address"), (store, "cli.store-address")):
        if address == "":  # a variable of a script, say, that was not set
            raise UsageError(wrong, address='""')
    if store and not scheduler:
        raise UsageError("cli.store-needs-scheduler")
    # What a plan would say, or another computer would do, is not told from what earlier runs know.
    is_plain = not (scheduler or dry_run or accept_changes)
    overview = Overview.of(start, portal_name, datasets) if is_plain else Overview()
    if overview.is_complete:
        results, code, (kind, url) = overview.results(lang), 0, overview.portal
    else:
        journey = cast("type[Journey]", import_module("odkit.cli.journey").Journey)(
            start, portal_name, datasets, lang, overview, accept_changes=accept_changes, dry_run=dry_run
        )
        results, code = journey.publish(jobs, scheduler or "", store or "")
        kind, url = journey.portal
    if explain:
        base.words(*(line for item in results for line in explained(item.dataset, item.causes, lang)))
    _show(results, lang, as_json=as_json)
    if results:
        base.say("cli.next-dry-run" if dry_run else f"cli.next-{kind}", lang, url=url, build="build")
    failing = {item.dataset: base.failing(item.issues, fail_on) for item in results}
    for name, count in failing.items():
        if count:
            base.say("cli.issues-left", lang, dataset=name, count=count, file=f"build/{name}/issues.csv")
    pending = dry_run and exit_code and any(item.action != "unchanged" for item in results)
    return code or (1 if any(failing.values()) else 4 if pending else 0)


def _show(results: Sequence[Told], lang: str, *, as_json: bool) -> None:
    if as_json:
        base.show_json([item.summary() for item in results])
    elif results:
        tables = import_module("odkit.cli.tables")
        tables.show_table(tables.publications(results, lang))
