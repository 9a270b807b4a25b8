"""IDs that stand twice, and rows without one."""

from __future__ import annotations

from odkit.clean import clean_table
from odkit.model import Origin, SourceTable
from odkit.project import load_schema


def found(*ids: str) -> list[tuple[str, str, str]]:
    source = SourceTable(
        origin=Origin(location="a.csv"),
        headings=("ID", "名称"),
        rows=tuple((value, f"施設{number}") for number, value in enumerate(ids)),
        row_numbers=range(2, len(ids) + 2),
        header_rows=(1,),
    )
    issues = clean_table(source, load_schema("public_wireless_lan.v2")).issues
    codes = ("clean.double-id", "clean.blank-id")
    return [(item.code, item.where.cell, item.details.get("first", "")) for item in issues if item.code in codes]


def test_ids_of_their_own_are_fine() -> None:
    assert found("1", "2", "02") == []


def test_each_later_row_with_the_same_id_is_named_with_the_first() -> None:
    assert found("7", "8", "7", "７") == [("clean.double-id", "A4", "2"), ("clean.double-id", "A5", "2")]


def test_some_blank_ids_are_told_once() -> None:
    assert found("1", "", "") == [("clean.blank-id", "A3", "")]


def test_a_table_without_ids_is_told_of_the_missing_column_only() -> None:
    assert found("", "") == []
