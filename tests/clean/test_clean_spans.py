"""Spans in one cell, and dates whose era stands in the heading."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from odkit.clean import clean_table
from odkit.model import Field, SourceTable, TableSchema

Build = Callable[..., SourceTable]


def schema(meaning: str, what: str) -> TableSchema:
    fields = tuple(
        Field(name=f"{part}{what}", title=part, meaning=meaning, type="string" if meaning == "time" else "date")
        for part in ("開始", "終了")
    )
    return TableSchema(id="test.v1", name="test", title="試験", version="v1", kind="recommended", fields=fields)


@pytest.mark.parametrize(
    ("cell", "hours"),
    [
        ("9:00～17:00", ("09:00", "17:00")),
        ("９時３０分〜午後５時", ("09:30", "17:00")),
        ("9:00-17:15", ("09:00", "17:15")),
        ("９：００－２４：００", ("09:00", "24:00")),
        ("午前9時から午後5時半まで", ("09:00", "17:30")),
        ("正午～17:00", ("12:00", "17:00")),
        ("9:00～12:00、13:00～17:00", ("9:00～12:00、13:00～17:00", "")),
        ("24時間", ("24時間", "")),
        ("日の出～日没", ("日の出～日没", "")),
        ("9:00～", ("9:00～", "")),
    ],
)
def test_opening_hours(source: Build, cell: str, hours: tuple[str, str]) -> None:
    made = clean_table(source(["開始時間"], [cell]), schema("time", "時間"))
    assert made.rows == (hours,)
    assert bool(made.issues) == (not hours[1])
    assert {item.rule for item in made.changes} <= {"split-span", "time"}


@pytest.mark.parametrize(
    ("cell", "days"),
    [
        ("R2.4.1～R6.3.31", ("2020-04-01", "2024-03-31")),
        ("令和2年4月1日から令和6年3月31日まで", ("2020-04-01", "2024-03-31")),
        ("2020-04-01～2024-03-31", ("2020-04-01", "2024-03-31")),
        ("2020/4/1-2021/3/31", ("2020-04-01", "2021-03-31")),
        ("2020-04-01", ("2020-04-01", "")),
        ("8月5日（水）～8月16日（日）", ("8月5日（水）～8月16日（日）", "")),
        ("令和2年4月1日～8日", ("令和2年4月1日～8日", "")),
    ],
)
def test_spans_of_days(source: Build, cell: str, days: tuple[str, str]) -> None:
    made = clean_table(source(["開始日"], [cell]), schema("date", "日"))
    assert made.rows == (days,)


def test_an_end_that_is_there_is_kept(source: Build) -> None:
    made = clean_table(source(["開始時間", "終了時間"], ["9:00～17:00", "18:00"]), schema("time", "時間"))
    assert made.rows == (("9:00～17:00", "18:00"),)
    assert [(item.code, item.where.cell) for item in made.issues] == [("clean.time", "B4")]


@pytest.mark.parametrize(
    ("heading", "cell", "day"),
    [
        ("指定年月日（昭和）", "40.3.26", "1965-03-26"),
        ("指定年月日（昭和）", "４０年３月２６日", "1965-03-26"),
        ("令和の指定日", "元.5.1", "2019-05-01"),
        ("指定年月日（昭和）", "平成2年3月16日", "1990-03-16"),
        ("指定年月日（昭和）", "65.3.26", ""),
        ("指定年月日（昭和・平成）", "40.3.26", ""),
        ("指定年月日", "40.3.26", ""),
        ("指定年月日", "昭和十年三月二十六日", "1935-03-26"),
        ("指定年月日", "大正元年八月一日", "1912-08-01"),
    ],
)
def test_eras_of_headings(source: Build, heading: str, cell: str, day: str) -> None:
    fields = (Field(name="日", title="日", meaning="date", type="date"),)
    table = TableSchema(id="test.v1", name="test", title="試験", version="v1", kind="recommended", fields=fields)
    made = clean_table(source([heading], [cell]), table, headings={heading: "日"})
    assert made.rows == ((day or cell,),)
    assert bool(made.issues) == (not day)


def test_spans_of_numbers_are_left_to_a_person(source: Build) -> None:
    fields = (Field(name="定員", title="定員", meaning="integer", type="integer"),)
    table = TableSchema(id="test.v1", name="test", title="試験", version="v1", kind="recommended", fields=fields)
    made = clean_table(source(["定員"], ["10～20"], ["10-20"]), table)
    assert made.rows == (("10～20",), ("10-20",))
    assert [item.code for item in made.issues] == ["clean.number"] * 2
