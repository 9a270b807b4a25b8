"""Tables on a terminal, and that of what was published."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence

import click
from rich.console import Console
from rich.table import Table

from odkit import messages
from odkit.cli.told import Told

WIDE = 200
"""The width of a result that goes to a file or a pipe: nothing is folded there."""


def console() -> Console:
    """A console on stdout as it is now (tests and pipes replace it)."""
    return Console(file=sys.stdout, width=None if sys.stdout.isatty() else WIDE, highlight=False, soft_wrap=True)


def show_table(made: Table) -> None:
    """Print a table; what goes to a file carries no blanks at its line ends."""
    screen = console()
    with screen.capture() as captured:
        screen.print(made)
    click.echo("\n".join(line.rstrip() for line in captured.get().splitlines()))


def table(headings: Sequence[str], rows: Iterable[Sequence[str]], numbers: Sequence[int] = ()) -> Table:
    """A plain table; the columns at `numbers` are set to the right."""
    made = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for at, heading in enumerate(headings):
        made.add_column(
            plain(heading), justify="right" if at in numbers else "left", overflow="fold", no_wrap=at in numbers
        )
    for row in rows:
        made.add_row(*(plain(cell) for cell in row))
    return made


def publications(results: Sequence[Told], lang: str) -> Table:
    """One line per dataset: rows, changes, issues, stage before → after, what happened, address."""
    names = ("dataset", "rows", "changes", "issues", "stage", "portal", "address")
    headings = [messages.text(f"cli.column-{name}", lang) for name in names]
    return table(headings, [_publication_row(item, lang) for item in results], numbers=(1, 2, 3))


def _publication_row(item: Told, lang: str) -> tuple[str, ...]:
    return (
        item.dataset,
        str(item.rows),
        str(item.changes),
        str(sum(item.issues.values())),
        f"{level(item.before)} → {level(item.after)}",
        messages.text(f"cli.action-{item.action}", lang),
        item.address,
    )


def level(found: int | None) -> str:
    """A stage as a figure; ``?`` where it could not be determined."""
    return "?" if found is None else str(found)


def visible(text: str) -> str:
    """Text from strangers for the terminal: no control characters, line breaks as a sign."""
    return "".join(char if char.isprintable() or char == "\u3000" else "⏎" if char == "\n" else " " for char in text)


def plain(text: str) -> str:
    """Text from strangers for a table: no markup either."""
    return visible(text).replace("[", "\\[")
