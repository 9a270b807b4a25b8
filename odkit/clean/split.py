"""Two facts in one cell: 「1基」 where the standard has a number and a unit, an extension behind a phone number."""

from __future__ import annotations

import re

from odkit.clean.draft import Column, Draft
from odkit.clean.values.base import narrow

COUNT = re.compile(r"([0-9][0-9,.]*)\s*([^0-9,.\s()]+)")
EXTENSION = re.compile(r"(.*[0-9])\s*[,、/(]?\s*内線(?:番号)?\s*[:.]?\s*([0-9\-]+)\s*[)]?")


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


def _divide(column: Column, other: Column, pattern: re.Pattern[str], rule: str) -> None:
    found = {value: pattern.fullmatch(narrow(value)) for value in set(column.values)}
    if not any(found.values()):
        return
    for index, value in enumerate(column.values):
        parts = found[value]
        if parts and not other.values[index].strip():
            column.put(index, parts[1], rule)
            other.put(index, parts[2], rule)
