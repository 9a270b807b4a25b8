"""``odkit cache``: how much earlier builds have left to save work, and taking it away."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from odkit import messages
from odkit.cache import cache_usage, prune_cache
from odkit.cli import base, show
from odkit.project import load_project


@click.command("cache", cls=base.Command, help="cache")
@base.option("--prune", help="cache-prune", is_flag=True)
@base.option("--clear", help="cache-clear", is_flag=True)
@base.in_project
@base.writes_json
@base.speaks
def command(*, prune: bool, clear: bool, start: Path, as_json: bool, lang: str) -> int:
    """Show what the cache holds; with --prune or --clear, what is left of it."""
    project = load_project(start)
    usage = prune_cache(project, everything=clear) if prune or clear else cache_usage(project)
    if as_json:
        base.show_json(asdict(usage))
    else:
        headings = [messages.text(f"cli.column-{name}", lang) for name in ("cache", "files", "bytes")]
        lines = (("cache-all", usage.files, usage.bytes), ("cache-unused", usage.unused_files, usage.unused_bytes))
        rows = [(messages.text(f"cli.{name}", lang), f"{files:,}", f"{size:,}") for name, files, size in lines]
        show.show_table(show.table(headings, rows, numbers=(1, 2)))
    return 0
