"""The tidy table: one row per indicator, kind of value and value, each with its source cell."""

from __future__ import annotations

from odkit.indicators import tidy_tables
from odkit.model import CleanTable, ColumnMatch, Origin
from odkit.project import load_schema

SCHEMA = load_schema("indicators.v1")
COLUMNS = ("指標番号", "基準値", "見込値(実績値)", "最終目標", "基準値と見込値との比較")


def table(*rows: tuple[str, ...]) -> CleanTable:
    return CleanTable(
        name="data",
        title=SCHEMA.title,
        schema=SCHEMA,
        rows=rows,
        row_numbers=tuple(range(6, 6 + len(rows))),
        matches=tuple(ColumnMatch(name=name, heading=name, column=at) for at, name in enumerate(COLUMNS, start=2)),
        origin=Origin(location="進捗.xlsx", sheet="一覧"),
    )


def test_one_row_per_value() -> None:
    (values,) = tidy_tables(table(("1-01", "37%（20団体）", "", "100%", "→"), ("1-02", "0件", "2件", "増加", "↗")))
    assert (values.name, values.schema.id) == ("values", "indicator-values.v1")
    assert list(values.rows) == [
        ("1-01", "基準値", "1", "37", "%", "", "", "37%（20団体）"),
        ("1-01", "基準値", "2", "20", "団体", "", "括弧内", "37%（20団体）"),
        ("1-01", "最終目標", "1", "100", "%", "", "", "100%"),
        ("1-02", "基準値", "1", "0", "件", "", "", "0件"),
        ("1-02", "見込値", "1", "2", "件", "", "", "2件"),
        ("1-02", "最終目標", "1", "", "", "", "", "増加"),
    ]
    assert values.row_numbers == (6, 6, 6, 7, 7, 7)
    assert [match.name for match in values.matches] == list(load_schema("indicator-values.v1").names)


def test_the_sheet_says_whether_a_value_was_measured() -> None:
    (values,) = tidy_tables(
        table(
            ("1-01", "", "5件", "", "(↗)"),
            ("1-02", "", "14団体(令和2年12月末現在)", "", "↗"),
            ("1-03", "", "90%(令和元年度)", "", ""),
            ("1-04", "", "約5件", "", ""),
        )
    )
    assert [row[1] for row in values.rows] == ["実績値", "見込値", "実績値", "見込値"]


def test_numbers_lead_back_to_their_cells() -> None:
    (values,) = tidy_tables(
        table(("1-01", "1,000人", "10～20件", "8件（令和元年11時点）", "→"), ("1-02", "3", "", "", ""))
    )
    assert [(item.where.cell, item.before, item.after, item.rule) for item in values.changes] == [
        ("C6", "1,000人", "1000", "parse-value"),
        ("E6", "8件（令和元年11時点）", "8", "parse-value"),
    ]
    assert [(issue.code, issue.where.cell, issue.details["indicator"]) for issue in values.issues] == [
        ("indicators.ambiguous", "D6", "1-01"),
        ("indicators.unread-note", "E6", "1-01"),
    ]


def test_other_tables_have_no_values() -> None:
    other = load_schema("public_wireless_lan.v2")
    plain = CleanTable(
        name="data", title="", schema=other, rows=(), row_numbers=(), matches=(), origin=Origin(location="x.csv")
    )
    assert tidy_tables(plain) == ()
    (empty,) = tidy_tables(table())
    assert empty.rows == ()
