"""What the file system says of files without their contents being read: enough to know that nothing has changed.

Loaded before any stage is, so that a run which finds nothing to do costs next to nothing: it needs no other module,
and no object of pathlib for each of many thousand files.
"""
# ruff: noqa: PTH110, PTH116, PTH208

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import TypeAlias

Mark: TypeAlias = tuple[int, ...]
"""Size, times of change and number of a file."""
HOME = Path(__file__).resolve().parent.parent
"""Where odkit is installed."""
DATA = ("schemas", "vocab")
"""The data that ship with odkit: inside it in a wheel, beside it in a checkout."""
IS_WINDOWS = os.name == "nt"
PASSED_OVER = frozenset({"__pycache__", "help"})
"""Folders of odkit that no package depends on."""
OF_LIBRARIES = (".dist-info", ".egg-info")
"""What an installer leaves of a library beside it, with its version in the name."""


@dataclass(frozen=True, slots=True)
class Glance:
    """Files as they were when they were looked at: `digest` of names and marks, `changed` the last change of any."""

    digest: str
    changed: int


def mark_of(found: os.stat_result) -> Mark:
    """The mark of a file."""
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino


def changed_at(found: os.stat_result) -> int:
    """When a file was changed last, by the clock of the disk.

    People's tools set the other time as they like, into the future too; on Windows there is only that one.
    """
    return found.st_mtime_ns if IS_WINDOWS else found.st_ctime_ns


def digest_of(marks: Iterable[tuple[str, Mark]]) -> str:
    """One digest for files by their names and marks, whatever their order."""
    lines = sorted([f"{name}\0{mark}" for name, mark in marks])
    return blake2b("\n".join(lines).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def seen_in(folder: str) -> Glance | None:
    """The files of a folder, and the names of its folders; None where it cannot be read."""
    marks: list[tuple[str, Mark]] = []
    changed = 0
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                # Not the entry's own: on Windows that one is without the number of the file, and may be out of date.
                found = os.stat(entry.path)
                if entry.is_dir():
                    marks.append((f"{entry.name}/", ()))
                else:
                    marks.append((entry.name, mark_of(found)))
                    changed = max(changed, changed_at(found))
    except OSError:
        return None
    return Glance(digest_of(marks), changed)


def seen_file(path: str) -> Glance | None:
    """One file; None where there is none."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return Glance(digest_of([(path, mark_of(found))]), changed_at(found))


def exists(path: str) -> bool:
    """Whether there is something at a path."""
    return os.path.exists(path)


def folders_in(folder: str) -> list[str]:
    """The names of the folders in a folder; none where it cannot be read."""
    try:
        with os.scandir(folder) as entries:
            return [entry.name for entry in entries if entry.is_dir()]
    except OSError:
        return []


def seen_odkit() -> Glance:
    """odkit as it is installed, with its data; the Python that runs it, and the versions of the libraries there."""
    trees = [HOME, *(place for name in DATA if not (HOME / name).is_dir() and (place := HOME.parent / name).is_dir())]
    marks: list[tuple[str, Mark]] = [(f"{sys.version} {sys.prefix}", ())]
    marks += [(name, ()) for place in sys.path for name in _libraries(place)]
    changed = 0
    for tree in trees:
        for path, found in _files(str(tree)):
            marks.append((path, mark_of(found)))
            changed = max(changed, changed_at(found))
    return Glance(digest_of(marks), changed)


def _libraries(place: str) -> list[str]:
    try:
        return [name for name in os.listdir(place) if name.endswith(OF_LIBRARIES)]
    except OSError:
        return []


def _files(folder: str) -> Iterator[tuple[str, os.stat_result]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if not entry.is_dir():
                yield entry.path, os.stat(entry.path)
            elif entry.name not in PASSED_OVER:
                yield from _files(entry.path)
