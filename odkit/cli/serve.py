"""``odkit serve``: the embedded portal on a loopback port."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import click

from odkit.cli import base
from odkit.diagnose import Doctor
from odkit.errors import DeclarationError, UsageError
from odkit.portal import Site, Store, create_site, serve
from odkit.portal.scoring import add_scoring
from odkit.portal.things import Addresses, add_things
from odkit.project import PortalSpec, Project, load_project
from odkit.rdf import documents


@click.command("serve", cls=base.Command, help="serve")
@base.option("--portal", "portal_name", help="portal", metavar="NAME", default="embedded")
@base.option("--port", help="port", type=click.IntRange(1, 65535))
@base.in_project
@base.speaks
def command(*, portal_name: str, port: int | None, start: Path, lang: str) -> int:
    """Serve until Ctrl-C; only this machine can reach it, and nobody can write."""
    project = load_project(start)
    spec = project.portal(portal_name)
    if spec.kind != "embedded":
        raise UsageError("cli.not-embedded", portal=spec.name, url=spec.url)
    port = port or urlsplit(spec.url).port or 8710
    url = f"http://127.0.0.1:{port}"
    if spec.folder.is_dir():
        with Store(spec.folder).reading():  # a damaged one is told of here, not to whoever asks for a page
            pass
    base.say("cli.serving", lang, url=url)
    try:
        serve(site_of(project, spec, url), "127.0.0.1", port)
    except OSError as error:
        raise UsageError("cli.port-in-use", port=port, other=port + 1, reason=error.strerror or error) from error
    return 0


def site_of(project: Project, spec: PortalSpec, url: str) -> Site:
    """The embedded portal with everything that it shows: catalogue, scoring page, the addresses of things."""
    site = create_site(spec.folder, site_url=url)
    add_scoring(site, Doctor(project.base_uri))
    names = partial(_portal_name, project)
    add_things(site, project.base_uri, Addresses(documents=documents(project.base_uri), portal_name=names))
    return site


def _portal_name(project: Project, code: str, dataset: str) -> str:
    """What a dataset is called on the portal; for one that is no longer declared, what it is called by default."""
    try:
        return project.dataset(f"{code}/{dataset}").portal_name
    except DeclarationError:
        return f"{code}_{dataset}"
