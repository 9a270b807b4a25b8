"""The values of JSON as text, numbers with the digits as they were written."""

from __future__ import annotations

import json

DEEPEST = 50
"""Levels of objects and lists inside each other; more is an attack or a mistake."""


class Digits(str):
    """A number, as it was written."""

    __slots__ = ()


def spelled(value: object, depth: int) -> str:
    """A value as text: words without quotes, nothing for null, JSON for all else; ValueError below `depth` levels."""
    match value:
        case None:
            return ""
        case str():
            return str(value)  # of digits, too, the text alone
        case _:
            return json_text(value, depth)


def json_text(value: object, depth: int) -> str:
    """JSON text; ValueError below `depth` levels."""
    if not depth:
        raise ValueError(f"more than {DEEPEST} levels inside each other")
    match value:
        case Digits():
            return str(value)
        case list():
            return "[" + ", ".join(json_text(item, depth - 1) for item in value) + "]"
        case dict():
            pairs = (
                f"{json.dumps(name, ensure_ascii=False)}: {json_text(item, depth - 1)}" for name, item in value.items()
            )
            return "{" + ", ".join(pairs) + "}"
        case _:
            return json.dumps(value, ensure_ascii=False)
