"""Writing a package: the tables, their metadata and ledgers; then, when every stage has added its files, the seal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from odkit.model import CleanTable, DatasetSpec, Package, Resource, Row
from odkit.package import ledger
from odkit.package.csvw import csvw_metadata
from odkit.package.describe import (
    column_names,
    file_descriptor,
    package_descriptor,
    table_descriptor,
    table_schema,
    unique_sources,
)
from odkit.package.files import write_described, write_table
from odkit.project import schema_descriptor

Entry = dict[str, Any]
"""What a descriptor says of a file: one of its `resources`."""

DESCRIPTOR_FILE = "datapackage.json"
LAST = ("changes", "issues", "score")
DESCRIPTOR = Resource(
    key="datapackage",
    path=DESCRIPTOR_FILE,
    title="データパッケージ記述（項目の定義・ライセンス・出典）",
    title_en="Data package descriptor (schema, licence, source)",
    format="JSON",
    media_type="application/json",
    bytes=0,
    sha256="",
)


def build_package(spec: DatasetSpec, tables: Sequence[CleanTable], folder: Path, base_uri: str) -> Package:
    """Write the tables, CSVW metadata and ledgers of one dataset into `folder` (which exists and is empty).

    The descriptor is written by `seal_package`, when the other stages have added their files; a workbook beside the
    table is made by `odkit.package.published.add_workbook`.
    """
    package = Package(
        spec=spec,
        folder=folder,
        descriptor={**package_descriptor(spec, base_uri), "sources": unique_sources(tables), "resources": []},
        resources=(),
        tables=tuple(tables),
    )
    made = [item for table in tables for item in _write_table(package, table)]
    made.append(_write_ledger(package, ledger.CHANGES, ledger.change_rows(tables)))
    made.append(_write_ledger(package, ledger.ISSUES, ledger.issue_rows(tables)))
    return _with_entries(package, [resource for resource, _ in made], [entry for _, entry in made])


def add_files(package: Package, resources: Sequence[Resource]) -> Package:
    """The package with files that another stage wrote into its folder."""
    entries = [file_descriptor(resource) for resource in resources]
    return _with_entries(package, resources, entries)


def seal_package(package: Package, properties: Mapping[str, object], *, whole_numbers: bool = False) -> Package:
    """Write datapackage.json with `properties` added: the last file of a package.

    `whole_numbers` (see `json_bytes`) are all that a package has which was built just now: schemas have no others.
    """
    descriptor: dict[str, Any] = {**package.descriptor, **properties}
    # The files stand at the end, where a reader of the descriptor expects the long part.
    entries = {entry["name"]: entry for entry in descriptor.pop("resources")}
    files = sorted((item for item in package.resources if item.key in entries), key=shelf)
    descriptor["resources"] = [entries[item.key] for item in files]
    file = package.folder / DESCRIPTOR_FILE
    sealed = write_described(file, descriptor, DESCRIPTOR, whole_numbers=whole_numbers)
    return replace(package, descriptor=descriptor, resources=tuple(sorted((*files, sealed), key=shelf)))


def shelf(resource: Resource) -> int:
    """Where a file stands in the list people see: the data, its RDF, its descriptions, then the ledgers."""
    if resource.key in LAST:
        return 3 + LAST.index(resource.key)
    return 2 if resource.format == "JSON" else 0 if resource.format == "CSV" else 1


def _write_table(package: Package, table: CleanTable) -> Iterator[tuple[Resource, Entry]]:
    spec, schema = package.spec, table_schema(table)
    path = package.folder / f"{table.name}.csv"
    template = _csv_resource(table.name, table.title, _title_en(table))
    resource = write_table(path, column_names(table), table.rows, spec.encoding, template)
    yield resource, table_descriptor(resource, schema, table.schema.id, spec.encoding)
    metadata = package.folder / f"{path.name}-metadata.json"
    described = Resource(
        key=f"{table.name}-csvw",
        path=metadata.name,
        title=f"CSVW メタデータ（{path.name}）",
        title_en=f"CSVW metadata of {path.name}",
        format="JSON",
        media_type="application/csvm+json",
        bytes=0,
        sha256="",
    )
    content = csvw_metadata(spec, path.name, table.title, schema)
    resource = write_described(metadata, content, described, whole_numbers=True)
    yield resource, file_descriptor(resource)


def _write_ledger(package: Package, schema_id: str, rows: Iterable[Row]) -> tuple[Resource, Entry]:
    schema = schema_descriptor(schema_id)
    path = package.folder / f"{schema['name']}.csv"
    template = _csv_resource(schema["name"], schema["title"], schema["odkit:title_en"])
    resource = write_table(path, ledger.header(schema_id), rows, package.spec.encoding, template)
    fields = {"fields": schema["fields"], "missingValues": [""]}
    return resource, table_descriptor(resource, fields, schema_id, package.spec.encoding)


def _with_entries(package: Package, resources: Sequence[Resource], entries: Sequence[Entry]) -> Package:
    listed = package.descriptor["resources"]
    known: list[Any] = list(listed) if isinstance(listed, list) else []
    new = {resource.key for resource in resources}
    descriptor = {**package.descriptor, "resources": [*(item for item in known if item["name"] not in new), *entries]}
    kept = (resource for resource in package.resources if resource.key not in new)
    return replace(package, descriptor=descriptor, resources=(*kept, *resources))


def _title_en(table: CleanTable) -> str:
    return str(schema_descriptor(table.schema.id).get("odkit:title_en", ""))


def _csv_resource(key: str, title: str, title_en: str) -> Resource:
    return Resource(
        key=key,
        path=f"{key}.csv",
        title=title,
        title_en=title_en,
        format="CSV",
        media_type="text/csv",
        bytes=0,
        sha256="",
    )
