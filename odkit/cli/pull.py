"""``odkit pull``: data packages from any CKAN, verified by their hashes, kept up to date in a folder."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import click
import requests

from odkit.cli import base, show
from odkit.cli.portals import embedded_line
from odkit.errors import UsageError
from odkit.project import load_project
from odkit.push import CONVERTERS, Fetcher, Portal, Pulled, Rules, connect, guarded_session, pull

TOLD = {"pulled": "push.pull-pulled", "unchanged": "push.pull-unchanged"}
MEBIBYTE = 1 << 20


@click.command("pull", cls=base.Command, help="pull")
@click.argument("names", nargs=-1, metavar="NAME...")
@base.option("--portal", "portal_name", help="pull-portal", metavar="URL", default="")
@base.option("--organization", help="pull-organization", metavar="NAME", default="")
@base.option("-o", "--output", "root", help="pull-output", type=click.Path(path_type=Path), default=Path("pulled"))
@base.option("--as", "form", help="pull-as", type=click.Choice(sorted(CONVERTERS)))
@base.option("--most-mb", help="pull-most", type=click.IntRange(min=1), default=1024, show_default=True)
@base.in_project
@base.writes_json
@base.speaks
def command(
    *,
    names: Sequence[str],
    portal_name: str,
    organization: str,
    root: Path,
    form: str | None,
    most_mb: int,
    start: Path,
    as_json: bool,
    lang: str,
) -> int:
    """Pull one dataset after the other; one that fails does not stop the others."""
    if not names and not organization:
        raise UsageError("push.pull-what")
    failures, results = base.Failures(lang), []
    with _opened(portal_name, start) as (portal, session):
        wanted = [_dataset_name(name) for name in names] or portal.names(organization)
        fetcher = Fetcher(portal.url, session, portal.rules, most_mb * MEBIBYTE)
        for name in failures.each(wanted):
            with failures.caught(name):
                pulled = pull(name, portal, fetcher, root)
                made = CONVERTERS[form](pulled.folder) if form else []
                _tell(pulled, lang)
                results.append({**_facts(pulled), **({"made": [path.name for path in made]} if form else {})})
    _show(results, lang, as_json=as_json)
    return failures.exit_code


@contextmanager
def _opened(portal_name: str, start: Path) -> Iterator[tuple[Portal, requests.Session]]:
    """A portal to read from, without a token: an address, or one that publish.toml names."""
    if portal_name.startswith(("http://", "https://")):
        url, own = portal_name.rstrip("/"), requests.Session()
    else:
        spec = load_project(start).portal(portal_name)
        url, own = spec.url, embedded_line(spec) if spec.kind == "embedded" else requests.Session()
    with guarded_session(url, own) as session, connect(url, session=session, rules=Rules()) as portal:
        yield portal, session


def _dataset_name(text: str) -> str:
    """The name of a dataset, also from the address of its page."""
    return text.rstrip("/").rpartition("/dataset/")[2].partition("?")[0]


def _tell(pulled: Pulled, lang: str) -> None:
    if pulled.note and pulled.action != "unchanged":
        base.say("push.pull-note", lang, dataset=pulled.name, note=pulled.note)
    base.words(*show.issues(pulled.issues, lang))


def _facts(pulled: Pulled) -> dict[str, object]:
    folder = pulled.folder.as_posix()
    return {
        "dataset": pulled.name,
        "action": pulled.action,
        "files": pulled.files,
        "bytes": pulled.bytes,
        "folder": folder,
    }


def _show(results: list[dict[str, object]], lang: str, *, as_json: bool) -> None:
    if as_json:
        base.show_json(results)
        return
    for result in results:
        dataset, folder = str(result["dataset"]), str(result["folder"])
        counts = {name: f"{result[name]:,}" for name in ("files", "bytes")}
        base.say(TOLD[str(result["action"])], lang, dataset=dataset, folder=folder, **counts)
        for name in cast("list[str]", result.get("made", [])):
            base.say("push.pull-made", lang, dataset=dataset, file=(Path(folder).parent / name).as_posix())
