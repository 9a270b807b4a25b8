"""What a person names, to its Scores: a file, a folder, a built package, an address on the web."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from odkit.errors import UsageError
from odkit.model import Score
from odkit.project import ACCEPTED_FILE
from odkit.score.csvw import SIDECAR, SIDECAR_LIMIT
from odkit.score.descriptor import DESCRIPTOR, data_paths, listed, parsed, stated_licence
from odkit.score.fetch import USUAL, Fetched, Limits, fetch
from odkit.score.gather import Served
from odkit.score.hosts import is_link_local, is_public_host, is_web_address
from odkit.score.rate import BARE, Rules, best_of, best_score, score_bytes, score_file

MEMBERS = 50
"""Files of a package on the web that are fetched."""


def score_path(path: Path, licence: str = "", rules: Rules = BARE) -> Score:
    """Score what `path` names; a package's licence is its descriptor's unless `licence` is given.

    Raises UsageError where there is nothing to score: no such file, a folder without a package, a broken descriptor.
    """
    if path.name == DESCRIPTOR and path.is_file():
        return _score_folder(path.parent, licence, str(path), rules)
    if path.is_dir():
        return _score_folder(path, licence, str(path), rules)
    return score_file(path, licence, target=str(path), rules=rules)


def targets_of(name: str) -> list[str]:
    """What a name stands for: each file below a folder that is no package, else itself; in the order of their names.

    Hidden files and what is said about files (accepted.csv, CSVW metadata) are left out, and a package within the
    folder is one target. Raises UsageError for an empty folder.
    """
    path = Path(name)
    if is_web_address(name) or not path.is_dir() or (path / DESCRIPTOR).is_file():
        return [name]
    found = _below(path)
    if not found:
        raise UsageError("score.no-package", file=name)
    return [str(item) for item in found]


def _below(folder: Path) -> list[Path]:
    found: list[Path] = []
    for item in sorted(folder.iterdir()):
        if item.name.startswith(".") or item.name == ACCEPTED_FILE or item.name.endswith(SIDECAR):
            continue
        if item.is_dir() and not item.is_symlink():
            found += [item] if (item / DESCRIPTOR).is_file() else _below(item)
        elif item.is_file():
            found.append(item)
    return found


def score_target(name: str, licence: str = "", rules: Rules = BARE) -> Score:
    """Score a path, or what an http(s) address serves. Raises UsageError as `score_path` does; never for an address."""
    return score_url(name, licence, rules) if is_web_address(name) else score_path(Path(name), licence, rules)


def score_url(url: str, licence: str = "", rules: Rules = BARE, limits: Limits = USUAL) -> Score:
    """Score what an address serves, a package by its descriptor too. An address that fails has a Score that says so."""
    found = fetch(url, limits)
    descriptor = parsed(found.data) if found.name == DESCRIPTOR and found.status == 200 else None
    if descriptor:
        return _score_remote(found, descriptor, licence, rules)
    about = found.linked("describedby")
    return _scored(found, url, found.served(licence), rules, urljoin(found.url, about) if about else "")


def _scored(found: Fetched, url: str, served: Served, rules: Rules, about: str) -> Score:
    """The score of what was fetched; `about` is where a CSV's metadata (CSVW) are, as its server or package says."""
    if about and found.name.lower().endswith(".csv") and _may_lead(found.url, about):
        told = fetch(about, Limits(size=SIDECAR_LIMIT, attempts=1))
        served = replace(served, sidecar=told.data if told.served("").delivered else b"")
    return replace(score_bytes(found.name, found.data, served, rules), target=url)


def _may_lead(place: str, other: str) -> bool:
    """What is public leads to nothing on the own network, and nothing to a link-local address."""
    return is_web_address(other) and not is_link_local(other) and (not is_public_host(place) or is_public_host(other))


def _score_remote(found: Fetched, descriptor: Mapping[str, Any], licence: str, rules: Rules) -> Score:
    """A package on the web: its data files are fetched too, from where a public package may lead to."""
    places = [urljoin(found.url, name) for name in data_paths(descriptor)]
    allowed = [place for place in places if _may_lead(found.url, place)]
    if not allowed:
        raise UsageError("score.no-data", file=found.url)
    stated = licence or stated_licence(descriptor)
    others = {urljoin(found.url, name) for name in listed(descriptor)}
    scores = []
    for place in allowed[:MEMBERS]:
        about = place + SIDECAR if place + SIDECAR in others else ""
        got = fetch(place)
        scores.append(_scored(got, place, got.served(stated), rules, about))
    return best_of(scores, found.url)


def _score_folder(folder: Path, licence: str, target: str, rules: Rules) -> Score:
    descriptor = _descriptor(folder / DESCRIPTOR, target)
    names = data_paths(descriptor)
    inside = [folder / name for name in names if (folder / name).resolve().is_relative_to(folder.resolve())]
    return replace(best_score(inside, licence or stated_licence(descriptor), target, rules), target=target)


def _descriptor(path: Path, target: str) -> Mapping[str, Any]:
    try:
        content = parsed(path.read_bytes())
    except OSError:
        content = None
    if content is None:
        raise UsageError("score.no-package", file=target)
    return content
