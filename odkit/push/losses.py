"""What readers of a published dataset would lose by a push: columns, many rows, files. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from odkit.model import Package
from odkit.push.metadata import Metadata
from odkit.push.state import DatasetState

MOST_ROWS_LOST = 0.1
"""The share of a table's rows that may go without a question."""

CHANGE_NOTE = "odkit_change_note"
NOTHING = "–"

Table = tuple[tuple[str, ...], int]
"""The columns of a table and its number of rows."""


def lost(
    package: Package, published: Mapping[str, object], state: DatasetState, removals: Sequence[str]
) -> tuple[str, ...]:
    """What `package` takes from those who read the dataset now, ``old → new`` each; `removals` are ids of files."""
    before, after = tables(published), tables(package.descriptor)
    kept = {item.key for item in package.resources}
    gone = {item.id: item.file_name for item in state.resources if item.id in removals and item.key not in kept}
    return (
        *(line for name in before if name in after for line in _table_losses(name, before[name], after[name])),
        *(f"{name} → {NOTHING}" for name in gone.values()),
    )


def with_note(metadata: Metadata, losses: Sequence[str]) -> Metadata:
    """`metadata` with a note of what was lost with the publisher's knowledge: those who pull are shown it."""
    return replace(metadata, extras={**metadata.extras, CHANGE_NOTE: "; ".join(losses)}) if losses else metadata


def tables(descriptor: Mapping[str, object]) -> dict[str, Table]:
    """The tables of a package's descriptor by name, without the ledgers; what is not as it should be is left out."""
    listed = descriptor.get("resources")
    found: dict[str, Table] = {}
    for entry in listed if isinstance(listed, list) else ():
        if isinstance(entry, Mapping) and not str(entry.get("odkit:schema", "")).startswith(("changes", "issues")):
            columns, rows = tuple(_columns(entry)), entry.get("odkit:rows")
            if columns and isinstance(rows, int):
                found[str(entry.get("name"))] = (columns, rows)
    return found


def _columns(entry: Mapping[str, object]) -> Iterator[str]:
    schema = entry.get("schema")
    fields = schema.get("fields") if isinstance(schema, Mapping) else None
    for item in fields if isinstance(fields, list) else ():
        if isinstance(item, Mapping):
            yield str(item.get("name"))


def _table_losses(name: str, before: Table, after: Table) -> Iterator[str]:
    """A column that is gone and another new one in its place is a column renamed."""
    (columns, rows), (new_columns, new_rows) = before, after
    for at, column in enumerate(columns):
        if column not in new_columns:
            there = new_columns[at] if at < len(new_columns) else column
            yield f"{name}: {column} → {there if there not in columns else NOTHING}"
    if new_rows < rows * (1 - MOST_ROWS_LOST):
        yield f"{name}: {rows} → {new_rows} (行 / rows)"
