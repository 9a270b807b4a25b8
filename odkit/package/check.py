"""The referee: frictionless reads what was built and says whether it keeps the schema. Its only importer.

Imported by its own name: a build needs no referee, for the clean stage has checked every cell.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from frictionless import Package as FrictionlessPackage
from frictionless import system


def check_package(folder: Path) -> tuple[str, ...]:
    """Validate a built package whole (descriptor, hashes, every row); one line per error, empty where all is well."""
    with system.use_context(trusted=False):
        report = FrictionlessPackage.from_descriptor("datapackage.json", basepath=str(folder)).validate()
    return tuple(_lines(report))


def _lines(report: Any) -> Iterator[str]:
    yield from (error.message for error in report.errors)
    for task in report.tasks:
        yield from (f"{task.name}: {error.message}" for error in task.errors)
