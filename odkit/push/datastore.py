"""Tables in CKAN's DataStore: our types, Japanese labels, codes as text. No loader guesses, none translates headings.

A table is written anew whole: whoever reads while it is loaded may see the first rows only, as with every loader. It
counts as loaded once the resource says so (``odkit_datastore``): a load that was cut off is begun again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any

from odkit.errors import PortalRefused
from odkit.push.convert import Table, Value, tables_of, typed
from odkit.push.portal import Portal

CHUNK = 5000
LONGEST_NAME = 63
"""Bytes of a column's name in PostgreSQL: a longer one is cut there, and could meet another."""

TYPES: Mapping[str, str] = {"integer": "bigint", "number": "numeric", "date": "date", "boolean": "bool"}


def load_table(portal: Portal, resource_id: str, key: str, folder: Path, subject: str) -> None:
    """Load the table `key` of the package in `folder` into the DataStore of a resource.

    Does nothing for a file that no schema describes. Raises PortalError.
    """
    table = next((item for item in tables_of(folder) if item.name == key), None)
    if table is None:
        return
    names, types = column_ids(table), fitting_types(table)
    with suppress(PortalRefused):
        portal.command("datastore_delete", {"resource_id": resource_id, "force": True}, subject=subject)
    labels = _labels(folder, key)
    fields = [
        {"id": name, "type": kind, "info": {"label": column, **labels.get(column, {})}}
        for name, kind, (column, _) in zip(names, types, table.columns, strict=True)
    ]
    whole = {"resource_id": resource_id, "force": True, "fields": fields}
    portal.command("datastore_create", whole, subject=subject)
    rows = (dict(zip(names, row, strict=False)) for row in _converted(table, types))
    while records := list(islice(rows, CHUNK)):
        chunk = {"resource_id": resource_id, "force": True, "method": "insert", "records": records}
        portal.command("datastore_upsert", chunk, subject=subject)


def column_ids(table: Table) -> list[str]:
    """Names for the columns that PostgreSQL takes as they are: no quote, no leading ``_``, at most 63 bytes."""
    found: list[str] = []
    for column, _ in table.columns:
        plain = column.replace('"', "").lstrip("_ ").strip() or "column"
        name, number = _cut(plain, LONGEST_NAME), 1
        while name in found:
            number += 1
            name = f"{_cut(plain, LONGEST_NAME - 4)}-{number}"
        found.append(name)
    return found


def fitting_types(table: Table) -> list[str]:
    """The type of each column: that of the schema, or text where a value does not fit it."""
    kinds = [kind for _, kind in table.columns]
    misfit: set[int] = set()
    for row in table.cells():
        misfit.update(at for at, (cell, kind) in enumerate(zip(row, kinds, strict=False)) if not _fits(cell, kind))
    return ["text" if at in misfit else TYPES.get(kind, "text") for at, kind in enumerate(kinds)]


def _fits(cell: str, kind: str) -> bool:
    if not cell or kind not in TYPES:
        return True
    if kind == "date":
        return len(cell) == 10 and cell[4] == cell[7] == "-" and cell.replace("-", "").isdecimal()
    return cell in {"true", "false"} if kind == "boolean" else not isinstance(typed(cell, kind), str)


def _converted(table: Table, types: list[str]) -> Iterator[list[Value]]:
    """The rows as text, which PostgreSQL reads exactly; empty cells are NULL."""
    for row in table.cells():
        yield [cell or None for cell, _ in zip(row, types, strict=False)]


def _labels(folder: Path, key: str) -> dict[str, dict[str, str]]:
    """What the schema says of each column beside its name."""
    descriptor: Any = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    entry = next(item for item in descriptor["resources"] if item["name"] == key)
    return {
        item["name"]: {
            **({"label": item["title"]} if item.get("title") else {}),
            **({"notes": item["description"]} if item.get("description") else {}),
        }
        for item in entry["schema"]["fields"]
    }


def _cut(text: str, size: int) -> str:
    """The beginning of a text that fits into `size` bytes."""
    return text.encode()[:size].decode("utf-8", "ignore")
