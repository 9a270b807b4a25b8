"""The 36 scoring cases of the shared folder: stage, stage by format, what must and what must not be raised."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from odkit.model import CriterionResult, Outcome, Score
from odkit.score import score_file

CASES = (
    "A01 A03 A05 A07 A09 A11 B02 B04 C01 C03 C05 C07 C09 C11 C13 D02 D04 D06 D08 D10 D12 D14 D16 D18 D20 D22 D24 D26"
    " E02 E04 F01 F03 F05 F07 F09 F11"
)
CHECK_OF_FLAG = {"title": "structure", "notes": "structure", "header-rows": "header-row", "context": "parse"}
"""The cases' words for what is one of design.md's checks under another name."""
CLEAN_OF = {
    "1-4-in-table": "1-4",
    "header-rows": "header-row",
    "notes": "structure",
    "1-10:髙": "",
    "1-2-number": "1-2",
}
NOT_YET: frozenset[tuple[str, str]] = frozenset()
"""(case, flag) pairs that no check covers yet. None: keep it so."""


@cache
def expected(shared: Path) -> dict[str, dict[str, Any]]:
    cases = json.loads((shared / "cases" / "expected.json").read_text(encoding="utf-8"))
    return {case["id"]: case for case in cases}


def scored(shared: Path, case: dict[str, Any]) -> Score:
    path = shared / "cases" / "files" / case["file"]
    return score_file(path, case["license"] or "", status=case["http"], content_type=case["content_type"] or "")


def check(score: Score, id_: str) -> CriterionResult:
    return next(item for item in score.checks if item.id == id_)


@pytest.mark.parametrize("name", CASES.split())
def test_stage(shared: Path, name: str) -> None:
    case = expected(shared)[name]
    score = scored(shared, case)
    assert (score.level, score.format_level) == (case["level"], case["format_level"]), case["why"]


@pytest.mark.parametrize("name", CASES.split())
def test_flags(shared: Path, name: str) -> None:
    case = expected(shared)[name]
    score = scored(shared, case)
    for flag, places in case["flag"].items():
        if (name, flag) in NOT_YET:
            continue
        result = check(score, CHECK_OF_FLAG.get(flag, flag))
        assert result.outcome is (Outcome.UNDETERMINED if flag == "context" else Outcome.FAIL), flag
        seen = {item.range for item in result.evidence} | {f"{item.range}:{item.value}" for item in result.evidence}
        wanted = [place.partition(": ")[0] for place in places] if isinstance(places, list) else []
        assert set(wanted) <= seen, flag


@pytest.mark.parametrize("name", CASES.split())
def test_clean(shared: Path, name: str) -> None:
    case = expected(shared)[name]
    score = scored(shared, case)
    for id_ in {CLEAN_OF.get(word, word) for word in case["clean"]} - {""}:
        assert check(score, id_).outcome is not Outcome.FAIL, id_


def test_a_name_is_not_machine_dependent(shared: Path) -> None:
    result = check(scored(shared, expected(shared)["D16"]), "1-10")
    assert "髙" not in {item.value for item in result.evidence}


def test_no_case_is_forgotten(shared: Path) -> None:
    assert sorted(expected(shared)) == CASES.split()
