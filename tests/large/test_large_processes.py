"""Datasets side by side in processes: the same bytes in the same order, whatever becomes of the processes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TypeVar

import pytest

from odkit.errors import SourceError
from odkit.schedule import Outcome, batched, run_in_processes

NAMES = tuple(f"122033/list{number:02}" for number in range(9))
DEADLY = Path(__file__).with_name("deadly.py")
PATIENCE = 90.0
TRIES = 5
ODKIT = """
import signal
from odkit.cli import main
signal.signal(signal.SIGINT, signal.default_int_handler)
main()
"""
"""odkit as a terminal starts it: what runs in the background of a script has Ctrl-C switched off, and hands that on."""
Found = TypeVar("Found")
Declared = Callable[[Path, tuple[str, ...]], Path]
Tree = Callable[[Path], dict[str, str]]

on_linux = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are looked for in /proc")


def publish(root: Path, jobs: int, seed: str = "0") -> subprocess.Popen[bytes]:
    """``odkit publish --jobs`` in a session of its own."""
    command = [sys.executable, "-c", ODKIT, "publish", "--project", str(root), "--jobs", str(jobs), "--json"]
    pipe = subprocess.PIPE
    env = {**os.environ, "PYTHONHASHSEED": seed}
    return subprocess.Popen(command, stdout=pipe, stderr=pipe, env=env, start_new_session=True)


def ended(process: subprocess.Popen[bytes]) -> tuple[int, list[dict[str, object]], str]:
    out, err = process.communicate(timeout=PATIENCE)
    return process.returncode, json.loads(out or "[]"), err.decode()


def of_session(session: int) -> dict[int, int]:
    """The processes of a session with their parents, as the kernel counts them."""
    found = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent, _, its_session = path.read_text().rpartition(")")[2].split()[:4]
        except OSError:
            continue
        if int(its_session) == session and state != "Z":
            found[int(path.parent.name)] = int(parent)
    return found


def workers_of(process: subprocess.Popen[bytes]) -> list[int]:
    """The processes that build: those that the fork server, a child of the command, has made."""
    parents = of_session(process.pid)
    return [child for child, parent in parents.items() if parents.get(parent) == process.pid]


def at_work(root: Path, process: subprocess.Popen[bytes]) -> list[int]:
    """The processes that build, once a package is there."""
    return workers_of(process) if any((root / "build").glob("*/list*")) else []


def until(condition: Callable[[], Found]) -> Found:
    deadline = time.monotonic() + PATIENCE
    while not (found := condition()):
        assert time.monotonic() < deadline, "it does not come to pass"
        time.sleep(0.02)
    return found


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory, declared: Declared, tree: Tree) -> dict[str, str]:
    """The packages as one process builds them."""
    root = declared(tmp_path_factory.mktemp("alone"), NAMES)
    code, results, err = ended(publish(root, 1))
    assert (code, [item["dataset"] for item in results]) == (0, list(NAMES)), err
    return tree(root / "build")


@pytest.mark.parametrize(("jobs", "seed"), [(2, "1"), (3, "random")])
def test_bytes_and_order_do_not_depend_on_the_number_of_jobs(
    jobs: int, seed: str, tmp_path: Path, declared: Declared, tree: Tree, alone: dict[str, str]
) -> None:
    root = declared(tmp_path, NAMES)
    (root / "datapackages" / NAMES[3] / "list.csv").write_bytes(b"")
    (root / "datapackages" / NAMES[5] / "dataset.toml").write_text("title = 1")
    code, results, err = ended(publish(root, jobs, seed))
    good = [name for name in NAMES if name not in (NAMES[3], NAMES[5])]
    assert [item["dataset"] for item in results] == good
    assert code == 2
    assert err.index(NAMES[3]) < err.index(NAMES[5])
    bad = (f"{NAMES[3]}/", f"{NAMES[5]}/")
    assert tree(root / "build") == {name: item for name, item in alone.items() if not name.startswith(bad)}


@on_linux
def test_a_worker_that_is_killed_costs_nothing(
    tmp_path: Path, declared: Declared, tree: Tree, alone: dict[str, str]
) -> None:
    root = declared(tmp_path, NAMES)
    process = publish(root, 2)
    worker, *_ = until(partial(at_work, root, process))
    with suppress(ProcessLookupError):
        os.kill(worker, signal.SIGKILL)
    code, results, err = ended(process)
    assert (code, len(results)) == (0, len(NAMES)), err
    assert tree(root / "build") == alone
    assert of_session(process.pid) == {}


@on_linux
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_an_end_in_the_middle_leaves_no_process_and_is_finished_by_the_next_run(
    how: signal.Signals, tmp_path: Path, declared: Declared, tree: Tree, alone: dict[str, str]
) -> None:
    """Ctrl-C goes to all processes of a terminal, kill -9 to one."""
    code, tries = 0, 0
    while code == 0 and tries < TRIES:  # a run that was done before the signal came says nothing
        tries += 1
        root = declared(tmp_path / str(tries), NAMES)
        process = publish(root, 2)
        until(partial(at_work, root, process))
        if how is signal.SIGINT:
            os.killpg(process.pid, how)
        else:
            process.kill()
        code, _, err = ended(process)
    assert code == (130 if how is signal.SIGINT else -signal.SIGKILL)
    assert "Traceback" not in err
    until(lambda: of_session(process.pid) == {})
    code, results, err = ended(publish(root, 2))
    assert (code, len(results)) == (0, len(NAMES)), err
    assert tree(root / "build") == alone


@on_linux
def test_two_runs_at_once_over_one_project(
    tmp_path: Path, declared: Declared, tree: Tree, alone: dict[str, str]
) -> None:
    root = declared(tmp_path, NAMES)
    both = [publish(root, 2), publish(root, 2)]
    for code, results, err in map(ended, both):
        assert (code, [item["dataset"] for item in results]) == (0, list(NAMES)), err
    assert tree(root / "build") == alone


def deadly(jobs: int, marks: Path, *names: str) -> list[str]:
    command = [sys.executable, str(DEADLY), str(jobs), str(marks), *names]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=True)
    assert done.stderr == ""
    return done.stdout.splitlines()


@on_linux
def test_who_dies_once_is_tried_again_and_who_dies_always_is_named(tmp_path: Path) -> None:
    names = ["a", "once-1", "b", "c", "always-1", "d", "e", "f", "once-2", "always-2", "g"]
    told = [f"cli.worker-lost {name}" if name.startswith("always") else name for name in names]
    assert deadly(2, tmp_path, *names) == told


def test_one_job_or_one_batch_needs_no_process() -> None:
    def here(names: object) -> list[Outcome]:
        return [SourceError("read.empty-file", file=os.getpid())]

    for batches, jobs in (([("a",), ("b",)], 1), ([("a",)], 4)):
        found = [outcome for outcomes in run_in_processes(here, batches, jobs) for outcome in outcomes]
        assert {getattr(item, "details", {})["file"] for item in found} == {str(os.getpid())}


@pytest.mark.parametrize(("count", "batches"), [(1, 1), (4, 1), (5, 5), (31, 31), (32, 16), (1000, 125)])
def test_small_datasets_are_put_together(count: int, batches: int) -> None:
    names = [f"{number}" for number in range(count)]
    made = list(batched(names, [1000] * count))
    assert len(made) == batches
    assert [name for batch in made for name in batch] == names


def test_a_large_dataset_is_a_batch_of_its_own() -> None:
    assert list(batched("abc", [10 << 20, 1, 10 << 20])) == [("a",), ("b", "c")]
