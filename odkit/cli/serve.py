"""``odkit serve``: the embedded portal on a loopback port."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import click

from odkit.cli import base
from odkit.diagnose import Doctor
from odkit.errors import UsageError
from odkit.portal import create_site, serve
from odkit.portal.scoring import add_scoring
from odkit.project import load_project


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
    base.say("cli.serving", lang, url=url)
    try:
        site = create_site(spec.folder, site_url=url)
        add_scoring(site, Doctor(project.base_uri))
        serve(site, "127.0.0.1", port)
    except OSError as error:
        raise UsageError("cli.port-in-use", port=port, other=port + 1, reason=error.strerror or error) from error
    return 0
