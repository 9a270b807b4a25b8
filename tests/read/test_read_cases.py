"""Small files, each with one difficulty: ``tests/cases/read/<case>/`` holds the input and what must come of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from odkit.errors import SourceError
from odkit.model import Dialect, SourceSpec, SourceTable
from odkit.read import read_source

CASES = Path(__file__).parents[1] / "cases" / "read"
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
    "issues": [],
}


@pytest.mark.parametrize("case", sorted(folder.name for folder in CASES.iterdir()))
def test_case(case: str) -> None:
    expected = json.loads((CASES / case / "expected.json").read_text(encoding="utf-8"))
    hints = expected.pop("hints", {})
    path = next((CASES / case).glob("input.*"))
    spec = SourceSpec(path=path, **{"header_rows": tuple(hints.pop("header_rows", ()))} | hints)
    if "error" in expected:
        with pytest.raises(SourceError) as caught:
            read_source(spec, "一覧.csv")
        assert caught.value.code == expected["error"]
        assert caught.value.details.items() >= expected.get("details", {}).items()
    else:
        assert shown(read_source(spec, "一覧.csv")) == DEFAULTS | expected


def shown(table: SourceTable) -> dict[str, Any]:
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
        "issues": [[item.code, item.severity.value, item.where.cell] for item in table.issues],
    }
