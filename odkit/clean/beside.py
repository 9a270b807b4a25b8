"""Personal data beside the columns: rows that were hidden, comments on cells, properties of the document."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import replace

from odkit.clean.personal import is_my_number, private_parts, twelve_digits
from odkit.model import Issue, Remark, Severity, SourceTable

HIDDEN_ROWS = re.compile("([0-9]+):([0-9]+)")
ROWS, REMARK = "clean.personal-rows", "clean.personal-remark"


def beside_issues(source: SourceTable, allowed: Mapping[str, str]) -> tuple[Issue, ...]:
    """What looks personal beside a table's columns: errors, or notes where `allowed` gives a reason.

    `where.field` names what is to be allowed: the rows (``12:14``), a comment's cell (``C5``), a property's name.
    """
    found = (*_hidden_rows(source), *_remarks(source.remarks))
    return tuple(_allowed(issue, allowed.get(issue.where.field, "")) for issue in found)


def _hidden_rows(source: SourceTable) -> Iterator[Issue]:
    """Rows of the table that nobody saw in the source and that would come to light in what is published."""
    numbers = source.row_numbers
    for issue in source.issues:
        place = HIDDEN_ROWS.fullmatch(issue.details.get("range", "")) if issue.code == "read.hidden" else None
        if place and issue.where.sheet == source.sheet:
            count = bisect_right(numbers, int(place[2])) - bisect_left(numbers, int(place[1]))
            where = source.where(row=int(place[1]), name=place[0])
            if count:
                yield Issue(code=ROWS, severity=Severity.ERROR, where=where, details={"count": str(count)})


def _remarks(remarks: tuple[Remark, ...]) -> Iterator[Issue]:
    """Comments and properties with a mobile number, a private mail address or a My Number."""
    for remark in remarks:
        digits = twelve_digits(remark.text)
        shown = [part for _, part in private_parts(remark.text)]
        shown += ["****-****-****"] * bool(digits and is_my_number(digits))
        if shown:
            where = replace(remark.where, field=remark.where.cell or remark.where.field)
            details = {"count": str(len(shown))}
            yield Issue(code=REMARK, severity=Severity.ERROR, where=where, value=shown[0], details=details)


def _allowed(issue: Issue, reason: str) -> Issue:
    if not reason:
        return issue
    details = {**issue.details, "reason": reason, "cells": issue.where.cell}
    return replace(issue, code="clean.personal-allowed", severity=Severity.NOTE, details=details)
