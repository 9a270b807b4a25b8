"""A path as a person names it, to its Score: a file, or a built package by its folder or its descriptor."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from odkit.errors import UsageError
from odkit.model import Score
from odkit.score.rate import BARE, Rules, best_score, score_file

DESCRIPTOR = "datapackage.json"


def score_path(path: Path, licence: str = "", rules: Rules = BARE) -> Score:
    """Score what `path` names; a package's licence is its descriptor's unless `licence` is given.

    Raises UsageError where there is nothing to score: no such file, a folder without a package, a broken descriptor.
    """
    if path.name == DESCRIPTOR and path.is_file():
        return _score_folder(path.parent, licence, str(path), rules)
    if path.is_dir():
        return _score_folder(path, licence, str(path), rules)
    return score_file(path, licence, target=str(path), rules=rules)


def _score_folder(folder: Path, licence: str, target: str, rules: Rules) -> Score:
    descriptor = _descriptor(folder / DESCRIPTOR, target)
    names = [str(item.get("path", "")) for item in descriptor.get("resources", ()) if isinstance(item, dict)]
    inside = [folder / name for name in names if name and (folder / name).resolve().is_relative_to(folder.resolve())]
    licences = descriptor.get("licenses") or [{}]
    stated = licence or str(licences[0].get("name") or licences[0].get("path") or "")
    return replace(best_score(inside, stated, target, rules), target=target)


def _descriptor(path: Path, target: str) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise UsageError("score.no-package", file=target) from error
    if not isinstance(content, dict) or not isinstance(content.get("resources", []), list):
        raise UsageError("score.no-package", file=target)
    return content
