"""Results as people read them on a terminal: tables, ledgers, scores."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import islice

from rich.table import Table

from odkit import messages
from odkit.cli.remarks import issues
from odkit.cli.tables import console, level, plain, publications, show_table, table, visible
from odkit.model import Change, CleanTable, ColumnMatch, Issue, Score, SourceTable, column_letters
from odkit.package.ledger import change_reason

__all__ = [
    "changes",
    "columns",
    "console",
    "heading_lines",
    "issues",
    "meanings",
    "publications",
    "records",
    "show_changes",
    "show_table",
    "source",
    "stages",
    "table",
    "visible",
]

PAGE = 1000
"""Lines of a ledger that are laid out at a time."""
_BLANK = r"(?:[^\S\n]|[\ufeff\u200b])+"
_EDGES = re.compile(rf"\A{_BLANK}|{_BLANK}\Z")


def show_changes(made: Iterable[Change], lang: str) -> None:
    """Print the ledger of changes, `PAGE` lines at a time: a large one would not fit as a whole."""
    each = iter(made)
    page = list(islice(each, PAGE))
    show_table(changes(page, lang))
    while page := list(islice(each, PAGE)):
        show_table(changes(page, lang))


def changes(made: Iterable[Change], lang: str) -> Table:
    """The ledger of changes: cell, column, before, after, why."""
    headings = [messages.text(f"cli.column-{name}", lang) for name in ("cell", "field", "before", "after", "rule")]
    rows = [
        (
            change.where.cell if change.where.column else "-",
            change.where.field,
            _edged(change.before),
            _edged(change.after),
            change_reason(change, lang),
        )
        for change in made
    ]
    return table(headings, rows)


def _edged(value: str) -> str:
    """A value with a sign for each blank at its ends: what nobody sees seems not to have been changed."""
    return _EDGES.sub(lambda found: "␣" * len(found[0]), value)


def source(read: SourceTable, lang: str) -> list[str]:
    """What a source file holds, in a few lines."""
    facts = {
        "file": read.origin.location,
        "encoding": read.encoding or "-",
        "sheet": read.sheet or "-",
        "header": _header(read, lang),
        "columns": str(len(read.headings)),
        "rows": str(len(read.rows)),
    }
    span = _span(read.row_numbers, lang)
    lines = [messages.text("cli.read-summary", lang, facts) + span]
    for name, outside in (("preamble", read.preamble), ("notes", read.notes)):
        lines += [messages.text(f"cli.read-{name}", lang, {"row": str(x.row), "text": plain(x.text)}) for x in outside]
    if read.merged:
        lines.append(messages.text("cli.read-merged", lang, {"ranges": ", ".join(read.merged)}))
    return lines


def _header(read: SourceTable, lang: str) -> str:
    """Which rows are the heading, or that there is none."""
    rows = ", ".join(str(row) for row in read.header_rows)
    return messages.text("cli.read-header", lang, {"rows": rows}) if rows else messages.text("cli.read-headless", lang)


def _span(numbers: Sequence[int], lang: str) -> str:
    """The rows of the file that the data take, in brackets; nothing where there are none."""
    if not len(numbers):
        return ""
    first, last = str(numbers[0]), str(numbers[-1])
    name = "read-row" if first == last else "read-rows"
    return messages.text(f"cli.{name}", lang, {"first": first, "last": last})


def records(read: SourceTable, count: int, lang: str) -> Table:
    """The first rows, a line per column: wide tables stay readable, and each cell has its address."""
    shown = list(islice(zip(read.row_numbers, read.rows, strict=True), count))
    first = read.first_column
    headings = [messages.text(f"cli.column-{name}", lang) for name in ("column", "heading")]
    headings += [messages.text("cli.column-row", lang, {"row": str(number)}) for number, _ in shown]
    lines = [
        (column_letters(first + at), heading, *(cells[at] for _, cells in shown))
        for at, heading in enumerate(read.headings)
    ]
    return table(headings, lines)


def columns(matches: Iterable[ColumnMatch], lang: str) -> Table:
    """Where columns of a cleaned table come from, and how sure that is where it is not certain."""
    headings = [messages.text(f"cli.column-{name}", lang) for name in ("field", "heading", "how", "confidence")]
    rows = [
        (
            match.name,
            match.heading or "-",
            messages.text(f"cli.how-{match.how}", lang),
            f"{match.confidence:.2f}" if match.confidence < 1 else "",
        )
        for match in matches
    ]
    return table(headings, rows)


def meanings(cleaned: CleanTable, lang: str) -> Table:
    """What the columns of a table without a standard were found to mean."""
    found = {field.name: field.meaning for field in cleaned.schema.fields}
    headings = [messages.text(f"cli.column-{name}", lang) for name in ("field", "meaning")]
    rows = [
        (match.name, messages.text(f"cli.meaning-{found.get(match.name, 'text')}", lang)) for match in cleaned.matches
    ]
    return table(headings, rows)


def heading_lines(found: Iterable[Issue], lang: str) -> list[str]:
    """What settles the headings that evidence speaks for, ready to be pasted into dataset.toml; [] for none."""
    lines = []
    for issue in found:
        if issue.code in ("clean.heading-evidence", "clean.heading-unsure"):
            best, *others = issue.details["lines"].split("\n")
            lines += [best, *(f"# {line}" for line in others)]
    return [messages.text("cli.headings-to-paste", lang), "[headings]", *lines] if lines else []


def stages(score: Score) -> str:
    """The stage as a figure; ``?`` where it could not be determined."""
    return level(score.level)
