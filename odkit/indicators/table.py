"""A cleaned table of indicators -> its entries and its fiscal year."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from odkit.indicators.periods import fiscal_year as fiscal_year_of
from odkit.indicators.periods import last_day, read_period
from odkit.indicators.results import Entry
from odkit.indicators.words import same_words
from odkit.model import CleanTable, Row, TableSchema, Where

INDICATORS = "indicators"
KEY = "指標番号"
EXPECTED_OR_ACTUAL = "見込値(実績値)"
BASELINE, INTERIM, TARGET = "基準値", "中間目標", "最終目標"
COLUMNS = {
    "key": KEY,
    "group": "区分",
    "topic": "項目",
    "measure": "取組名",
    "name": "成果指標",
    "baseline": BASELINE,
    "value": EXPECTED_OR_ACTUAL,
    "interim": INTERIM,
    "target": TARGET,
    "status": "中間目標達成状況",
    "trend": "基準値と見込値との比較",
    "mark": "最終目標に対する進捗率",
    "note": "備考",
}
"""The columns of indicators.v1, by the name of their part in an entry."""

AROUND_YEAR = re.compile(r"\(?@(?:達成見込|時点|現在)?\)?")
MEASURED = ("実績値", "実績")
YEAR_COLUMNS = {
    "見込値(実績値)": EXPECTED_OR_ACTUAL,
    "見込値": EXPECTED_OR_ACTUAL,
    **dict.fromkeys(MEASURED, EXPECTED_OR_ACTUAL),
    BASELINE: BASELINE,
    INTERIM: INTERIM,
    TARGET: TARGET,
}


def is_indicators(table: CleanTable) -> bool:
    """Whether a table has the layout of indicators."""
    return table.schema.kind == "indicator" and table.schema.name == INDICATORS


def names_indicators(table: CleanTable) -> bool:
    """Whether the source has the indicators' numbers and names: without them it is another table."""
    found = {match.name for match in table.matches if match.column is not None}
    return {KEY, COLUMNS["name"]} <= found


def entries(table: CleanTable) -> Iterator[Entry]:
    """The indicators of a table, in order, each with its place in the source."""
    places = {match.name: index for index, match in enumerate(table.matches)}
    key_column = next((match.column for match in table.matches if match.name == KEY), None)
    for number, row in zip(table.row_numbers, table.rows, strict=True):
        where = Where(file=table.origin.location, sheet=table.origin.sheet, row=number, column=key_column, field=KEY)
        yield Entry(**{part: _at(row, places.get(name)) for part, name in COLUMNS.items()}, where=where)


def year_headings(headings: Sequence[str], year: int | None = None) -> dict[str, str]:
    """The headings with a fiscal year in them, of whatever year -> the column they stand for; of years side by side
    those of `year`, where the others are "".

    A column of measured values (実績値) is taken where the year has none of expected ones.
    """
    found = [(heading, *_divided(heading)) for heading in headings]
    known = [(heading, YEAR_COLUMNS[bare], of, bare) for heading, bare, of in found if of and bare in YEAR_COLUMNS]
    values = [item for item in known if item[1] == EXPECTED_OR_ACTUAL]
    wanted = [item for item in values if year in (None, item[2])]
    taken = [item for item in wanted if item[3] not in MEASURED] or wanted
    named = {heading: column for heading, column, _, _ in known if column != EXPECTED_OR_ACTUAL}
    return named | {item[0]: EXPECTED_OR_ACTUAL if item in taken else "" for item in values}


def dated_headings(headings: Sequence[str], schema: TableSchema) -> dict[str, str]:
    """The headings of a table of indicators that change with the year (令和3年度末見込値); {} for any other table."""
    return year_headings(headings) if schema.name == INDICATORS else {}


def heading_years(headings: Iterable[str]) -> tuple[int, ...]:
    """The fiscal years whose values have a column, in order."""
    divided = [_divided(heading) for heading in headings]
    return tuple(sorted({of for bare, of in divided if of and YEAR_COLUMNS.get(bare) == EXPECTED_OR_ACTUAL}))


def fiscal_year(table: CleanTable) -> int | None:
    """The fiscal year whose end the values are for, as the heading says it (令和2年度末見込値); None if it does not."""
    return _divided(_value_heading(table))[1]


def measured(table: CleanTable) -> bool:
    """Whether the heading says that all values were measured (令和3年度末実績値)."""
    return _divided(_value_heading(table))[0] in MEASURED


def _value_heading(table: CleanTable) -> str:
    return next((match.heading for match in table.matches if match.name == EXPECTED_OR_ACTUAL), "")


def _divided(heading: str) -> tuple[str, int | None]:
    """A heading without its year, and the fiscal year; None where it names none."""
    plain = same_words(heading.rsplit("／", maxsplit=1)[-1])
    for start in range(len(plain)):
        period = read_period(plain[start:])
        if period:
            bare = AROUND_YEAR.sub("", f"{plain[:start]}@{period[1]}")
            return bare, fiscal_year_of(last_day(period[0]))
    return plain, None


def _at(row: Row, place: int | None) -> str:
    return "" if place is None else row[place]
