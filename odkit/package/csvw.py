"""CSV on the Web metadata beside a CSV, from its Table Schema (W3C Metadata Vocabulary for Tabular Data)."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from urllib.parse import quote

from odkit.model import DatasetSpec

DATATYPES = {"integer": "integer", "number": "decimal", "date": "date", "year": "gYear", "boolean": "boolean"}


def csvw_metadata(spec: DatasetSpec, csv_name: str, title: str, schema: dict[str, Any]) -> dict[str, Any]:
    """The content of ``<name>.csv-metadata.json``: titles, datatypes, requirement, licence."""
    table: dict[str, Any] = {"columns": [_column(field) for field in schema["fields"]]}
    if schema.get("primaryKey"):
        keys = schema["primaryKey"]
        table["primaryKey"] = [column_name(key) for key in ([keys] if isinstance(keys, str) else keys)]
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "ja"}],
        "url": csv_name,
        "dc:title": title,
        "dc:publisher": spec.publisher.title,
        "dc:license": {"@id": spec.licence.url},
        "dialect": {"encoding": "utf-8", "lineTerminators": ["\r\n"]},
        "tableSchema": table,
    }


@lru_cache(4096)
def column_name(title: str) -> str:
    """A column's name as keys and templates may hold it: ``0-4歳`` -> ``0%2D4%E6%AD%B3``."""
    name = quote(title, safe="").replace("-", "%2D").replace("~", "%7E")
    return f"%5F{name[1:]}" if name.startswith("_") else name


def _column(field: dict[str, Any]) -> dict[str, Any]:
    column: dict[str, Any] = {
        "name": column_name(field["name"]),
        "titles": field["name"],
        "datatype": DATATYPES.get(field["type"], "string"),
        "required": bool(field.get("constraints", {}).get("required")),
    }
    if field.get("description"):
        column["dc:description"] = field["description"]
    return column
