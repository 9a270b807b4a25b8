"""``odkit read``: what a file holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from itertools import islice
from pathlib import Path
from typing import Any

import click

from odkit.cli import base, show
from odkit.model import SourceSpec, SourceTable
from odkit.read import read_source


@click.command("read", cls=base.Command, help="read")
@click.argument("file", type=click.Path(path_type=Path))
@base.finds_table
@base.option("--rows", "shown", help="rows", type=click.IntRange(min=0), default=3, show_default=True)
@base.writes_json
@base.speaks
def command(*, file: Path, shown: int, as_json: bool, lang: str, hints: Mapping[str, Any]) -> int:
    """Read one file as a table and show it as it is."""
    read = read_source(SourceSpec(path=file, **hints), str(file))
    if as_json:
        base.show_json(_facts(read, shown))
        return 0
    console = show.console()
    for line in show.source(read, lang):
        console.print(line, markup=False)
    show.show_table(show.records(read, shown, lang))
    base.words(*show.issues(read.issues, lang))
    return 0


def _facts(read: SourceTable, shown: int) -> dict[str, object]:
    # The rows may be read from the file anew each time they are asked for: only those that are shown.
    facts = asdict(replace(read, rows=(), row_numbers=tuple(read.row_numbers)))
    return facts | {"rows": [list(row) for row in islice(read.rows, shown)], "row_count": len(read.rows)}
