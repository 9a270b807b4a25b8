"""The data that ships with odkit: schemas/ and vocab/, in a checkout beside the package, in a wheel inside it."""

from __future__ import annotations

import csv
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent


def data_file(*parts: str) -> Path:
    """The path of a file or folder of schemas/ or vocab/: ``data_file("vocab", "headings.csv")``."""
    inside = PACKAGE / parts[0]
    return (inside if inside.is_dir() else PACKAGE.parent / parts[0]).joinpath(*parts[1:])


def read_csv(path: Path) -> list[dict[str, str]]:
    """The rows of one of our own CSV files (UTF-8, header row) as dicts of text."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
