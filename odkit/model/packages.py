"""A built package and its files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from odkit.model.declared import DatasetSpec
from odkit.model.tables import CleanTable


@dataclass(frozen=True, kw_only=True, slots=True)
class Resource:
    """One file of a package. `key` is stable for the life of the dataset: addresses on portals depend on it."""

    key: str
    path: str
    title: str
    title_en: str
    format: str
    media_type: str
    bytes: int
    sha256: str
    rows: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Package:
    """A built package: `folder` holds datapackage.json and every file of `resources`."""

    spec: DatasetSpec
    folder: Path
    descriptor: Mapping[str, object]
    resources: tuple[Resource, ...]
    tables: tuple[CleanTable, ...] = ()
