"""A file, or a built package, to its Score."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from odkit.errors import SourceError, UsageError
from odkit.model import Accepted, Conform, CriterionResult, Look, Package, Resource, Score
from odkit.score import levels, words
from odkit.score.accept import accept
from odkit.score.archive import MEMBERS, Member, payload, unpacked, zipped_names
from odkit.score.blob import Blob
from odkit.score.checks import run
from odkit.score.csvw import SIDECAR_LIMIT, sidecar_names
from odkit.score.descriptor import DESCRIPTOR, SAME_DATA, data_paths, outermost, parsed, stated_licence
from odkit.score.draw import draw
from odkit.score.facts import Facts
from odkit.score.gather import Served, gather, unreadable_facts
from odkit.score.graph import BY_BEGINNING
from odkit.score.sniff import HEAD, declared_format, formats, sniff

FILE_LIMIT = 512 << 20
"""Bytes of a file; a larger one is not read, but for RDF of which the beginning tells enough."""
PACKED = frozenset({"zip", "gzip"})
DATA_ENDINGS = frozenset({"csv", "geojson", "json", "kml", "xlsx", "xls", "ttl"})
"""Endings that no part of a shapefile has."""
NAMES = 256
"""File names that are remembered: those of all packages are the same."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rules:
    """What a score is made by beside the bytes: accepted findings, who knows layouts, who looks into old workbooks.

    `drawn`: the tables are drawn, for a report.
    """

    accepted: Sequence[Accepted] = ()
    conform: Conform | None = None
    look: Look | None = None
    drawn: bool = True


BARE = Rules()


def score_file(
    path: Path,
    licence: str = "",
    *,
    target: str = "",
    status: int = 200,
    content_type: str = "",
    rules: Rules = BARE,
) -> Score:
    """Score one file on disk. Pure: no network, and the same bytes give the same Score.

    `licence` is the licence as it is stated (id, title or address), `target` what the Score is called (else the file's
    name), `status` and `content_type` what a server answered for it. CSVW metadata beside a CSV is read. Bad content
    never raises; UsageError where there is no such file.
    """
    if not path.is_file():
        raise UsageError("score.no-file", file=target or path.name)
    served = Served(licence=licence, status=status, content_type=content_type, sidecar=sidecar_of(path))
    blob = Blob(path)
    size = blob.size
    if size <= FILE_LIMIT or sniff(blob.head(HEAD), path.name) in BY_BEGINNING:
        score = _score_blob(path.name, blob, served, rules)
        return replace(score, target=target) if target else score
    facts = replace(gather(path.name, Blob(b""), served), size=size, structure="", unread="too-large")
    return score_facts(target or path.name, replace(facts, format=facts.declared), rules)


def score_bytes(name: str, data: bytes, served: Served, rules: Rules = BARE) -> Score:
    """Score the bytes of a file called `name`, however they came; never raises for bad content."""
    return _score_blob(name, Blob(data), served, rules)


def _score_blob(name: str, blob: Blob, served: Served, rules: Rules) -> Score:
    facts = gather(name, blob, served, rules.conform, rules.look)
    if facts.format in PACKED:
        best = _best(name, _members(facts, blob.data(), served, rules), rules)
        return replace(best, sha256=blob.sha256(), left_out=_left_out(facts, blob.data()) if best.resources else 0)
    return judge(name, facts, rules, blob.sha256()).score()


def _left_out(facts: Facts, data: bytes) -> int:
    """The number of files of a zip that are not looked at."""
    return max(0, len(zipped_names(data)) - MEMBERS) if facts.format == "zip" else 0


def beside(path: Path) -> Iterator[Path]:
    """The files that may be the CSVW metadata of a CSV file: the first of them is."""
    names = sidecar_names(path.name) if path.suffix.lower() == ".csv" else ()
    return filter(_is_small, map(path.with_name, names))


def sidecar_of(path: Path) -> bytes:
    """The CSVW metadata beside a CSV file; empty where there is none."""
    return next((place.read_bytes() for place in beside(path)), b"")


def _is_small(path: Path) -> bool:
    return path.is_file() and path.stat().st_size <= SIDECAR_LIMIT


def _members(facts: Facts, data: bytes, served: Served, rules: Rules) -> list[Facts]:
    """The files of a zip (or the one of a gzip), each read as if it stood alone; a zip within stays closed.

    Of a package in a zip these are its data files, and its licence is theirs where none is stated.
    """
    try:
        files = payload(data, _promise) if facts.format == "zip" else [(facts.name.removesuffix(".gz"), unpacked(data))]
    except SourceError as error:
        return [_locked(facts, data) if error.details["kind"] == "encrypted" else unreadable_facts(facts, error)]
    if name := outermost(path for path, _ in files):
        files, served = _packaged(name, files, served)
    maps = {name.lower().removesuffix(".shp") for name, _ in files if name.lower().endswith(".shp")}
    by_name = {name: content for name, content in files if not _is_of_map(name, maps)}
    sidecars = {name: next(filter(None, map(by_name.get, sidecar_names(name))), b"") for name in by_name}
    described = {place for name in by_name if name.lower().endswith(".csv") for place in sidecar_names(name)}
    found = [
        gather(name, Blob(content), replace(served, sidecar=sidecars[name]), rules.conform, rules.look)
        for name, content in by_name.items()
        if name not in described
    ]
    found += [replace(facts, format="shapefile", declared="")] if maps else []
    return found or [replace(facts, format="empty")]


def _promise(name: str) -> int:
    """What a file's name lets expect of it, the best first; a descriptor tells of all others."""
    row = formats().get(declared_format(name))
    return -(levels.TOP if posixpath.basename(name) == DESCRIPTOR else int(row["level"]) if row else 0)


def _locked(facts: Facts, data: bytes) -> Facts:
    """A zip with a password shows the names of its files: the best of them says what it would be worth."""
    names = zipped_names(data)
    best = min(names, key=_promise, default="")
    return replace(facts, format="encrypted", declared=declared_format(best))


def _packaged(name: str, files: list[Member], served: Served) -> tuple[list[Member], Served]:
    """The files of a package in a zip that hold its data, by its descriptor, with their CSVW metadata; its licence.

    A descriptor is no data itself. Where it does not name files that are there, all others are looked at.
    """
    others = [(path, content) for path, content in files if path != name]
    descriptor = parsed(dict(files)[name])
    if not descriptor or not others:
        return files, served
    base = posixpath.dirname(name)
    named = {posixpath.normpath(posixpath.join(base, path)) for path in data_paths(descriptor)}
    described = {place for path in named for place in sidecar_names(path)}
    inside = [(path, content) for path, content in others if path in named or path in described]
    kept = inside if any(path in named for path, _ in inside) else others
    return kept, replace(served, licence=served.licence or stated_licence(descriptor))


def _is_of_map(name: str, maps: AbstractSet[str]) -> bool:
    """A part of a shapefile: its parts have one name (``a.shp``, ``a.dbf``, ``a.shp.xml``)."""
    folder, slash, last = name.lower().rpartition("/")
    stem = f"{folder}{slash}{last.partition('.')[0]}"
    return stem in maps and last.rpartition(".")[2] not in DATA_ENDINGS


def _best(target: str, members: Sequence[Facts], rules: Rules) -> Score:
    """The score of the best file of a zip, with the stages of all that hold data."""
    scores = [(facts.name, score_facts(target, facts, rules)) for facts in members]
    best = max((score for _, score in scores), key=_rank)
    part = next(name for name, score in scores if score is best)
    resources = {name: score.level for name, score in scores}
    return best if len(scores) == 1 else replace(best, resources=resources, part=part)


@dataclass(frozen=True, kw_only=True, slots=True)
class Judged:
    """A file whose stages are known; its Score says more about them, and is made where somebody asks."""

    target: str
    facts: Facts
    checks: tuple[CriterionResult, ...]
    steps: tuple[CriterionResult, ...]
    level: int | None
    format_level: int | None
    sha256: str
    drawn: bool

    def score(self) -> Score:
        """The Score, with its next step and what a report draws."""
        checks = self.checks
        licence = next(check for check in checks if check.id == "licence")
        score = Score(
            target=self.target,
            level=self.level,
            format_level=self.format_level,
            format=self.facts.format,
            licence=licence.details.get("id", self.facts.licence),
            checks=checks,
            steps=_with_effect(self),
            sheets=draw(self.facts, checks) if self.drawn else (),
            sha256=self.sha256,
        )
        return replace(score, next_step=words.next_step(score, "ja"))


def judge(target: str, facts: Facts, rules: Rules, sha256: str = "") -> Judged:
    """What the facts of a file come to; `sha256` is that of its bytes, where it is known."""
    checks = accept(target, run(facts), rules.accepted)
    steps = levels.steps(facts, checks)
    return Judged(
        target=target,
        facts=facts,
        checks=checks,
        steps=steps,
        level=levels.level(steps),
        format_level=levels.format_level(facts, checks, steps),
        sha256=sha256,
        drawn=rules.drawn,
    )


def finished(found: Score | Judged) -> Score:
    """The Score, made where it is not yet."""
    return found.score() if isinstance(found, Judged) else found


def score_facts(target: str, facts: Facts, rules: Rules) -> Score:
    """The Score that the facts of a file come to."""
    return judge(target, facts, rules).score()


def _with_effect(judged: Judged) -> tuple[CriterionResult, ...]:
    """The steps, the first that is missed with the stage that mending it leads to."""
    after = levels.effect(judged.facts, judged.checks, judged.steps)
    before = judged.level
    if after is None or before is None or after <= before:
        return judged.steps
    return tuple(
        replace(step, details={**step.details, "after": str(after)}) if step.level == before + 1 else step
        for step in judged.steps
    )


def score_package(package: Package, rules: Rules = BARE) -> Score:
    """Score a built package: the Score of its best file that holds the same data, the stages of all in `resources`.

    Those are data.csv, data.ttl …; not ledgers, not metadata. Raises UsageError where there is none.
    """
    licence = package.spec.licence.id
    scores = [score_file(package.folder / item.path, licence, rules=rules) for item in data_files(package)]
    return best_of(scores, package.spec.id)


def data_files(package: Package) -> list[Resource]:
    """The files of a package that hold its data, in one form or another. Raises UsageError where there is none."""
    data = [item for item in package.resources if _stem(item.path) in SAME_DATA]
    if not data:
        raise UsageError("score.no-data", file=package.spec.id)
    return data


@lru_cache(NAMES)
def _stem(path: str) -> str:
    return Path(path).stem


def best_score(paths: Sequence[Path], licence: str, target: str, rules: Rules = BARE) -> Score:
    """The best Score among files that hold the same data. Raises UsageError where `paths` is empty."""
    if not paths:
        raise UsageError("score.no-data", file=target)
    return best_of([score_file(path, licence, rules=rules) for path in paths], target)


def best_of(scores: Sequence[Score | Judged], target: str) -> Score:
    """The best of the scores of files that hold the same data, under the name of the whole; the rest are listed."""
    best = finished(max(scores, key=_rank))
    return replace(best, target=target, resources={score.target: score.level for score in scores}, part=best.target)


def _rank(score: Score | Judged) -> tuple[int, int]:
    """What is undetermined ranks below everything that is known."""
    return (-1 if score.level is None else score.level), score.format_level or 0
