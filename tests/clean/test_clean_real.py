"""Real files of 市川市, from their bytes."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from odkit.clean import clean_table
from odkit.model import CleanTable, Publisher
from odkit.project import load_schema
from odkit.read import read_source

pytestmark = pytest.mark.shared


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
