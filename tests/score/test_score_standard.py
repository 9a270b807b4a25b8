"""Rules 1-9 and 1-12, the recommended layouts, and findings that a publisher accepts."""

from __future__ import annotations

from pathlib import Path

import pytest

from odkit.clean import conform
from odkit.model import Accepted, CriterionResult, Outcome, Score
from odkit.project import load_schema
from odkit.score import Rules, score_file
from odkit.score.words import check_text


def score(tmp_path: Path, content: str, *accepted: Accepted) -> Score:
    path = tmp_path / "a.csv"
    path.write_text(content, encoding="utf-8")
    return score_file(path, "CC BY 4.0", rules=Rules(accepted=accepted, conform=conform))


def check(found: Score, id_: str) -> CriterionResult:
    return next(item for item in found.checks if item.id == id_)


def places(found: Score, id_: str) -> list[str]:
    return [item.range for item in check(found, id_).evidence]


@pytest.mark.parametrize(
    ("content", "outcome", "where"),
    [
        ("市町村名,面積\n市川市,56\n船橋市,86\n", Outcome.FAIL, ["R1C2"]),
        ("市町村名,面積（km2）\n市川市,56\n船橋市,86\n", Outcome.PASS, []),
        ("市町村名,予算額[千円]\n市川市,56\n船橋市,86\n", Outcome.PASS, []),
        ("年,単位,歳入\n2019,千円,56\n2020,千円,86\n", Outcome.PASS, []),
        ("単位：千円,,\n年,歳入,歳出\n2019,56,1\n2020,86,2\n", Outcome.PASS, []),
        ("市町村名,人口,世帯数\n市川市,56,2\n船橋市,86,3\n", Outcome.PASS, []),
        ("名称,緯度,経度\nA,35.1,139.1\nB,35.2,139.2\n", Outcome.PASS, []),
        ("名称,額の名前\nA,あ\nB,い\n", Outcome.NOT_APPLICABLE, []),
        ("番号,私の地域では適切な収入を得る機会がある割合\n1,4\n2,5\n", Outcome.PASS, []),
    ],
)
def test_units(tmp_path: Path, content: str, outcome: Outcome, where: list[str]) -> None:
    found = score(tmp_path, content)
    assert (check(found, "1-9").outcome, places(found, "1-9")) == (outcome, where)


@pytest.mark.parametrize(
    ("content", "outcome", "where"),
    [
        ("市町村名,年,人口\n市川市,2019,5\n,2020,6\n,2021,7\n", Outcome.FAIL, ["R3C1:R4C1"]),
        ("市町村名,年,人口\n市川市,2019,5\n市川市,2020,6\n", Outcome.PASS, []),
        ("団体コード,市町村名,人口\n122033,,5\n122041,,6\n", Outcome.PASS, []),
        ("名称,地区,数\nA館,,5\nB館,,6\n", Outcome.NOT_APPLICABLE, []),
        ("年,件数\n2019,5\n2020,6\n", Outcome.NOT_APPLICABLE, []),
    ],
)
def test_areas(tmp_path: Path, content: str, outcome: Outcome, where: list[str]) -> None:
    found = score(tmp_path, content)
    assert (check(found, "1-12").outcome, places(found, "1-12")) == (outcome, where)


def test_a_table_of_its_own_follows_no_layout(tmp_path: Path) -> None:
    assert check(score(tmp_path, "年,件数\n2019,5\n"), "schema").outcome is Outcome.NOT_APPLICABLE


def test_required_columns_and_cells_of_the_layout(tmp_path: Path) -> None:
    names = [name for name in load_schema("public_toilet.v2").names if name != "名称"]
    row = dict.fromkeys(names, "") | {
        "全国地方公共団体コード": "12203",
        "所在地_連結表記": "市川市八幡1",
        "緯度": "35.7",
    }
    lines = [names, list(row.values()), list((row | {"全国地方公共団体コード": "122033"}).values())]
    found = score(tmp_path, "".join(",".join(line) + "\n" for line in lines))
    result = check(found, "schema")
    assert (result.outcome, result.details["kind"]) == (Outcome.FAIL, "missing")
    assert (result.details["standard"], result.details["version"]) == ("公衆トイレ一覧", "v2")
    assert ("", "名称") in [(item.range, item.expected) for item in result.evidence]
    assert ("R2C1", "12203", "123456") in [(item.range, item.value, item.expected) for item in result.evidence]
    assert "公衆トイレ一覧" in check_text(result, "en", "fix", found)


def test_what_is_only_inferred_is_advice(tmp_path: Path) -> None:
    names = "全国地方公共団体コード,ID,名称,名称_カナ,所在地_連結表記,設置位置,緯度,経度,SSID,提供エリア"
    row = "12203,1,A館,エー,市川市八幡1,2階,35.7,139.9,free,全館\n"
    result = check(score(tmp_path, f"{names}\n{row}"), "schema")
    assert (result.outcome, result.details["kind"]) == (Outcome.PASS, "advice")
    assert [item.range for item in result.evidence] == ["R2C1"]


DITTO = "市,地区,人口\n市川,北,1\n〃,南,2\n柏,東,3\n"


@pytest.mark.parametrize(
    ("accepted", "outcome"),
    [
        (Accepted(check="1-6", reason="原本どおり"), Outcome.PASS),
        (Accepted(check="1-6", reason="原本どおり", file="*.csv", range="R3C1", value="〃"), Outcome.PASS),
        (Accepted(check="1-6", reason="原本どおり", file="b.csv"), Outcome.FAIL),
        (Accepted(check="1-6", reason="原本どおり", range="R9C9"), Outcome.FAIL),
        (Accepted(check="1-6", reason="原本どおり", value="同上"), Outcome.FAIL),
        (Accepted(check="1-3", reason="原本どおり"), Outcome.FAIL),
    ],
)
def test_an_accepted_finding_stays_with_its_reason(tmp_path: Path, accepted: Accepted, outcome: Outcome) -> None:
    found = score(tmp_path, DITTO, accepted)
    result = check(found, "1-6")
    assert result.outcome is outcome
    assert [item.accepted for item in result.evidence] == ["原本どおり" if outcome is Outcome.PASS else ""]
    said = check_text(result, "ja", "message", found)
    assert said.endswith("受け入れ済み: 原本どおり") is (outcome is Outcome.PASS)


def test_what_caps_the_stage_cannot_be_accepted_away(tmp_path: Path) -> None:
    found = score(tmp_path, "題\nあ,い,う\n1,2,3\n4,5,6\n", Accepted(check="structure", reason="昔から"))
    result = check(found, "structure")
    assert (found.level, result.outcome) == (2, Outcome.FAIL)
    assert [item.accepted for item in result.evidence] == ["昔から"]


def test_one_of_two_findings_accepted(tmp_path: Path) -> None:
    content = DITTO + "〃,西,4\n"
    result = check(score(tmp_path, content, Accepted(check="1-6", reason="可", range="R3C1")), "1-6")
    assert result.outcome is Outcome.FAIL
    assert [(item.range, item.accepted) for item in result.evidence] == [("R5C1", ""), ("R3C1", "可")]
