"""How a table stands to a recommended layout: the same for each text alone, for many, and however often it is asked."""

from __future__ import annotations

import pytest

from odkit.clean import conform
from odkit.clean.check import compile_check, takes_all
from odkit.clean.conform import LONGEST_KNOWN, MOST_KNOWN, Expectations, Layout
from odkit.model import Field
from odkit.project import load_schema, schema_ids

TEXTS = [
    "あ",
    "12203",
    "122033",
    " 122033",
    "0",
    "1.5",
    "-5",
    "NaN",
    "200",
    "2026-04-01",
    "2026/04/01",
    "09:00",
    "25:00",
    "https://a.example/",
    "a@b.example",
    "有",
    "○",
    "1",
    "047-334-1111",
    "272-0021",
    "月火",
    "１",
    "x" * 300,
]
RECOMMENDED = [name for name in schema_ids() if load_schema(name).kind == "recommended"]


@pytest.mark.parametrize("name", RECOMMENDED)
def test_a_field_that_takes_all_finds_nothing_wrong_and_the_others_what_the_check_finds(name: str) -> None:
    schema = load_schema(name)
    layout = Layout(schema, schema.names)
    assert not all(map(takes_all, schema.fields))
    for place, field in enumerate(schema.fields, 1):
        check = compile_check(field)
        wrong = {text: layout.expected(place, text) for text in TEXTS if check(text.strip())}
        assert layout.wrong(place, TEXTS) == wrong
        assert not (takes_all(field) and wrong), field.name


def test_a_layout_is_measured_by_its_filled_and_its_empty_cells() -> None:
    headings = load_schema("public_wireless_lan.v2").names
    layout = conform(headings)
    assert layout is not None
    latitude = headings.index("緯度") + 1
    counts = [{"35.5": 2, "x": 3} if place == latitude else {} for place in range(1, len(headings) + 1)]
    found = layout.measure(counts, 6)
    assert found.faults[latitude] == {"x": "35.72"}
    required = [field for field in load_schema("public_wireless_lan.v2").fields if field.required]
    assert found.cells - found.fitting == 3 + 6 * len(required)
    assert found.cells == 5 + 6 * len(required)
    assert found == layout.measure(counts, 6)


def test_what_is_kept_is_bounded() -> None:
    known = Expectations(Field(name="数", title="数", type="integer"))
    assert [known["1"], known["一"], known["一"]] == ["", "1234", "1234"]
    assert known["一" * (LONGEST_KNOWN + 1)] == "1234"
    assert set(known) == {"1", "一"}
    for number in range(3 * MOST_KNOWN):
        assert known[f"{number}"] == ""
        assert len(known) <= MOST_KNOWN
    assert known["一"] == "1234"
