"""Real files, from their bytes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from odkit.clean import clean_table, recognise
from odkit.model import CleanTable, Publisher, SourceTable
from odkit.project import current_schema, load_schema
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
