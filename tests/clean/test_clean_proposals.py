"""Headings that no name settles: what the evidence takes, what it asks, and what it must never touch."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from odkit.clean.draft import Draft
from odkit.clean.headings import match_headings
from odkit.clean.proposals import MOST, TAKEN, likeness
from odkit.clean.table import known_facts
from odkit.clean.testimony import toml_line
from odkit.model import Origin, SourceTable
from odkit.project import heading_aliases, load_schema

Build = Callable[..., SourceTable]
FACTS = known_facts(None)
FACILITY = load_schema("public_facility.v2")
COUNT = 12
COLUMNS: Mapping[str, Sequence[str]] = {
    "phone": [f"047-334-11{number}" for number in range(10, 10 + COUNT)],
    "url": [f"https://www.city.ichikawa.lg.jp/{number}.html" for number in range(COUNT)],
    "text": [f"第{number}会議室を使う会" for number in range(COUNT)],
    "address": [f"市川市八幡{number}丁目1番1号" for number in range(COUNT)],
    "time": [f"{number}:30" for number in range(COUNT)],
    "latitude": [f"35.7{number}178" for number in range(10, 10 + COUNT)],
    "email": [f"kakari{number}@city.ichikawa.lg.jp" for number in range(COUNT)],
    "none": [""] * COUNT,
}


def table(*columns: tuple[str, str]) -> SourceTable:
    """A table of the facility list: headings, each with the kind of its values."""
    return SourceTable(
        origin=Origin(location="一覧.csv"),
        headings=tuple(heading for heading, _ in columns),
        rows=tuple(zip(*(COLUMNS[kind] for _, kind in columns), strict=True)),
        row_numbers=range(2, 2 + COUNT),
        header_rows=(1,),
    )


def matched(*columns: tuple[str, str], declared: Mapping[str, str] | None = None) -> Draft:
    return match_headings(table(*columns), FACILITY, declared or {}, heading_aliases("public_facility"), FACTS)


def ways(draft: Draft) -> dict[str, tuple[str, str]]:
    return {item.match.heading: (item.match.name, item.match.how) for item in draft.columns if item.match.heading}


def candidates(draft: Draft) -> dict[str, str]:
    return {item.value: item.details["candidates"] for item in draft.issues if item.code == "clean.heading-unsure"}


@pytest.mark.parametrize(
    ("heading", "name", "wanted"),
    [
        ("名称(英語)", "名称_英語", 1.0),
        ("施設の所在地", "所在地", 0.95),
        ("利用開始時刻", "利用開始時間", 0.83),
        ("施設名称", "施設名", 0.86),
        ("施設名称", "名称", 0.95),
        # One word more never makes a heading the same:
        ("夜間連絡先電話番号", "連絡先電話番号", 0.8),
        ("旧所在地", "所在地", 0.8),
        ("電話番号(夜間)", "電話番号", 0.8),
        # Other numbers are other columns:
        ("0-14歳の男性", "10-14歳の男性", 0.0),
        ("画像2", "画像", 0.0),
        ("", "名称", 0.0),
        ("担当課", "緯度", 0.0),
    ],
)
def test_likeness(heading: str, name: str, wanted: float) -> None:
    assert likeness(heading, name) == pytest.approx(wanted, abs=0.005)


def test_what_is_taken() -> None:
    draft = matched(
        ("名称", "text"), ("施設の電話番号", "phone"), ("利用開始時刻", "time"), ("建物名称等（方書）", "text")
    )
    found = ways(draft)
    assert found["施設の電話番号"] == ("電話番号", "evidence")
    told = [issue for issue in draft.issues if issue.code == "clean.heading-evidence"]
    assert [issue.severity.value for issue in told] == ["note"] * len(told)
    by_heading = {issue.value: dict(issue.details) for issue in told}
    assert by_heading["施設の電話番号"] == {
        "heading": "施設の電話番号",
        "target": "電話番号",
        "confidence": "0.97",
        "lines": '"施設の電話番号" = "電話番号"  # 0.97',
        "line": '"施設の電話番号" = "電話番号"',
        "keep": '"施設の電話番号" = "施設の電話番号"',
    }
    confidences = {item.match.heading: item.match.confidence for item in draft.columns if item.match.how == "evidence"}
    assert all(TAKEN <= confidence < 1 for confidence in confidences.values())


def test_what_is_asked() -> None:
    draft = matched(("名称", "text"), ("夜間の電話番号", "phone"), ("料金", "text"), ("緯度の値", "latitude"))
    assert {heading: way for heading, (_, way) in ways(draft).items()} == {
        "名称": "exact",
        "夜間の電話番号": "extra",
        "料金": "extra",
        "緯度の値": "extra",
    }
    assert candidates(draft) == {"夜間の電話番号": "電話番号 0.85", "緯度の値": "緯度 0.82、高度の値 0.75"}


def test_values_alone_are_a_question_never_an_answer() -> None:
    draft = matched(("名称", "text"), ("あそこ", "latitude"), ("メモ", "text"))
    assert ways(draft)["あそこ"] == ("あそこ", "extra")
    assert candidates(draft) == {"あそこ": "緯度 0.46"}
    # Two columns of that meaning, here or in the standard, and even the question would be a guess.
    assert candidates(matched(("あそこ", "latitude"), ("そこ", "latitude"))) == {}
    assert candidates(matched(("あそこ", "url"))) == {}


def test_values_that_do_not_fit_rule_a_column_out() -> None:
    draft = matched(("施設の電話番号", "url"), ("施設名の表示", "phone"), ("施設のURL", "none"))
    assert {way for _, way in ways(draft).values()} == {"extra"}
    # What the values of 施設名の表示 are is still worth a question.
    assert candidates(draft) == {"施設名の表示": "電話番号 0.46"}


def test_a_filled_column_is_a_rival() -> None:
    draft = matched(("電話番号", "phone"), ("施設の電話番号", "phone"))
    assert ways(draft) == {"電話番号": ("電話番号", "exact"), "施設の電話番号": ("施設の電話番号", "extra")}
    assert candidates(draft) == {}


def test_two_headings_for_one_column_are_both_asked_about() -> None:
    draft = matched(("施設の電話番号", "phone"), ("電話番号等", "phone"))
    assert {way for _, way in ways(draft).values()} == {"extra"}
    assert candidates(draft) == {"施設の電話番号": "電話番号 0.97", "電話番号等": "電話番号 0.97"}


def test_a_person_s_word_settles_it() -> None:
    draft = matched(("夜間の電話番号", "phone"), declared={"夜間の電話番号": "電話番号"})
    assert ways(draft) == {"夜間の電話番号": ("電話番号", "declared")}
    assert draft.issues == []
    kept = matched(("施設の電話番号", "phone"), declared={"施設の電話番号": "施設の電話番号"})
    assert ways(kept) == {"施設の電話番号": ("施設の電話番号", "extra")}


def test_a_name_that_its_values_contradict_is_followed_and_reported() -> None:
    draft = matched(("電話番号", "url"), ("名称", "phone"), ("住所", "address"), ("備考", "url"))
    told = [(issue.code, issue.value, issue.details["example"]) for issue in draft.issues]
    assert told == [
        ("clean.heading-contradicted", "電話番号", "https://www.city.ichikawa.lg.jp/4.html"),
        ("clean.heading-contradicted", "名称", "0＊＊"),
    ]
    assert ways(draft)["電話番号"] == ("電話番号", "exact")
    assert matched(("電話番号", "url"), declared={"電話番号": "電話番号"}).issues == []


def test_a_sheet_of_anything_is_not_compared_with_everything() -> None:
    draft = matched(*((f"施設の電話番号{'あ' * number}", "phone") for number in range(MOST + 1)))
    assert {issue.code for issue in draft.issues} == {"clean.extra-column"}


def test_a_line_to_paste_is_toml() -> None:
    assert toml_line('a"b\nc\\', "名称") == '"a\\"b\\nc\\\\" = "名称"'


HEADINGS = st.lists(
    st.sampled_from(
        [
            *("名称", "住所", "電話番号", "緯度", "lat", "施設名", "URL", "名称_ｶﾅ", "備考"),
            *(
                "施設の電話番号",
                "夜間電話番号",
                "電話番号等",
                "ホームページURL",
                "施設のURL",
                "北緯",
                "料金",
                "開始時刻",
            ),
            *("メール", "連絡先メール", "メモ", "旧所在地", "所在地_連結標記", "所在地_連結表示"),
        ]
    ),
    min_size=1,
    max_size=10,
    unique=True,
)
KINDS = st.lists(st.sampled_from(list(COLUMNS)), min_size=10, max_size=10)


@settings(max_examples=60, deadline=None)
@given(HEADINGS, KINDS)
def test_evidence_never_changes_what_a_name_settles(headings: list[str], kinds: list[str]) -> None:
    source = table(*zip(headings, kinds, strict=False))
    aliases = heading_aliases("public_facility")
    without = ways(match_headings(source, FACILITY, {}, aliases))
    found = ways(match_headings(source, FACILITY, {}, aliases, FACTS))
    settled = {heading: way for heading, way in without.items() if way[1] != "extra"}
    assert {heading: found[heading] for heading in settled} == settled
    changed = {heading for heading, way in found.items() if way != without[heading]}
    assert all(found[heading][1] == "evidence" for heading in changed)


@settings(max_examples=60, deadline=None)
@given(HEADINGS, KINDS, st.data())
def test_the_order_of_columns_and_rows_says_nothing(headings: list[str], kinds: list[str], data: st.DataObject) -> None:
    columns = list(zip(headings, kinds, strict=False))
    shuffled = table(*data.draw(st.permutations(columns)))
    rows = tuple(data.draw(st.permutations(shuffled.rows)))
    other = SourceTable(
        origin=shuffled.origin,
        headings=shuffled.headings,
        rows=rows,
        row_numbers=shuffled.row_numbers,
        header_rows=(1,),
    )
    first, second = (
        match_headings(source, FACILITY, {}, heading_aliases("public_facility"), FACTS)
        for source in (table(*columns), other)
    )
    by_evidence = [
        {heading: way for heading, way in ways(draft).items() if way[1] == "evidence"} for draft in (first, second)
    ]
    assert by_evidence[0] == by_evidence[1]
    assert candidates(first) == candidates(second)
