"""Where values stood first: what a dict of texts says, in a tenth of its memory."""

from __future__ import annotations

import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from odkit.clean import clean_table
from odkit.clean.firsts import Firsts
from odkit.model import Origin, SourceTable
from odkit.project import load_schema

values = st.lists(st.text("ab1", max_size=3), max_size=60)


@settings(max_examples=60, deadline=None)
@given(values, st.integers(0, 20))
def test_one_by_one_it_says_what_a_dict_says(told: list[str], few: int) -> None:
    known: dict[str, int] = {}
    firsts = Firsts(few)
    for row, value in enumerate(told):
        assert firsts.first(value, row) == known.setdefault(value, row)
        assert len(firsts) == len(known)
        assert firsts.knows_any([value])
        assert not firsts.knows_any(["c"])


@settings(max_examples=60, deadline=None)
@given(st.lists(values, max_size=6), st.integers(0, 20))
def test_many_at_once_are_kept_only_where_all_are_new(told: list[list[str]], few: int) -> None:
    known: dict[str, int] = {}
    firsts = Firsts(few)
    for number, chunk in enumerate(told):
        new = {value: number * 100 + at for at, value in reversed(list(enumerate(chunk)))}
        assert firsts.add(new) is known.keys().isdisjoint(new)
        if known.keys().isdisjoint(new):
            known |= new
        assert all(firsts.first(value, 10_000) == row for value, row in known.items())


def test_many_values_take_little_memory() -> None:
    count = 60_000
    tracemalloc.start()
    try:
        firsts = Firsts(1000)
        for start in range(0, count, 1000):
            firsts.add({f"122033-{row:08}": row for row in range(start, start + 1000)})
        assert tracemalloc.get_traced_memory()[0] < 40 * count
    finally:
        tracemalloc.stop()
    assert firsts.first("122033-00000007", count) == 7
    assert firsts.first("122033-99999999", count) == count


@pytest.mark.parametrize("few", [2, 100_000])
def test_double_ids_are_told_whatever_the_number_of_rows(few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("odkit.clean.identity.Firsts", lambda: Firsts(few))
    schema = load_schema("public_wireless_lan.v2")
    at = schema.names.index("ID")
    rows = [
        tuple(cell if place == at else "x" for place in range(len(schema.names)))
        for cell in ("a", "", "b", "a", "c", "b")
    ]
    source = SourceTable(
        origin=Origin(location="a.csv"), headings=schema.names, rows=rows, row_numbers=range(2, 8), header_rows=(1,)
    )
    issues = clean_table(source, schema).issues
    told = [(issue.where.row, issue.details["first"]) for issue in issues if issue.code == "clean.double-id"]
    assert told == [(5, "2"), (7, "4")]
    (blank,) = (issue for issue in issues if issue.code == "clean.blank-id")
    assert (blank.where.row, blank.details["count"]) == (3, "1")
