"""A journal per run: a line before each write and one after it, so that a run that was killed can be told of.

The portal itself is the truth from which the next run goes on; the journal says what was under way.
"""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import IO, Self

from filelock import FileLock, Timeout

KEPT = 20
"""Journals of runs that ended well and are kept."""


class Journal:
    """The journal of this run in `folder`, ``run-000012.jsonl``: made when the first write is told.

    It holds names of actions and datasets: no token, no data. As a context manager it ends well.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file: IO[str] | None = None
        self._lock: FileLock | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Every way out that Python knows of is an end; only a killed process leaves a journal without one."""
        if self._file is None or self._lock is None:
            return
        self.tell(end=True)
        self._file.close()
        self._lock.release()
        Path(self._lock.lock_file).unlink(missing_ok=True)
        for path in _journals(self._folder)[:-KEPT]:
            if not under_way(path):
                path.unlink(missing_ok=True)

    def tell(self, **facts: object) -> None:
        """Write one line, at once."""
        if self._file is None:
            self._file = self._open()
        self._file.write(json.dumps(facts, ensure_ascii=False) + "\n")
        self._file.flush()

    def _open(self) -> IO[str]:
        self._folder.mkdir(parents=True, exist_ok=True)
        number = max((int(path.stem.removeprefix("run-")) for path in _journals(self._folder)), default=0)
        while True:
            number += 1
            path = self._folder / f"run-{number:06d}.jsonl"
            with suppress(FileExistsError):
                made = path.open("x", encoding="utf-8", newline="\n")
                self._lock = FileLock(path.with_suffix(".lock"))
                self._lock.acquire()
                return made


def broken_off(folder: Path) -> tuple[str, ...]:
    """What was under way when a run was killed, sorted; those journals are then put away as told."""
    found: set[str] = set()
    for path in _journals(folder):
        names = under_way(path)
        if names and _abandoned(path):
            found.update(names)
            path.unlink(missing_ok=True)
            path.with_suffix(".lock").unlink(missing_ok=True)
    return tuple(sorted(found))


def under_way(path: Path) -> set[str]:
    """The datasets that a journal without an end was about; none where it ended."""
    names: set[str] = set()
    for line in path.read_text(encoding="utf-8").splitlines():
        # The last line of a killed run may be half a line.
        with suppress(ValueError):
            told = json.loads(line)
            if told.get("end"):
                return set()
            names.add(str(told.get("subject", "")))
    return names - {""}


def _abandoned(path: Path) -> bool:
    """Whether no process holds the journal any more."""
    lock = FileLock(path.with_suffix(".lock"))
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return False
    lock.release()
    return True


def _journals(folder: Path) -> list[Path]:
    return sorted(folder.glob("run-??????.jsonl"))
