"""Results as people read them on a terminal: tables, ledgers, scores."""

from __future__ import annotations

import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import NamedTuple

import click
from rich.console import Console
from rich.table import Table

from odkit import messages
from odkit.model import Change, CleanTable, ColumnMatch, Issue, Publication, Score, SourceTable, column_letters
from odkit.package.ledger import change_reason

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
            _plain(heading), justify="right" if at in numbers else "left", overflow="fold", no_wrap=at in numbers
        )
    for row in rows:
        made.add_row(*(_plain(cell) for cell in row))
    return made


def publications(results: Sequence[Publication], lang: str) -> Table:
    """One line per dataset: rows, changes, issues, stage before → after, what happened, address."""
    names = ("dataset", "rows", "changes", "issues", "stage", "portal", "address")
    headings = [messages.text(f"cli.column-{name}", lang) for name in names]
    return table(headings, [_publication_row(item, lang) for item in results], numbers=(1, 2, 3))


PAGE = 1000
"""Lines of a ledger that are laid out at a time."""
OF_COLUMNS = frozenset({"clean.missing-column", "clean.extra-column"})
"""Codes that say the same of a whole column, and no more than its name."""
_BLANK = r"(?:[^\S\n]|[\ufeff\u200b])+"
_EDGES = re.compile(rf"\A{_BLANK}|{_BLANK}\Z")
ALIKE = 5
"""Issues of one kind in one column that are told one by one."""


def publication_summary(item: Publication) -> dict[str, object]:
    """The same facts for machines."""
    built = item.built
    return {
        "dataset": built.package.spec.id,
        "rows": built.rows,
        "changes": built.changes,
        "issues": sum(built.issues.values()),
        "stage_before": built.before.level,
        "stage_after": built.after.level,
        "built": {stage: list(causes) for stage, causes in built.causes.items()},
        "action": item.plan.action,
        "address": item.address,
    }


def issues(found: Iterable[Issue], lang: str) -> list[str]:
    """Each issue in words: severity, place, what, way out.

    Of many alike in one column, and of many columns of which the same is said, the first and what more there is.
    """
    lines: list[str] = []
    count: Counter[_Kind] = Counter()
    named: defaultdict[_Kind, list[str]] = defaultdict(list)
    for issue in found:
        kind = _Kind.of(issue)
        count[kind] += 1
        if count[kind] <= ALIKE:
            severity = messages.text(f"cli.severity-{issue.severity}", lang)
            lines.append(f"[{severity}] {messages.sentence(issue.code, lang, _facts(issue, lang))}")
        elif kind.is_of_columns or count[kind] <= 2 * ALIKE:
            named[kind].append("".join(issue.where.field.split()) if kind.is_of_columns else issue.where.cell)
    more = (kind for kind in count if count[kind] > ALIKE)
    return lines + [_more_alike(kind, count[kind] - ALIKE, named[kind], lang) for kind in more]


def _facts(issue: Issue, lang: str) -> dict[str, str]:
    """The facts of an issue; a row without a column is called one, for a bare number says nothing."""
    facts = issue.facts
    is_row = facts["cell"].isdecimal()
    return facts | {"cell": messages.text("cli.column-row", lang, {"row": facts["cell"]})} if is_row else facts


class _Kind(NamedTuple):
    """Issues that say the same: of the cells of one column, or (then without `field`) each of a whole column."""

    code: str
    severity: str
    file: str
    sheet: str
    field: str
    is_of_columns: bool

    @classmethod
    def of(cls, issue: Issue) -> _Kind:
        """The kind of one issue."""
        where = issue.where
        is_of_columns = issue.code in OF_COLUMNS
        field = "" if is_of_columns else where.field
        return cls(issue.code, str(issue.severity), where.file, where.sheet, field, is_of_columns)


def _more_alike(kind: _Kind, count: int, names: list[str], lang: str) -> str:
    named = ", ".join(filter(None, names)) + "…" * (count > len(names))
    details = {"code": kind.code, "file": kind.file, "field": kind.field, "count": f"{count:,}", "cells": named}
    return messages.sentence("cli.more-columns" if kind.is_of_columns else "cli.more-alike", lang, details)


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
        lines += [messages.text(f"cli.read-{name}", lang, {"row": str(x.row), "text": _plain(x.text)}) for x in outside]
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
    return "?" if score.level is None else str(score.level)


def _publication_row(item: Publication, lang: str) -> tuple[str, ...]:
    summary = publication_summary(item)
    return (
        str(summary["dataset"]),
        str(summary["rows"]),
        str(summary["changes"]),
        str(summary["issues"]),
        f"{stages(item.built.before)} → {stages(item.built.after)}",
        messages.text(f"cli.action-{item.plan.action}", lang),
        item.address,
    )


def visible(text: str) -> str:
    """Text from strangers for the terminal: no control characters, line breaks as a sign."""
    return "".join(char if char.isprintable() or char == "\u3000" else "⏎" if char == "\n" else " " for char in text)


def _plain(text: str) -> str:
    # Cells come from strangers: no markup, no control characters on the terminal.
    return visible(text).replace("[", "\\[")
