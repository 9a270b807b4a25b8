"""Known errors of the source, put right where the source still has them: corrections.csv."""

from __future__ import annotations

from collections.abc import Iterable

from odkit.clean.draft import Column, Draft
from odkit.clean.values.base import tidy
from odkit.decisions import Correction
from odkit.model import Issue, Severity, TableSchema

KEY = "ID"


def apply_corrections(draft: Draft, corrections: Iterable[Correction], schema: TableSchema) -> None:
    """Write the right value into each cell that still holds the expected one, with the reason in the ledger.

    A correction whose cell says something else by now, or that names no cell, changes nothing and is an issue.
    """
    for item in corrections:
        column = _column(draft, item.column)
        indexes = _rows(draft, item, schema)
        if column is None or len(indexes) != 1:
            draft.issues.append(_unknown(draft, item))
        elif tidy(column.values[indexes[0]]) != tidy(item.expected):
            # Line ends and outer spaces do not count: editors of CSV files change them unasked.
            column.doubt(indexes[0], "clean.correction-stale", expected=item.expected, line=str(item.line))
        else:
            column.put(indexes[0], item.value, "correction", item.note)


def key_name(schema: TableSchema) -> str:
    """The column whose value names a row: the schema's key where it is one column, else ID."""
    return schema.primary_key[0] if len(schema.primary_key) == 1 else KEY


def _column(draft: Draft, name: str) -> Column | None:
    """The column of that name; else the one column that came from a heading of that name."""
    named = [column for column in draft.columns if column.match.name == name]
    found = named or [column for column in draft.columns if column.match.heading == name]
    return found[0] if len(found) == 1 else None


def _rows(draft: Draft, item: Correction, schema: TableSchema) -> list[int]:
    if item.row is not None:
        return [index for index, row in enumerate(draft.source.row_numbers) if row == item.row]
    key = _column(draft, key_name(schema))
    return [index for index, value in enumerate(key.values) if tidy(value) == item.key] if key else []


def _unknown(draft: Draft, item: Correction) -> Issue:
    where = draft.source.where(item.row, name=item.column)
    details = {"place": item.place, "line": str(item.line)}
    return Issue(
        code="clean.correction-unknown", severity=Severity.WARNING, where=where, value=item.expected, details=details
    )
