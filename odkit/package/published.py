"""data.xlsx: a published table as a workbook, for those who want no CSV. The same columns and rows, every cell text.

Imported by its own name, so that the stages that need no workbook do not load openpyxl.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from openpyxl import Workbook

from odkit.errors import UsageError
from odkit.formulas import guarded
from odkit.model import CleanTable, Package, Resource, Row
from odkit.package.build import add_files
from odkit.package.files import describe_file
from odkit.package.workbook import MOST_ROWS, heading_row, new_sheet
from odkit.package.workbook_file import LONGEST_TEXT, Frame, StyledRow, Styles, save_workbook

MAIN_TABLE = "data"
"""The table that people open; those beside it are derived, for programs."""
GUARD = "formula-guard"
"""The rule by which cleaning puts an apostrophe before what would run in a CSV file."""


def add_workbook(package: Package) -> Package:
    """`package`, with data.xlsx in its folder where its declaration asks for that (`DatasetSpec.also_as`).

    Raises UsageError where a sheet cannot hold the table whole.
    """
    tables = [table for table in package.tables if table.name == MAIN_TABLE]
    if not tables or "xlsx" not in package.spec.also_as:
        return package
    path = package.folder / f"{MAIN_TABLE}.xlsx"
    write_published(path, tables[0])
    title, title_en = next((item.title, item.title_en) for item in package.resources if item.key == MAIN_TABLE)
    resource = Resource(
        key=f"{MAIN_TABLE}-xlsx",
        path=path.name,
        title=f"{title}（Excel）",
        title_en=f"{title_en} (Excel)" if title_en else "",
        format="XLSX",
        media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        bytes=0,
        sha256="",
    )
    return add_files(package, [describe_file(path, resource)])


def write_published(path: Path, table: CleanTable) -> None:
    """Write `table` with its heading frozen; the same table gives the same bytes.

    A cell of text never runs: what has an apostrophe in data.csv for that reason alone stands here as in the source.
    Raises UsageError where a sheet cannot hold the table whole.
    """
    if len(table.rows) > MOST_ROWS:
        raise UsageError("package.sheet-too-small", file=path.name, rows=f"{len(table.rows):,}", most=f"{MOST_ROWS:,}")
    book = Workbook()
    book.remove(book.worksheets[0])
    styles, names = Styles(book, ()), [match.name for match in table.matches]
    sheet, area = new_sheet(book, table.name, names, table.rows)
    save_workbook(path, book, [Frame(sheet, area, _rows(styles, names, table, path.name))])


def _rows(styles: Styles, names: list[str], table: CleanTable, file: str) -> Iterator[StyledRow]:
    yield heading_row(styles, names)
    for number, row in zip(table.row_numbers, _unguarded(table, names), strict=True):
        for name, text in zip(names, row, strict=True):
            if len(text) > LONGEST_TEXT // 2 and _characters(text) > LONGEST_TEXT:
                details = {"file": file, "row": number, "column": name, "size": f"{_characters(text):,}"}
                raise UsageError("package.cell-too-small", **details, most=f"{LONGEST_TEXT:,}")
        yield row, [styles.of(text) for text in row]


def _unguarded(table: CleanTable, names: list[str]) -> Iterator[Row]:
    """The rows without the apostrophes that cleaning has added."""
    columns = {name: at for at, name in enumerate(names)}
    added = {(item.where.row, columns.get(item.where.field)) for item in table.changes if item.rule == GUARD}
    rows = {row for row, _ in added}
    for number, row in zip(table.row_numbers, table.rows, strict=True):
        if number in rows:
            yield tuple(_plain(text) if (number, at) in added else text for at, text in enumerate(row))
        else:
            yield row


def _plain(text: str) -> str:
    """A text without its guard; two rows may come from one row of the source, and one of them need none."""
    return text[1:] if text[:1] == "'" and guarded(text[1:]) == text else text


def _characters(text: str) -> int:
    """The length of a text as Excel counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
