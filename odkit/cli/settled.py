"""What is settled about a file before it is cleaned: on the command line, and in the dataset.toml that declares it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from odkit.errors import UsageError
from odkit.model import DatasetSpec
from odkit.project import DATASET_FILE, load_project

DATASETS = "datapackages"


def headings_given(pairs: Iterable[str]) -> dict[str, str]:
    """The decisions of ``--heading "施設名=名称"``; nothing behind the sign leaves the column out.

    Raises UsageError where there is no sign, or nothing before it.
    """
    given: dict[str, str] = {}
    for pair in pairs:
        heading, sign, target = pair.rpartition("=")
        if not (sign and heading.strip()):
            raise UsageError("cli.heading-form", value=pair)
        given[heading] = target.strip()
    return given


def declared_dataset(file: Path) -> DatasetSpec | None:
    """The dataset of the project in the current folder whose source a file is; None where it is none.

    Raises DeclarationError where the project, or the dataset.toml beside the file, is wrong.
    """
    place = file.resolve()
    if DATASETS not in place.parts:
        return None
    try:
        project = load_project(Path())
    except UsageError:
        return None
    home = project.root / DATASETS
    dataset_id = "/".join(place.relative_to(home).parts[:2]) if home in place.parents else ""
    if not (dataset_id and (home / dataset_id / DATASET_FILE).is_file()):
        return None
    spec = project.dataset(dataset_id)
    return spec if spec.source.path.resolve() == place else None
