"""kill -9 at any moment of a parallel build: no later run takes a package for good that is not."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from odkit.cache import prune_cache
from odkit.model import Built
from odkit.project import load_project
from odkit.publish import build, standing

Build = Callable[..., dict[str, Built]]
Tree = Callable[[Path], dict[str, str]]
SEED, KILLS = 8, 200
TITLES = ("施設", "設備")
NAMES = ("122033/one", "122041/two")
SHARES = ((NAMES, NAMES[::-1]), (NAMES[:1], NAMES[1:]))
"""What the two processes work on: both on all, from either end, or each on its own."""
SCRIPT = Path(__file__).with_name("dies.py")

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")


class Worker:
    """A process whose children build and die."""

    def __init__(self) -> None:
        pipe = subprocess.PIPE
        self.process = subprocess.Popen([sys.executable, str(SCRIPT)], stdin=pipe, stdout=pipe, stderr=pipe, text=True)

    def begin(self, root: Path, operation: int, seconds: float, *names: str) -> None:
        assert self.process.stdin
        self.process.stdin.write(f"{root} {operation} {round(seconds, 4)} {' '.join(names)}\n")
        self.process.stdin.flush()

    def end(self) -> tuple[int, int]:
        """The exit code of the child, and how many operations on files it has made, if it was not killed."""
        assert self.process.stdout
        code, count = map(int, self.process.stdout.readline().split())
        return code, count

    def close(self) -> None:
        self.process.communicate()


@pytest.fixture
def workers() -> Iterator[tuple[Worker, Worker]]:
    both = (Worker(), Worker())
    yield both
    for worker in both:
        worker.close()


def titled(root: Path, title: str) -> None:
    """Declare the datasets anew."""
    for name in NAMES:
        path = root / "datapackages" / name / "dataset.toml"
        text = path.read_text(encoding="utf-8")
        for before in TITLES:
            text = text.replace(before, title)
        path.write_text(text, encoding="utf-8")


def expected(root: Path, tree: Tree) -> dict[str, dict[str, str]]:
    """What the packages of the project are, as it is declared now."""
    project = load_project(root)
    for name in NAMES:
        build(project.dataset(name), project)
    return {name: tree(root / "build" / name) for name in NAMES}


def test_no_kill_leaves_a_package_that_a_later_run_takes_for_good(
    tmp_path: Path,
    declared: Callable[[Path, tuple[str, ...]], Path],
    workers: tuple[Worker, Worker],
    built: Build,
    tree: Tree,
) -> None:
    """Two processes work on two datasets, and both are killed; over and over, while the declarations change."""
    wanted = {}
    for title in TITLES:
        model = declared(tmp_path / title, NAMES)
        titled(model, title)
        wanted[title] = expected(model, tree)
    root = declared(tmp_path / "project", NAMES)
    project = load_project(root)
    for worker, title in zip(workers, TITLES, strict=True):
        titled(root, title)
        began = time.monotonic()
        worker.begin(root, 0, 0, *NAMES)
        code, operations = worker.end()
        whole = time.monotonic() - began
        assert code == 0
        assert operations > 50
    moments = random.Random(SEED)  # noqa: S311 - moments, no secrets
    killed, stood, turn = 0, 0, 0
    while killed < KILLS:
        turn += 1
        titled(root, TITLES[turn % 2])
        if moments.random() < 0.4:
            prune_cache(project, everything=True)
        shares = moments.choice(SHARES)
        for worker, names in zip(workers, shares, strict=True):
            at_operation = (moments.randint(1, operations * 2 // 3), 0)
            at_moment = (0, moments.uniform(0.001, whole / 2))
            worker.begin(root, *(at_operation if moments.random() < 0.7 else at_moment), *names)
        killed += sum(worker.end()[0] == -signal.SIGKILL for worker in workers)
        for name in NAMES:
            if standing(name, project) is not None:
                stood += 1
                assert tree(root / "build" / name) == wanted[TITLES[turn % 2]][name]
    assert stood, "some of the builds came to an end before they were killed"
    built(root)
    assert {name: tree(root / "build" / name) for name in NAMES} == wanted[TITLES[turn % 2]]
    # One that stands again, as its declaration was taken back, keeps what was half-built beside it: it is not built.
    prune_cache(project, everything=True)
    built(root)
    assert {name: tree(root / "build" / name) for name in NAMES} == wanted[TITLES[turn % 2]]
    assert [path.name for path in (root / "build").glob("*/.*")] == [], "nothing half-built is left"
