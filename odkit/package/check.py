"""The referee: frictionless reads what was built and says whether it keeps the schema. Its only importer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from frictionless import Package as FrictionlessPackage
from frictionless import system

from odkit.model import CleanTable, Issue, Package, Severity, Where
from odkit.package.describe import column_names

ROWS_CHECKED = 1000
"""How many rows of each table are refereed during a build; `check_package` checks them all."""


def check_tables(package: Package) -> tuple[Issue, ...]:
    """What frictionless finds in the first rows of the tables of a package under construction."""
    tables = {table.name: table for table in package.tables}
    listed = package.descriptor["resources"]
    entries = [_schema_only(item) for item in listed if item["name"] in tables] if isinstance(listed, list) else []
    descriptor = {"name": package.descriptor["name"], "resources": entries}
    report = FrictionlessPackage.from_descriptor(descriptor, basepath=str(package.folder)).validate(
        limit_rows=ROWS_CHECKED
    )
    return tuple(_issue(tables[task.name], error) for task in report.tasks for error in task.errors)


def check_package(folder: Path) -> tuple[str, ...]:
    """Validate a built package whole (descriptor, hashes, every row); one line per error, empty where all is well."""
    with system.use_context(trusted=False):
        report = FrictionlessPackage.from_descriptor("datapackage.json", basepath=str(folder)).validate()
    return tuple(_lines(report))


def _schema_only(entry: dict[str, Any]) -> dict[str, Any]:
    # Hashes are of whole files; the referee reads only the first rows here.
    return {key: value for key, value in entry.items() if key not in ("hash", "bytes")}


def _issue(table: CleanTable, error: Any) -> Issue:
    row, name = getattr(error, "row_number", None), getattr(error, "field_name", "")
    source_row = table.row_numbers[row - 2] if row and row - 2 < len(table.row_numbers) else None
    columns = {match.name: match.column for match in table.matches}
    known = name in column_names(table)
    return Issue(
        code="package.invalid",
        severity=Severity.ERROR,
        where=_where(table, source_row, columns.get(name) if known else None, name),
        value=str(getattr(error, "cell", "") or ""),
        details={"kind": error.type, "reason": error.note or error.message},
    )


def _where(table: CleanTable, row: int | None, column: int | None, name: str) -> Where:
    return Where(file=table.origin.location, sheet=table.origin.sheet, row=row, column=column, field=name)


def _lines(report: Any) -> Iterator[str]:
    yield from (error.message for error in report.errors)
    for task in report.tasks:
        yield from (f"{task.name}: {error.message}" for error in task.errors)
