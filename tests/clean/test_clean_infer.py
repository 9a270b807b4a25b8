"""Tables that follow no standard: their own columns, what they mean for sure, and the nearest standard."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odkit.clean import check_table, clean_table
from odkit.clean.evidence import SAMPLE_ROWS
from odkit.clean.infer import WIDEST, infer_schema
from odkit.clean.nearest import nearest_standard
from odkit.clean.table import known_facts
from odkit.model import CleanTable, Origin, SourceTable
from odkit.project import current_schema, inferred_field, inferred_schema, load_schema, standards

Build = Callable[..., SourceTable]
Account = Callable[[SourceTable, CleanTable], None]
FACTS = known_facts(None)
INFERRED = load_schema("inferred")
DAYS = [f"令和6年4月{day}日" for day in range(1, 31)]


def inferred(source: SourceTable, **declared: str) -> dict[str, tuple[str, str]]:
    found = infer_schema(source, INFERRED, declared, FACTS)
    return {field.name: (field.meaning, field.type) for field in found.fields}


def column(source: Build, heading: str, values: Sequence[str]) -> tuple[str, str]:
    (found,) = inferred(source([heading], *[[value] for value in values])).values()
    return found


@pytest.mark.parametrize(
    ("heading", "values", "found"),
    [
        # A heading that a standard knows, and values that fit it:
        ("電話番号", ["047-334-1111"], ("phone", "string")),
        ("郵便番号", ["272-8501", "2720021"], ("postal_code", "string")),
        ("緯度", ["35.72", "35.7"], ("latitude", "number")),
        ("lat", ["35.72", ""], ("latitude", "number")),
        ("調査年月日", ["45016", "45017"], ("date", "date")),
        ("フリガナ", ["ふなばし"], ("kana", "string")),
        ("URL", ["https://www.city.ichikawa.lg.jp/"], ("url", "string")),
        ("全国地方公共団体コード", ["122033"], ("code_municipality", "string")),
        # What publishes is filled in under the standard's own heading alone, what has words not without them:
        ("地方公共団体コード", ["122033"], ("text", "string")),
        ("車椅子可", ["有", "無"], ("text", "string")),
        # Values that do not fit what the heading says:
        ("電話番号", ["432232110", "432232111"], ("text", "string")),
        ("電話番号", ["", ""], ("text", "string")),
        # Values alone:
        ("予約先", [f"047-334-11{number}" for number in range(10, 20)], ("phone", "string")),
        ("予約先", ["047-334-1111", "047-334-1112"], ("text", "string")),
        ("開催", DAYS, ("date", "date")),
        ("開催", [*DAYS, "未定"], ("date", "string")),
        ("局番なし", [f"334-11{number}" for number in range(10, 20)], ("text", "string")),
        ("人数", ["1,234", "５６"], ("integer", "integer")),
        ("割合", ["1.5", "2"], ("number", "number")),
        ("人数", ["1234", "不明"], ("text", "string")),
        ("行政区コード", ["101", "102"], ("text", "string")),
        ("整理番号", ["1", "2"], ("id", "string")),
        ("区分", ["01", "02"], ("text", "string")),
        ("担当", ["総務課", "市民課"], ("text", "string")),
    ],
)
def test_a_column_s_meaning(source: Build, heading: str, values: Sequence[str], found: tuple[str, str]) -> None:
    assert column(source, heading, values) == found


def test_names_are_those_of_the_source_in_their_order(source: Build) -> None:
    table = source(["B\n列", "A 列", "１．名称", "", "A列"], ["b", "a", "n", "x", "c"])
    assert list(inferred(table)) == ["B列", "１．名称", "A列"]
    cleaned = clean_table(table, INFERRED)
    assert [match.name for match in cleaned.matches] == ["B列", "１．名称", "A列", "A列_2", "列5"]
    assert tuple(cleaned.rows) == (("b", "n", "c", "a", "x"),)
    assert [issue.code for issue in cleaned.issues] == [
        "clean.no-standard",
        "clean.double-heading",
        "clean.unnamed-column",
    ]


def test_a_person_may_rename_and_leave_out(source: Build) -> None:
    table = source(["店", "内部", "TEL"], ["八百屋", "x", "０４７－３３４－１１１１"])
    declared = {"店": "名称", "内部": "", "TEL": "電話番号"}
    assert inferred(table, **declared) == {"名称": ("name", "string"), "電話番号": ("phone", "string")}
    cleaned = clean_table(table, INFERRED, headings=declared)
    assert [(match.name, match.how) for match in cleaned.matches] == [("名称", "declared"), ("電話番号", "declared")]
    assert tuple(cleaned.rows) == (("八百屋", "047-334-1111"),)


def test_a_known_schema_stays_as_it_is(source: Build) -> None:
    aed = load_schema("aed.v2")
    assert infer_schema(source(["x"]), aed, {}, FACTS) is aed
    own = inferred_schema([{"name": "x", "title": "x", "type": "string"}])
    assert infer_schema(source(["y"]), own, {}, FACTS) is own


def test_a_field_goes_into_a_descriptor_and_comes_back(source: Build) -> None:
    table = source(["URL", "緯度", "メモ"], ["https://example.lg.jp/", "35.7", "x"])
    schema = infer_schema(table, INFERRED, {}, FACTS)
    assert inferred_schema(map(inferred_field, schema.fields)) == schema
    assert inferred_field(schema.fields[0]) == {
        "name": "URL",
        "title": "URL",
        "type": "string",
        "format": "uri",
        "odkit:meaning": "url",
    }


def test_a_type_is_taken_back_where_a_later_value_has_another(source: Build, account: Account) -> None:
    rows = [[str(number), "1.5", "x"] for number in range(SAMPLE_ROWS + 5)]
    rows[-2][0] = "不明"
    table = source(["人数", "割合", "メモ"], *rows)
    assert [kind for _, kind in inferred(table).values()] == ["integer", "number", "string"]
    cleaned = clean_table(table, INFERRED)
    account(table, cleaned)
    assert [(field.name, field.type) for field in cleaned.schema.fields] == [
        ("人数", "string"),
        ("割合", "number"),
        ("メモ", "string"),
    ]
    doubts = [issue for issue in cleaned.issues if issue.where.row == SAMPLE_ROWS + 7]
    assert [(issue.code, issue.severity.value, issue.value) for issue in doubts] == [
        ("clean.number", "warning", "不明")
    ]
    assert check_table(cleaned) == ()


def test_a_sheet_of_anything_is_text(source: Build) -> None:
    found = inferred(source([f"人数{number}" for number in range(WIDEST + 1)], ["1"] * (WIDEST + 1)))
    assert set(found.values()) == {("text", "string")}


def test_nothing_is_filled_in_and_nothing_demanded(source: Build, account: Account) -> None:
    table = source(["団体コード", "名称", "電話番号"], ["", "", ""], ["122033", "役所", "047-334-1111"])
    cleaned = clean_table(table, INFERRED)
    account(table, cleaned)
    assert list(cleaned.changes) == []
    assert {issue.code for issue in cleaned.issues} == {"clean.nearest-standard", "clean.phone-brackets"}


def test_the_nearest_standard_is_named_with_what_is_missing(source: Build) -> None:
    table = source(["施設名", "住所", "緯度", "経度", "洪水", "津波", "火山現象", "メモ"], ["x"] * 8)
    (told,) = [issue for issue in clean_table(table, INFERRED).issues if issue.code == "clean.nearest-standard"]
    assert told.where.cell == "3"
    assert {**told.details, "missing": told.details["missing"].split("、")[:2]} == {
        "title": "指定緊急避難場所一覧",
        "standard": "evacuation_space",
        "version": "v2",
        "known": "7",
        "headings": "8",
        "present": "5",
        "required": "13",
        "missing": ["電話番号", "市区町村コード"],
    }


@pytest.mark.parametrize(
    ("headings", "standard"),
    [
        ([], ""),
        (["", " "], ""),
        (["年度", "件数", "割合"], ""),
        (["名称", "件数", "対前年比", "割合"], ""),
        (["名称", "件数", "割合"], "public_facility"),
        (["名称", "緯度", "経度"], "public_facility"),
        (["名称", "SSID", "提供エリア", "設置者"], "public_wireless_lan"),
    ],
)
def test_near_is_a_third_of_the_headings(headings: list[str], standard: str) -> None:
    nearest = nearest_standard(headings)
    assert (nearest.schema.name if nearest else "") == standard


@pytest.mark.parametrize("standard", standards())
def test_a_standard_is_nearest_to_itself(standard: str) -> None:
    nearest = nearest_standard(load_schema(current_schema(standard)).names)
    assert nearest is not None
    assert (nearest.schema.name, nearest.missing) == (standard, ())


CELLS = st.sampled_from(
    ["", "1", "2.5", "令和6年4月1日", "047-334-1111", "なし", "https://example.lg.jp/", "0900", "x"]
)


@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=15), st.data())
def test_the_order_of_rows_and_columns_says_nothing(rows: list[list[str]], data: st.DataObject) -> None:
    order = data.draw(st.permutations(range(3)))
    mixed = [[row[place] for place in order] for row in data.draw(st.permutations(rows))]
    headings = ["電話番号", "人数", "時"]
    assert inferred(made(headings, rows)) == inferred(made([headings[place] for place in order], mixed))


def made(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> SourceTable:
    return SourceTable(
        origin=Origin(location="表.csv"),
        headings=tuple(headings),
        rows=tuple(map(tuple, rows)),
        row_numbers=range(2, 2 + len(rows)),
        header_rows=(1,),
    )
