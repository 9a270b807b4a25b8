"""Value cells of the progress tables, as they are written."""

from __future__ import annotations

import csv
import re
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odkit.indicators import ValuePart, parse_value
from odkit.indicators.periods import last_day, read_period, year_name
from odkit.indicators.words import phrase_sense

CASES = Path(__file__).resolve().parent / "cells.csv"


def cases() -> list[tuple[str, str, str]]:
    """Each cell, how it is read, and its values as number|unit|period|qualifier."""
    with CASES.open(encoding="utf-8", newline="") as file:
        return [(row["cell"], row["state"], row["values"]) for row in csv.DictReader(file)]


def state(parts: tuple[ValuePart, ...]) -> str:
    if any(part.ambiguous for part in parts):
        return "ambiguous"
    if any(part.unread for part in parts):
        return "unread"
    return "read" if any(part.number for part in parts) else "words"


@pytest.mark.parametrize(("cell", "wanted", "values"), cases())
def test_cells(cell: str, wanted: str, values: str) -> None:
    parts = parse_value(cell)
    found = " / ".join(f"{part.number}|{part.unit}|{part.period}|{part.qualifier}" for part in parts)
    assert (state(parts), found if wanted in ("read", "unread") else "") == (wanted, values)
    assert {part.text for part in parts} == {cell}


def test_there_are_many_cells() -> None:
    assert len(cases()) >= 770
    assert len({cell for cell, _, _ in cases()}) == len(cases())


def test_what_cannot_be_settled_has_no_number() -> None:
    for cell, wanted, _ in cases():
        if wanted == "ambiguous":
            (part,) = parse_value(cell)
            assert (part.number, part.unit, part.period) == ("", "", ""), cell


def test_nothing_is_nothing() -> None:
    assert parse_value("") == parse_value(" \n") == ()


@pytest.mark.parametrize(
    ("cell", "kinds"),
    [
        ("約2,500時間", {"about"}),
        ("100人程度", {"about"}),
        ("延8,341人", {"gross"}),
        ("7,951件（平成30年度～令和2年度累計）", {"cumulative"}),
        ("40,267件/月", {"per-month"}),
        ("月平均120件", {"per-month", "average"}),
        ("0件/年", {"per-year"}),
        ("109,456件（見込）", {"forecast"}),
        ("2,662件(H30実績)", {"actual"}),
        ("14団体(令和2年12月末現在)", {"as-of"}),
        ("5人以上", {"at-least"}),
        ("3日以内", {"at-most"}),
        ("5件", set()),
        ("10%削減", {"change"}),
        ("+5件", {"change"}),
        ("105%（目標超過）", set()),
        ("100件弱", {"about", "at-most"}),
        ("5件を上回る", {"at-least"}),
        ("90件（3年間累計）", {"cumulative"}),
        ("年4回", {"per-year"}),
        ("月1回", {"per-month"}),
        ("見込：8件", {"forecast"}),
    ],
)
def test_what_the_words_around_a_number_mean(cell: str, kinds: set[str]) -> None:
    assert parse_value(cell)[0].kinds == kinds


def test_parts_of_one_cell_say_what_they_are() -> None:
    assert [part.kinds for part in parse_value("59/465")] == [{"numerator"}, {"denominator"}]
    assert [part.kinds for part in parse_value("37%（20団体）")] == [set(), {"in-brackets"}]
    assert [part.kinds for part in parse_value("1回目：3人 （計：3人）")] == [{"item"}, {"total"}]


@pytest.mark.parametrize(
    ("text", "sense"),
    [
        ("増加を目指します。", "increase"),
        ("増加を目指します", "increase"),
        ("減少を目指す。", "decrease"),
        ("増加を目指しません。", ""),
        ("進捗管理を停止している", "stopped"),
        ("今年度の状況については来年度当初に調査の予定", "pending"),
        ("構築中のため未定", "pending"),
        ("－", "none"),
        ("—", "none"),
        ("〃", "ditto"),
        ("全施設公開", ""),
        ("－％", "none"),
        ("未集計", "pending"),
        ("中止", ""),
    ],
)
def test_what_words_in_place_of_a_number_say(text: str, sense: str) -> None:
    assert phrase_sense(text) == sense


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("令和2年12月末現在", ("2020-12-31", "現在")),
        ("R3年2月28日", ("2021-02-28", "")),
        ("R3.11.1現在", ("2021-11-01", "現在")),
        ("R2.12", ("2020-12", "")),
        ("2020/2/29", ("2020-02-29", "")),
        ("2020.5", None),
        ("2021-2-29", None),
        ("2020年", ("2020", "")),
        ("令和元年度～令和3年度", ("2019-04-01/2022-03-31", "")),
        ("令和2年度末", ("2021-03-31", "")),
        ("令和2年度上半期実績", ("2020-04-01/2020-09-30", "実績")),
        ("令和2年4月～12月末", ("2020-04/2020-12-31", "")),
        ("令和2年4月～3月", None),
        ("令和3年度～令和元年度", None),
        ("令和2年2月30日", None),
        ("令和0年", None),
        ("令和99年度", None),
        ("令和2～4年度", ("2020-04-01/2023-03-31", "")),
        ("R2～R4年度累計", ("2020-04-01/2023-03-31", "累計")),
        ("2020～22年", ("2020/2022", "")),
        ("令和4～2年度", None),
        ("令和2～4", None),
        ("令和4年4～12月", ("2022-04/2022-12", "")),
        ("令和4年4月～翌年3月", ("2022-04/2023-03", "")),
        ("令和4年4月～翌年3月末", ("2022-04/2023-03-31", "")),
        ("令和4年度第3四半期", ("2022-10-01/2022-12-31", "")),
        ("令和4年度第4四半期末現在", ("2023-03-31", "現在")),
        ("令和4年上半期", None),
        ("FY2022", ("2022-04-01/2023-03-31", "")),
        ("令和3事業年度", ("2021-04-01/2022-03-31", "")),
        ("令和4年度123件", ("2022-04-01/2023-03-31", "123件")),
        ("1234年度", None),
        ("H30", None),
        ("累計", None),
    ],
)
def test_periods(text: str, period: tuple[str, str] | None) -> None:
    assert read_period(text) == period


def test_the_last_day_of_a_period() -> None:
    assert last_day("2020-02") == date(2020, 2, 29)
    assert last_day("2020") == date(2020, 12, 31)
    assert last_day("2018-04-01/2021-03-31") == date(2021, 3, 31)


def test_fiscal_years_have_names() -> None:
    assert [year_name(year, "ja") for year in (1988, 2018, 2019, 2020)] == [
        "昭和63年度",
        "平成30年度",
        "令和元年度",
        "令和2年度",
    ]
    assert year_name(2020, "en") == "fiscal 2020"


NUMBERS = st.decimals(min_value=0, max_value=10**9, places=2).map(lambda number: number.normalize())
UNITS = st.sampled_from(["件", "人", "団体", "%", "kW", "千枚", "件/月", "市町村", ""])
LEADS = st.sampled_from(["", "約", "延べ", "累計", "月平均"])
TIMES = st.sampled_from(
    [
        ("", "", ""),
        ("（令和2年12月末現在）", "2020-12-31", "現在"),
        ("(H30実績)", "2018-04-01/2019-03-31", "実績"),
        ("\n（平成30年度）", "2018-04-01/2019-03-31", ""),
        ("（見込）", "", "見込"),
    ]
)


@given(NUMBERS, UNITS, LEADS, TIMES, st.booleans(), st.booleans())
def test_what_is_written_is_read_back(
    number: Decimal, unit: str, lead: str, time: tuple[str, str, str], commas: bool, wide: bool
) -> None:
    digits = f"{number:f}"
    shown = f"{number:,f}" if commas else digits
    wide_digits = shown.translate({ord(char): ord(char) + 0xFEE0 for char in "0123456789,."})
    cell = f"{lead}{wide_digits if wide else shown}{unit}{time[0]}"
    (part,) = parse_value(cell)
    words = [word for word in (lead, time[2]) if word]
    assert (part.number, part.unit, part.period, part.qualifier) == (digits, unit, time[1], ";".join(words))


def test_a_report_in_a_value_cell_is_no_value() -> None:
    """Nor does it hold anything up: a cell of Excel may have 32,767 characters."""
    (part,) = parse_value("5件（3件）" * 4681)
    assert (part.number, part.ambiguous) == ("", True)


DATES = st.dates(date(2019, 5, 1), date(2082, 12, 31))
PLACES = st.sampled_from(
    [
        "{day} {value}",
        "{day}：{value}",
        "【{day}】{value}",
        "（{day}）{value}",
        "{day}現在 {value}",
        "{day}現在：{value}",
        "{value}（{day}）",
        "{value}〔{day}現在〕",
        "{value} {day}現在",
        "{value}、{day}現在",
        "{value}※{day}現在",
        "{value}／{day}",
    ]
)
SHAPES = st.sampled_from(["令和{era}年{m}月{d}日", "R{era}.{m}.{d}", "{y}/{m}/{d}", "{y}年{m}月{d}日"])


@given(NUMBERS, st.sampled_from(["件", "人", "%", "か所", "万kWh", "t-CO2", "㎡", "件/月"]), DATES, SHAPES, PLACES)
def test_a_date_is_read_wherever_it_stands(number: Decimal, unit: str, day: date, shape: str, place: str) -> None:
    shown = shape.format(era=day.year - 2018, y=day.year, m=day.month, d=day.day)
    (part,) = parse_value(place.format(day=shown, value=f"{number:,f}{unit}"))
    said = "現在" if "現在" in place else ""
    assert (part.number, part.unit, part.period, part.qualifier) == (f"{number:f}", unit, day.isoformat(), said)
    assert not part.unread


@given(NUMBERS, st.sampled_from(["件", "人", "%", "団体"]), st.sampled_from("RH"), st.integers(1, 64), PLACES)
def test_a_bare_year_is_never_a_value(number: Decimal, unit: str, era: str, year: int, place: str) -> None:
    parts = parse_value(place.format(day=f"{era}{year}", value=f"{number:f}{unit}"))
    assert [part.number for part in parts] in ([f"{number:f}"], [""])
    assert all(part.unread or part.ambiguous for part in parts)
    assert all(part.period == "" for part in parts)


@given(st.text(alphabet="0123456789０９,，.%/()（）～約人件年月度令和平成元【】:： \n-△万、計R県※増中", max_size=24))
def test_no_digit_is_lost_or_invented(text: str) -> None:
    parts = parse_value(text)
    written = Counter(re.findall("[0-9]", text.translate({code: code - 0xFEE0 for code in range(0xFF10, 0xFF1A)})))
    read = Counter(digit for part in parts for digit in re.findall("[0-9]", part.number))
    in_words = Counter(
        digit
        for word in {word for part in parts for word in (*part.qualifiers, part.remark)}
        for digit in re.findall("[0-9]", word)
    )
    assert read <= written
    assert not any(part.ambiguous and part.number for part in parts)
    if any(part.number for part in parts) and not in_words and not any(part.period for part in parts):
        assert read == written


@given(st.text(max_size=30))
def test_any_text_is_read_without_an_error(text: str) -> None:
    assert all(part.text == text for part in parse_value(text))
