"""The tidy table beside an indicator table: one row per indicator, kind of value and value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from odkit.indicators.cells import ValuePart, parse_value
from odkit.model import Change, CleanTable, ColumnMatch, Issue, Row, Severity, Where
from odkit.project import load_schema

INDICATORS = "indicators"
VALUES_SCHEMA = "indicator-values.v1"
VALUES_TABLE = "values"
KEY = "指標番号"
EXPECTED_OR_ACTUAL = "見込値(実績値)"
COMPARISON = "基準値と見込値との比較"
EXPECTED, ACTUAL = "見込値", "実績値"
KINDS = ("基準値", EXPECTED_OR_ACTUAL, "中間目標", "最終目標")
RULE = "parse-value"


class Cell(NamedTuple):
    """A value cell: its indicator, the column it stands in, where it stands in the source, and its values."""

    key: str
    kind: str
    where: Where
    text: str
    parts: tuple[ValuePart, ...]


def tidy_tables(table: CleanTable) -> tuple[CleanTable, ...]:
    """The tables that a table of indicators gives besides itself; () for any other table.

    The one table ``values`` has a row per value in the layout of indicator-values.v1: number, unit, period and
    qualifiers, with the cell's own words. `row_numbers` point to the source; `changes` say which cell each number was
    read from; a cell that cannot be read for certain has a row without a number and an `Issue`.
    """
    if table.schema.kind != "indicator" or table.schema.name != INDICATORS:
        return ()
    cells = [cell for cell in _cells(table) if cell.parts]
    schema = load_schema(VALUES_SCHEMA)
    placed = [(cell, number, part) for cell in cells for number, part in enumerate(cell.parts, start=1)]
    return (
        CleanTable(
            name=VALUES_TABLE,
            title=schema.title,
            schema=schema,
            rows=tuple(_row(*item) for item in placed),
            row_numbers=tuple(cell.where.row or 0 for cell, _, _ in placed),
            matches=tuple(ColumnMatch(name=field.name, how="derived") for field in schema.fields),
            origin=table.origin,
            changes=tuple(_changes(placed)),
            issues=tuple(issue for cell in cells for issue in _issues(cell)),
        ),
    )


def _cells(table: CleanTable) -> Iterator[Cell]:
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
            kind = _kind(match.name, row, places, parts)
            yield Cell(_at(row, places, KEY), kind, where, row[place], parts)


def _kind(column: str, row: Row, places: Mapping[str, int], parts: tuple[ValuePart, ...]) -> str:
    """Whether 見込値(実績値) holds what is expected or what was measured.

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
