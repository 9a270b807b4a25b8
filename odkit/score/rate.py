"""A file, or a built package, to its Score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from odkit.errors import SourceError, UsageError
from odkit.model import CriterionResult, Package, Score
from odkit.score import levels, words
from odkit.score.archive import payload
from odkit.score.checks import run
from odkit.score.facts import Facts
from odkit.score.gather import Served, gather

FILE_LIMIT = 512 << 20
"""Bytes of a file; a larger one is not read."""
SAME_DATA = frozenset({"data"})
"""Stems of the files of a package that hold its data; the others say something about it."""


def score_file(path: Path, licence: str = "", *, target: str = "", status: int = 200, content_type: str = "") -> Score:
    """Score one file on disk. Pure: no network, and the same bytes give the same Score.

    `licence` is the licence as it is stated (id, title or address), `target` what the Score is called (else the file's
    name), `status` and `content_type` what a server answered for it. Bad content never raises; UsageError where there
    is no such file.
    """
    if not path.is_file():
        raise UsageError("score.no-file", file=target or path.name)
    size = path.stat().st_size
    data = path.read_bytes() if size <= FILE_LIMIT else b""
    served = Served(licence=licence, status=status, content_type=content_type)
    facts = gather(path.name, data, served)
    if size > FILE_LIMIT:
        facts = replace(facts, size=size, format=facts.declared, structure="", unread="too-large")
    if facts.format == "zip":
        return _best(target or path.name, _members(facts, data, served))
    return _score(target or path.name, facts)


def _members(facts: Facts, data: bytes, served: Served) -> list[Facts]:
    """The files of a zip, each read as if it stood alone; a zip within stays closed."""
    try:
        files = payload(data)
    except SourceError as error:
        kind = error.details["kind"]
        return [replace(facts, broken=kind) if kind == "broken" else replace(facts, unread=kind)]
    if any(name.lower().endswith(".shp") for name, _ in files):
        return [replace(facts, format="shapefile", declared="")]
    return [gather(name, content, served) for name, content in files] or [replace(facts, format="empty")]


def _best(target: str, members: Sequence[Facts]) -> Score:
    return max((_score(target, facts) for facts in members), key=_rank)


def _score(target: str, facts: Facts) -> Score:
    checks = run(facts)
    found = _with_effect(facts, checks)
    licence = next(check for check in checks if check.id == "licence")
    score = Score(
        target=target,
        level=levels.level(found),
        format_level=levels.format_level(facts, checks),
        format=facts.format,
        licence=licence.details.get("id", facts.licence),
        checks=checks,
        steps=found,
    )
    return replace(score, next_step=words.next_step(score, "ja"))


def _with_effect(facts: Facts, checks: Sequence[CriterionResult]) -> tuple[CriterionResult, ...]:
    """The steps, the first that is missed with the stage that mending it leads to."""
    found = levels.steps(facts, checks)
    after = levels.effect(facts, checks)
    before = levels.level(found)
    if after is None or before is None or after <= before:
        return found
    return tuple(
        replace(step, details={**step.details, "after": str(after)}) if step.level == before + 1 else step
        for step in found
    )


def score_package(package: Package) -> Score:
    """Score a built package: the Score of its best file that holds the same data, the stages of all in `resources`."""
    paths = [package.folder / item.path for item in package.resources]
    return best_score(paths, package.spec.licence.id, package.spec.id)


def best_score(paths: Sequence[Path], licence: str, target: str) -> Score:
    """The best Score among the files of a package that hold its data (data.csv, data.ttl; not ledgers, not metadata).

    Raises UsageError where none of `paths` does.
    """
    data = [path for path in paths if path.stem in SAME_DATA]
    if not data:
        raise UsageError("score.no-data", file=target)
    scores = [score_file(path, licence) for path in data]
    best = max(scores, key=_rank)
    return replace(best, target=target, resources={score.target: score.level for score in scores})


def _rank(score: Score) -> tuple[int, int]:
    """What is undetermined ranks below everything that is known."""
    return (-1 if score.level is None else score.level), score.format_level or 0
