"""Two facts in one cell: 「1基」 for a number and a unit, an extension behind a phone number, 「9時～17時」."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from odkit.clean.draft import Column, Draft
from odkit.clean.values import Cleaner, Facts, compile_cleaner
from odkit.clean.values.base import narrow

Parts = Callable[[str], tuple[str, str] | None]
"""Divides a value in two, or says that it is one."""

COUNT = re.compile(r"([0-9][0-9,.]*)\s*([^0-9,.\s()]+)")
EXTENSION = re.compile(r"(.*[0-9])\s*[,、/(]?\s*内線(?:番号)?\s*[:.]?\s*([0-9\-]+)\s*[)]?")
SPANS = (re.compile("[~〜～]|から"), re.compile("-"))


class Division:
    """A step that divides the cells of one column between it and another that is empty there."""

    def __init__(self, column: Column, other: Column, parts: Parts, rule: str) -> None:
        self._column, self._other, self._parts, self._rule = column, other, parts, rule

    def take(self, _draft: Draft) -> None:
        """Divide the cells of the present chunk."""
        found = {value: both for value in self._column.notable if (both := self._parts(value))}
        for index, value in list(self._column.rows_with(found)):
            if not self._other.values[index].strip():
                self._column.put(index, found[value][0], self._rule)
                self._other.put(index, found[value][1], self._rule)


def divisions(draft: Draft, facts: Facts) -> Iterator[Division]:
    """The divisions that a table's columns allow.

    「1基」 between X（数） and X（単位）; 「047-334-1111（内線 123）」 between 電話番号 and 内線番号; 「9:00～17:00」
    between 開始時間 and 終了時間, 「R2.4.1～R6.3.31」 between 開始日 and 終了日, where both parts are a whole time or
    date: 「4月1日～8日」 stays as it is.
    """
    for column, other in _pairs(draft, ("number", "integer"), "（数）", "（単位）"):
        yield Division(column, other, _matched(COUNT), "split-unit")
    for column, other in _pairs(draft, ("phone",), "電話番号", "内線番号"):
        yield Division(column, other, _matched(EXTENSION), "split-extension")
    for column, other in _pairs(draft, ("time", "date"), "開始", "終了"):
        if other.field.meaning == column.field.meaning:
            yield Division(column, other, _sure(compile_cleaner(column.field, facts)), "split-span")


def _pairs(draft: Draft, meanings: tuple[str, ...], name: str, other: str) -> Iterator[tuple[Column, Column]]:
    for column in draft.meaning(*meanings):
        found = draft.column(column.field.name.replace(name, other))
        if found is not None and found is not column:
            yield column, found


def _matched(pattern: re.Pattern[str]) -> Parts:
    def parts(value: str) -> tuple[str, str] | None:
        found = pattern.fullmatch(narrow(value))
        return (found[1], found[2]) if found else None

    return parts


def _sure(clean: Cleaner) -> Parts:
    def parts(value: str) -> tuple[str, str] | None:
        both = _span(value)
        return None if both is None or any(clean(part).issue for part in both) else both

    return parts


def _span(value: str) -> tuple[str, str] | None:
    text = narrow(value).removesuffix("まで")
    for sign in SPANS:
        parts = [part.strip() for part in sign.split(text)]
        if len(parts) == 2 and all(parts):
            return parts[0], parts[1]
    return None
