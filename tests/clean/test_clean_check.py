"""Value checks: the same errors in the same cells as frictionless finds."""

from __future__ import annotations

from typing import Any

import pytest
from frictionless import Resource, Schema
from hypothesis import given, settings
from hypothesis import strategies as st

from odkit.clean import check_table
from odkit.clean.check import compile_check, compile_checks
from odkit.model import CleanTable, ColumnMatch, Field, Origin, TableSchema

FIELDS: dict[str, dict[str, Any]] = {
    "番号": {"type": "integer", "constraints": {"unique": True, "required": True}},
    "数": {"type": "number", "constraints": {"minimum": 20, "maximum": 46}},
    "日": {"type": "date"},
    "時": {"type": "time", "format": "%H:%M"},
    "形": {"type": "string", "constraints": {"pattern": "[0-9]{6}"}},
    "語": {"type": "string", "constraints": {"enum": ["有", "無"], "required": True}},
    "所": {"type": "string", "format": "uri"},
}
KEY = ("形", "語")


def parsed(name: str, item: dict[str, Any]) -> Field:
    limits = item.get("constraints", {})
    return Field(
        name=name,
        title=name,
        type=item["type"],
        format=item.get("format", ""),
        required=limits.get("required", False),
        unique=limits.get("unique", False),
        pattern=limits.get("pattern", ""),
        enum=tuple(limits.get("enum", ())),
        minimum=str(limits.get("minimum", "")),
        maximum=str(limits.get("maximum", "")),
    )


def table(rows: list[tuple[str, ...]], key: tuple[str, ...] = ()) -> CleanTable:
    fields = tuple(parsed(name, item) for name, item in FIELDS.items())
    return CleanTable(
        name="data",
        title="試験",
        schema=TableSchema(
            id="t.v1", name="t", title="試験", version="v1", kind="recommended", fields=fields, primary_key=key
        ),
        rows=rows,
        row_numbers=tuple(range(2, 2 + len(rows))),
        matches=tuple(ColumnMatch(name=name, heading=name, column=at) for at, name in enumerate(FIELDS, start=1)),
        origin=Origin(location="x.csv"),
    )


GOOD = ("1", "35.5", "2024-02-29", "09:00", "122033", "有", "https://a.example/")


@pytest.mark.parametrize(
    ("place", "value", "code", "cell"),
    [
        (0, "", "clean.required", "A2"),
        (0, "1.5", "clean.type", "A2"),
        (1, "abc", "clean.type", "B2"),
        (1, "19.99", "clean.range", "B2"),
        (1, "NaN", "clean.range", "B2"),
        (2, "2023-02-29", "clean.type", "C2"),
        (3, "24:00", "clean.type", "D2"),
        (4, "12203", "clean.pattern", "E2"),
        (5, "一部", "clean.enum", "F2"),
        (6, "www.a.example", "clean.type", "G2"),
    ],
)
def test_one_fault_one_issue(place: int, value: str, code: str, cell: str) -> None:
    row = (*GOOD[:place], value, *GOOD[place + 1 :])
    assert [(issue.code, issue.where.cell, issue.value) for issue in check_table(table([row]))] == [(code, cell, value)]


def test_a_good_row_and_an_extra_column() -> None:
    assert check_table(table([GOOD])) == ()


def test_repeats_name_the_row_before() -> None:
    found = check_table(table([GOOD, GOOD, ("1", *GOOD[1:])], KEY))
    assert [(issue.code, issue.where.cell, issue.details["expected"]) for issue in found] == [
        ("clean.unique", "A3", "2"),
        ("clean.unique", "E3", "2"),
        ("clean.unique", "A4", "3"),
        ("clean.unique", "E4", "3"),
    ]


CELLS = st.tuples(
    st.sampled_from(["", "1", "01", "2", "x", "1.0", " 1", "１"]),
    st.sampled_from(["", "20", "46.0", "46.1", "1e1", "inf", "NaN", "x", "2_1", " 30"]),
    st.sampled_from(["", "2024-02-29", "2023-02-29", "2024-1-5", "R2.4.1", "2024/01/05"]),
    st.sampled_from(["", "09:00", "9:00", "24:00", "09:00:00"]),
    st.sampled_from(["", "122033", "12203", "1220333", "122033\n"]),
    st.sampled_from(["", "有", "無", "○"]),
    st.sampled_from(["", "https://a.example/", "www.a.example", "mailto:a@b.example", "1a:b", ":"]),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(CELLS, min_size=1, max_size=4))
def test_the_referee_finds_the_same_cells(rows: list[tuple[str, ...]]) -> None:
    rows = [row for row in rows if any(row)]
    fields = [{"name": name, **item} for name, item in FIELDS.items()]
    schema = Schema.from_descriptor({"fields": fields, "primaryKey": list(KEY)})
    report = Resource(data=[list(FIELDS), *map(list, rows)], schema=schema).validate()
    errors: list[Any] = [error for task in report.tasks for error in task.errors]
    theirs = {(error.row_number, getattr(error, "field_name", KEY[0])) for error in errors}
    ours = {(issue.where.row, issue.where.field) for issue in check_table(table(list(rows), KEY))}
    assert ours == theirs


CHECKED = (
    Field(name="code", title="", pattern="[0-9]{6}"),
    Field(name="kind", title="", enum=("a", "b")),
    Field(name="link", title="", format="uri"),
    Field(name="latitude", title="", type="number", minimum="20", maximum="46"),
    Field(name="count", title="", type="integer", minimum="0"),
    Field(name="most", title="", type="number", maximum="9.5"),
    Field(name="day", title="", type="date", minimum="2020-01-01"),
    Field(name="needed", title="", required=True),
)
SOME = ("123456", "12345", "a", "c", "https://a.jp/", "35.5", "NaN", "sNaN", "-1", "1e9", "Infinity", "2026-04-01", "")


@given(st.sampled_from(CHECKED), st.lists(st.sampled_from(SOME) | st.from_regex(r"[0-9]{1,6}", fullmatch=True)))
def test_values_that_are_right_at_once_are_so_one_by_one(field: Field, values: list[str]) -> None:
    one_by_one = not any(map(compile_check(field), filter(None, values)))
    assert compile_checks(field)(values) == (one_by_one and all(values))
