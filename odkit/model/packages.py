"""A built package and its files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from odkit.model.declared import DatasetSpec
from odkit.model.ledger import Severity
from odkit.model.scores import Score
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


@dataclass(frozen=True, kw_only=True, slots=True)
class Built:
    """What building one dataset came to, as it travels between processes and runs.

    The tables of `package` have no columns, rows, changes or issues, and the scores no checks: they are in its files,
    and here are their counts. `issues` counts by severity. `causes` says for each stage that was run what had
    changed: names of its inputs; `first` where there is no record of an earlier build, `damaged` where what it had
    made was lost. The stage `files` is the package put together again from what was kept. Empty: it stood as it is.
    `mark` is what the file system said of the package's files, so that they are known again; "" where it is not known.
    """

    package: Package
    before: Score
    after: Score
    rows: int
    changes: int
    issues: Mapping[Severity, int]
    causes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    mark: str = ""
