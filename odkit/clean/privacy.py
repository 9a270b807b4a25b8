"""Personal data where a standard expects none: it holds a dataset back until dataset.toml allows it, with a reason.

Each kind of finding is one issue per column, at its first cell; values are masked, for ledgers are published.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from odkit import messages
from odkit.clean.beside import REMARK, ROWS, beside_issues
from odkit.clean.draft import Column, Draft, Learned
from odkit.clean.fill import column_number
from odkit.clean.headings import normalise
from odkit.clean.personal import (
    is_my_number,
    looks_like_address,
    looks_like_birth,
    looks_like_name,
    masked,
    may_be_private,
    private_parts,
    twelve_digits,
)
from odkit.errors import HeldBack
from odkit.model import CleanTable, Issue, Severity, SourceTable, Where

KINDS = frozenset(
    {
        "clean.personal-mobile",
        "clean.personal-email",
        "clean.personal-number",
        "clean.personal-person",
        "clean.personal-hidden",
        ROWS,
        REMARK,
    }
)
SHOWN = 5
"""How many cells of a finding are named one by one."""

ORDER = {"clean.personal-person": 1, "clean.personal-hidden": 2}
"""Kinds that are told after those found in single cells."""
TELLING = 2
"""How many kinds of facts in one row tell who somebody is."""

CODES = frozenset({"code_municipality", "corporate_number"})
SURE_SHARE = 0.5
"""One in eleven numbers of twelve digits has the check digit by chance; of a column of My Numbers nearly all have."""

HIDDEN_COLUMNS = re.compile("([A-Z]+):([A-Z]+)")
NAME = re.compile(r"氏名|姓名|^名前$|お名前|(?:代表者|担当者|保護者|申請者|届出者|会員|職員)名")
BIRTH = re.compile(r"生年月日|誕生日")
HOME = re.compile(r"自宅の?(?:住所|所在地)|本籍|現住所|住民票")
HOME_OR_ADDRESS = re.compile(rf"{HOME.pattern}|住所")
PLACE = re.compile(r"名称|施設|事業[所者]|店|法人|団体|会社|学校|病院|医院|企業|商号|屋号|医療機関|勤務先")
TITLES = {"place": PLACE, "name": NAME, "birth": BIRTH, "home": HOME, "address": HOME_OR_ADDRESS}
"""What the words of a column's name or heading say about it."""


PLACES = ("places", "")
"""What is learned from values: that the table is one of places, in which 住所 is no home."""


@dataclass(slots=True)
class Finding:
    """One kind of personal data in one column: how many cells, the first rows, and the first value, masked."""

    code: str
    column: Column
    value: str
    count: int = 0
    rows: list[int] = field(default_factory=list)

    def add(self, rows: Sequence[int]) -> None:
        """Count these rows of the file."""
        self.count += len(rows)
        self.rows += rows[: SHOWN - len(self.rows)]


class Privacy:
    """Looks for personal data in a table as it will be published.

    `allowed` is column (or source heading) -> reason; `of_places` whether an earlier round has shown that the table is
    one of places.
    """

    def __init__(self, allowed: Mapping[str, str], *, of_places: bool) -> None:
        self._allowed = allowed
        self._of_places = of_places
        self._found: dict[tuple[str, str], Finding] = {}
        self._suspects: dict[str, MyNumbers] = {}
        self._hidden: list[Column] = []
        self._places: list[Column] = []
        self._persons: list[tuple[str, Column, Callable[[str], bool]]] = []

    def take(self, draft: Draft) -> None:
        """Look at the present chunk. Raises Learned where a later chunk shows that the table is one of places."""
        if not draft.first:
            self._places = [column for column, kinds in _titled(draft) if "place" in kinds]
        self._learn_places(draft)
        for column in draft.columns:
            if column.notable:
                self._look_into(draft, column)
        if not draft.first:
            self._persons = list(_about_persons(draft, of_places=self._of_places))
        for kind, column, rows in _persons(self._persons):
            self._add(draft, column, "clean.personal-person", kind, rows)
        self._hidden = self._hidden if draft.first else list(_hidden(draft))
        for column in self._hidden:
            filled = [at for at, value in enumerate(column.values) if value]
            self._add(
                draft, column, "clean.personal-hidden", masked(column.values[filled[0]]) if filled else "", filled
            )

    def issues(self, draft: Draft) -> tuple[Issue, ...]:
        """What looks personal: errors, or notes where a reason allows it; an allowance without a column is one too."""
        for column in draft.columns:
            suspects = self._suspects.get(column.match.name)
            if suspects and suspects.right.count >= SURE_SHARE * suspects.total:
                self._found[column.match.name, "clean.personal-number"] = suspects.right
        reasons = {normalise(name): reason for name, reason in self._allowed.items()}
        beside = beside_issues(draft.source, self._allowed)
        return (
            *(_issue(draft, item, reasons) for item in self._in_order(draft)),
            *beside,
            *(_unused(draft.source, name) for name in self._without_column(draft, beside)),
        )

    def _in_order(self, draft: Draft) -> list[Finding]:
        """What was found, as it is told."""
        if not self._found:
            return []
        order = {column.match.name: place for place, column in enumerate(draft.columns)}
        return sorted(
            self._found.values(), key=lambda item: (ORDER.get(item.code, 0), order[item.column.match.name], item.code)
        )

    def _without_column(self, draft: Draft, beside: Sequence[Issue]) -> list[str]:
        """The names that are allowed something and are neither columns nor headings."""
        if not self._allowed:
            return []
        known = {normalise(name) for item in draft.columns for name in (item.match.name, item.match.heading)}
        known.update(normalise(issue.where.field) for issue in beside)
        return [name for name in self._allowed if normalise(name) not in known]

    def _learn_places(self, draft: Draft) -> None:
        if not self._of_places and any(any(column.values) for column in self._places):
            if draft.first:
                raise Learned(*PLACES)
            self._of_places = True

    def _look_into(self, draft: Draft, column: Column) -> None:
        suspects = [value for value in column.notable if may_be_private(value)]
        if not suspects:
            return
        is_own = column.match.how != "extra"
        meaning = column.field.meaning if is_own else ""
        parts = {value: dict(private_parts(value, is_phone=meaning == "phone")) for value in suspects}
        for code in {code for found in parts.values() for code in found}:
            having = {value: found[code] for value, found in parts.items() if code in found}
            rows = list(column.rows_with(having))
            if rows:
                self._add(draft, column, code, having[rows[0][1]], [at for at, _ in rows])
                column.spoke_of(having)
        if meaning not in CODES:
            self._count_my_numbers(draft, column, suspects)

    def _count_my_numbers(self, draft: Draft, column: Column, suspects: Sequence[str]) -> None:
        """One in eleven numbers of twelve digits is right by chance: only at the end it is known what they are."""
        digits = {value: found for value in suspects if (found := twelve_digits(value))}
        if not digits:
            return
        numbers = self._suspects.setdefault(column.match.name, MyNumbers(column))
        for at, value in column.rows_with(digits):
            numbers.total += 1
            if is_my_number(digits[value]):
                numbers.right.add([draft.row_number(at)])
        column.spoke_of(digits)

    def _add(self, draft: Draft, column: Column, code: str, value: str, rows: Sequence[int]) -> None:
        if rows:
            finding = self._found.setdefault((column.match.name, code), Finding(code, column, value))
            finding.add([draft.row_number(at) for at in rows])


class MyNumbers:
    """Numbers of twelve digits in one column: how many, and those with the check digit of a My Number."""

    def __init__(self, column: Column) -> None:
        self.total = 0
        self.right = Finding("clean.personal-number", column, "****-****-****")


def hold_back(table: CleanTable) -> None:
    """Raise HeldBack where the table has personal data that nobody has allowed: to be called before publishing."""
    found = [issue for issue in table.issues if issue.code in KINDS]
    if not found:
        return
    said = {
        f"found_{lang}": "\n".join(f"    {messages.text(issue.code, lang, issue.facts)}" for issue in found)
        for lang in messages.LANGUAGES
    }
    names = dict.fromkeys(issue.where.field for issue in found)
    lines = "\n".join(f'    "{_quoted(name)}" = "…"' for name in names)
    raise HeldBack("clean.personal", file=table.origin.location, lines=lines, **said)


def _about_persons(draft: Draft, *, of_places: bool) -> Iterator[tuple[str, Column, Callable[[str], bool]]]:
    """The columns that their titles say hold names, days of birth and home addresses; what values of them look like."""
    titled = _titled(draft)
    for kind, title, looks in _marks(of_places=of_places):
        yield from ((kind, column, looks) for column, kinds in titled if title in kinds)


def _persons(
    columns: Sequence[tuple[str, Column, Callable[[str], bool]]],
) -> Iterator[tuple[str, Column, list[int]]]:
    """Names, days of birth and home addresses, two of which in one row tell who somebody is: a value (masked), rows."""
    if len({kind for kind, _, _ in columns}) < TELLING:
        return
    parts = [
        (kind, column, [at for at, value in enumerate(column.values) if value and looks(value)])
        for kind, column, looks in columns
    ]
    for kind, column, rows in parts:
        others = set().union(*(more for other, _, more in parts if other != kind))
        told = [at for at in rows if at in others]
        if told:
            yield masked(column.values[told[0]]), column, told


def _marks(*, of_places: bool) -> Iterator[tuple[str, str, Callable[[str], bool]]]:
    """What tells names, days of birth and home addresses. 住所 in a list of places is an address of the place."""
    yield "name", "name", looks_like_name
    yield "birth", "birth", looks_like_birth
    yield "home", "home" if of_places else "address", looks_like_address


def _titled(draft: Draft) -> list[tuple[Column, frozenset[str]]]:
    """The columns whose name or source heading says one of `TITLES`, and which."""
    said = ((column, _titles(column.match.name, column.match.heading)) for column in draft.columns)
    return [(column, kinds) for column, kinds in said if kinds]


@lru_cache(maxsize=1 << 12)
def _titles(name: str, heading: str) -> frozenset[str]:
    return frozenset(kind for kind, words in TITLES.items() if words.search(name) or words.search(heading))


def _hidden(draft: Draft) -> Iterator[Column]:
    """Columns that are hidden in the source and would come to light in what is published."""
    source = draft.source
    ranges = [
        range(column_number(place[1]), column_number(place[2]) + 1)
        for issue in source.issues
        if issue.code == "read.hidden" and issue.where.sheet == source.sheet
        if (place := HIDDEN_COLUMNS.fullmatch(issue.details.get("range", "")))
    ]
    return (column for column in draft.columns if any(column.match.column in places for places in ranges))


def _issue(draft: Draft, found: Finding, reasons: Mapping[str, str]) -> Issue:
    match, source = found.column.match, draft.source
    reason = next((reasons[key] for key in map(normalise, (match.name, match.heading)) if key in reasons), "")
    places = [
        Where(file=source.origin.location, sheet=source.sheet, row=row, column=match.column, field=match.name)
        for row in found.rows
    ]
    more = "…" if found.count > SHOWN else ""
    details = {"count": str(found.count), "cells": ", ".join(place.cell for place in places) + more}
    if reason:
        details["reason"] = reason
    return Issue(
        code="clean.personal-allowed" if reason else found.code,
        severity=Severity.NOTE if reason else Severity.ERROR,
        where=places[0],
        value=found.value,
        details=details,
    )


def _unused(source: SourceTable, name: str) -> Issue:
    return Issue(
        code="clean.personal-unused", severity=Severity.WARNING, where=source.where(name=name), value=name, details={}
    )


def _quoted(name: str) -> str:
    return name.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
