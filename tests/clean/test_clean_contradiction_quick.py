"""The quick ways to tell that no column is contradicted come to what weighing all values would."""

from __future__ import annotations

from hypothesis import given
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
    thinned,
    unfit_values,
)
from odkit.clean.table import known_facts
from odkit.model import Field
from odkit.project import load_schema

FACTS = known_facts(None)
FIELDS = load_schema("public_wireless_lan.v2").fields
SAMPLES = (
    *("043-223-2110", "0120-123-456", "09012345678", "https://example.jp/a", "a@example.jp", "35.605057", "140.123306"),
    *("2024-01-02", "令和6年1月2日", "9:30", "12:00", "4000020120006", "千葉市中央区市場町1-1", "市川市", "図書館 2階"),
    *("5", "011002", "2728501", "なし", "カフェ", "月火水", "同上", "平日10時から", "１２３", "12.5"),
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


def lines(sample: str) -> some.SearchStrategy[str]:
    return some.integers(0, 99).map(lambda number: f"{sample[:-2]}{number:02}")


@given(some.sampled_from(FIELDS), some.lists(some.sampled_from(SAMPLES[:9]).flatmap(lines), max_size=130))
def test_any_values_in_any_field(field: Field, cells: list[str]) -> None:
    values = distinct(cells)
    assert contradiction(values, field, FACTS) == weighed(values, field)
