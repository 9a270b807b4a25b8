"""Table Schemas of schemas/, parsed into `TableSchema`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from difflib import get_close_matches
from functools import cache
from typing import Any

from odkit.errors import DeclarationError
from odkit.model import Field, TableSchema
from odkit.project.data import data_file

FOLDERS = ("recommended", "indicator", "ledger")
STANDARD_KINDS = ("recommended", "indicator")
INFERRED = "inferred"
"""The id and kind of the schema of a table that follows no standard: its columns are found in the table itself."""

WITHOUT_A_FILE: Mapping[str, Any] = {
    "name": INFERRED,
    "title": "独自の項目の表",
    "odkit:title_en": "Table with columns of its own",
    "odkit:version": "",
    "odkit:kind": INFERRED,
    "fields": [],
}


@cache
def schema_ids() -> tuple[str, ...]:
    """The ids of all schemas that ship with odkit, sorted: ``cultural_property.v2`` …"""
    found = (path.stem for folder in FOLDERS for path in data_file("schemas", folder).glob("*.json"))
    return tuple(sorted(found))


@cache
def standards() -> tuple[str, ...]:
    """The names that a dataset may declare as its standard, sorted: ``cultural_property`` …"""
    declared = (schema_descriptor(item) for item in schema_ids())
    wanted = (item for item in declared if item["odkit:kind"] in STANDARD_KINDS and "odkit:derived_from" not in item)
    return tuple(sorted({item["name"] for item in wanted}))


@cache
def current_schema(standard: str) -> str:
    """The id of the newest version of a standard (``public_wireless_lan`` -> ``public_wireless_lan.v2``).

    ``inferred`` stands for itself. Raises DeclarationError where no schema of that name is known.
    """
    if standard == INFERRED:
        return INFERRED
    versions = [item for item in schema_ids() if standard in (item, item.rpartition(".")[0])]
    if not versions:
        raise _unknown(standard)
    return max(versions, key=lambda item: int(item.rpartition(".v")[2]))


@cache
def schema_descriptor(schema_id: str) -> dict[str, Any]:
    """A Table Schema as it stands in its file: what a package's descriptor carries. ``inferred`` has no columns yet."""
    if schema_id == INFERRED:
        return dict(WITHOUT_A_FILE)
    for folder in FOLDERS:
        path = data_file("schemas", folder, f"{schema_id}.json")
        if path.is_file():
            return dict(json.loads(path.read_text(encoding="utf-8")))
    raise _unknown(schema_id)


def _unknown(name: str) -> DeclarationError:
    """Names the standard that is meant, where the name is a part of its title or much like either; else all of them."""
    titles = {standard: schema_descriptor(current_schema(standard))["title"] for standard in standards()}
    by_word = {word: standard for standard, title in titles.items() for word in (title, standard)}
    near = [standard for standard, title in titles.items() if name and name in title]
    near = near or [by_word[word] for word in get_close_matches(name, by_word, n=1)]
    known = ", ".join(f"{standard} ({titles[standard]})" for standard in near or titles)
    return DeclarationError("project.unknown-standard", value=name, known=known)


@cache
def load_schema(schema_id: str) -> TableSchema:
    """A schema by id (``public_wireless_lan.v2``); raises DeclarationError where there is none.

    ``inferred`` has no columns yet: cleaning finds them in the table.
    """
    descriptor = schema_descriptor(schema_id)
    key = descriptor.get("primaryKey", ())
    return TableSchema(
        id=schema_id,
        name=descriptor["name"],
        title=descriptor["title"],
        version=descriptor["odkit:version"],
        kind=descriptor["odkit:kind"],
        fields=tuple(_field(item) for item in descriptor["fields"]),
        primary_key=(key,) if isinstance(key, str) else tuple(key),
    )


def inferred_schema(fields: Iterable[Mapping[str, Any]]) -> TableSchema:
    """The schema of a table that follows no standard, from the fields of its own descriptor."""
    return replace(load_schema(INFERRED), fields=tuple(map(_field, fields)))


def inferred_field(field: Field) -> dict[str, Any]:
    """A field that was found in a table, as a descriptor carries it."""
    descriptor = {"name": field.name, "title": field.title, "type": field.type}
    return descriptor | ({"format": field.format} if field.format else {}) | {"odkit:meaning": field.meaning}


def _field(item: Mapping[str, Any]) -> Field:
    limits = item.get("constraints", {})
    return Field(
        name=item["name"],
        title=item["title"],
        type=item["type"],
        meaning=item.get("odkit:meaning", "text"),
        format=item.get("format", ""),
        description=item.get("description", ""),
        requirement=item.get("odkit:requirement", "任意"),
        basis=item.get("odkit:basis", "unknown"),
        required=limits.get("required", False),
        unique=limits.get("unique", False),
        pattern=limits.get("pattern", ""),
        enum=tuple(limits.get("enum", ())),
        minimum=str(limits.get("minimum", "")),
        maximum=str(limits.get("maximum", "")),
    )
