"""Which source column becomes which column of the standard, and what happens to the others."""

from __future__ import annotations

from collections.abc import Callable

from odkit.clean.headings import match_headings, normalise
from odkit.model import Field, SourceTable, TableSchema

NAMES = ("名称", "名称_カナ", "所在地_連結表記", "建物名等(方書)", "員数（数）", "緯度", "コード")
ALIASES = {"住所": "所在地_連結表記", "lat": "緯度", "_id": "", "別の標準の見出し": "別の標準の列"}

Build = Callable[..., SourceTable]


def standard() -> TableSchema:
    fields = tuple(Field(name=name, title=name) for name in NAMES)
    return TableSchema(id="t.v1", name="t", title="試験", version="v1", kind="recommended", fields=fields)


def matched(source: SourceTable, declared: dict[str, str] | None = None) -> dict[str, tuple[str, str]]:
    draft = match_headings(source, standard(), declared or {}, ALIASES)
    return {item.match.name: (item.match.heading, item.match.how) for item in draft.columns if item.match.heading}


def codes(source: SourceTable, declared: dict[str, str] | None = None) -> list[tuple[str, str]]:
    draft = match_headings(source, standard(), declared or {}, ALIASES)
    return [(issue.code, issue.where.cell) for issue in draft.issues]


def test_normal_form_of_a_heading() -> None:
    assert normalise("\ufeff１．名称＿ｶﾅ ") == "名称_カナ"
    assert normalise("コ―ド") == normalise("ｺ－ﾄﾞ".replace("－", "—")) == "コード"
    assert normalise("A―B") == "a―b"
    assert normalise("建物名等\n（方書）") == "建物名等(方書)"


def test_the_ways_to_match(source: Build) -> None:
    table = source(["1.名称", "名称_ｶﾅ", "住所", "建物名等（方書）", "員数(数)", "LAT", "コ―ド"], ["x"] * 7)
    assert matched(table) == {
        "名称": ("1.名称", "normalised"),
        "名称_カナ": ("名称_ｶﾅ", "normalised"),
        "所在地_連結表記": ("住所", "alias"),
        "建物名等(方書)": ("建物名等（方書）", "normalised"),
        "員数（数）": ("員数(数)", "normalised"),
        "緯度": ("LAT", "alias"),
        "コード": ("コ―ド", "normalised"),
    }
    assert codes(table) == []


def test_a_heading_over_two_rows_matches_whole_or_by_its_last_part(source: Build) -> None:
    table = source(["設置施設／名称", "所在地／連結表記", "位置／lat"], ["a", "b", "c"])
    assert {name: how for name, (_, how) in matched(table).items()} == {
        "名称": "normalised",
        "所在地_連結表記": "normalised",
        "緯度": "alias",
    }


def test_what_is_declared_comes_first(source: Build) -> None:
    table = source(["施設名", "名称", "メモ"], ["a", "b", "c"])
    declared = {"施設名": "名称", "メモ": "", "ない見出し": "緯度"}
    assert matched(table, declared) == {"名称": ("施設名", "declared"), "名称_2": ("名称", "extra")}
    assert codes(table, declared) == [
        ("clean.double-heading", "C3"),
        ("clean.left-out", "D3"),
        ("clean.declared-heading", "3"),
    ]


def test_the_stronger_claim_wins_and_among_equals_the_first(source: Build) -> None:
    table = source(["住所", "所在地_連結表記", "名称", "名称"], ["a", "b", "c", "d"])
    draft = match_headings(table, standard(), {}, ALIASES)
    assert [(item.match.name, item.match.column, item.match.how) for item in draft.columns if item.match.column] == [
        ("名称", 4, "exact"),
        ("所在地_連結表記", 3, "exact"),
        ("住所", 2, "extra"),
        ("名称_2", 5, "extra"),
    ]
    assert codes(table) == [("clean.double-heading", "B3"), ("clean.double-heading", "E3")]


def test_unknown_unnamed_and_empty_columns(source: Build) -> None:
    table = source(["名称", "担当", "", "", "_id", "別の標準の見出し"], ["a", "b", "", "d", "1", "e"])
    draft = match_headings(table, standard(), {}, ALIASES)
    draft.load(0, len(table.rows), list(zip(*table.rows, strict=True)))
    kept = {item.match.name: item.values for item in draft.columns if item.match.how == "extra"}
    assert kept == {"担当": ["b"], "列5": ["d"], "別の標準の見出し": ["e"]}
    assert codes(table) == [
        ("clean.extra-column", "C3"),
        ("clean.empty-column", "D3"),
        ("clean.unnamed-column", "E3"),
        ("clean.left-out", "F3"),
        ("clean.extra-column", "G3"),
    ]


def test_a_declared_name_outside_the_standard_is_the_column_s_name(source: Build) -> None:
    table = source(["メモ"], ["a"])
    assert matched(table, {"メモ": "所見"}) == {"所見": ("メモ", "extra")}
    assert codes(table, {"メモ": "所見"}) == [("clean.extra-column", "B3")]


def test_a_heading_with_a_line_break_can_be_pasted(source: Build) -> None:
    table = source(["名称", "建物の\n呼び名", "その他\n（具体的に）"], ["A館", "本館", "x"])
    found = {issue.value: issue for issue in match_headings(table, standard(), {}, ALIASES).issues}
    assert found["その他\n（具体的に）"].details["heading"] == "その他（具体的に）"
    assert matched(table, {"建物の呼び名": "建物名等(方書)"})["建物名等(方書)"] == ("建物の\n呼び名", "declared")
