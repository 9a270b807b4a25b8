"""Dates as they are written in Japan: which are certain, and what a person is told of the others."""

from __future__ import annotations

import pytest

from odkit.clean.values import Cleaned, Facts, compile_cleaner
from odkit.model import Field

DATE = Field(name="指定日", title="指定日", meaning="date")


def clean(facts: Facts, source: str) -> Cleaned:
    return compile_cleaner(DATE, facts)(source)


@pytest.mark.parametrize(
    ("source", "day", "rule"),
    [
        ("2024 年 4 月 1 日", "2024-04-01", "date"),
        ("令和 6 年 4 月 1 日（月曜日）", "2024-04-01", "era-date"),
        ("2024/11/4（月・祝）", "2024-11-04", "date"),
        ("㍼40年3月26日", "1965-03-26", "era-date"),
        ("㋿元年5月1日", "2019-05-01", "era-date"),
        ("昭和\n40年\n3月26日", "1965-03-26", "era-date"),
        ("45016.0", "2023-03-31", "excel-serial"),
        ("明治6年1月1日", "1873-01-01", "era-date"),
        ("2024-04-01T00:00:00", "2024-04-01", "date"),
    ],
)
def test_certain(facts: Facts, source: str, day: str, rule: str) -> None:
    assert clean(facts, source) == Cleaned(day, rule)


@pytest.mark.parametrize(
    "source",
    [
        *("昭和40年頃", "昭和40年代", "昭和40", "S40", "約1965年", "1960年代", "2024年春", "令和6年4月吉日"),
        *("令和５年３月末", "昭和四十年三月下旬", "昭和初期", "明治時代", "大正", "平成30年度", "8月5日（水）", "4月"),
        *("昭和40年以前", "推定1900年"),
    ],
)
def test_not_the_whole_day(facts: Facts, source: str) -> None:
    assert clean(facts, source) == Cleaned(source, "", "clean.date-partial")


@pytest.mark.parametrize(
    "source",
    [
        *(
            "江戸時代",
            "江戸時代後期",
            "江戸中期",
            "幕末",
            "室町時代（15世紀）",
            "6世紀",
            "縄文時代",
            "奈良時代頃",
            "江戸",
        ),
        *("元禄3年", "元禄三年五月", "文化元年", "永禄年間", "天平勝宝4年4月9日", "享保期"),
        *("明治5年12月2日", "明治5年12月3日", "明治元年9月8日", "明治4年", "明治三年頃"),
    ],
)
def test_of_the_old_calendar(facts: Facts, source: str) -> None:
    assert clean(facts, source) == Cleaned(source, "", "clean.date-old")


@pytest.mark.parametrize(
    "source", ["6.3.1", "20/3/4", "６年３月１日", "4/7/2021", "04/07/2021", "24-4-1", "1965", "23", "元", "23年度"]
)
def test_more_than_one_reading(facts: Facts, source: str) -> None:
    assert clean(facts, source) == Cleaned(source, "", "clean.date-ambiguous")


@pytest.mark.parametrize(
    "source",
    [
        *("R2.4.1～R6.3.31", "令和2年4月1日～", "8月5日（水）～8月16日（日）\n※雨天中止", "不明", "随時", "約300年前"),
        *("2024-04-01 09:30:00", "奈良県", "45016.5", "-", "2024.4.1."),
    ],
)
def test_no_date(facts: Facts, source: str) -> None:
    assert clean(facts, source) == Cleaned(source, "", "clean.date")


@pytest.mark.parametrize(
    ("source", "day"),
    [
        ("4/13/2021", "2021-04-13"),
        ("13/4/2021", "2021-04-13"),
        ("4/4/2021", "2021-04-04"),
        ("4/13/2021 0:00", "2021-04-13"),
    ],
)
def test_year_last_where_one_reading_is_possible(facts: Facts, source: str, day: str) -> None:
    assert clean(facts, source) == Cleaned(day, "date")


@pytest.mark.parametrize("source", ["2/30/2021", "13/13/2021", "0/1/2021"])
def test_days_that_never_were(facts: Facts, source: str) -> None:
    assert clean(facts, source) == Cleaned(source, "", "clean.date-impossible")
