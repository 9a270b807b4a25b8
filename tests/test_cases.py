"""Files as they are handed in, each with one trap: ``tests/cases/<stage>/<case>/`` holds it and what must come of it.

`tests/cases/README.md` says what the files of a folder are, and which folder proves which trap.
"""

from __future__ import annotations

import csv
import json
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from odkit.clean import clean_table
from odkit.decisions import Decisions
from odkit.errors import SourceError
from odkit.model import CleanTable, Dialect, Publisher, SourceSpec, SourceTable, TableSchema
from odkit.project import load_schema, municipalities
from odkit.read import read_source

CASES = Path(__file__).parent / "cases"
FILES = {
    "read": {"expected.json"},
    "clean": {"case.toml", "expected.csv", "changes.csv", "issues.csv"},
}
"""What a case's folder holds beside its one ``input.*``, by stage."""

FOLDERS = sorted(path for stage in CASES.iterdir() if stage.is_dir() for path in stage.iterdir())
WORKBOOK = "input.xlsx.toml"
DEFAULTS: dict[str, Any] = {
    "headings": [],
    "rows": [],
    "row_numbers": [],
    "header_rows": [],
    "first_column": 1,
    "encoding": "",
    "delimiter": ",",
    "line_end": "\r\n",
    "preamble": [],
    "notes": [],
    "merged": [],
    "issues": [],
}


@pytest.mark.parametrize("case", FOLDERS, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_case(case: Path, tmp_path: Path) -> None:
    names = {path.name for path in case.iterdir()}
    (given,) = (name for name in names if name.startswith("input."))
    assert names - {given} == FILES[case.parent.name]
    path = workbook(case / given, tmp_path) if given == WORKBOOK else case / given
    CHECKS[case.parent.name](case, path)


def test_every_folder_stands_in_the_readme_and_every_trap_has_a_folder() -> None:
    told = re.findall(r"`(read|clean)/([^`/]+)`", (CASES / "README.md").read_text(encoding="utf-8"))
    assert {CASES / stage / case for stage, case in told} == set(FOLDERS)


# --- read


def check_read(case: Path, path: Path) -> None:
    expected = json.loads((case / "expected.json").read_text(encoding="utf-8"))
    hints = expected.pop("hints", {})
    spec = SourceSpec(path=path, **{"header_rows": tuple(hints.pop("header_rows", ()))} | hints)
    if "error" in expected:
        with pytest.raises(SourceError) as caught:
            read_source(spec, "一覧.csv")
        assert caught.value.code == expected["error"]
        assert caught.value.details.items() >= expected.get("details", {}).items()
    else:
        assert as_json(read_source(spec, "一覧.csv")) == DEFAULTS | expected


def as_json(table: SourceTable) -> dict[str, Any]:
    """The table in the form of expected.json."""
    dialect = table.dialect or Dialect(delimiter="", line_end="")
    return {
        "headings": list(table.headings),
        "rows": [list(row) for row in table.rows],
        "row_numbers": list(table.row_numbers),
        "header_rows": list(table.header_rows),
        "first_column": table.first_column,
        "encoding": table.encoding,
        "delimiter": dialect.delimiter,
        "line_end": dialect.line_end,
        "preamble": [[line.row, line.text] for line in table.preamble],
        "notes": [[line.row, line.text] for line in table.notes],
        "merged": list(table.merged),
        "issues": [[item.code, item.severity.value, item.where.cell] for item in table.issues],
    }


# --- clean


def check_clean(case: Path, path: Path) -> None:
    table = cleaned(path, tomllib.loads((case / "case.toml").read_text(encoding="utf-8")))
    assert filled(table) == lines(case / "expected.csv")
    changes = [[item.where.cell, item.where.field, item.before, item.after, item.rule] for item in table.changes]
    assert changes == lines(case / "changes.csv")
    issues = [[str(item.severity), item.code, item.where.cell, item.where.field, item.value] for item in table.issues]
    assert issues == lines(case / "issues.csv")


def cleaned(path: Path, declared: Mapping[str, Any]) -> CleanTable:
    """The table of a case, cleaned as its case.toml declares."""
    schema = load_schema(declared["standard"])
    publisher = government(declared["publisher"]) if "publisher" in declared else None
    source = read_source(path, path.name)
    decisions = Decisions(datum=declared.get("datum", ""))
    layout = narrowed(schema, declared["columns"]) if "columns" in declared else schema
    return clean_table(source, layout, publisher, declared.get("headings"), decisions=decisions)


def narrowed(schema: TableSchema, columns: list[str]) -> TableSchema:
    """The standard with a few of its columns alone."""
    fields = {field.name: field for field in schema.fields}
    return replace(schema, fields=tuple(fields[name] for name in columns), primary_key=())


def government(code: str) -> Publisher:
    """A government of the vocabulary as the publisher."""
    own = municipalities()[code]
    return Publisher(code=own.code, name="own", title=own.name, title_en=own.name_en)


def filled(table: CleanTable) -> list[list[str]]:
    """The columns that have any value, with their names: what a reviewer wants to see."""
    columns = [
        [match.name, *values] for match, values in zip(table.matches, zip(*table.rows, strict=True), strict=True)
    ]
    return [list(row) for row in zip(*(column for column in columns if any(column[1:])), strict=True)]


def lines(path: Path) -> list[list[str]]:
    """The records of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


CHECKS: Mapping[str, Callable[[Path, Path], None]] = {"read": check_read, "clean": check_clean}


# --- workbooks, written down as text


def workbook(description: Path, folder: Path) -> Path:
    """Make the workbook that ``input.xlsx.toml`` describes: sheets with rows of TOML's own types, merges, formats."""
    described = tomllib.loads(description.read_text(encoding="utf-8"))
    book = Workbook()
    book.remove(book.worksheets[0])
    if described.get("epoch") == 1904:
        book.epoch = CALENDAR_MAC_1904
    for sheet in described["sheet"]:
        _fill(book, sheet)
    path = folder / "input.xlsx"
    book.save(path)
    return path


def _fill(book: Workbook, described: Mapping[str, Any]) -> None:
    sheet = book.create_sheet(described["name"])
    for row in described["rows"]:
        sheet.append([value if value != "" else None for value in row])
    for area in described.get("merged", ()):
        sheet.merge_cells(area)
    for cell, form in described.get("formats", {}).items():
        sheet[cell].number_format = form
    for column in described.get("hidden", ()):
        sheet.column_dimensions[column].hidden = True
