"""What the standard asks for and the table does not have."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from odkit.clean.draft import CHUNK, Column, Draft
from odkit.clean.values.phone import is_advised_form
from odkit.model import CleanTable, Field, Issue, Severity, batches

MUST, SHOULD = "◎", "○"
FLAG = "flag"
"""1 or empty, and empty is an answer: the column must be there, its cells may be blank."""

LAND_LINES = frozenset({"02", "03", "04", "06"})
"""A number that begins so has an area code without the advised brackets."""

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
    fields = table.schema.fields
    blanks = [0] * len(fields)
    for chunk in batches(table.rows, CHUNK):
        for place, values in enumerate(islice(zip(*chunk, strict=True), len(fields))):
            blanks[place] += values.count("")
    found = [_gap(table, place, blank) for place, blank in enumerate(blanks)]
    wanted = [gap for gap in found if gap.blank and gap.field.requirement in (MUST, SHOULD)]
    return tuple(sorted(wanted, key=lambda gap: gap.field.requirement != MUST))


def _gap(table: CleanTable, place: int, blank: int) -> Gap:
    field, total = table.schema.fields[place], len(table.rows)
    state = "partly" if blank < total else "missing" if table.matches[place].column is None else "empty"
    return Gap(field, blank, total, state, ADVICE.get(field.meaning, "ask"))


@dataclass(slots=True)
class Tally:
    """The cells of one column that something is to be said about, all in one: how many, and the first one."""

    column: Column
    code: str
    severity: Severity
    count: int = 0
    first: tuple[int, str] = (0, "")

    def add(self, draft: Draft, count: int, first: int) -> None:
        """Count cells of the present chunk, the first of them in the row `first`."""
        if count and not self.count:
            self.first = (draft.first + first, self.column.values[first])
        self.count += count

    def issue(self, draft: Draft) -> Issue:
        """One issue for all of them."""
        source, (row, value) = draft.source, self.first
        return Issue(
            code=self.code,
            severity=self.severity,
            where=source.where(source.row_numbers[row], self.column.source, self.column.match.name),
            value=value,
            details={"count": str(self.count), "total": str(len(source.rows))},
        )


class Gaps:
    """Reports missing columns and columns with missing values, and advice that concerns whole columns."""

    def __init__(self, draft: Draft) -> None:
        own = [column for column in draft.columns if column.match.how != "extra"]
        asked = [column for column in own if column.field.requirement == MUST and not column.field.required]
        self._missing = [
            Tally(column, "clean.missing-value", Severity.WARNING) for column in asked if column.field.meaning != FLAG
        ]
        self._unlike = [Tally(column, "clean.phone-brackets", Severity.NOTE) for column in draft.meaning("phone")]

    def take(self, draft: Draft) -> None:
        """Count the cells of the present chunk."""
        for tally in self._missing:
            values = tally.column.values
            blank = values.count("")
            tally.add(draft, blank, values.index("") if blank else 0)
        for tally in self._unlike:
            count, first = _unlike_rows(tally.column)
            tally.add(draft, count, first)

    def finish(self, draft: Draft) -> None:
        """Report what was counted; a column that no source has is reported once, as a whole."""
        if not draft.source.rows:
            return
        counted = {tally.column.match.name: tally for tally in self._missing}
        for column in draft.columns:
            if column.match.how == "missing" and column.field.requirement in (MUST, SHOULD):
                draft.issues.append(_missing_column(draft, column))
            elif (tally := counted.get(column.match.name)) and tally.count:
                draft.issues.append(tally.issue(draft))
        draft.issues.extend(tally.issue(draft) for tally in self._unlike if tally.count)


def _unlike_rows(column: Column) -> tuple[int, int]:
    """How many numbers are right, and not in the form that the standard advises, and the row of the first."""
    doubtful = {doubt.at for doubt in column.doubts}
    advised = {"", *filter(is_advised_form, {value for value in column.values if value[:2] not in LAND_LINES})}
    rows = (at for at, value in enumerate(column.values) if value not in advised and at not in doubtful)
    first = next(rows, None)
    if first is None:
        return 0, 0
    if len(advised) > 1:
        return 1 + sum(1 for _ in rows), first
    blank = column.values.count("")
    return len(column.values) - blank - sum(1 for at in doubtful if column.values[at]), first


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
