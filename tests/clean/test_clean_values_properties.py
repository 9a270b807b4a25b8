"""What holds for every cleaner, whatever people typed: cleaning settles, keeps and passes, or leaves alone."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from odkit.clean.check import compile_check
from odkit.clean.values import CLEANERS, FACTORIES, Cleaned, Facts, compile_cleaner, evidence
from odkit.clean.values.calendar import from_serial
from odkit.model import Field, arabic
from odkit.project import load_schema, schema_ids

MEANINGS = sorted({*CLEANERS, *FACTORIES})
PIECES = (
    "0123456789０１２９.,．，-－ー―～〜年月日令和昭平元RS・、/／:：時分午前後()（） 　\n○×有無ｶﾞカ々A＠゛㍻℡㈹?",
    "047|334|1111|047-334-1111|（代）|内線|TEL|FAX|平日|毎日|月～金|を除く|以外|祝|昭和40年|3月26日|江戸時代|2024|元禄|頃|4/13/2021",
    "9:00|17:00|24:00|半|正午|35度|36分|17.5秒|°|′|″|35.36.17|139.7|北緯|272|8501|〒|122033|12203|.0|4.00E+12|△|1,234",
    "https://a.example/|www.|info@a.example|;|国際|その他|TRUE|〃|??|千葉県市川市|か\u3099|1899-12-30 |50,700 ",
)
TYPED = st.lists(
    st.one_of(*(st.sampled_from(part.split("|") if "|" in part else list(part)) for part in PIECES)), max_size=7
).map("".join)


def fields() -> Iterator[Field]:
    """One field of the standards for each meaning, type and set of constraints."""
    seen = set()
    for schema in filter(lambda schema: schema.kind == "recommended", map(load_schema, schema_ids())):
        for field in schema.fields:
            kind = (field.meaning, field.type, field.format, field.pattern, field.enum, "FAX" in field.name)
            if kind not in seen:
                seen.add(kind)
                yield field


FIELDS = tuple(fields())


def digits(text: str) -> list[str]:
    return re.findall("[0-9]", unicodedata.normalize("NFKC", text))


def test_every_meaning_is_tried() -> None:
    assert {field.meaning for field in FIELDS} == set(MEANINGS)


@given(st.sampled_from(FIELDS), TYPED, st.lists(TYPED, max_size=2))
def test_a_cleaner_settles_once_and_for_all(facts: Facts, field: Field, source: str, others: list[str]) -> None:
    clean = compile_cleaner(field, facts, has_evidence=evidence(field, {source, *others}))
    once = clean(source)
    assert not (once.rule and once.issue)
    assert bool(once.rule) == (once.value != source)
    # No cleaner is asked about an empty cell: "0" in a column of 1 and nothing becomes one.
    if once.value and not once.issue:
        assert clean(once.value) == Cleaned(once.value)


@given(st.sampled_from(FIELDS), TYPED)
def test_what_is_settled_passes_the_check_of_its_column(facts: Facts, field: Field, source: str) -> None:
    cleaned = compile_cleaner(field, facts, has_evidence=evidence(field, {source}))(source)
    if not cleaned.issue:
        # Whether a place lies in Japan is seen from both coordinates, after this.
        assert {code for code, _ in compile_check(field)(cleaned.value)} <= {"clean.range", "clean.required"}


@pytest.mark.parametrize("meaning", ["number", "phone", "postal_code", "id"])
@given(source=TYPED)
def test_no_digit_is_lost_or_invented(facts: Facts, meaning: str, source: str) -> None:
    cleaned = compile_cleaner(Field(name=meaning, title=meaning, meaning=meaning), facts)(source)
    assert digits(cleaned.value) == digits(source)


@given(TYPED)
@example("昭和40年3月26日")
def test_the_day_of_a_settled_date_was_written(facts: Facts, source: str) -> None:
    field = Field(name="日", title="日", meaning="date")
    cleaned = compile_cleaner(field, facts, has_evidence=evidence(field, {source}))(source)
    if not cleaned.issue and cleaned.value:
        day = date.fromisoformat(cleaned.value)
        numbers = [int(number) for number in re.findall("[0-9]+", arabic(unicodedata.normalize("NFKC", source)))]
        serial = cleaned.rule == "excel-serial" and day == from_serial(numbers[0])
        compact = numbers[0] == int(f"{day:%Y%m%d}")
        assert serial or compact or {day.month, day.day} <= set(numbers)


SPELLINGS = (
    *("{y}-{m:02}-{d:02}", "{y}/{m}/{d}", "{y}.{m}.{d}", "{y}年{m}月{d}日", "{y}{m:02}{d:02}", "{y}/{m}/{d} 0:00:00"),
    "{y}年 {m}月 {d}日（{w}）",
)


@given(st.dates(date(1873, 1, 1), date(2099, 12, 31)), st.sampled_from(SPELLINGS), st.booleans())
def test_every_day_in_every_spelling(facts: Facts, day: date, spelling: str, wide: bool) -> None:
    text = spelling.format(y=day.year, m=day.month, d=day.day, w="月火水木金土日"[day.weekday()])
    text = text.translate({48 + number: chr(0xFF10 + number) for number in range(10)}) if wide else text
    field = Field(name="日", title="日", meaning="date")
    assert compile_cleaner(field, facts)(text).value == day.isoformat()
