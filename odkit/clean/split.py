"""Two facts in one cell: 「1基」 for a number and a unit, an extension behind a phone number, 「9時～17時」."""

from __future__ import annotations

import re

from odkit.clean.draft import Column, Draft
from odkit.clean.values import Facts, compile_cleaner
from odkit.clean.values.base import narrow

COUNT = re.compile(r"([0-9][0-9,.]*)\s*([^0-9,.\s()]+)")
EXTENSION = re.compile(r"(.*[0-9])\s*[,、/(]?\s*内線(?:番号)?\s*[:.]?\s*([0-9\-]+)\s*[)]?")
SPANS = (re.compile("[~〜～]|から"), re.compile("-"))


def split_units(draft: Draft) -> None:
    """Divide 「1基」 between X（数） and X（単位） where the unit is empty."""
    for column in draft.meaning("number", "integer"):
        unit = draft.column(column.field.name.replace("（数）", "（単位）"))
        if unit is not None and unit is not column:
            _divide(column, unit, COUNT, "split-unit")


def split_extensions(draft: Draft) -> None:
    """Divide 「047-334-1111（内線 123）」 between 電話番号 and 内線番号 where the latter is empty."""
    for column in draft.meaning("phone"):
        extension = draft.column(column.field.name.replace("電話番号", "内線番号"))
        if extension is not None and extension is not column:
            _divide(column, extension, EXTENSION, "split-extension")


def split_spans(draft: Draft, facts: Facts) -> None:
    """Divide 「9:00～17:00」 between 開始時間 and 終了時間, 「R2.4.1～R6.3.31」 between 開始日 and 終了日.

    Only where the end is empty and both parts are a whole time or date: 「4月1日～8日」 stays as it is.
    """
    for column in draft.meaning("time", "date"):
        end = draft.column(column.field.name.replace("開始", "終了"))
        if end is None or end is column or end.field.meaning != column.field.meaning:
            continue
        clean = compile_cleaner(column.field, facts, frozenset())
        parts = {value: _span(value) for value in set(column.values)}
        sure = {value: both for value, both in parts.items() if both and not any(clean(part).issue for part in both)}
        for index, value in enumerate(column.values):
            if value in sure and not end.values[index].strip():
                end.put(index, sure[value][1], "split-span")
                column.put(index, sure[value][0], "split-span")


def _span(value: str) -> tuple[str, str] | None:
    text = narrow(value).removesuffix("まで")
    for sign in SPANS:
        parts = [part.strip() for part in sign.split(text)]
        if len(parts) == 2 and all(parts):
            return parts[0], parts[1]
    return None


def _divide(column: Column, other: Column, pattern: re.Pattern[str], rule: str) -> None:
    found = {value: pattern.fullmatch(narrow(value)) for value in set(column.values)}
    if not any(found.values()):
        return
    for index, value in enumerate(column.values):
        parts = found[value]
        if parts and not other.values[index].strip():
            column.put(index, parts[1], rule)
            other.put(index, parts[2], rule)
