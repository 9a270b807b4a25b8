"""DatasetSpec + tables -> the Frictionless descriptor, as plain data."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from odkit.model import CleanTable, DatasetSpec, Resource
from odkit.project import INFERRED, inferred_field, schema_descriptor


def package_descriptor(spec: DatasetSpec, base_uri: str) -> dict[str, Any]:
    """The package's own properties; `resources` is added when the files are there."""
    publisher = spec.publisher
    descriptor: dict[str, Any] = {
        "profile": "data-package",
        "name": spec.portal_name,
        "id": f"{base_uri}{spec.id}",
        "title": spec.title,
        "odkit:title_en": spec.title_en,
        "description": spec.description,
        "odkit:description_en": spec.description_en,
        "homepage": publisher.homepage,
        "licenses": [{"name": spec.licence.id, "title": spec.licence.title, "path": spec.licence.url}],
        "contributors": [{"title": publisher.title, "path": publisher.homepage, "role": "publisher"}],
        "keywords": list(spec.tags),
        "odkit:publisher": {"code": publisher.code, "title": publisher.title, "title_en": publisher.title_en},
        "odkit:contact": {"name": publisher.contact_name, "email": publisher.contact_email},
        "odkit:standard": spec.standard,
        "odkit:update_cycle": spec.update_cycle,
        "odkit:sample": spec.sample,
    }
    return _without_blanks(descriptor)


def source_descriptor(table: CleanTable) -> dict[str, Any]:
    """Where a table came from: file, sheet, and the sha256 of the bytes."""
    origin = table.origin
    return _without_blanks(
        {
            "title": origin.location,
            "path": origin.location,
            "odkit:sheet": origin.sheet,
            "odkit:media_type": origin.media_type,
            "odkit:sha256": origin.sha256,
        }
    )


def table_schema(table: CleanTable) -> dict[str, Any]:
    """The Table Schema of a table: the standard's own fields (or those found in it), plain text for the rest."""
    known = {item["name"]: item for item in schema_descriptor(table.schema.id)["fields"]}
    if table.schema.kind == INFERRED:
        known = {field.name: inferred_field(field) for field in table.schema.fields}
    schema: dict[str, Any] = {
        "fields": [
            known.get(name, {"name": name, "type": "string", "odkit:extra": True}) for name in column_names(table)
        ],
        "missingValues": [""],
    }
    if table.schema.primary_key:
        schema["primaryKey"] = list(table.schema.primary_key)
    return schema


def column_names(table: CleanTable) -> tuple[str, ...]:
    """The names of the columns of `table.rows`, in order."""
    return tuple(match.name for match in table.matches)


def file_descriptor(resource: Resource) -> dict[str, Any]:
    """One entry of `resources` for a file that is no table."""
    return {
        "name": resource.key,
        # frictionless takes a workbook for a table, and would guess the types that data.csv has in its schema.
        **({"type": "file"} if resource.format == "XLSX" else {}),
        "path": resource.path,
        "title": resource.title,
        "odkit:title_en": resource.title_en,
        "format": resource.format.lower(),
        "mediatype": resource.media_type,
        "bytes": resource.bytes,
        "hash": f"sha256:{resource.sha256}",
    }


def table_descriptor(resource: Resource, schema: dict[str, Any], schema_id: str, encoding: str) -> dict[str, Any]:
    """One entry of `resources` for a table: `schema_id` names the schema of schemas/ that it follows."""
    return file_descriptor(resource) | {
        "profile": "tabular-data-resource",
        "encoding": encoding,
        "odkit:rows": resource.rows,
        "odkit:schema": schema_id,
        "schema": schema,
    }


def _without_blanks(content: dict[str, Any]) -> dict[str, Any]:
    cleaned = {key: _without_blanks(item) if isinstance(item, dict) else item for key, item in content.items()}
    return {key: item for key, item in cleaned.items() if item not in ("", [], {}, None)}


def unique_sources(tables: Iterable[CleanTable]) -> list[dict[str, Any]]:
    """The sources of all tables, each once, in order."""
    found: list[dict[str, Any]] = []
    for table in tables:
        entry = source_descriptor(table)
        if entry not in found:
            found.append(entry)
    return found
