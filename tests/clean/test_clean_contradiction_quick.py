"""The quick ways to tell that no column is contradicted come to what weighing all values would."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as some

from odkit.clean.evidence import (
    COORDINATES,
    FREE,
    LIKELY,
    LOUD,
    SIGN,
    TAKES_ALL,
    UNFIT,
    Candidate,
    Values,
    column_meanings,
    contradiction,
    distinct,
    few,
    is_worded,
    may_contradict,
    sample,
    thinned,
    unfit_values,
)
from odkit.clean.table import known_facts
from odkit.model import Field, Origin, SourceTable
from odkit.project import load_schema

FACTS = known_facts(None)
FIELDS = load_schema("public_wireless_lan.v2").fields
SAMPLES = (
    *("043-223-2110", "0120-123-456", "09012345678", "https://example.jp/a", "a@example.jp", "35.605057", "140.123306"),
    *("2024-01-02", "令和6年1月2日", "9:30", "12:00", "4000020120006", "千葉市中央区市場町1-1", "市川市", "図書館 2階"),
    *("5", "011002", "2728501", "なし", "カフェ", "月火水", "同上", "平日10時から", "１２３", "12.5"),
)

TABLE = SourceTable(
    origin=Origin(location="a.csv", media_type="text/csv", sha256=""),
    headings=("一", "二"),
    rows=(("a", "b"), ("c", "d")),
    row_numbers=(2, 3),
    header_rows=(1,),
)


def weighed(values: Values, field: Field) -> Candidate | None:
    """The same, all values held against all meanings."""
    if field.meaning in FREE or not values:
        return None
    seen = thinned(values)
    first = few(seen)
    if field.meaning in TAKES_ALL:
        if sum(bool(SIGN.search(value)) for value in first) < LIKELY * len(first):
            return None
    elif any(len(unfit_values(part, field, FACTS)) < (1 - UNFIT) * len(part) for part in (first, seen)):
        return None
    found = None
    for looked_at in (first, seen):
        found = column_meanings(looked_at, FACTS)[0]
        same = found.name == field.meaning or {found.name, field.meaning} <= COORDINATES
        if same or found.name not in LOUD or found.confidence < LIKELY:
            return None
    return found


def test_a_column_of_one_kind_in_every_field() -> None:
    for field in FIELDS:
        for kind in SAMPLES:
            for count in (1, 4, 12, 25):
                values = distinct([kind, *(f"{kind}{number}" for number in range(1, count))])
                assert contradiction(values, field, FACTS) == weighed(values, field), (field.name, values)
                assert may_contradict(values, field) or weighed(values, field) is None, (field.name, values)


def lines(sample: str) -> some.SearchStrategy[str]:
    return some.integers(0, 99).map(lambda number: f"{sample[:-2]}{number:02}")


@given(some.sampled_from(FIELDS), some.lists(some.sampled_from(SAMPLES[:9]).flatmap(lines), max_size=130))
def test_any_values_in_any_field(field: Field, cells: list[str]) -> None:
    values = distinct(cells)
    assert contradiction(values, field, FACTS) == weighed(values, field)
    assert may_contradict(cells, field) or weighed(values, field) is None


PARTS = (
    *SAMPLES,
    "市",
    "町",
    "館",
    "課",
    "TEL",
    "FAX",
    "ＦＡＸ番号",
    "代表",
    "内線",
    "AM",
    "Ａ",
    "N",
    "(",
    ")",
    "（",
    "：",
    "-",
    " ",
    "年",
    "Facility",
)


@given(some.lists(some.sampled_from(PARTS), min_size=1, max_size=4).map("".join))
@example("令和6年1月2日(千葉市)")
@example("https://example.jp/市役所")
@example("TEL TEL 043-223-2110")
def test_what_has_words_is_nothing_loud(value: str) -> None:
    likely = {meaning for meaning, confidence in column_meanings([value], FACTS) if confidence > 1 / 2}
    assert not (is_worded(value) and likely & LOUD)


def test_names_and_addresses_are_told_at_a_glance() -> None:
    assert all(map(is_worded, ("市民会館第2", "千葉市中央区市場町1-1", "Facility 21", "Ｆａｃｉｌｉｔｙ２")))
    assert not any(map(is_worded, ("043-223-2110", "平成6年1月2日", "a@city.example.jp", "2024-01-02(市)", "TEL 043")))


def test_few_columns_of_many_are_judged_by_as_many_rows() -> None:
    assert sample(TABLE, ()) == {}
    assert sample(TABLE, (1,), 1) == {1: ("b",)}
