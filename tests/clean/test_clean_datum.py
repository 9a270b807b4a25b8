"""The old Tokyo datum: converted only where it was declared, to within what is promised."""

from __future__ import annotations

from collections.abc import Callable
from math import cos, hypot, radians

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odkit.clean import clean_table
from odkit.clean.datum import from_tokyo
from odkit.decisions import Decisions
from odkit.model import CleanTable, Field, SourceTable, TableSchema

FIELDS = (
    Field(name="緯度", title="緯度", meaning="latitude", type="number"),
    Field(name="経度", title="経度", meaning="longitude", type="number"),
)
SCHEMA = TableSchema(id="test.v1", name="test", title="試験", version="v1", kind="recommended", fields=FIELDS)
Build = Callable[..., SourceTable]


def degrees(text: str) -> float:
    whole, minutes, seconds = map(float, text.split())
    return whole + minutes / 60 + seconds / 3600


def metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    return hypot((one[0] - other[0]) * 111_000, (one[1] - other[1]) * 111_000 * cos(radians(one[0])))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        # The origin of Japan's datum before and after 2002, and an example of the grid conversion (TKY2JGD).
        (("35 39 17.5148", "139 44 40.5020"), ("35 39 29.1572", "139 44 28.8759")),
        (("35 43 18", "138 44 36.1809"), ("35 43 29.55634", "138 44 24.90110")),
    ],
)
def test_known_points_to_two_metres(old: tuple[str, str], new: tuple[str, str]) -> None:
    moved = from_tokyo(degrees(old[0]), degrees(old[1]))
    assert metres(moved, (degrees(new[0]), degrees(new[1]))) < 2


@given(st.floats(24, 45.5), st.floats(123, 146))
def test_all_over_japan_a_point_moves_north_west_by_some_hundred_metres(north: float, east: float) -> None:
    moved = from_tokyo(north, east)
    assert 200 < metres(moved, (north, east)) < 650
    assert moved[0] > north
    assert moved[1] < east


@pytest.mark.parametrize(
    ("north", "east"),
    [(43.06, 141.35), (38.27, 140.87), (35.6, 140.12), (35.17, 136.9), (34.69, 135.5), (34.4, 132.46), (33.6, 130.4)],
    ids=["札幌", "仙台", "千葉", "名古屋", "大阪", "広島", "福岡"],
)
def test_cities_to_ten_metres(north: float, east: float) -> None:
    # The linear approximation in wide use was fitted to the official parameters of the four main islands.
    fitted = (
        north - 0.00010695 * north + 0.000017464 * east + 0.0046017,
        east - 0.000046038 * north - 0.000083043 * east + 0.010040,
    )
    assert metres(from_tokyo(north, east), fitted) < 10


def cleaned(source: SourceTable, datum: str) -> CleanTable:
    return clean_table(source, SCHEMA, decisions=Decisions(datum=datum))


def codes(table: CleanTable) -> list[tuple[str, str]]:
    return [(item.code, item.where.cell) for item in table.issues]


def test_what_is_declared_is_converted(source: Build) -> None:
    table = source(
        ["緯度", "経度"],
        ["35°39′17.5148″", "139°44′40.5020″"],
        ["139.744584", "35.654865"],
        ["35.6", ""],
        ["35.6", "0"],
        ["", ""],
        notes=("※日本測地系",),
    )
    made = cleaned(table, "tokyo")
    assert made.rows[:3] == (("35.658106", "139.741353"), ("35.658106", "139.741353"), ("35.6", ""))
    assert [item.rule for item in made.changes if item.where.row == 5 and item.where.field == "緯度"] == [
        "swap-coordinates",
        "datum",
    ]
    assert codes(made) == [
        ("clean.datum", "B3"),
        ("clean.datum-unpaired", "B6"),
        ("clean.datum-unpaired", "B7"),
        ("clean.outside-japan", "C7"),
    ]
    assert made.issues[0].details == {"count": "2"}


@pytest.mark.parametrize(("datum", "told"), [("", [("clean.old-datum", "90")]), ("jgd2011", [])])
def test_what_is_not_declared_stays(source: Build, datum: str, told: list[tuple[str, str]]) -> None:
    made = cleaned(source(["緯度", "経度"], ["35.6", "139.7"], notes=("※日本測地系",)), datum)
    assert made.rows == (("35.6", "139.7"),)
    assert codes(made) == told


@pytest.mark.parametrize("heading", ["緯度（日本測地系）", "緯度(旧測地系)"])
def test_an_old_datum_named_in_a_heading_is_reported(source: Build, heading: str) -> None:
    table = source([heading, "経度（日本測地系）"], ["35.6", "139.7"])
    made = clean_table(table, SCHEMA, None, {heading: "緯度", "経度（日本測地系）": "経度"})
    assert codes(made) == [("clean.old-datum", "B3"), ("clean.old-datum", "C3")]
    assert [item.value for item in made.issues] == [heading, "経度（日本測地系）"]


@pytest.mark.parametrize("heading", ["緯度（日本測地系2011）", "緯度（世界測地系）", "緯度"])
def test_a_heading_of_the_present_datum_is_not(source: Build, heading: str) -> None:
    made = clean_table(source([heading, "経度"], ["35.6", "139.7"]), SCHEMA, None, {heading: "緯度"})
    assert codes(made) == []


def test_a_number_that_is_no_degrees_is_reported_once(source: Build) -> None:
    made = cleaned(source(["緯度", "経度"], ["353617", "1400723"], ["35.6", "0"], ["353617", "139.7"]), "")
    assert codes(made) == [
        ("clean.coordinate", "B4"),
        ("clean.coordinate", "C4"),
        ("clean.outside-japan", "C5"),
        ("clean.coordinate", "B6"),
    ]
    assert made.rows[0] == ("353617", "1400723")
