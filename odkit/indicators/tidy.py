"""The tidy table beside an indicator table: one row per indicator, kind of value and value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from odkit.indicators.cells import ValuePart, parse_value
from odkit.indicators.evaluation import Evaluation, evaluate_table
from odkit.indicators.results import ACTUAL, EXPECTED
from odkit.indicators.rules import default_rules
from odkit.indicators.table import (
    BASELINE,
    EXPECTED_OR_ACTUAL,
    INTERIM,
    KEY,
    TARGET,
    entries,
    fiscal_year,
    is_indicators,
)
from odkit.model import Change, CleanTable, ColumnMatch, Issue, Row, Severity, Where
from odkit.project import load_schema

VALUES_SCHEMA = "indicator-values.v1"
VALUES_TABLE = "values"
COMPARISON = "基準値と見込値との比較"
KINDS = (BASELINE, EXPECTED_OR_ACTUAL, INTERIM, TARGET)
RULE = "parse-value"


class Cell(NamedTuple):
    """A value cell: its indicator, the column it stands in, where it stands in the source, and its values."""

    key: str
    kind: str
    where: Where
    text: str
    parts: tuple[ValuePart, ...]


def tidy_tables(table: CleanTable, found: Evaluation | None = None) -> tuple[CleanTable, ...]:
    """The tables that a table of indicators gives besides itself; () for any other table.

    The table ``values`` has a row per value in the layout of indicator-values.v1: number, unit, period and
    qualifiers, with the cell's own words. `row_numbers` point to the source; `changes` say which cell each number was
    read from; a cell that cannot be read for certain has a row without a number and an `Issue`. The table
    ``progress`` has the evaluation: `found`, else that by the rules that ship with odkit, where their plan has these
    indicators and the heading says the fiscal year.
    """
    if not is_indicators(table):
        return ()
    found = found or _evaluation(table)
    if found is None:
        return (_values(table, {}),)
    kinds = {item.entry.key: item.kind.value for item in found.results if item.judged}
    return _values(table, kinds), replace(found.progress, issues=found.issues)


def _evaluation(table: CleanTable) -> Evaluation | None:
    rules = default_rules()
    if fiscal_year(table) is None or not any(entry.key in rules.indicators for entry in entries(table)):
        return None
    return evaluate_table(table, rules)


def _values(table: CleanTable, known_kinds: Mapping[str, str]) -> CleanTable:
    cells = [cell for cell in _cells(table, known_kinds) if cell.parts]
    schema = load_schema(VALUES_SCHEMA)
    placed = [(cell, number, part) for cell in cells for number, part in enumerate(cell.parts, start=1)]
    return CleanTable(
        name=VALUES_TABLE,
        title=schema.title,
        schema=schema,
        rows=tuple(_row(*item) for item in placed),
        row_numbers=tuple(cell.where.row or 0 for cell, _, _ in placed),
        matches=tuple(ColumnMatch(name=field.name, how="derived") for field in schema.fields),
        origin=table.origin,
        changes=tuple(_changes(placed)),
        issues=tuple(issue for cell in cells for issue in _issues(cell)),
    )


def _cells(table: CleanTable, known_kinds: Mapping[str, str]) -> Iterator[Cell]:
    places = {match.name: index for index, match in enumerate(table.matches)}
    columns = [(places[kind], table.matches[places[kind]]) for kind in KINDS if kind in places]
    for number, row in zip(table.row_numbers, table.rows, strict=True):
        for place, match in columns:
            where = Where(
                file=table.origin.location,
                sheet=table.origin.sheet,
                row=number,
                column=match.column,
                field=match.name,
            )
            parts = parse_value(row[place])
            key = _at(row, places, KEY)
            known = known_kinds.get(key, "") if match.name == EXPECTED_OR_ACTUAL else ""
            yield Cell(key, known or _kind(match.name, row, places, parts), where, row[place], parts)


def _kind(column: str, row: Row, places: Mapping[str, int], parts: tuple[ValuePart, ...]) -> str:
    """Whether 見込値(実績値) holds what is expected or what was measured, where no rules say.

    The sheet says so itself: it puts the arrow of a comparison with a measured value in brackets. Where it has no
    arrow, a value with a date of its own was measured.
    """
    if column != EXPECTED_OR_ACTUAL:
        return column
    arrow = _at(row, places, COMPARISON)
    if arrow:
        return ACTUAL if arrow.startswith("(") else EXPECTED
    return ACTUAL if any(part.period for part in parts) else EXPECTED


def _at(row: Row, places: Mapping[str, int], name: str) -> str:
    return row[places[name]] if name in places else ""


def _row(cell: Cell, number: int, part: ValuePart) -> Row:
    return (cell.key, cell.kind, str(number), part.number, part.unit, part.period, part.qualifier, cell.text)


def _changes(placed: list[tuple[Cell, int, ValuePart]]) -> Iterator[Change]:
    for cell, _, part in placed:
        if part.number and part.number != cell.text:
            yield Change(where=cell.where, before=cell.text, after=part.number, rule=RULE)


def _issues(cell: Cell) -> Iterator[Issue]:
    for part in cell.parts:
        code = "indicators.ambiguous" if part.ambiguous else "indicators.unread-note" if part.unread else ""
        if code:
            yield Issue(
                code=code, severity=Severity.NOTE, where=cell.where, value=cell.text, details={"indicator": cell.key}
            )
