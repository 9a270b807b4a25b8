"""Telephone numbers and what people write beside them: no digit and no fact is lost."""

from __future__ import annotations

import pytest

from odkit.clean.plain import compile_plain
from odkit.clean.values import Cleaned, Facts, compile_cleaner
from odkit.clean.values.phone import is_number
from odkit.model import Field


def clean(facts: Facts, source: str, name: str = "電話番号") -> Cleaned:
    return compile_cleaner(Field(name=name, title=name, meaning="phone"), facts)(source)


@pytest.mark.parametrize(
    "source",
    [
        *(
            "047-334-1111（代）",
            "047-334-1111(代表)",
            "（代表）047-334-1111",
            "代表 047-334-1111",
            "代表：047-334-1111",
        ),
        *("代表電話 047-334-1111", "047-334-1111㈹", "TEL：047-334-1111（代）", "Tel. 047-334-1111", "℡047-334-1111"),
        *("☎０４７－３３４－１１１１", "電話047-334-1111 代表", "電話番号　047-334-1111"),
    ],
)
def test_words_that_say_nothing_more(facts: Facts, source: str) -> None:
    assert clean(facts, source) == Cleaned("047-334-1111", "phone-label")


@pytest.mark.parametrize(
    ("source", "numbers"),
    [
        ("047-334-1111　047-334-1112", "047-334-1111 / 047-334-1112"),
        ("047-334-1111又は047-334-1112", "047-334-1111 / 047-334-1112"),
        ("047-334-1111\n(047)334-1112", "047-334-1111 / (047)334-1112"),
        ("047 334 1111", "047-334-1111"),
        ("047 334 1111、0120 444 444", "047-334-1111 / 0120-444-444"),
        ("０４７（３３４）１１１１", "047(334)1111"),
    ],
)
def test_spellings_of_numbers(facts: Facts, source: str, numbers: str) -> None:
    assert clean(facts, source) == Cleaned(numbers, "phone")


@pytest.mark.parametrize(
    "source",
    [
        *(
            "047-334-1111（直通）",
            "直通 047-334-1111",
            "047-334-1111（FAX兼用）",
            "FAX 047-334-1112",
            "047-334-1111 内線12",
        ),
        *(
            "047-334-1111（代）、047-334-1112",
            "047-334-1111（代）、047-334-1112（直通）",
            "047-334-1111～3",
            "119",
            "#7119",
        ),
        *(
            "電話 047-334-1111 FAX 047-334-1112",
            "0120-444-444（フリーダイヤル）",
            "334-1111",
            "なし",
            "-",
            "代表",
            "TEL",
        ),
        *("47-334-1111", "4.7E+08", "047-334-1111 / ", "047-334-1111047-334-1112", "03-1234-567 8"),
    ],
)
def test_facts_that_a_number_cannot_hold(facts: Facts, source: str) -> None:
    assert clean(facts, source) == Cleaned(source, "", "clean.phone")


@pytest.mark.parametrize(
    "source", ["FAX 047-334-1112", "ＦＡＸ：０４７－３３４－１１１２", "ファックス047-334-1112", "℻047-334-1112"]
)
def test_a_column_of_fax_numbers_says_fax_itself(facts: Facts, source: str) -> None:
    assert clean(facts, source, "FAX番号") == Cleaned("047-334-1112", "phone-label")


def test_a_telephone_among_fax_numbers_is_told(facts: Facts) -> None:
    assert clean(facts, "TEL 047-334-1111", "FAX番号").issue == "clean.phone"


def test_numbers_outside_the_plan_are_found_among_others() -> None:
    unlike = compile_plain(Field(name="電話番号", title="電話番号", meaning="phone"))
    assert unlike is not None
    right = ["047-712-8569", "", "03-1234-5678"] * 10
    wrong = ["0101-23-4567", "044-149-1234", "1-2", "04-9999-9999"]
    for place in range(0, len(right), 7):
        told = [*right[:place], *wrong, *right[place:], wrong[1]]
        by_rule = [value for value in told if value and not is_number(value)]
        assert sorted(set(unlike(told))) == sorted(set(by_rule)), place
