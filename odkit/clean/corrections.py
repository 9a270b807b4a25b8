"""Known errors of the source, put right where the source still has them: corrections.csv."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable

from odkit.clean.draft import Column, Draft
from odkit.clean.values.base import tidy
from odkit.decisions import Correction
from odkit.model import Issue, Severity, TableSchema

KEY = "ID"


class Corrections:
    """Writes the right value into each cell that still holds the expected one, with the reason in the ledger.

    A correction whose cell says something else by now, or that names no cell, changes nothing and is an issue.
    """

    def __init__(self, draft: Draft, corrections: Iterable[Correction], schema: TableSchema) -> None:
        self._placed: list[tuple[int, Column, Correction]] = []
        items = tuple(corrections)
        keyed = _rows_by_key(draft, {item.key for item in items if item.row is None}, schema)
        for item in items:
            column = _column(draft, item.column)
            rows = keyed.get(item.key, []) if item.row is None else _row_at(draft, item.row)
            if column is None or len(rows) != 1:
                draft.issues.append(_unknown(draft, item))
            else:
                self._placed.append((rows[0], column, item))

    def take(self, draft: Draft) -> None:
        """Correct the cells of the present chunk."""
        for row, column, item in self._placed:
            at = row - draft.first
            if not 0 <= at < draft.height:
                continue
            if tidy(column.values[at]) != tidy(item.expected):
                # Line ends and outer spaces do not count: editors of CSV files change them unasked.
                column.doubt(at, "clean.correction-stale", expected=item.expected, line=str(item.line))
            else:
                column.put(at, item.value, "correction", item.note)


def key_name(schema: TableSchema) -> str:
    """The column whose value names a row: the schema's key where it is one column, else ID."""
    return schema.primary_key[0] if len(schema.primary_key) == 1 else KEY


def _column(draft: Draft, name: str) -> Column | None:
    """The column of that name; else the one column that came from a heading of that name."""
    named = [column for column in draft.all_columns if column.match.name == name]
    found = named or [column for column in draft.all_columns if column.match.heading == name]
    return found[0] if len(found) == 1 else None


def _row_at(draft: Draft, number: int) -> list[int]:
    """The place (from 0) of a row of the file among the table's rows."""
    numbers = draft.source.row_numbers
    place = bisect_left(numbers, number)
    return [place] if place < len(numbers) and numbers[place] == number else []


def _rows_by_key(draft: Draft, keys: set[str], schema: TableSchema) -> dict[str, list[int]]:
    """The places (from 0) of the rows with these keys, in one pass over the source."""
    column = _column(draft, key_name(schema))
    found: dict[str, list[int]] = {}
    if keys and column and column.source is not None:
        for place, row in enumerate(draft.source.rows):
            key = tidy(row[column.source])
            if key in keys:
                found.setdefault(key, []).append(place)
    return found


def _unknown(draft: Draft, item: Correction) -> Issue:
    where = draft.source.where(item.row, name=item.column)
    details = {"place": item.place, "line": str(item.line)}
    return Issue(
        code="clean.correction-unknown", severity=Severity.WARNING, where=where, value=item.expected, details=details
    )
