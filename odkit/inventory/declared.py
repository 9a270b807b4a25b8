"""What the inventory measures against: the recommended datasets, the targets, the places of the map's tiles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from odkit.project import data_file, read_csv
from odkit.project.declare import read_toml

TARGETS_FILE = "targets.toml"


@dataclass(frozen=True, kw_only=True, slots=True)
class Recommended:
    """A recommended dataset. `number` is the national one (A-07), `number_v1` that of 推奨データセット; `aliases` are
    words that name it in titles and tags.
    """

    id: str
    number: str
    title: str
    title_en: str
    number_v1: str
    aliases: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Targets:
    """How many datasets are to reach which stage by which fiscal year, how many municipalities are to publish, and
    what was counted when the targets were set.
    """

    title: str
    basis: str
    datasets: int
    stage: int
    by: int
    municipalities: int
    baseline_year: int
    baseline_datasets: int
    baseline_stage: int
    baseline_municipal: int


@cache
def recommended() -> Mapping[str, Recommended]:
    """The recommended datasets by id, in the order of their numbers."""
    rows = read_csv(data_file("vocab", "recommended.csv"))
    return {
        row["id"]: Recommended(
            id=row["id"],
            number=row["number"],
            title=row["title"],
            title_en=row["title_en"],
            number_v1=row["number_v1"],
            aliases=tuple(word for word in row["aliases"].split(";") if word),
        )
        for row in rows
    }


@cache
def tiles() -> Mapping[str, tuple[int, int]]:
    """The column and row of each municipality on the map, by six-digit code."""
    rows = read_csv(data_file("vocab", "inventory", "tiles.csv"))
    return {row["code"]: (int(row["column"]), int(row["row"])) for row in rows}


def load_targets(root: Path) -> Targets:
    """The targets of a project's own targets.toml, else those that ship with odkit.

    Raises DeclarationError with file and path where the file is wrong.
    """
    own = root / TARGETS_FILE
    path = own if own.is_file() else data_file("vocab", "inventory", TARGETS_FILE)
    declared = read_toml(path, TARGETS_FILE, "targets")
    datasets, baseline = declared["datasets"], declared["baseline"]
    return Targets(
        title=declared["title"],
        basis=declared["basis"],
        datasets=datasets["count"],
        stage=datasets["stage"],
        by=datasets["by"],
        municipalities=declared["municipalities"]["count"],
        baseline_year=baseline["year"],
        baseline_datasets=baseline["datasets"],
        baseline_stage=baseline["highest_stage"],
        baseline_municipal=baseline["municipal_datasets"],
    )
