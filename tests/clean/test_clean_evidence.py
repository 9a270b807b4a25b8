"""What the values of a column say about its meaning."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odkit.clean.evidence import (
    SAMPLE_ROWS,
    WEIGHED,
    Candidate,
    column_meanings,
    contradiction,
    distinct,
    sample,
    share,
    thinned,
    unfit_values,
)
from odkit.clean.table import known_facts
from odkit.clean.values import Facts
from odkit.model import Field, SourceTable

FACTS = known_facts(None)
URLS = [f"https://www.city.ichikawa.lg.jp/{number}.html" for number in range(10)]
PHONES = [f"047-334-11{number}" for number in range(10, 20)]
COLUMNS = {
    "url": URLS,
    "email": [f"kakari{number}@city.ichikawa.lg.jp" for number in range(10)],
    "phone": [*PHONES, "０４７－３３４－１１１１", "047-334-1112、047-334-1113"],
    "corporate_number": ["6000012070001", "7000012050002"],
    "latitude": ["35.721781", "35.7301", "35.689"],
    "longitude": ["139.931", "140.1233", "139.925"],
    "date": ["昭和40年3月26日", "R6.4.1", "2024/4/1", "令和元年5月1日"],
    "time": ["9:00", "１７時３０分", "午後5時半"],
    "postal_code": ["272-8501", "〒272-0021"],
    "prefecture": ["千葉県", "東京都"],
    "weekdays": ["月～金", "土・日", "毎日"],
    "code_municipality": ["122033", "120006", "121002"],
    "city": ["市川市", "浦安市", "栄町"],
    "kana": ["イチカワシ", "ﾁﾊﾞｹﾝ", "ふなばし"],
    "flag": ["○", "×"],
    "integer": ["0", "12", "１，２３４", "△5"],
    "number": ["1.50", "3", "1,234.5"],
    "address": ["市川市八幡1丁目1番1号", "浦安市猫実一丁目1-1"],
    "text": ["水曜定休", "A", "あり（要予約）"],
}
"""Meaning -> values that look like it, as they are written in real files."""

NO_NUMBERS = ["011002", "0900", "007", "4.00E+12", "R2", "12人"]
NO_DATES = ["20240401", "45016", "2024", "8月5日", "2024年4月"]
NO_TIMES = ["0900", "1730", "0.375", "9時～17時"]
NO_CODES = ["2728501", "334-11110", "12203", "122034"]

Build = Callable[..., SourceTable]


@pytest.mark.parametrize("meaning", COLUMNS)
def test_what_values_look_like(meaning: str) -> None:
    assert column_meanings(COLUMNS[meaning], FACTS)[0].name == meaning


@pytest.mark.parametrize(
    ("meaning", "values"),
    [
        ("integer", NO_NUMBERS),
        ("number", NO_NUMBERS),
        ("date", NO_DATES),
        ("time", NO_TIMES),
        ("postal_code", NO_CODES),
        ("code_municipality", NO_CODES),
        ("latitude", ["35", "35.72", "139.931", "60.12345"]),
        ("kana", ["カフェA", "市川シ", "123"]),
        ("phone", ["334-1111", "90-1234-5678", "0000000000", "272-8501"]),
    ],
)
def test_what_they_do_not_look_like(meaning: str, values: Sequence[str]) -> None:
    for value in values:
        assert meaning not in dict(column_meanings([value], FACTS)), value


def test_a_column_without_values_means_nothing() -> None:
    assert column_meanings([], FACTS) == ()
    assert column_meanings(["", " ", "\u3000"], FACTS) == ()


def test_confidence_is_the_chance_that_the_next_value_fits_too() -> None:
    assert share(0, 0) == 0.5
    assert column_meanings(URLS[:1], FACTS)[0] == Candidate("url", 2 / 3)
    assert column_meanings(URLS, FACTS)[0] == Candidate("url", 11 / 12)
    assert column_meanings([*URLS, *URLS, "なし", "未定"], FACTS)[0] == Candidate("url", 11 / 14)


def test_a_field_s_own_words_and_limits_count() -> None:
    words = Field(name="設置", title="設置", meaning="enum", enum=("有", "無"))
    assert unfit_values(["有", "○", "なし", "たぶん"], words, FACTS) == ["たぶん"]
    limited = Field(name="数", title="数", type="integer", meaning="integer", minimum="0")
    assert unfit_values(["5", "５", "-1", "多数"], limited, FACTS) == ["-1", "多数"]


@pytest.mark.parametrize(
    ("field", "values", "found"),
    [
        ("phone", URLS, "url"),
        ("url", PHONES, "phone"),
        ("name", PHONES, "phone"),
        ("kana", URLS, "url"),
        ("date", URLS, "url"),
        # Too few to be sure of, or right, or free to hold anything:
        ("phone", URLS[:2], None),
        ("phone", PHONES, None),
        ("phone", [*PHONES[:5], *URLS[:5]], None),
        ("text", URLS, None),
        ("id", PHONES, None),
        ("phone", ["なし", "未定", "不明", "非公開"], None),
        ("phone", [], None),
        # Put right by coordinates.py, seen from both columns:
        ("latitude", ["139.931", "140.123", "139.922", "139.933"], None),
    ],
)
def test_values_that_contradict_a_column(field: str, values: Sequence[str], found: str | None) -> None:
    said = contradiction(distinct(values), Field(name="列", title="列", meaning=field), FACTS)
    assert (said.name if said else None) == found


def test_a_sample_is_of_the_first_rows(source: Build) -> None:
    rows = [(f"{number}", "", "x") for number in range(SAMPLE_ROWS + 50)]
    found = sample(source(["a", "b", "c"], *rows), [0, 1])
    assert set(found) == {0, 1}
    assert len(found[0]) == SAMPLE_ROWS
    assert found[1] == ()
    assert len(thinned(found[0])) == WEIGHED
    assert sample(source(["a"]), [0]) == {0: ()}


def test_a_wide_table_is_judged_by_fewer_rows(source: Build) -> None:
    wide = source(["a"] * 10_000, *[[str(number)] * 10_000 for number in range(60)])
    assert {len(values) for values in sample(wide, range(10_000)).values()} == {50}


VALUES = st.sampled_from([value for values in COLUMNS.values() for value in values] + NO_NUMBERS + NO_DATES)


@given(st.lists(VALUES, max_size=40), st.randoms(use_true_random=False))
def test_the_order_and_number_of_values_say_nothing(values: list[str], random: Random) -> None:
    again = [*values, *values, ""]
    random.shuffle(again)
    assert column_meanings(again, FACTS) == column_meanings(values, FACTS)


@given(st.lists(st.text(max_size=12), max_size=20))
def test_any_text_gets_a_share_below_certainty(values: list[str]) -> None:
    found = column_meanings(values, FACTS)
    assert all(0 < candidate.confidence < 1 for candidate in found)
    assert [item.confidence for item in found] == sorted((item.confidence for item in found), reverse=True)


def test_facts_of_a_publisher_are_not_needed(facts: Facts) -> None:
    assert column_meanings(COLUMNS["phone"], facts) == column_meanings(COLUMNS["phone"], FACTS)
