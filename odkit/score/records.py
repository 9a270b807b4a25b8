"""JSON: does it hold records that a program reaches, points on the map, a linked-data context?"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import NoReturn

from odkit.score.archive import broken_at, unreadable
from odkit.score.blob import Blob
from odkit.score.facts import Facts
from odkit.score.text import find_coding, garbled_places

HTML_TAG = re.compile(r"</?(table|tr|td|div|p|html|body|ul|li|br)\b[^>]*>", re.IGNORECASE)
CONSTANT = re.compile(r'"(?:[^"\\]|\\.)*"|(-?(?:NaN|Infinity))')
"""Strings, and the constants that JSON does not know."""
POINTS = 10_000
DEPTH = 200
ERROR_KEYS = 4
ERROR_WORDS = frozenset({"message", "detail", "status", "statusCode", "code", "timestamp", "path", "requestId"})
"""What frameworks and gateways answer with where there is no data."""
GEOMETRIES = ("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon")


def read_json(facts: Facts, data: bytes) -> Facts:
    """The facts of JSON, GeoJSON, JSON-LD or JSON Lines. Raises SourceError (broken, deep)."""
    coding = find_coding(Blob(data))
    encoding, wrong = coding.encoding, garbled_places(coding)
    with coding.stream() as stream:
        content = _parse(stream.read().lstrip("\ufeff"))
    if content in ({}, None, ""):
        return replace(facts, encoding=encoding, structure="empty")
    if isinstance(content, dict) and content.get("type") in ("FeatureCollection", "Feature"):
        return replace(_geojson(facts, content), encoding=encoding, garbled=wrong)
    linked = facts.format == "json-ld" or _has_context(content)
    structure, count = _structure(content)
    return replace(
        facts,
        format="json-ld" if linked else "json",
        encoding=encoding,
        garbled=wrong,
        structure="" if linked and structure == "one-string" and isinstance(content, dict) else structure,
        records=count,
        error_page=_error(content) if (count or 0) < 2 else "",
    )


def _parse(text: str) -> object:
    if _deep(text):
        raise unreadable("deep")
    try:
        return _load(text)
    except RecursionError as error:
        raise unreadable("deep") from error
    except json.JSONDecodeError as error:
        return _parse_lines(text, error)


def _parse_lines(text: str, error: json.JSONDecodeError) -> object:
    """JSON Lines: one value a line. What is no JSON either way breaks where JSON does, or at the first line that does.

    `error` is where it breaks as one document: behind the first line in JSON Lines.
    """
    lines = text.split("\n")
    found: list[object] = []
    for number, line in enumerate(lines, 1):
        try:
            found += [_load(line)] if line.strip() else []
        except json.JSONDecodeError as wrong:
            place, column = (number, wrong.colno) if found else (error.lineno, error.colno)
            raise broken_at(place, column - 1, lines[place - 1]) from wrong
    return found


def _load(text: str) -> object:
    """Python refuses whole numbers of very many digits; as a float any number will do here.

    It also takes NaN and Infinity, which are no JSON and stop other programs. Raises JSONDecodeError.
    """

    def refuse(constant: str) -> NoReturn:
        place = next(found.start(1) for found in CONSTANT.finditer(text) if found[1])
        raise json.JSONDecodeError(constant, text, place)

    return json.loads(text, parse_int=float, parse_constant=refuse)


def _deep(text: str) -> bool:
    """More brackets open at once than any data has; counted without the strings."""
    level = 0
    for mark in re.findall(r'"(?:[^"\\]|\\.)*"|[\[{\]}]', text):
        level += (mark in "[{") - (mark in "]}")
        if level > DEPTH:
            return True
    return False


def _structure(content: object) -> tuple[str, int | None]:
    """Why there are no records (empty: there are), and how many."""
    if isinstance(content, list):
        rows = sum(1 for item in content if isinstance(item, dict | list))
        return ("", rows) if rows == len(content) else ("no-records", None)
    if not isinstance(content, dict):
        return "one-string", None
    inner = [_structure(value) for value in content.values() if isinstance(value, list | dict) and value]
    counts = [count for kind, count in inner if not kind and count]
    if counts:
        return "", max(counts)
    texts = [value for value in content.values() if isinstance(value, str)]
    if any(HTML_TAG.search(text) for text in texts) or len(content) < 2:
        return "one-string", None
    return "", 1


def _error(content: object) -> str:
    """What an interface says in place of data (``{"error": …}``, ``{"success": false}``); empty for anything else."""
    if not isinstance(content, dict) or any(isinstance(value, list) and value for value in content.values()):
        return ""
    said = content.get("error") or content.get("errors")
    if content.get("success") is False or (said and len(content) <= ERROR_KEYS):
        return str(said or content.get("message") or "success: false")[:60]
    if content and len(content) <= ERROR_KEYS and content.keys() <= ERROR_WORDS:
        return str(content.get("message") or content.get("detail") or "")[:60]
    return ""


def _has_context(content: object) -> bool:
    """A JSON-LD context stands somewhere in the document."""
    stack = [content]
    while stack:
        item = stack.pop()
        if isinstance(item, dict):
            if "@context" in item:
                return True
            stack.extend(item.values())
        elif isinstance(item, list):
            stack.extend(item)
    return False


def _geojson(facts: Facts, content: dict[str, object]) -> Facts:
    features = content.get("features") if content["type"] == "FeatureCollection" else [content]
    if not isinstance(features, list):
        return replace(facts, format="geojson", structure="no-records")
    return replace(facts, format="geojson", records=len(features), points=tuple(_points(features)))


def _points(features: list[object]) -> Iterator[tuple[str, float, float]]:
    for number, feature in enumerate(features[:POINTS], 1):
        geometry = feature.get("geometry") if isinstance(feature, dict) else None
        place = geometry.get("coordinates") if isinstance(geometry, dict) else None
        if isinstance(geometry, dict) and geometry.get("type") in GEOMETRIES and (point := _first_point(place)):
            yield f"features[{number}]", *point


def _first_point(place: object) -> tuple[float, float] | None:
    """The first position of coordinates, however deeply they are nested: (x, y)."""
    while isinstance(place, list) and place and isinstance(place[0], list):
        place = place[0]
    if isinstance(place, list) and len(place) > 1 and all(isinstance(value, int | float) for value in place[:2]):
        return float(place[0]), float(place[1])
    return None
