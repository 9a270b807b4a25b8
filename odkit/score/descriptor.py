"""What a datapackage.json says: which files hold the data, under which licence."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

DESCRIPTOR = "datapackage.json"
SAME_DATA = frozenset({"data"})
"""Stems of the files of a package that hold its data; the others say something about it."""


def parsed(data: bytes) -> Mapping[str, Any] | None:
    """A descriptor; None for anything else."""
    try:
        content = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None
    good = isinstance(content, dict) and isinstance(content.get("resources", []), list)
    return content if good else None


def data_paths(descriptor: Mapping[str, Any]) -> list[str]:
    """The files that hold the data: in a package of odkit's the ones called so, in another all of them."""
    named = listed(descriptor)
    own = [name for name in named if Path(name).stem in SAME_DATA]
    return own or ([] if any(key.startswith("odkit:") for key in descriptor) else named)


def listed(descriptor: Mapping[str, Any]) -> list[str]:
    """All files of a package."""
    paths = [item.get("path") for item in descriptor.get("resources", ()) if isinstance(item, dict)]
    named = [name for path in paths for name in (path if isinstance(path, list) else [path])]
    return [name for name in named if isinstance(name, str) and name]


def stated_licence(descriptor: Mapping[str, Any]) -> str:
    """The first licence that is named; empty where there is none."""
    licences = descriptor.get("licenses")
    first = licences[0] if isinstance(licences, list) and licences and isinstance(licences[0], dict) else {}
    return str(first.get("name") or first.get("path") or "")


def outermost(names: Iterable[str]) -> str:
    """The descriptor among the files of a zip, of several the outermost; empty where there is none."""
    found = [name for name in names if posixpath.basename(name) == DESCRIPTOR]
    return min(found, key=lambda name: (name.count("/"), name), default="")
