"""JSON -> grids: a list of objects is a table, one row per object; GeoJSON features are objects with a place.

Numbers keep their written digits. Objects in a record become columns of their own (``親.子``), lists stay JSON text.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from odkit.errors import SourceError
from odkit.model import Row, Where
from odkit.read.geojson import feature_record, is_features
from odkit.read.grid import Grid, bounded
from odkit.read.json_text import DEEPEST, Digits, spelled
from odkit.read.sheets import Sheet

Record = Mapping[str, Any]


def json_sheets(text: str, location: str) -> tuple[list[Sheet], bool]:
    """The lists of objects, each a sheet named by its path (``result.records``), and whether the text is GeoJSON.

    On each sheet the values beside the list stand first (path, value), then the keys, then a row per object. Raises
    `SourceError`: ``read.broken-file``, ``read.too-many-cells``, ``read.not-a-table`` without a list of objects.
    """
    try:
        content = json.loads(
            text, parse_float=Digits, parse_int=Digits, parse_constant=Digits, object_pairs_hook=_object
        )
        features = is_features(content)
        tables = dict(_tables(content, "", DEEPEST))
        beside = list(_beside(content, "", DEEPEST))
    except (ValueError, RecursionError) as error:
        raise SourceError("read.broken-file", file=location, reason=str(error)) from error
    if not tables:
        raise SourceError("read.not-a-table", file=location, format="JSON")
    sheets = [
        Sheet(name=name, visible=True, load=partial(_grid, records, beside, location))
        for name, records in tables.items()
    ]
    return sheets, features


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise ValueError("a name stands twice in one object")
    return made


def _is_table(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) for item in value)


def _tables(value: object, path: str, depth: int) -> Iterator[tuple[str, list[Record]]]:
    if isinstance(value, list) and _is_table(value):
        yield path, value
    elif isinstance(value, dict) and depth:
        for name, item in value.items():
            yield from _tables(item, f"{path}.{name}" if path else name, depth - 1)


def _beside(value: object, path: str, depth: int) -> Iterator[Row]:
    """What is no part of a table: path and value."""
    if isinstance(value, dict) and depth:
        for name, item in value.items():
            yield from _beside(item, f"{path}.{name}" if path else name, depth - 1)
    elif not _is_table(value):
        yield (path, spelled(value, depth))


def _grid(records: Iterable[Record], beside: list[Row], location: str) -> Grid:
    try:
        flat = [_flat(feature_record(record)) for record in records]
    except ValueError as error:
        raise SourceError("read.broken-file", file=location, reason=str(error)) from error
    names = tuple(dict.fromkeys(name for record in flat for name in record))
    bounded(len(flat), len(names), Where(file=location))
    rows = [tuple(record.get(name, "") for name in names) for record in flat]
    return Grid(rows=[*beside, names, *rows], header=len(beside))


def _flat(record: Record) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in _leaves(record, "", DEEPEST):
        if name in found:
            raise ValueError(f"{name} stands twice in one object")
        found[name] = spelled(value, DEEPEST)
    return found


def _leaves(value: object, path: str, depth: int) -> Iterator[tuple[str, object]]:
    if isinstance(value, dict) and depth:
        for name, item in value.items():
            yield from _leaves(item, f"{path}.{name}" if path else name, depth - 1)
    else:
        yield path, value
