"""Reading a dataset as a CKAN shows it: whatever is missing or of another kind is empty."""

from __future__ import annotations

import re
from collections.abc import Mapping

Shown = Mapping[str, object]

DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def text(shown: Shown, name: str) -> str:
    """A text of a dataset or a file."""
    value = shown.get(name)
    return value if isinstance(value, str) else ""


def day(shown: Shown, name: str) -> str:
    """The day of a time, YYYY-MM-DD."""
    found = DAY.match(text(shown, name))
    return found[0] if found else ""


def listed(shown: Shown, name: str) -> list[Shown]:
    """The objects of a list: ``resources``, ``tags``, ``extras``."""
    value = shown.get(name)
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []


def tags(shown: Shown) -> list[str]:
    """The names of the tags."""
    return [text(item, "name") for item in listed(shown, "tags")]


def extras(shown: Shown) -> dict[str, str]:
    """The extras by key."""
    return {text(item, "key"): text(item, "value") for item in listed(shown, "extras")}
