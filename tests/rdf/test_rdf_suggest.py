"""Advice for a municipality's own columns: each line is one that a mapping may hold."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odkit.model import CleanTable, ColumnMatch, Field, Origin, Package, Row
from odkit.project import INFERRED, data_file, inferred_schema, load_schema, read_csv
from odkit.rdf import note_unmapped
from odkit.rdf.mapping import find_mapping, load_mapping
from odkit.rdf.suggest import suggest_mapping, suggested_line

MEANINGS = [row["meaning"] for row in read_csv(data_file("vocab", "context", "suggestions.csv"))]
ROOTS = sorted(
    {found.root for file in data_file("vocab", "mapping").glob("*.csv") if (found := find_mapping(file.stem))}
)
HEAD = "列名,構造化項目名,区切り,追加,理由"


def loaded(line: str, root: str, folder: Path) -> str:
    file = folder / "own.v1.csv"
    file.write_text(f"{HEAD}\n（行）,{root},,,\n{line}\n", encoding="utf-8")
    (only,) = load_mapping(file).lines
    return only.column


@pytest.mark.parametrize("root", [*ROOTS, "ic:事物型"])
def test_every_suggestion_is_a_good_line_of_a_mapping(root: str, tmp_path: Path) -> None:
    for meaning in (*MEANINGS, "integer", ""):
        assert loaded(suggested_line("列", meaning, root), root, tmp_path) == "列"


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20))
def test_whatever_a_column_is_called(tmp_path_factory: pytest.TempPathFactory, column: str) -> None:
    folder = tmp_path_factory.mktemp("own")
    line = suggested_line(column, "", "ic:施設型")
    assert next(csv.reader([line]))[0] == column
    if column not in {"（行）", "（主語）"}:
        assert loaded(line, "ic:施設型", folder) == column


def test_a_phone_number_beside_the_standard(make_package: Callable[[str, Sequence[Row]], Package]) -> None:
    width = len(load_schema("public_wireless_lan.v2").names)
    (table,) = make_package("public_wireless_lan.v2", [("",) * (width + 2)]).tables
    first, second = suggest_mapping(table, {f"列{width}": "phone"})
    assert first.details["line"] == f"列{width},ic:設備型>ic:連絡先>ic:電話番号,,schema:telephone,"
    assert second.details["line"] == f'列{width + 1},"ic:設備型>ic:記述{{ic:種別=""列{width + 1}""}}>ic:説明",,,'
    assert {(item.code, str(item.severity)) for item in (first, second)} == {("rdf.suggestion", "note")}


def test_a_table_of_no_standard() -> None:
    fields = [Field(name="会場", title="会場"), Field(name="緯度", title="緯度", meaning="latitude")]
    table = CleanTable(
        name="data",
        title="会議",
        schema=inferred_schema(
            {"name": item.name, "title": item.title, "type": "string", "odkit:meaning": item.meaning} for item in fields
        ),
        rows=[("市役所", "35.7")],
        row_numbers=[2],
        matches=tuple(ColumnMatch(name=item.name, how="exact") for item in fields),
        origin=Origin(location="会議.csv"),
    )
    assert table.schema.id == INFERRED
    assert [item.details["line"] for item in suggest_mapping(table, {})] == [
        '会場,"ic:施設型>ic:記述{ic:種別=""会場""}>ic:説明",,,',
        "緯度,ic:施設型>ic:地理座標>ic:緯度,,geo:lat^^xsd:decimal;schema:latitude^^xsd:decimal,",
    ]
    (note,) = note_unmapped(table).issues
    assert (note.code, str(note.severity)) == ("rdf.no-standard", "note")


def test_a_table_of_a_standard_gets_no_advice(make_package: Callable[[str, Sequence[Row]], Package]) -> None:
    (table,) = make_package("public_wireless_lan.v2", []).tables
    assert suggest_mapping(table, {}) == ()
