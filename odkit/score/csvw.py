"""CSV on the Web: a table whose sidecar (``<name>-metadata.json``) gives every row an address is linked data too."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from json.encoder import encode_basestring
from typing import Any
from urllib.parse import quote

from odkit.model import Row
from odkit.rdf.probe import probe
from odkit.score.facts import Facts, Grid

NAMESPACE = "http://www.w3.org/ns/csvw"
SIDECAR = "-metadata.json"
FOLDER_SIDECAR = "csv-metadata.json"
SIDECAR_LIMIT = 4 << 20
SAMPLE = 200
"""Rows that are turned into triples: what holds for these holds for all, for all come from one template."""
VARIABLE = re.compile(r"\{([#+]?)([\w%.]+)\}")
ADDRESS = re.compile(r"https?://[^\s<>\"{}|\\^`]+")


def sidecar_names(name: str) -> tuple[str, str]:
    """Where the metadata of a CSV file may stand, beside it."""
    folder = name.rpartition("/")[0]
    return name + SIDECAR, f"{folder}/{FOLDER_SIDECAR}".lstrip("/")


def read_sidecar(facts: Facts, sidecar: bytes) -> Facts:
    """The facts of a CSV with its metadata: RDF where these name each row by an address, else as they were."""
    table = _table(sidecar, facts.name) if sidecar and facts.format == "csv" and facts.grids else None
    if table is None:
        return facts
    triples = list(_triples(facts.grids[0], table))
    if not any(line.startswith("<") for line in triples):
        return facts
    found = probe("".join(triples).encode(), "nt")
    return facts if found.error else replace(facts, format="csvw", rdf=replace(found, sampled=True))


def _table(sidecar: bytes, name: str) -> Mapping[str, Any] | None:
    """The description of this file: of the one table, or of that with its name; None where it is no CSVW."""
    try:
        content = json.loads(sidecar) if len(sidecar) <= SIDECAR_LIMIT else None
    except (ValueError, RecursionError):
        return None
    if not isinstance(content, dict) or NAMESPACE not in json.dumps(content.get("@context")):
        return None
    tables = content.get("tables")
    listed = [item for item in tables if isinstance(item, dict)] if isinstance(tables, list) else [content]
    own = name.rpartition("/")[2]
    fitting = [item for item in listed if str(item.get("url", "")).rpartition("/")[2] == own]
    return {**content, **fitting[0]} if fitting else None


def _triples(grid: Grid, table: Mapping[str, Any]) -> Iterator[str]:
    """N-Triples of the first rows. A subject is a line's ``aboutUrl``; without one there is no address to speak of."""
    schema = table.get("tableSchema")
    columns = schema.get("columns") if isinstance(schema, dict) else None
    if not isinstance(schema, dict) or not isinstance(columns, list):
        return
    described = [item if isinstance(item, dict) else {} for item in columns]
    names = [_name(item, place) for place, item in enumerate(described)]
    inherited = {key: schema.get(key, table.get(key)) for key in ("aboutUrl", "propertyUrl", "valueUrl")}
    for number, row in enumerate(grid.layout.data[:SAMPLE], 1):
        fill = _filler(names, grid.rows[row - 1], number)
        for place, column in enumerate(described):
            yield from _statement({**inherited, **column}, names[place], _cell(grid.rows[row - 1], place), fill)


def _name(column: Mapping[str, Any], place: int) -> str:
    titles = column.get("titles")
    title = titles[0] if isinstance(titles, list) and titles else titles
    return str(column.get("name") or (quote(title) if isinstance(title, str) else f"_col.{place + 1}"))


def _cell(row: Row, place: int) -> str:
    return row[place] if place < len(row) else ""


def _filler(names: Sequence[str], row: Row, number: int) -> Callable[[object], str]:
    """A function that fills a URI template with one row."""
    values = {name: _cell(row, place) for place, name in enumerate(names)} | {"_row": str(number)}

    @cache  # the columns of a row share most of their templates
    def filled(text: str) -> str:
        return VARIABLE.sub(lambda found: _value(found[1], values.get(found[2], "")), text)

    def fill(template: object) -> str:
        text = str(template or "")
        return filled(text) if "{" in text else text

    return fill


def _value(mark: str, text: str) -> str:
    return ("#" if mark == "#" else "") + quote(text, safe="/:?#[]@!$&'()*+,;=" if mark == "+" else "")


def _statement(column: Mapping[str, Any], name: str, value: str, fill: Callable[[object], str]) -> Iterator[str]:
    subject, virtual = fill(column.get("aboutUrl")), bool(column.get("virtual"))
    if column.get("suppressOutput") or not ADDRESS.fullmatch(subject) or not (value or virtual):
        return
    about = fill(column.get("propertyUrl"))
    predicate = about if ADDRESS.fullmatch(about) else f"{NAMESPACE}#{quote(name)}"
    target = fill(column.get("valueUrl"))
    node = f"<{target}>" if ADDRESS.fullmatch(target) else encode_basestring(value)
    yield f"<{subject}> <{predicate}> {node} .\n"
