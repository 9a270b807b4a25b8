"""JSON from strangers: parsed without surprises, and nothing in it that cannot be stored and sent again."""

from __future__ import annotations

import json
import math
from typing import Any, NoReturn, TypeVar

from odkit.portal.errors import BadRequest

MAX_DEPTH = 50

Json = TypeVar("Json")


def parsed(text: str | bytes) -> Any:
    """The value of a JSON text. Raises ValueError for what is none, also for NaN and for endless nesting."""
    try:
        return json.loads(text, parse_constant=_refused)
    except RecursionError:
        raise ValueError from None


def plain(data: Json) -> Json:
    """The value, unless it holds what no store or answer can carry.

    That is NUL, half characters, infinity, more than 50 levels. Raises `BadRequest`.
    """
    level: list[Any] = [data]
    for _ in range(MAX_DEPTH):
        level = [part for value in level for part in _parts(value)]
        if not level:
            return data
    raise BadRequest("JSON Error: Request data is nested too deeply")


def _parts(value: Any) -> list[Any]:
    """The values directly inside a value. Raises `BadRequest` for one that cannot be stored."""
    if isinstance(value, dict):
        return [*value, *value.values()]
    if isinstance(value, list):
        return value
    if isinstance(value, float) and not math.isfinite(value):
        raise BadRequest("JSON Error: Request data holds a number that is too large")
    if isinstance(value, str) and ("\0" in value or not _encodes(value)):
        raise BadRequest("JSON Error: Request data holds characters that are no text")
    return []


def _encodes(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _refused(constant: str) -> NoReturn:
    raise ValueError(constant)
