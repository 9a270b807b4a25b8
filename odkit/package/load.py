"""A built package, read back from its folder: for the stages that are run one by one."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from odkit.errors import UsageError
from odkit.model import CleanTable, ColumnMatch, DatasetSpec, Origin, Package, Resource, TableSchema
from odkit.package.build import DESCRIPTOR, DESCRIPTOR_FILE, shelf
from odkit.package.files import describe_file
from odkit.project import INFERRED, inferred_schema, load_schema

LEDGER_KEYS = ("changes", "issues")


def load_package(spec: DatasetSpec, folder: Path) -> Package:
    """Read the package of `spec` that was built into `folder`.

    Raises UsageError where it was not built yet. The tables have their rows, but not their changes and issues: those
    are in the package's ledgers.
    """
    path = folder / DESCRIPTOR_FILE
    if not path.is_file():
        raise UsageError("package.not-built", dataset=spec.id)
    descriptor: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    entries: list[dict[str, Any]] = descriptor["resources"]
    origin = _origin(descriptor)
    tables = tuple(_table(folder, entry, origin) for entry in entries if _is_table(entry))
    files = sorted((*map(_resource, entries), describe_file(path, DESCRIPTOR)), key=shelf)
    return Package(spec=spec, folder=folder, descriptor=descriptor, resources=tuple(files), tables=tables)


def _is_table(entry: Mapping[str, Any]) -> bool:
    return "schema" in entry and entry["name"] not in LEDGER_KEYS


def _origin(descriptor: Mapping[str, Any]) -> Origin:
    """The source that all tables of a package were made from."""
    source: Mapping[str, Any] = next(iter(descriptor.get("sources", ())), {})
    return Origin(
        location=source.get("path", ""),
        sheet=source.get("odkit:sheet", ""),
        media_type=source.get("odkit:media_type", ""),
        sha256=source.get("odkit:sha256", ""),
    )


def _table(folder: Path, entry: Mapping[str, Any], origin: Origin) -> CleanTable:
    with (folder / entry["path"]).open(encoding=entry["encoding"], newline="") as file:
        header, *rows = (tuple(row) for row in csv.reader(file))
    return CleanTable(
        name=entry["name"],
        title=entry["title"],
        schema=_schema(entry),
        rows=rows,
        row_numbers=range(2, len(rows) + 2),
        matches=tuple(
            ColumnMatch(name=name, heading=name, column=at, how="exact") for at, name in enumerate(header, 1)
        ),
        origin=origin,
    )


def _schema(entry: Mapping[str, Any]) -> TableSchema:
    if entry["odkit:schema"] == INFERRED:
        return inferred_schema(field for field in entry["schema"]["fields"] if "odkit:extra" not in field)
    return load_schema(entry["odkit:schema"])


def _resource(entry: Mapping[str, Any]) -> Resource:
    return Resource(
        key=entry["name"],
        path=entry["path"],
        title=entry["title"],
        title_en=entry.get("odkit:title_en", ""),
        format=entry["format"].upper(),
        media_type=entry["mediatype"],
        bytes=entry["bytes"],
        sha256=entry["hash"].removeprefix("sha256:"),
        rows=entry.get("odkit:rows"),
    )
