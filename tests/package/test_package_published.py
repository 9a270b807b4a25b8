"""data.xlsx beside data.csv: the same table for those who open workbooks, where a declaration asks for it."""

from __future__ import annotations

import csv
import hashlib
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from odkit.errors import UsageError
from odkit.model import Change, CleanTable, DatasetSpec, Package, Where
from odkit.package import build_package, load_package, published, seal_package, workbook
from odkit.package.check import check_package
from odkit.package.published import add_workbook
from odkit.package.workbook_file import LONGEST_TEXT
from tests.package.conftest import BASE_URI, WIFI, row

FORMULA = "=HYPERLINK(A1)"


@pytest.fixture
def wanted(spec: DatasetSpec) -> DatasetSpec:
    return replace(spec, also_as=("xlsx",))


def built(spec: DatasetSpec, table: CleanTable, folder: Path) -> Package:
    return seal_package(add_workbook(build_package(spec, [table], folder, BASE_URI)), {})


def with_rows(table: CleanTable, *rows: Sequence[str], changes: tuple[Change, ...] = ()) -> CleanTable:
    return replace(table, rows=tuple(map(tuple, rows)), row_numbers=range(5, 5 + len(rows)), changes=changes)


def guard(number: int, name: str) -> Change:
    where = Where(file="一覧.xlsx", row=number, column=3, field=name)
    return Change(where=where, before=FORMULA, after=f"'{FORMULA}", rule="formula-guard")


def sheet_of(folder: Path) -> Worksheet:
    (sheet,) = openpyxl.load_workbook(folder / "data.xlsx").worksheets
    return sheet


def cells(folder: Path) -> list[list[str]]:
    return [["" if value is None else str(value) for value in line] for line in sheet_of(folder).values]


def in_csv(folder: Path) -> list[list[str]]:
    with (folder / "data.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_it_holds_the_cells_of_data_csv_as_text(wanted: DatasetSpec, cleaned: CleanTable, tmp_path: Path) -> None:
    built(wanted, cleaned, tmp_path)
    assert cells(tmp_path) == in_csv(tmp_path)
    sheet = sheet_of(tmp_path)
    assert sheet.freeze_panes == "A2"
    assert {cell.data_type for line in sheet.iter_rows() for cell in line if cell.value is not None} == {"s"}
    assert {cell.number_format for line in sheet.iter_rows() for cell in line} == {"@"}


def test_the_package_that_has_it_is_valid_and_describes_it(
    wanted: DatasetSpec, cleaned: CleanTable, tmp_path: Path
) -> None:
    # From these texts frictionless would guess a column of months, and then find fault with the last row.
    texts = [row(名称="1234") for _ in range(20)]
    package = built(wanted, with_rows(cleaned, *texts, row(名称="https://www.example.lg.jp/")), tmp_path)
    assert check_package(tmp_path) == ()
    assert [item.key for item in package.resources][:2] == ["data", "data-xlsx"]
    found = next(item for item in package.resources if item.key == "data-xlsx")
    content = (tmp_path / "data.xlsx").read_bytes()
    assert (found.format, found.title, found.rows) == ("XLSX", "公衆無線LAN（Excel）", None)
    assert found.media_type == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert (found.bytes, found.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert load_package(wanted, tmp_path).resources == package.resources
    assert [table.name for table in load_package(wanted, tmp_path).tables] == ["data"]


def test_nobody_gets_it_who_has_not_asked(spec: DatasetSpec, cleaned: CleanTable, tmp_path: Path) -> None:
    built(spec, cleaned, tmp_path)
    assert not (tmp_path / "data.xlsx").exists()


def test_tables_beside_the_main_one_have_none(wanted: DatasetSpec, cleaned: CleanTable, tmp_path: Path) -> None:
    package = add_workbook(build_package(wanted, [cleaned, replace(cleaned, name="values")], tmp_path, BASE_URI))
    assert [item.path for item in package.resources if item.format == "XLSX"] == ["data.xlsx"]


def test_a_formula_stands_there_as_in_the_source_and_does_not_run(
    wanted: DatasetSpec, cleaned: CleanTable, tmp_path: Path
) -> None:
    """The apostrophe that CSV needs goes; one that the source had stays, and so does a harmless one."""
    table = with_rows(
        cleaned,
        row(名称=f"'{FORMULA}", 名称_カナ=f"'{FORMULA}"),
        row(名称=f"'{FORMULA}"),
        row(名称="'plain"),
        changes=(guard(5, "名称"), guard(7, "名称")),
    )
    built(wanted, table, tmp_path)
    name, kana = WIFI.names.index("名称"), WIFI.names.index("名称_カナ")
    found = cells(tmp_path)
    assert [line[name] for line in found[1:]] == [FORMULA, f"'{FORMULA}", "'plain"]
    assert found[1][kana] == f"'{FORMULA}"
    assert in_csv(tmp_path)[1][name] == f"'{FORMULA}"
    cell = sheet_of(tmp_path).cell(2, name + 1)
    assert (cell.data_type, cell.quotePrefix) == ("s", True)
    with ZipFile(tmp_path / "data.xlsx") as packed:
        assert all(b"<f>" not in packed.read(part) for part in packed.namelist())


def test_the_same_table_gives_the_same_bytes(wanted: DatasetSpec, cleaned: CleanTable, tmp_path: Path) -> None:
    digests = set()
    for at in range(2):
        (tmp_path / str(at)).mkdir()
        built(wanted, cleaned, tmp_path / str(at))
        digests.add((tmp_path / str(at) / "data.xlsx").read_bytes())
        time.sleep(1.1 * (1 - at))  # the time in a zip and in a workbook counts in seconds
    assert len(digests) == 1


def test_a_table_without_rows_is_its_heading(wanted: DatasetSpec, cleaned: CleanTable, tmp_path: Path) -> None:
    built(wanted, with_rows(cleaned), tmp_path)
    assert cells(tmp_path) == [list(WIFI.names)]


def test_more_rows_than_a_sheet_holds(
    wanted: DatasetSpec, cleaned: CleanTable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert workbook.MOST_ROWS == 2**20 - 1
    monkeypatch.setattr(published, "MOST_ROWS", 1)
    with pytest.raises(UsageError) as caught:
        built(wanted, cleaned, tmp_path)
    assert caught.value.code == "package.sheet-too-small"
    assert "data.xlsx を作れません。表が 2 行あり" in caught.value.text("ja")
    assert "also_as = []" in caught.value.text("en")


@pytest.mark.parametrize("char", ["あ", "𠮷"], ids=["one unit", "two units"])
def test_a_text_longer_than_a_cell_holds(wanted: DatasetSpec, cleaned: CleanTable, tmp_path: Path, char: str) -> None:
    """Excel counts a rare kanji as two; what it would cut is not published as if it were whole."""
    fitting = char * (LONGEST_TEXT // len(char.encode("utf-16-le")) * 2)
    (tmp_path / "fits").mkdir()
    built(wanted, with_rows(cleaned, row(名称=fitting)), tmp_path / "fits")
    assert cells(tmp_path / "fits")[1][WIFI.names.index("名称")] == fitting
    with pytest.raises(UsageError) as caught:
        built(wanted, with_rows(cleaned, row(), row(名称=f"{fitting}{char}{char}")), tmp_path)
    assert caught.value.code == "package.cell-too-small"
    assert (caught.value.details["row"], caught.value.details["column"]) == ("6", "名称")
