"""``odkit explain``: the help page of a message code."""

from __future__ import annotations

from difflib import get_close_matches
from importlib.resources import files

import click

from odkit.cli import base
from odkit.errors import UsageError


@click.command("explain", cls=base.Command, help="explain")
@click.argument("code", default="")
@base.speaks
def command(*, code: str, lang: str) -> int:
    """Print the page of `code`, or list all codes."""
    pages = {
        page.name.removesuffix(".md"): page
        for page in (files("odkit") / "help" / lang).iterdir()
        if page.name.endswith(".md")
    }
    if not code:
        click.echo("\n".join(sorted(pages)))
        return 0
    if code not in pages:
        near = get_close_matches(code, pages, n=3, cutoff=0.4) or sorted(pages)[:3]
        raise UsageError("cli.unknown-code", code=code, near=", ".join(near))
    click.echo(pages[code].read_text(encoding="utf-8").rstrip("\n"))
    return 0
