"""What the standard asks for and the table does not have."""

from __future__ import annotations

from typing import NamedTuple

from odkit.clean.draft import Column, Draft
from odkit.clean.values.phone import is_advised_form
from odkit.model import CleanTable, Field, Issue, Severity

MUST, SHOULD = "◎", "○"
FLAG = "flag"
"""1 or empty, and empty is an answer: the column must be there, its cells may be blank."""

ADVICE = {
    "city": "place",
    "code_municipality": "place",
    "corporate_number": "corporate-number",
    "enum": "words",
    "government_name": "publisher",
    "id": "id",
    "kana": "kana",
    "latitude": "map",
    "longitude": "map",
    "prefecture": "place",
}
"""Meaning -> where its value comes from; every other value only the original department knows."""


class Gap(NamedTuple):
    """A required or recommended column with empty cells: `blank` of `total` rows, `state` missing, empty or partly.

    `advice` says who fills it: ``place`` and ``publisher`` follow from other cells, nothing else is ever invented.
    """

    field: Field
    blank: int
    total: int
    state: str
    advice: str


def find_gaps(table: CleanTable) -> tuple[Gap, ...]:
    """What the standard asks for and a cleaned table lacks: required columns (◎) first, then recommended ones (○)."""
    found = [_gap(table, place, field) for place, field in enumerate(table.schema.fields)]
    wanted = [gap for gap in found if gap.blank and gap.field.requirement in (MUST, SHOULD)]
    return tuple(sorted(wanted, key=lambda gap: gap.field.requirement != MUST))


def _gap(table: CleanTable, place: int, field: Field) -> Gap:
    blank, total = sum(not row[place] for row in table.rows), len(table.rows)
    state = "partly" if blank < total else "missing" if table.matches[place].column is None else "empty"
    return Gap(field, blank, total, state, ADVICE.get(field.meaning, "ask"))


def report_gaps(draft: Draft) -> None:
    """Add an issue per missing column and per column with missing values, and advice that concerns whole columns."""
    for column in draft.columns:
        field = column.field
        if column.match.how == "extra" or not column.values:
            continue
        if column.match.how == "missing" and field.requirement in (MUST, SHOULD):
            draft.issues.append(_missing_column(draft, column))
        elif field.requirement == MUST and not field.required and field.meaning != FLAG:
            _report(draft, column, "clean.missing-value", Severity.WARNING, column.blanks())
    for column in draft.meaning("phone"):
        doubtful = {doubt.at for doubt in column.doubts}
        plain = {value for value in set(column.values) if value and not is_advised_form(value)}
        unlike = [at for at, value in enumerate(column.values) if value in plain and at not in doubtful]
        _report(draft, column, "clean.phone-brackets", Severity.NOTE, unlike)


def _missing_column(draft: Draft, column: Column) -> Issue:
    """A column is an error only where a source states that it must be there."""
    field, source = column.field, draft.source
    certain = field.requirement == MUST and field.basis == "source"
    return Issue(
        code="clean.missing-column",
        severity=Severity.ERROR if certain else Severity.NOTE,
        where=source.where(max(source.header_rows, default=None), name=field.name),
        details={"requirement": field.requirement},
    )


def _report(draft: Draft, column: Column, code: str, severity: Severity, indexes: list[int]) -> None:
    """One issue for all these cells of a column: the first one's place, and how many there are."""
    if not indexes:
        return
    source, first = draft.source, indexes[0]
    draft.issues.append(
        Issue(
            code=code,
            severity=severity,
            where=source.where(source.row_numbers[first], column.source, column.match.name),
            value=column.values[first],
            details={"count": str(len(indexes)), "total": str(len(column.values))},
        )
    )
