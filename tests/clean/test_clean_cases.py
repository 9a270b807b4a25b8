"""Whole files, from bytes to the cleaned table and its ledgers: a folder per case in tests/cases/clean/."""

from __future__ import annotations

import csv
import tomllib
from pathlib import Path

import pytest

from odkit.clean import clean_table
from odkit.model import CleanTable, Publisher
from odkit.project import load_schema, municipalities
from odkit.read import read_source

CASES = sorted((Path(__file__).parent.parent / "cases" / "clean").iterdir())


def read(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def cleaned(case: Path) -> CleanTable:
    declared = tomllib.loads((case / "case.toml").read_text(encoding="utf-8"))
    own = municipalities()[declared["publisher"]]
    publisher = Publisher(code=own.code, name="own", title=own.name, title_en=own.name_en)
    source = read_source(case / "input.csv", "input.csv")
    return clean_table(source, load_schema(declared["standard"]), publisher, declared.get("headings"))


def filled(table: CleanTable) -> list[list[str]]:
    """The columns that have any value, with their names: what a reviewer wants to see."""
    columns = [
        [match.name, *values] for match, values in zip(table.matches, zip(*table.rows, strict=True), strict=True)
    ]
    return [list(row) for row in zip(*(column for column in columns if any(column[1:])), strict=True)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case: Path) -> None:
    table = cleaned(case)
    assert filled(table) == read(case / "expected.csv")
    changes = [[item.where.cell, item.where.field, item.before, item.after, item.rule] for item in table.changes]
    assert changes == read(case / "changes.csv")
    issues = [[str(item.severity), item.code, item.where.cell, item.where.field, item.value] for item in table.issues]
    assert issues == read(case / "issues.csv")
