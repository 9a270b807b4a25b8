"""The address of a row: its ID, else its content; never shared, never dependent on its place."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odkit.rdf.subject import count_renamed, subject_namer

COLUMNS = ("ID", "名称", "住所", "備考")
TEMPLATES = ("{ID}", "{#名称+住所}")


def hashed(*cells: str) -> str:
    return sha256("\x1f".join(cells).encode()).hexdigest()[:12]


def test_an_id_is_used_as_it_is_and_anything_else_comes_from_name_and_address() -> None:
    name = subject_namer(TEMPLATES, COLUMNS, "http://a.jp/")
    assert name(("W/01", "駅", "八幡", "")) == "http://a.jp/W%2F01"
    assert name(("", "駅", "八幡", "改札")) == "http://a.jp/" + hashed("駅", "八幡")
    assert name(("", "駅", "八幡", "北口")) == "http://a.jp/" + hashed("駅", "八幡") + "-2"
    assert name(("", "駅", "八幡", "南口")) == "http://a.jp/" + hashed("駅", "八幡") + "-3"


def test_a_number_that_is_taken_is_passed_over() -> None:
    name = subject_namer(TEMPLATES, COLUMNS, "")
    assert [name((key, "", "", "")) for key in ("a", "a-2", "a", "a", "a-2")] == ["a", "a-2", "a-3", "a-4", "a-2-2"]


def test_of_thousands_of_rows_each_has_an_address_of_its_own() -> None:
    name = subject_namer(TEMPLATES, COLUMNS, "")
    keys = [str(number) for number in range(3000)]
    assert [name((key, "", "", "")) for key in keys] == keys
    assert [name((key, "", "", "")) for key in keys] == [f"{key}-2" for key in keys]


def test_several_columns_make_one_address_and_an_empty_one_makes_the_whole_row_count() -> None:
    name = subject_namer(("{ID}/{名称}",), COLUMNS, "")
    assert name(("1-01", "基準値", "", "")) == "1-01/基準値"
    assert name(("1-01", "", "", "")) == hashed("1-01", "", "", "")


def test_rows_that_the_id_alone_does_not_name_are_counted() -> None:
    rows = [("W/01", "駅", "", ""), ("", "駅", "八幡", ""), ("2", "", "", ""), ("2", "駅", "", ""), ("", "", "", "")]
    assert count_renamed(TEMPLATES, COLUMNS, rows) == 3
    assert count_renamed(TEMPLATES, COLUMNS, rows[:1]) == 0


@pytest.mark.parametrize("key", [".", ".."])
def test_an_id_that_an_address_cannot_hold_is_none(key: str) -> None:
    name = subject_namer(TEMPLATES, COLUMNS, "http://a.jp/")
    assert name((key, "駅", "八幡", "")) == "http://a.jp/" + hashed("駅", "八幡")


def test_brackets_and_characters_of_a_house_are_encoded() -> None:
    name = subject_namer(TEMPLATES, COLUMNS, "http://a.jp/")
    assert name(("A[1]\ue000", "", "", "")) == "http://a.jp/A%5B1%5D%EE%80%80"


def test_an_unknown_column_is_refused() -> None:
    with pytest.raises(ValueError, match="not in"):
        subject_namer(("{通称}",), COLUMNS, "")


@given(st.lists(st.tuples(*[st.sampled_from(["", "a", "a-2", "a-3", "b"])] * 4), max_size=30))
def test_no_two_rows_share_an_address(rows: list[tuple[str, str, str, str]]) -> None:
    name = subject_namer(TEMPLATES, COLUMNS, "")
    found = [name(row) for row in rows]
    assert len(set(found)) == len(rows)
