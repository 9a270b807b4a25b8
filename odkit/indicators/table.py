"""A cleaned table of indicators -> its entries and its fiscal year."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from odkit.indicators.periods import read_period
from odkit.indicators.results import Entry
from odkit.indicators.words import same_words
from odkit.model import CleanTable, Row, Where

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

YEAR = re.compile(r"\(?(?:令和|平成|[RH])(?:元|[0-9]{1,2})年度末?(?:達成見込)?\)?")
YEAR_COLUMNS = {
    "見込値(実績値)": EXPECTED_OR_ACTUAL,
    "見込値": EXPECTED_OR_ACTUAL,
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


def year_headings(headings: Iterable[str]) -> dict[str, str]:
    """The headings with a fiscal year in them, of whatever year -> the column they stand for."""
    found = {heading: YEAR.sub("", same_words(heading.split("／")[-1])) for heading in headings}
    return {heading: YEAR_COLUMNS[bare] for heading, bare in found.items() if bare in YEAR_COLUMNS}


def fiscal_year(table: CleanTable) -> int | None:
    """The fiscal year whose end the values are for, as the heading says it (令和2年度末見込値); None if it does not."""
    heading = next((match.heading for match in table.matches if match.name == EXPECTED_OR_ACTUAL), "")
    found = re.search("(令和|平成)?(元|[0-9０-９]+)年度", heading)
    period = read_period(_half_width(found[0])) if found else None
    return int(period[0][:4]) if period else None


def _half_width(text: str) -> str:
    return text.translate({code: chr(code - 0xFEE0) for code in range(0xFF10, 0xFF1A)})


def _at(row: Row, place: int | None) -> str:
    return "" if place is None else row[place]
