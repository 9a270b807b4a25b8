"""A pulled package in the forms that civic-tech groups use: an SQLite file, GeoJSON, a script that reads it in pandas.

Types come from the package's schema. A code such as 011002 stays text, a missing value is NULL, null or NA.
"""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from odkit.push.names import is_plain

SQL_TYPES = {"integer": "INTEGER", "number": "REAL", "boolean": "INTEGER"}
PANDAS_TYPES = {"integer": "Int64", "number": "Float64"}
LATITUDES, LONGITUDES = ("緯度", "latitude", "lat"), ("経度", "longitude", "lon", "lng")
Value = str | int | float | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """A table of a package: its columns (name, type) in order, and the CSV file they are in."""

    name: str
    title: str
    path: Path
    encoding: str
    columns: tuple[tuple[str, str], ...]

    def cells(self) -> Iterator[list[str]]:
        """The rows as they stand in the file."""
        with self.path.open(encoding=self.encoding, newline="") as file:
            lines = csv.reader(file)
            next(lines, None)
            yield from lines

    def rows(self) -> Iterator[list[Value]]:
        """The rows, in the types of their columns; a cell that does not fit its type stays text."""
        for cells in self.cells():
            yield [typed(cell, kind) for cell, (_, kind) in zip(cells, self.columns, strict=False)]


def tables_of(folder: Path) -> list[Table]:
    """The tables that the descriptor of a package describes; none where nobody described one."""
    descriptor: Any = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    described = (entry for entry in descriptor["resources"] if entry.get("schema", {}).get("fields"))
    return [
        Table(
            name=str(entry["name"]),
            title=str(entry.get("title", "")),
            path=folder / entry["path"],
            encoding=str(entry.get("encoding", "utf-8")),
            columns=tuple((str(item["name"]), str(item.get("type", "string"))) for item in entry["schema"]["fields"]),
        )
        for entry in described
        if is_plain(str(entry["path"]))
    ]


def typed(cell: str, kind: str) -> Value:
    """A cell in the type of its column: a number, text, or None where it is empty."""
    if not cell:
        return None
    try:
        if kind == "integer":
            return int(cell)
        if kind == "number":
            return float(Decimal(cell))
    except (ValueError, InvalidOperation):
        return cell
    return cell


def to_sqlite(folder: Path) -> list[Path]:
    """One SQLite file beside the package's folder, a table per table."""
    target = folder.with_name(f"{folder.name}.sqlite")
    part = target.with_name(f".{target.name}.new")
    part.unlink(missing_ok=True)
    found = tables_of(folder)
    with closing(sqlite3.connect(part)) as database, database:
        for table in found:
            columns = ", ".join(f"{_quoted(name)} {SQL_TYPES.get(kind, 'TEXT')}" for name, kind in table.columns)
            marks = ", ".join("?" * len(table.columns))
            database.execute(f"CREATE TABLE {_quoted(table.name)} ({columns})")
            width = len(table.columns)
            padded = ((row + [None] * width)[:width] for row in table.rows())
            database.executemany(f"INSERT INTO {_quoted(table.name)} VALUES ({marks})", padded)  # noqa: S608 - quoted
    part.replace(target)
    return [target] if found else []


def to_geojson(folder: Path) -> list[Path]:
    """A GeoJSON file for each table with a latitude and a longitude; rows without a place have a null geometry."""
    made = []
    for table in tables_of(folder):
        names = [name for name, _ in table.columns]
        latitude, longitude = (next((at for at in wanted if at in names), "") for wanted in (LATITUDES, LONGITUDES))
        if latitude and longitude:
            features = (_feature(dict(zip(names, row, strict=False)), latitude, longitude) for row in table.rows())
            target = folder.with_name(f"{folder.name}.{table.name}.geojson")
            _write_features(target, features)
            made.append(target)
    return made


def to_pandas(folder: Path) -> list[Path]:
    """A script that reads each table into a data frame, with the types that pandas would otherwise guess wrong."""
    functions = [_reader(folder, table) for table in tables_of(folder)]
    if not functions:
        return []
    target = folder.with_name(f"{plain_module(folder.name)}.py")
    head = '"""Reads the data frames of a package (pandas)."""\n\nfrom pathlib import Path\n\nimport pandas as pd\n'
    text = "\n\n".join((f"{head}\nHERE = Path(__file__).parent / {folder.name!r}\n", *functions))
    target.write_text(text, encoding="utf-8", newline="\n")
    return [target]


def plain_module(name: str) -> str:
    """`name` as the name of a Python module: ``120006_wifi`` becomes ``read_120006_wifi``."""
    return "read_" + "".join(char if char.isascii() and char.isalnum() else "_" for char in name)


CONVERTERS: Mapping[str, Callable[[Path], list[Path]]] = {
    "pandas": to_pandas,
    "geojson": to_geojson,
    "sqlite": to_sqlite,
}


def _reader(folder: Path, table: Table) -> str:
    types = {name: PANDAS_TYPES.get(kind, "string") for name, kind in table.columns}
    lines = "\n".join(f"        {name!r}: {kind!r}," for name, kind in types.items())
    return (
        f"def {plain_module(table.name)}() -> pd.DataFrame:\n"
        f"    types = {{\n{lines}\n    }}\n"
        f"    path = HERE / {table.path.relative_to(folder).as_posix()!r}\n"
        f"    return pd.read_csv(path, encoding={table.encoding!r}, dtype=types, "
        'keep_default_na=False, na_values=[""])\n'
    )


def _feature(row: dict[str, Value], latitude: str, longitude: str) -> dict[str, object]:
    y, x = row.get(latitude), row.get(longitude)
    known = isinstance(y, int | float) and isinstance(x, int | float)
    geometry = {"type": "Point", "coordinates": [x, y]} if known else None
    return {"type": "Feature", "geometry": geometry, "properties": row}


def _write_features(target: Path, features: Iterator[dict[str, object]]) -> None:
    part = target.with_name(f".{target.name}.new")
    with part.open("w", encoding="utf-8", newline="\n") as file:
        file.write('{"type": "FeatureCollection", "features": [')
        for number, feature in enumerate(features):
            file.write(",\n" if number else "\n")
            file.write(json.dumps(feature, ensure_ascii=False))
        file.write("\n]}\n")
    part.replace(target)


def _quoted(name: str) -> str:
    """A name in SQL; nothing in it can end the quotes."""
    return '"' + name.replace('"', '""').replace("\x00", "") + '"'
