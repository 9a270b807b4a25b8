"""CSV on the Web metadata beside a CSV, from its Table Schema (W3C Metadata Vocabulary for Tabular Data)."""

from __future__ import annotations

from typing import Any

from odkit.model import DatasetSpec

DATATYPES = {"integer": "integer", "number": "decimal", "date": "date", "year": "gYear", "boolean": "boolean"}


def csvw_metadata(spec: DatasetSpec, csv_name: str, title: str, schema: dict[str, Any]) -> dict[str, Any]:
    """The content of ``<name>.csv-metadata.json``: titles, datatypes, requirement, licence."""
    table: dict[str, Any] = {"columns": [_column(field) for field in schema["fields"]]}
    if schema.get("primaryKey"):
        table["primaryKey"] = schema["primaryKey"]
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "ja"}],
        "url": csv_name,
        "dc:title": title,
        "dc:publisher": spec.publisher.title,
        "dc:license": {"@id": spec.licence.url},
        "dialect": {"encoding": "utf-8", "lineTerminators": ["\r\n"]},
        "tableSchema": table,
    }


def _column(field: dict[str, Any]) -> dict[str, Any]:
    column: dict[str, Any] = {
        "titles": field["name"],
        "datatype": DATATYPES.get(field["type"], "string"),
        "required": bool(field.get("constraints", {}).get("required")),
    }
    if field.get("description"):
        column["dc:description"] = field["description"]
    return column
