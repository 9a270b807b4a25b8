"""What the kind of a column tells: codes, quantities, quantities that need a unit, areas."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import chain, islice

from odkit.score.facts import Cell, Column, Grid
from odkit.score.values import ALLOWED_SYMBOLS, SYMBOLS, is_code_heading, of_heading, width_folded

MEASURED = re.compile(
    r"面積|金額|予算|決算|価格|料金|使用料|賃料|重量|総延長|道路延長|距離|標高|海抜|水深|深さ|高さ|幅員|容量|水量|雨量"
    r"|降水|気温|温度|濃度|割合|比率|使用量|排出量|発電量|消費量|生産量|収穫量|歳入|歳出|収入|支出|[率額費税]$"
)
"""Headings of what is measured or paid; things that are counted need no unit."""
UNIT = re.compile(
    r"[(\[【〔<].+[)\]】〕>]|[%℃°]|単位|_?(千円|万円|百万円|億円|円|人|km2|m2|㎡|km|cm|mm|ha|kg|kWh|t|m|年|日)$"
)
LONGEST_NAME = 16
AREA = re.compile(
    r"^(都道府県|市区町村|市町村|区市町村|地域|地区|行政区|町丁|町丁字|大字|町字|町|区|団体|自治体|小学校区|中学校区)(名|名称|目|別|コード|区分)?$"
)
PLACE_LIST = re.compile(r"住所|所在地|施設|緯度|経度|電話|^名称|^#property$")
"""Headings of a list of things: rules on area statistics are not about it."""


def quantities(grid: Grid) -> tuple[Column, ...]:
    """Columns that may hold quantities: not called codes, telephone numbers, dates."""
    return grid.once(_quantities)


def _quantities(grid: Grid) -> tuple[Column, ...]:
    return tuple([column for column in grid.columns if _may_be_quantity(column)])


def _may_be_quantity(column: Column) -> bool:
    return bool(column.counts) and not _is_code(column.heading)


def number_columns(grid: Grid) -> tuple[Column, ...]:
    """Columns of quantities: nearly all cells are numbers or signs that stand for one."""
    return grid.once(_number_columns)


def _number_columns(grid: Grid) -> tuple[Column, ...]:
    return tuple([column for column in quantities(grid) if column.once(_is_of_numbers)])


def _is_of_numbers(column: Column) -> bool:
    numbers, filled = column.numbers, column.filled
    return numbers * 5 >= filled and (numbers + column.count(column.texts(is_sign))) * 5 >= filled * 4


def is_sign(text: str) -> bool:
    """A sign that stands for a number."""
    return text in ALLOWED_SYMBOLS or SYMBOLS.fullmatch(text) is not None


def enough(cells: Iterable[Cell], total: int) -> Iterable[Cell]:
    """The cells, where they stand in at least two rows or a twentieth of all; one slip is no rule broken."""
    rest = iter(cells)
    first = list(islice(rest, 2))
    return chain(first, rest) if len(first) > 1 or len(first) * 20 >= total else ()


def needs_unit(column: Column) -> bool:
    """A quantity that is measured or paid, under a heading without a unit."""
    return _lacks_unit(column.heading)


@of_heading
def _lacks_unit(text: str) -> bool:
    heading = _plain(text.rpartition("／")[2])
    if len(heading) > LONGEST_NAME:  # a sentence, such as the questions of a survey
        return False
    return MEASURED.search(heading) is not None and UNIT.search(heading) is None


def names_units(grid: Grid) -> bool:
    """The units stand in a column of their own, or in the title (「単位：千円」)."""
    outside = (cell for row in (*grid.layout.titles, *grid.layout.notes) for cell in grid.rows[row - 1])
    return any("単位" in text for text in (*grid.layout.headings, *outside))


def area_columns(grid: Grid) -> list[Column]:
    """The columns that say which area a row of statistics is about; none where the table is a list of things."""
    headings = [_plain(column.heading) for column in grid.columns]
    if any(map(_names_place, headings)) or not number_columns(grid):
        return []
    return [column for column, heading in zip(grid.columns, headings, strict=True) if AREA.match(heading)]


@of_heading
def _is_code(heading: str) -> bool:
    return is_code_heading(heading)


@of_heading
def _names_place(heading: str) -> bool:
    return PLACE_LIST.search(heading) is not None


@of_heading
def _plain(heading: str) -> str:
    return re.sub(r"\s", "", width_folded(heading))
