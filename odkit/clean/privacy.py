"""Personal data where a standard expects none: it holds a dataset back until dataset.toml allows it, with a reason.

Each kind of finding is one issue per column, at its first cell; values are masked, for ledgers are published.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from odkit import messages
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
from odkit.model import CleanTable, ColumnMatch, Issue, Severity, SourceTable, Where

KINDS = frozenset(
    {
        "clean.personal-mobile",
        "clean.personal-email",
        "clean.personal-number",
        "clean.personal-person",
        "clean.personal-hidden",
    }
)
SHOWN = 5
"""How many cells of a finding are named one by one."""

CODES = frozenset({"code_municipality", "corporate_number"})
SURE_SHARE = 0.5
"""One in eleven numbers of twelve digits has the check digit by chance; of a column of My Numbers nearly all have."""

HIDDEN_COLUMNS = re.compile("([A-Z]+):([A-Z]+)")
NAME = re.compile(r"氏名|姓名|^名前$|お名前|(?:代表者|担当者|保護者|申請者|届出者|会員|職員)名")
BIRTH = re.compile(r"生年月日|誕生日")
HOME = re.compile(r"自宅の?(?:住所|所在地)|本籍|現住所|住民票")
ADDRESS = re.compile(r"住所")
PLACE = re.compile(r"名称|施設|事業[所者]|店|法人|団体|会社|学校|病院|医院|企業|商号|屋号|医療機関|勤務先")


@dataclass(slots=True)
class Finding:
    """The rows (from 0) of one column where one kind was found, and the first value, masked."""

    code: str
    match: ColumnMatch
    value: str
    rows: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Values:
    """A column as it will be published: where it comes from, what it means, and its values."""

    match: ColumnMatch
    meaning: str
    cells: Sequence[str]

    def titled(self, pattern: re.Pattern[str]) -> bool:
        """Whether its name or its source heading has these words."""
        return any(pattern.search(name) for name in (self.match.name, self.match.heading))


def personal_issues(table: CleanTable, source: SourceTable, allowed: Mapping[str, str]) -> tuple[Issue, ...]:
    """What looks personal in a table as it will be published: errors, or notes where `allowed` gives a reason.

    `allowed` is column (or source heading) -> reason; one that names no column is an issue too.
    """
    columns = _columns(table)
    found = [*_in_cells(columns), *_persons(columns), *_hidden(columns, source)]
    reasons = {normalise(name): reason for name, reason in allowed.items()}
    known = {normalise(name) for item in columns for name in (item.match.name, item.match.heading)}
    unused = (name for name in allowed if normalise(name) not in known)
    return (
        *(_issue(table, item, reasons) for item in found),
        *(_unused(source, name) for name in unused),
    )


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


def _columns(table: CleanTable) -> list[Values]:
    meanings = {item.name: item.meaning for item in table.schema.fields}
    cells = list(zip(*table.rows, strict=True)) or [()] * len(table.matches)
    return [
        Values(match, "" if match.how == "extra" else meanings.get(match.name, ""), values)
        for match, values in zip(table.matches, cells, strict=True)
    ]


def _in_cells(columns: Iterable[Values]) -> Iterator[Finding]:
    for column in columns:
        suspects = [value for value in set(column.cells) if may_be_private(value)]
        parts = {value: dict(private_parts(value, is_phone=column.meaning == "phone")) for value in suspects}
        for value in _my_numbers(suspects if column.meaning not in CODES else ()):
            parts[value]["clean.personal-number"] = "****-****-****"
        found: dict[str, Finding] = {}
        for index, value in enumerate(column.cells if any(parts.values()) else ()):
            for code, shown in parts.get(value, {}).items():
                found.setdefault(code, Finding(code, column.match, shown)).rows.append(index)
        yield from found.values()


def _my_numbers(values: Iterable[str]) -> list[str]:
    digits = {value: found for value in values if (found := twelve_digits(value))}
    right = [value for value, found in digits.items() if is_my_number(found)]
    return right if len(right) >= SURE_SHARE * len(digits) else []


def _persons(columns: Sequence[Values]) -> Iterator[Finding]:
    """Names, days of birth and home addresses: two of them in one row tell who somebody is."""
    of_places = any(column.titled(PLACE) and any(column.cells) for column in columns)
    parts = [
        (kind, column, {index for index, value in enumerate(column.cells) if value and looks(value)})
        for kind, pattern, looks in _marks(of_places=of_places)
        for column in columns
        if column.titled(pattern)
    ]
    for kind, column, rows in parts:
        others = set().union(*(more for other, _, more in parts if other != kind))
        told = sorted(rows & others)
        if told:
            value = masked(column.cells[told[0]])
            yield Finding("clean.personal-person", column.match, value, told)


def _marks(*, of_places: bool) -> Iterator[tuple[str, re.Pattern[str], Callable[[str], bool]]]:
    """What tells names, days of birth and home addresses. 住所 in a list of places is an address of the place."""
    yield "name", NAME, looks_like_name
    yield "birth", BIRTH, looks_like_birth
    yield "home", HOME if of_places else re.compile(f"{HOME.pattern}|{ADDRESS.pattern}"), looks_like_address


def _hidden(columns: Iterable[Values], source: SourceTable) -> Iterator[Finding]:
    """Columns that are hidden in the source and would come to light in what is published."""
    ranges = [
        range(column_number(place[1]), column_number(place[2]) + 1)
        for issue in source.issues
        if issue.code == "read.hidden" and issue.where.sheet == source.sheet
        if (place := HIDDEN_COLUMNS.fullmatch(issue.details.get("range", "")))
    ]
    for column in columns:
        if not any(column.match.column in places for places in ranges):
            continue
        filled = [index for index, value in enumerate(column.cells) if value]
        if filled:
            yield Finding("clean.personal-hidden", column.match, masked(column.cells[filled[0]]), filled)


def _issue(table: CleanTable, found: Finding, reasons: Mapping[str, str]) -> Issue:
    match, origin = found.match, table.origin
    reason = next((reasons[key] for key in map(normalise, (match.name, match.heading)) if key in reasons), "")
    places = [
        Where(
            file=origin.location, sheet=origin.sheet, row=table.row_numbers[row], column=match.column, field=match.name
        )
        for row in found.rows[:SHOWN]
    ]
    more = "…" if len(found.rows) > SHOWN else ""
    details = {"count": str(len(found.rows)), "cells": ", ".join(place.cell for place in places) + more}
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
