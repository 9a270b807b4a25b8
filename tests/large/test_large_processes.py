"""Datasets side by side in processes: the same bytes in the same order, whatever becomes of the processes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import suppress
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TypeVar

import pytest

from odkit.errors import SourceError
from odkit.many import prepare_all
from odkit.project import load_project
from odkit.schedule import FEW, SLOW, Outcome, Processes, batched, run_in_processes
from odkit.schedule.by_file import ByFile

NAMES = tuple(f"122033/list{number:03}" for number in range(SLOW + 1))
"""So many that processes are started, whichever way they start."""
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
THREADED = "import threading\nthreading.Thread(target=threading.Event().wait, daemon=True).start()\n"
"""Where there is a second thread, processes are not forked but started by a server of forks."""
Found = TypeVar("Found")
Declared = Callable[[Path, tuple[str, ...]], Path]
Tree = Callable[[Path], dict[str, str]]

on_linux = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are looked for in /proc")


def publish(root: Path, jobs: int, seed: str = "0", *, forks: bool = True) -> subprocess.Popen[bytes]:
    """``odkit publish --jobs`` in a session of its own; its processes are forks of it, or it has a second thread."""
    program = ODKIT if forks else THREADED + ODKIT
    command = [sys.executable, "-c", program, "publish", "--project", str(root), "--jobs", str(jobs), "--json"]
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


def workers_of(process: subprocess.Popen[bytes], *, forks: bool) -> list[int]:
    """The processes that build: children of the command, or of the fork server that is one."""
    parents = of_session(process.pid)
    if forks:
        return [child for child, parent in parents.items() if parent == process.pid]
    return [child for child, parent in parents.items() if parents.get(parent) == process.pid]


def at_work(root: Path, process: subprocess.Popen[bytes], *, forks: bool = True) -> list[int]:
    """The processes that build, once a package is there."""
    return workers_of(process, forks=forks) if any((root / "build").glob("*/list*")) else []


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
@pytest.mark.parametrize(("forks", "how"), [(True, signal.SIGKILL), (True, signal.SIGTERM), (False, signal.SIGKILL)])
def test_a_worker_that_is_killed_costs_nothing(
    forks: bool, how: signal.Signals, tmp_path: Path, declared: Declared, tree: Tree, alone: dict[str, str]
) -> None:
    root = declared(tmp_path, NAMES)
    process = publish(root, 2, forks=forks)
    worker, *_ = until(partial(at_work, root, process, forks=forks))
    with suppress(ProcessLookupError):
        os.kill(worker, how)
    code, results, err = ended(process)
    assert (code, len(results)) == (0, len(NAMES)), err
    assert tree(root / "build") == alone
    until(lambda: of_session(process.pid) == {})


@on_linux
@pytest.mark.parametrize(
    ("forks", "how"),
    [
        (True, signal.SIGINT),
        (True, signal.SIGTERM),
        (True, signal.SIGKILL),
        (False, signal.SIGINT),
        (False, signal.SIGTERM),
        (False, signal.SIGKILL),
    ],
)
def test_an_end_in_the_middle_leaves_no_process_and_is_finished_by_the_next_run(
    forks: bool, how: signal.Signals, tmp_path: Path, declared: Declared, tree: Tree, alone: dict[str, str]
) -> None:
    """Ctrl-C goes to all processes of a terminal, the others to one."""
    code, tries = 0, 0
    while code == 0 and tries < TRIES:  # a run that was done before the signal came says nothing
        tries += 1
        root = declared(tmp_path / str(tries), NAMES)
        process = publish(root, 2, forks=forks)
        until(partial(at_work, root, process, forks=forks))
        if how is signal.SIGINT:
            os.killpg(process.pid, how)
        else:
            process.send_signal(how)
        code, _, err = ended(process)
    assert code == {signal.SIGINT: 130, signal.SIGTERM: 143}.get(how, -how)
    assert "Traceback" not in err
    until(lambda: of_session(process.pid) == {})
    assert list((root / "build").glob("*/.*")) == [], "who builds takes away what is half made"
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


def deadly(marks: Path, *names: str, way: str) -> list[str]:
    command = [sys.executable, str(DEADLY), way, "2", str(marks), *names]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=True)
    assert done.stderr == ""
    return done.stdout.splitlines()


@on_linux
@pytest.mark.parametrize("way", ["fork", "server"])
def test_who_dies_once_is_tried_again_and_who_dies_always_is_named(way: str, tmp_path: Path) -> None:
    names = ["a", "once-1", "b", "c", "always-1", "d", "e", "f", "once-2", "always-2", "asked-1", "g", "asked-2"]
    told = [f"cli.worker-lost {name}" if name.startswith("always") else name for name in names]
    assert deadly(tmp_path, *names, way=way) == told


def much(names: Sequence[str]) -> list[Outcome]:
    return [SourceError("read.empty-file", file=name * 100_000) for name in names]


def test_no_more_comes_through_a_pipe_than_it_takes_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is killed in the middle of more would have its reader wait for the rest for ever."""
    sizes, fetch = [], ByFile.fetch

    def measured(by_file: ByFile[object], data: bytes) -> object:
        sizes.append(len(data))
        return fetch(by_file, data)

    monkeypatch.setattr(ByFile, "fetch", measured)
    told = [*chain.from_iterable(run_in_processes(much, [("a",), ("b",), ("c",)], 2))]
    assert [str(error) for error in told] == [str(error) for error in much("abc")]
    assert len(sizes) == 3
    assert max(sizes) <= 4096


def test_one_that_takes_long_does_not_keep_the_others_waiting(tmp_path: Path) -> None:
    """The first ends after the last has begun: both are far more than what is under way at once apart."""
    names = ["after-z", *(f"{number}" for number in range(40)), "z"]
    assert deadly(tmp_path, *names, way="fork") == names


@on_linux
def test_processes_are_forked_where_nothing_else_runs() -> None:
    """What building loads must not start threads: neither must what the journey does before it."""
    ask = "import odkit.cli.journey; from odkit.schedule import starts_at_once; print(starts_at_once())"
    for before, told in (("", "True"), (THREADED, "False")):
        done = subprocess.run([sys.executable, "-c", before + ask], capture_output=True, text=True, check=True)
        assert done.stdout.strip() == told


def test_one_job_or_one_batch_needs_no_process() -> None:
    def here(names: object) -> list[Outcome]:
        return [SourceError("read.empty-file", file=os.getpid())]

    for batches, jobs in (([("a",), ("b",)], 1), ([("a",)], 4)):
        found = [outcome for outcomes in run_in_processes(here, batches, jobs) for outcome in outcomes]
        assert {getattr(item, "details", {})["file"] for item in found} == {str(os.getpid())}


@pytest.mark.parametrize(
    ("count", "few", "batches"),
    [
        (1, FEW, 1),
        (4, FEW, 1),
        (5, FEW, 5),
        (31, FEW, 31),
        (33, FEW, 32),
        (1000, FEW, 165),
        (100, SLOW, 1),
        (101, SLOW, 52),
    ],
)
def test_small_datasets_are_put_together(count: int, few: int, batches: int) -> None:
    names = [f"{number}" for number in range(count)]
    made = list(batched(names, [1000] * count, few))
    assert len(made) == batches
    assert [name for batch in made for name in batch] == names
    if batches > 1:
        assert {len(batch) for batch in made[-FEW:]} == {1}, "the last ones are small, so that all end together"


def test_a_large_dataset_is_a_batch_of_its_own() -> None:
    assert list(batched("abc", [10 << 20, 1, 10 << 20], SLOW)) == [("a",), ("b", "c")]


@pytest.mark.parametrize(("at_once", "batches"), [(True, [1] * 9), (False, [9])])
def test_few_datasets_are_shared_out_where_processes_start_at_once(
    at_once: bool, batches: list[int], tmp_path: Path, declared: Declared, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared: list[int] = []

    def crew(task: object, given: Sequence[Sequence[str]]) -> Generator[Sequence[Outcome], None, None]:
        shared.extend(map(len, given))
        yield from ([SourceError("read.empty-file")] * len(batch) for batch in given)

    monkeypatch.setattr("odkit.many.starts_at_once", lambda: at_once)
    project = load_project(declared(tmp_path, NAMES[:9]))
    assert len(list(prepare_all(NAMES[:9], project, crew, Processes(2)))) == 9
    assert shared == batches
