"""Counts against the targets, what would lift them, and what fits nowhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from odkit.errors import DeclarationError
from odkit.inventory import BUILT, DECLARED, PUBLISHED, Holding, load_targets, report, take_stock
from odkit.inventory.declared import tiles
from odkit.inventory.page import map_tiles
from odkit.project import data_file, municipalities

TARGETS = load_targets(Path("/nowhere"))


def holding(code: str, standard: str, state: str = PUBLISHED, stage: int | None = 5, key: str = "") -> Holding:
    place = "https://ckan.example.lg.jp" if state == PUBLISHED else ""
    name = key or f"{code}_{standard}"
    return Holding(key=name, code=code, standard=standard, title=name, state=state, stage=stage, place=place)


def test_the_targets_are_those_of_the_strategy() -> None:
    assert (TARGETS.datasets, TARGETS.stage, TARGETS.by, TARGETS.municipalities) == (24, 5, 2024, 54)
    baseline = (TARGETS.baseline_year, TARGETS.baseline_datasets, TARGETS.baseline_stage, TARGETS.baseline_municipal)
    assert baseline == (2021, 12, 3, 0)


def test_counts() -> None:
    found = take_stock(
        [
            holding("120006", "aed"),
            holding("122033", "aed", stage=3),
            holding("122033", "public_toilet"),
            holding("122041", "aed", stage=None),
        ],
        TARGETS,
    )
    assert [(cell.code, cell.standard) for cell in found.at_target] == [("120006", "aed"), ("122033", "public_toilet")]
    assert len(found.published) == 4
    assert found.municipalities == ("122033", "122041")
    assert found.publishers == ("120006", "122033", "122041")
    assert found.standards == ("aed", "public_toilet")
    assert report.summary(found, "ja")[0] == ("段階 5 で公開: 2 件（県 1、市町村 1）。目標は令和6年度までに 24 件")
    assert report.summary(found, "en")[3] == "22 more reach the target."


def test_what_is_not_published_is_not_counted() -> None:
    found = take_stock([holding("120006", "aed", BUILT), holding("122033", "aed", DECLARED, 3)], TARGETS)
    assert (found.at_target, found.published, found.municipalities) == ((), (), ())
    assert report.matrix(found, "ja")[1] == [("A-08 AED設置箇所一覧", "(5)", "(3)")]


def test_the_nearest_steps_come_first() -> None:
    found = take_stock(
        [
            *(holding(code, "aed", DECLARED, 3) for code in ("122033", "122041", "122076")),
            holding("120006", "aed", BUILT),
            holding("120006", "event", BUILT, 4),
            holding("120006", "hospital"),
            holding("122271", "aed", stage=3),
            holding("122271", "event", stage=1),
            holding("122271", "hospital", stage=0),
            holding("122271", "tourism", stage=None),
        ],
        TARGETS,
    )
    assert [(step.code, step.stage, len(step.cells)) for step in found.steps] == [
        ("publish", 3, 3),
        ("push", 5, 1),
        ("repair", 4, 1),
        ("convert", 3, 1),
        ("table", 1, 1),
        ("ask", None, 1),
        ("licence", 0, 1),
    ]
    assert report.step_lines(found, "en")[0].startswith("3 lists at stage 3 need only odkit publish: Ichikawa")


def test_a_package_on_the_portal_may_be_lifted_by_the_one_at_hand() -> None:
    found = take_stock([holding("120006", "aed", stage=3), holding("120006", "aed", BUILT)], TARGETS)
    assert [(step.code, step.stage) for step in found.steps] == [("push", 5)]


def test_two_claims_are_told_and_counted_once() -> None:
    found = take_stock(
        [holding("122033", "aed", stage=3, key="122033_aed_old"), holding("122033", "aed"), holding("120006", "aed")],
        TARGETS,
    )
    assert len(found.at_target) == 2
    (issue,) = found.issues
    assert (issue.code, issue.details["names"]) == ("inventory.twice", "122033_aed, 122033_aed_old")


def test_the_same_dataset_at_hand_and_on_a_portal_is_no_second_claim() -> None:
    assert take_stock([holding("122033", "aed"), holding("122033", "aed", BUILT)], TARGETS).issues == ()


def test_what_fits_nowhere_is_told() -> None:
    found = take_stock(
        [
            holding("", "aed", key="a"),
            holding("122033", "", key="b"),
            Holding(
                key="c", code="122033", standard="", title="c", state=PUBLISHED, candidates=("aed", "public_toilet")
            ),
            Holding(key="d", code="122033", standard="", title="d", state=PUBLISHED, other=True),
        ],
        TARGETS,
    )
    assert [(issue.code, issue.details["dataset"]) for issue in found.issues] == [
        ("inventory.unknown-publisher", "a"),
        ("inventory.unknown-dataset", "b"),
        ("inventory.which-dataset", "c"),
    ]
    assert len(found.others) == 4


def test_a_project_has_its_own_targets(tmp_path: Path) -> None:
    text = data_file("vocab", "inventory", "targets.toml").read_text(encoding="utf-8")
    own = tmp_path / "targets.toml"
    own.write_text(text.replace("count = 24", "count = 30"), encoding="utf-8")
    assert load_targets(tmp_path).datasets == 30
    own.write_text(text.replace("stage = 5", "stage = 6"), encoding="utf-8")
    with pytest.raises(DeclarationError) as caught:
        load_targets(tmp_path)
    assert caught.value.details["path"] == "datasets.stage"


def test_the_map_has_each_municipality_once() -> None:
    codes = [code for code, one in municipalities().items() if one.kind != "県"]
    assert sorted(tiles()) == sorted(codes)
    assert len(codes) == len(set(tiles().values())) == 54


def test_tiles_show_numbers() -> None:
    found = take_stock([holding("122033", "aed"), holding("122033", "event"), holding("122041", "aed")], TARGETS)
    by_code = {tile.code: tile for tile in map_tiles(found, "ja")}
    assert [(by_code[code].short, by_code[code].count) for code in ("122033", "122041", "122343")] == [
        ("市川", 2),
        ("船橋", 1),
        ("南房総", 0),
    ]
    shades = [by_code[code].shade for code in ("122343", "122041", "122033")]
    assert shades == sorted(shades)
    assert shades[0] == 0 < shades[1]
    assert {tile.short for tile in map_tiles(found, "en")} >= {"Ichikawa", "Kujukuri"}
