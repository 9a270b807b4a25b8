"""What is said of issues on a terminal: few words for many that are alike."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from odkit import messages
from odkit.model import Issue, Severity, Where

OF_COLUMNS = frozenset({"clean.missing-column", "clean.extra-column"})
"""Codes that say the same of a whole column, and no more than its name."""
ALIKE = 5
"""Issues of one kind in one column that are told one by one."""


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


def issue_of(told: Mapping[str, Any]) -> Issue:
    """An issue that was kept as plain JSON (`dataclasses.asdict`)."""
    where = Where(**told["where"])
    return Issue(**{**told, "severity": Severity(told["severity"]), "where": where})
