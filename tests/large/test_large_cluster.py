"""The same work on a real Dask cluster of processes, one of which is killed in the middle: the same bytes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

NAMES = tuple(f"122033/list{number:02}" for number in range(12))
PATIENCE = 120.0
Declared = Callable[[Path, tuple[str, ...]], Path]
Tree = Callable[[Path], dict[str, str]]
Start = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts ``dask …`` in its own process; all are ended with the test."""
    started: list[subprocess.Popen[bytes]] = []

    def call(*words: str, **environment: str) -> subprocess.Popen[bytes]:
        log = (tmp_path / f"dask-{len(started)}.log").open("wb")
        command = [sys.executable, "-m", "dask", *words]
        env = {**os.environ, **environment}
        started.append(subprocess.Popen(command, cwd=tmp_path, env=env, stdout=log, stderr=log))
        log.close()
        return started[-1]

    yield call
    for process in started:
        process.kill()
        process.wait()


@pytest.fixture
def scheduler(start: Start, tmp_path: Path) -> str:
    """The address of a scheduler without workers."""
    file = tmp_path / "scheduler.json"
    start("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(file))
    until(lambda: file.exists() and file.stat().st_size)
    address: str = json.loads(file.read_text())["address"]
    return address


def worker(start: Start, scheduler: str, **environment: str) -> subprocess.Popen[bytes]:
    return start("worker", scheduler, "--nthreads", "1", "--no-nanny", "--no-dashboard", **environment)


def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it does not come to pass"
        time.sleep(0.02)


@contextmanager
def publishing(root: Path, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "odkit", "publish", "--project", str(root), "--json", "--lang", "en", *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        yield process


def ended(process: subprocess.Popen[bytes]) -> tuple[int, Sequence[dict[str, object]], str]:
    out, err = process.communicate(timeout=PATIENCE)
    return process.returncode, json.loads(out or "[]"), err.decode()


def test_a_cluster_that_loses_a_worker_builds_the_same_bytes(
    tmp_path: Path, declared: Declared, tree: Tree, start: Start, scheduler: str
) -> None:
    alone, root = declared(tmp_path / "alone", NAMES), declared(tmp_path / "cluster", NAMES)
    with publishing(alone, "--jobs", "1") as process:
        assert ended(process)[0] == 0
    doomed = worker(start, scheduler)
    with publishing(root, "--scheduler", scheduler) as process:
        until(lambda: len(list((root / "build").glob("*/list*"))) > 2)
        worker(start, scheduler)
        doomed.send_signal(signal.SIGKILL)
        code, results, err = ended(process)
    assert (code, [item["dataset"] for item in results]) == (0, list(NAMES)), err
    assert tree(root / "build") == tree(alone / "build")
    with publishing(root, "--scheduler", "tcp://127.0.0.1:1") as process:
        code, results, err = ended(process)
    assert (code, {str(item["built"]) for item in results}) == (0, {"{}"}), "what stands needs no cluster"


def test_a_worker_with_another_odkit_makes_nothing(
    tmp_path: Path, declared: Declared, start: Start, scheduler: str
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    home = Path(__file__).resolve().parents[2]
    for name in ("schemas", "vocab"):
        (other / name).symlink_to(home / name)
    subprocess.run(["cp", "-r", str(home / "odkit"), str(other)], check=True)
    (other / "odkit/model/note.py").write_text('"""Another odkit."""\n', encoding="utf-8")
    worker(start, scheduler, PYTHONPATH=str(other))
    root = declared(tmp_path / "project", NAMES[:1])
    with publishing(root, "--scheduler", scheduler) as process:
        code, results, err = ended(process)
    assert (code, results) == (2, [])
    assert f"{NAMES[0]}: the worker has another odkit" in err
    assert not (root / "build" / NAMES[0]).exists()


def test_a_scheduler_that_is_not_there_is_told(tmp_path: Path, declared: Declared) -> None:
    root = declared(tmp_path, NAMES[:1])
    with publishing(root, "--scheduler", "tcp://127.0.0.1:1") as process:
        code, results, err = ended(process)
    assert (code, results) == (2, [])
    assert "The scheduler tcp://127.0.0.1:1 cannot be worked with" in err
    assert "Traceback" not in err


def test_without_the_extra_the_way_to_it_is_told(tmp_path: Path, declared: Declared) -> None:
    """As where odkit alone is installed: the module is not found."""
    root = declared(tmp_path / "project", NAMES[:1])
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    hidden.joinpath("sitecustomize.py").write_text("import sys\nsys.modules['distributed'] = None\n")
    command = [sys.executable, "-m", "odkit", "publish", "--project", str(root), "--scheduler", "x", "--lang", "en"]
    env = {**os.environ, "PYTHONPATH": str(hidden)}
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert 'pip install "odkit[cluster]"' in done.stderr
