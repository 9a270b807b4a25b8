"""Real files, from their bytes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from odkit.clean import clean_table, recognise
from odkit.clean.headings import match_headings
from odkit.clean.table import known_facts
from odkit.model import CleanTable, Publisher, SourceTable
from odkit.project import current_schema, heading_aliases, load_schema
from odkit.read import read_source

pytestmark = pytest.mark.shared

Account = Callable[[SourceTable, CleanTable], None]
STANDARD = (
    "ichikawa/122033_101_public_facility.csv",
    "ichikawa/122033_102_cultural_property.csv",
    "ichikawa/122033_103_evacuation_space.csv",
    "ichikawa/122033_104_population.csv",
    "ichikawa/122033_105_preschool.csv",
    "ichikawa/122033_106_open_data_list.csv",
    "ichikawa/122033_107_public_wireless_lan.csv",
    "ichikawa/122033_108_aed.csv",
    "ichikawa/122033_109_care_service.csv",
    "ichikawa/122033_201_multipurpose_toilet.csv",
    "ichikawa/122033_209_100_best_landscapes.csv",
    "ichikawa/122033_210_sakura_map.csv",
    "matsuyama/382019_evacuation_space.csv",
    "takamatsu/data.xlsx",
    "takamatsu/data .xlsx",
    "takamatsu/data.csv",
    "takamatsu/data__public_wireless_lan__data.xlsx",
    "takamatsu/data__tourist_facilities__data.xlsx",
    "takamatsu/data__nursery_school__data.xlsx",
    "takamatsu/0066_202004.xlsx",
    "tokyo/130001_evacuation_area.csv",
)
BY_EVIDENCE = {
    "takamatsu/data.xlsx": [("clean.heading-unsure", "料金", "料金(基本) 0.67、料金(詳細) 0.67")],
}
"""Everything that values and likeness say of the headings of real files, looked at one by one: one question."""

INFERRED = {
    "bichiku/130001_evacuation_center.csv": {
        "避難所_名称": "name",
        "住所": "address",
        "緯度": "latitude",
        "経度": "longitude",
    },
    "ichikawa/122033_206_kitaku_konnan.csv": {
        "No": "id",
        "所在地": "address",
        "緯度": "latitude",
        "経度": "longitude",
    },
    "takamatsu/0084_202104.xlsx": {"#property": "integer", "quantity": "number"},
    "takamatsu/0091_2025.xlsx": dict.fromkeys(
        ("#property", "month", "birthTotal", "birthMan", "birthWoman", "deathTotal", "deathMan", "deathWoman"),
        "integer",
    ),
    "takamatsu/data__polling_place_list__data.xlsx": {
        "#property": "integer",
        "latitude": "latitude",
        "longitude": "longitude",
        "name": "name",
        "fullNameInKana": "kana",
        "address": "address",
        "startTime": "time",
        "endTime": "time",
    },
}
"""What is more than text in files of their own layout."""


def cleaned(shared: Path, name: str, schema: str, publisher: Publisher) -> CleanTable:
    source = read_source(shared / "real" / "ichikawa" / f"122033_{name}.csv", f"122033_{name}.csv")
    return clean_table(source, load_schema(schema), publisher)


def test_wireless_lan(shared: Path, ichikawa: Publisher) -> None:
    table = cleaned(shared, "107_public_wireless_lan", "public_wireless_lan.v2", ichikawa)
    assert len(table.rows) == 45
    assert {match.how for match in table.matches} == {"exact"}
    assert Counter(change.rule for change in table.changes) == {"derive-address": 45, "postal-code": 44}
    assert {change.after for change in table.changes if change.rule == "derive-address"} == {"122033"}
    assert table.issues == ()


def test_cultural_properties(shared: Path, ichikawa: Publisher) -> None:
    table = cleaned(shared, "102_cultural_property", "cultural_property.v2", ichikawa)
    rules = Counter((change.where.field, change.rule) for change in table.changes)
    assert rules == {("文化財指定日", "excel-serial"): 76, ("種類", "multi"): 2}
    days = [change.after for change in table.changes if change.before in ("22196", "1510", "5989")]
    assert set(days) == {"1960-10-07", "1904-02-18", "1916-05-24"}
    assert [(issue.code, issue.where.cell) for issue in table.issues] == [
        ("clean.missing-value", "I56"),
        ("clean.kana", "E61"),
    ]


@pytest.mark.parametrize("name", STANDARD)
def test_no_cell_is_lost(account: Account, shared: Path, name: str) -> None:
    source = read_source(shared / "real" / name, name)
    recognised = recognise(source.headings)
    assert recognised
    account(source, clean_table(source, load_schema(current_schema(load_schema(recognised).name))))


def laid_out(shared: Path, name: str) -> CleanTable:
    source = read_source(shared / "real" / name, name)
    return clean_table(source, load_schema(current_schema(load_schema(recognise(source.headings)).name)))


@pytest.mark.parametrize("name", STANDARD)
def test_what_evidence_says_of_headings(shared: Path, name: str) -> None:
    table = laid_out(shared, name)
    said = [
        (issue.code, issue.value, issue.details.get("candidates", issue.details.get("target", "")))
        for issue in table.issues
        if issue.code.startswith("clean.heading-")
    ]
    assert said == BY_EVIDENCE.get(name, [])
    assert "evidence" not in {match.how for match in table.matches}


@pytest.mark.parametrize("name", INFERRED)
def test_what_the_columns_of_an_own_layout_mean(account: Account, shared: Path, name: str) -> None:
    source = read_source(shared / "real" / name, name)
    table = clean_table(source, load_schema("inferred"))
    account(source, table)
    found = {field.name: field.meaning for field in table.schema.fields}
    assert {name: meaning for name, meaning in found.items() if meaning != "text"} == INFERRED[name]
    assert list(found) == [match.name for match in table.matches]


RENAMED = "ichikawa/122033_101_public_facility.csv"
RENAMED_OUTCOMES = {
    "施設の{}": {"alias": 1, "evidence": 38, "extra": 17},
    "{}等": {"evidence": 39, "extra": 17},
    "夜間{}": {"asked": 37, "extra": 19},
    "{}（注）": {"asked": 37, "extra": 19},
    "あの欄": {"asked": 7, "extra": 49},
}
"""A column without values, or of a meaning that several free columns share, is kept beside."""


@pytest.mark.parametrize("form", RENAMED_OUTCOMES)
def test_a_renamed_heading_is_never_taken_for_another(shared: Path, form: str) -> None:
    """Each column of a real file in turn gets another heading: it is found again, asked about, or kept beside."""
    source = read_source(shared / "real" / RENAMED, RENAMED)
    facts, schema = known_facts(None), load_schema("public_facility.v2")
    aliases = heading_aliases(schema.name)
    outcomes: Counter[str] = Counter()
    for place, name in enumerate(source.headings):
        headings = list(source.headings)
        headings[place] = form.format(name)
        draft = match_headings(replace(source, headings=tuple(headings)), schema, {}, aliases, facts)
        (match,) = [column.match for column in draft.columns if column.source == place]
        assert match.name == name or match.how == "extra", headings[place]
        asked = [issue.details["candidates"] for issue in draft.issues if issue.code == "clean.heading-unsure"]
        assert all(name in candidates for candidates in asked)
        outcomes["asked" if asked else match.how] += 1
    assert outcomes == RENAMED_OUTCOMES[form]
