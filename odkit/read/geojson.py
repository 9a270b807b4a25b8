"""GeoJSON features -> records: the properties, and the place as 緯度 and 経度; as GeoJSON text where it is no point."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from odkit.read.json_text import DEEPEST, json_text

LATITUDE, LONGITUDE, GEOMETRY = "緯度", "経度", "geometry"
_KEYS = frozenset({"type", "properties", "geometry"})


def is_features(content: object) -> bool:
    """Whether a parsed JSON text is a collection of features."""
    return isinstance(content, dict) and content.get("type") == "FeatureCollection"


def feature_record(record: Mapping[str, Any]) -> Mapping[str, Any]:
    """A feature as one flat record; any other record as it is.

    A point of two coordinates becomes 緯度 and 経度 (GeoJSON writes the longitude first). Where the properties have
    such names of their own, the feature's parts go under ``geometry`` and ``feature``.
    """
    properties = record.get("properties")
    if record.get("type") != "Feature" or not isinstance(properties, dict | None):
        return record
    made: dict[str, Any] = dict(properties or {})
    members = {name: value for name, value in record.items() if name not in _KEYS}
    _add(made, _place(record.get("geometry")), GEOMETRY)
    _add(made, members, "feature")
    return made


def _place(geometry: object) -> dict[str, Any]:
    match geometry:
        case None:
            return {}
        case {"type": "Point", "coordinates": [str() as longitude, str() as latitude], **rest} if not rest:
            return {LATITUDE: latitude, LONGITUDE: longitude}
        case _:
            return {GEOMETRY: json_text(geometry, DEEPEST)}


def _add(made: dict[str, Any], parts: dict[str, Any], group: str) -> None:
    for name, value in parts.items():
        made[f"{group}.{name}" if name in made else name] = value
