"""A portal's dataset -> publisher, recommended dataset, stage, licence; nothing guessed where several fit."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odkit.inventory import recommended, shown_holding
from odkit.inventory.holdings import find_standards
from odkit.project import schema_ids

URL = "https://ckan.example.lg.jp"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("declared", "name", "title", "standards"),
    [
        ("public_toilet.v2", "x", "y", ("public_toilet",)),
        ("indicators.v1", "122033_public_toilet", "公衆トイレ一覧", ()),
        ("", "122033_public_toilet", "トイレ", ("public_toilet",)),
        ("", "172120_public-facility", "施設", ("public_facility",)),
        ("", "122033-aed-2024", "", ("aed",)),
        ("", "praedial", "", ()),
        ("", "t1", "公衆トイレ一覧", ("public_toilet",)),
        ("", "t2", "【市川市】公衆トイレ", ("public_toilet",)),
        ("", "t3", "公共施設一覧・公衆トイレ一覧", ("public_facility", "public_toilet")),
        ("", "t4", "市営プールの利用者数", ()),
    ],
)
def test_which_list_a_dataset_is(declared: str, name: str, title: str, standards: tuple[str, ...]) -> None:
    assert find_standards(declared, name, title, []) == standards


def test_tags_may_say_it() -> None:
    assert find_standards("", "t", "一覧", ["推奨データセット", "文化財一覧"]) == ("cultural_property",)


@pytest.mark.parametrize(
    ("organization", "name", "code"),
    [
        ({"name": "122033", "title": "市川市"}, "x", "122033"),
        ({"name": "t122033", "title": ""}, "x", "122033"),
        ({"name": "ichikawa", "title": "市川市"}, "x", "122033"),
        ({"name": "ichikawa", "title": "千葉県市川市"}, "x", "122033"),
        ({"name": "chiba", "title": "千葉県"}, "x", "120006"),
        (None, "122271_toilet", "122271"),
        ({"name": "131016", "title": "千代田区"}, "x", ""),
        ({"name": "section-a", "title": "デジタル課"}, "12203_x", ""),
    ],
)
def test_whose_a_dataset_is(organization: object, name: str, code: str) -> None:
    assert shown_holding({"name": name, "organization": organization}, URL).code == code


@pytest.mark.parametrize(
    ("formats", "licence", "stage"),
    [
        (["CSV"], "cc-by", 3),
        (["PDF", "XLSX"], "cc-by", 2),
        (["TTL", "CSV"], "CC-BY-4.0", 4),
        (["text/csv"], "cc-by-40-intl", 3),
        (["CSV"], "cc-nc", 0),
        (["CSV"], "", None),
        (["WMS"], "cc-by", None),
        ([], "cc-by", None),
    ],
)
def test_a_stage_that_nobody_measured_is_estimated(formats: list[str], licence: str, stage: int | None) -> None:
    shown = {"name": "122033_aed", "license_id": licence, "resources": [{"format": form} for form in formats]}
    holding = shown_holding(shown, URL)
    assert (holding.stage, holding.estimated) == (stage, True)


def test_a_measured_stage_stands() -> None:
    extras = [{"key": "odkit_level", "value": "5"}, {"key": "odkit_level_before", "value": "2"}]
    shown = {"name": "122033_aed", "extras": extras, "metadata_modified": "2026-04-01T09:00:00"}
    holding = shown_holding(shown, URL)
    assert (holding.stage, holding.estimated, holding.source_stage) == (5, False, 2)
    assert (holding.updated, holding.address) == ("2026-04-01", f"{URL}/dataset/122033_aed")


def test_a_measured_stage_out_of_range_is_none() -> None:
    assert shown_holding({"name": "a", "extras": [{"key": "odkit_level", "value": "9"}]}, URL).stage is None


@pytest.mark.parametrize("said", ["9", "²", "٥", "-1", "5.0"])
def test_what_is_no_stage_is_none(said: str) -> None:
    extras = [{"key": key, "value": said} for key in ("odkit_level", "odkit_level_before")]
    found = shown_holding({"name": "122033_aed", "extras": extras}, URL)
    assert (found.stage, found.source_stage) == (None, None)


@settings(suppress_health_check=[HealthCheck.too_slow])  # the answers are nested deep
@given(st.dictionaries(st.sampled_from(["name", "title", "organization", "extras", "tags", "resources"]), JSON))
def test_whatever_a_portal_answers_is_read(shown: dict[str, object]) -> None:
    holding = shown_holding(shown, URL)
    assert holding.stage in (None, 0, 1, 2, 3, 4, 5)
    assert holding.standard in ("", *recommended())


def test_every_layout_has_its_place_in_the_list() -> None:
    layouts = {name.partition(".")[0] for name in schema_ids() if name.endswith(".v2")}
    assert layouts <= set(recommended())
    assert [item.number for item in recommended().values()][:17] == [f"A-{number:02}" for number in range(1, 18)]
