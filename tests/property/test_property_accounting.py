"""No cell of a real file is lost: each is read as it stands in the file, and published, changed or reported."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from odkit.clean import clean_table, recognise
from odkit.model import CleanTable, SourceTable
from odkit.project import INFERRED, current_schema, load_schema
from odkit.read import read_source

FOLDER = Path("real")
TABLES = {".csv", ".xlsx"}


def real_files(shared: Path) -> list[Path]:
    return sorted(path for path in (shared / FOLDER).glob("*/*") if path.suffix in TABLES)


def filled(path: Path, source: SourceTable) -> Counter[str]:
    """The filled cells of a file, read by another reader than ours; those of a workbook only by their number."""
    if path.suffix == ".csv":
        text = path.read_bytes().decode(source.encoding)
        return Counter(cell for row in csv.reader(StringIO(text, newline="")) for cell in row if cell.strip())
    sheet = load_workbook(path, data_only=True)[source.sheet]
    count = sum(str(cell).strip() not in {"", "None"} for row in sheet.iter_rows(values_only=True) for cell in row)
    return Counter({"": count})


def kept(path: Path, source: SourceTable) -> Counter[str]:
    """The filled cells of what we read: headings, rows, and the lines above and below."""
    lines = (line.cells for line in (*source.preamble, *source.notes))
    cells = [cell for row in (source.headings, *source.rows, *lines) for cell in row if cell.strip()]
    if path.suffix == ".csv":
        return Counter(cells)
    # A heading over two rows is joined: its parts are counted.
    joined = sum(len(heading.split("／")) - 1 for heading in source.headings) if len(source.header_rows) > 1 else 0
    return Counter({"": len(cells) + joined})


def current_table(source: SourceTable) -> CleanTable:
    known = recognise(source.headings)
    return clean_table(source, load_schema(current_schema(load_schema(known).name if known else INFERRED)))


@pytest.mark.shared
def test_every_cell_of_every_real_file(account: Callable[[SourceTable, CleanTable], None], shared: Path) -> None:
    files = real_files(shared)
    assert len(files) > 30
    for path in files:
        source = read_source(path, path.name)
        assert kept(path, source) == filled(path, source), path.name
        account(source, current_table(source))
