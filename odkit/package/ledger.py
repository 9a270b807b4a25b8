"""The ledgers beside the data: every change made to a source cell, everything a person should know."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain

from odkit import messages
from odkit.formulas import guarded, none_runs
from odkit.model import Change, CleanTable, Issue, Row
from odkit.project import schema_descriptor

CHANGES, ISSUES = "changes.v1", "issues.v1"


def header(ledger: str) -> list[str]:
    """The columns of a ledger, from its schema in schemas/ledger/."""
    return [field["name"] for field in schema_descriptor(ledger)["fields"]]


def change_rows(tables: Iterable[CleanTable]) -> Iterator[Row]:
    """One row per `Change`: table, file, sheet, cell, row, column, before, after, rule, what the rule does, note.

    Ledgers are opened in spreadsheets: a cell that would run as a formula gets an apostrophe, here as in the data.
    """
    for table in tables:
        for change in table.changes:
            yield _change_row(table.name, change)


def issue_rows(tables: Iterable[CleanTable]) -> Iterator[Row]:
    """One row per `Issue`: severity, code, file, sheet, cell, row, column, value, message, way out (Japanese)."""
    for issue in chain.from_iterable(table.issues for table in tables):
        row = _issue_row(issue)
        yield _guarded(row, row)


def _guarded(row: Row, told: Iterable[str]) -> Row:
    """A row without formulas; `told` are its cells that are not of our own making."""
    return row if none_runs(told) else tuple(map(guarded, row))


def _change_row(name: str, change: Change) -> Row:
    where = change.where
    file, sheet, field, before, after, note = told = (
        *(where.file, where.sheet, where.field),
        *(change.before, change.after, change.note),
    )
    place = (file, sheet, where.cell if where.column else "", str(where.row or ""), field)
    return _guarded((name, *place, before, after, change.rule, _explained(change.rule), note), told)


@lru_cache(256)
def _explained(rule: str) -> str:
    return messages.text(f"rule.{rule}", "ja")


def _issue_row(issue: Issue) -> Row:
    where = issue.where
    place = (where.file, where.sheet, where.cell, str(where.row or ""), where.field, issue.value)
    said = (messages.text(issue.code, "ja", issue.facts, part) for part in ("message", "fix"))
    return (str(issue.severity), issue.code, *place, *said)


def change_reason(change: Change, lang: str) -> str:
    """Why a cell was changed: what the rule does, and the reason that a person gave."""
    return ": ".join(filter(None, (messages.text(f"rule.{change.rule}", lang), change.note)))
