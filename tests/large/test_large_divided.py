"""One large table on a real Dask cluster of two workers, one of which is killed in the middle: the same bytes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from odkit.project import load_project
from odkit.publish import prepare
from odkit.schedule import workers
from tests.large.running import PATIENCE, Start, left, needs_s3, until, worker

ONE = "122033/one"
ROWS, WORTH = 16_000, 1000
NOBODY: Any = None
"""Nothing is carried."""
HERE = Path(__file__).parent
DEADLY = """
import os, signal
from odkit.rdf.share import Share
whole = Share.write
def write(share, piece):
    if "施設,0の" in str(piece[0]):
        os.kill(os.getpid(), signal.SIGKILL)
    return whole(share, piece)
Share.write = write
"""
"""The first piece takes its worker with it, each time."""
FAILING = """
from odkit.errors import SourceError
from odkit.rdf.share import Share
def write(share, piece):
    raise SourceError("read.changed", file="list.csv")
Share.write = write
"""
Declared = Callable[[Path, tuple[str, ...]], Path]
Tree = Callable[[Path], dict[str, str]]
Divide = Callable[..., subprocess.Popen[bytes]]


def lines(code: str) -> Iterator[str]:
    """Rows whose IDs recur far away, with cells that are quoted and cells to be cleaned."""
    yield "ID,名称,緯度,経度,設置者,SSID,電話番号,備考\n"
    for number in range(ROWS):
        name = f'"施設,{number}の\n""別館"""' if number % 7 == 0 else f"施設 {number}"
        phone = "０４７－３３４－１１１１" if number % 5 == 0 else f"047-334-{number % 10_000:04}"
        yield f"{code}{number % 15_000:05},{name},35.{number:05},139.{number:06},課{number % 3},FREE,{phone},\n"


def filled(root: Path) -> Path:
    (root / "datapackages" / ONE / "list.csv").write_text("".join(lines(ONE[:6])), encoding="utf-8")
    return root


@pytest.fixture
def large(tmp_path: Path, declared: Declared) -> Path:
    """A project with one large table."""
    return filled(declared(tmp_path / "cluster 市", (ONE,)))


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory, declared: Declared, tree: Tree) -> dict[str, str]:
    """What one process builds of it."""
    root = filled(declared(tmp_path_factory.mktemp("alone"), (ONE,)))
    project = load_project(root)
    prepare(project.dataset(ONE), project)
    return tree(root / "build")


@pytest.fixture
def divide(tmp_path: Path, large: Path, start: Start, scheduler: str) -> Divide:
    """Begins to build on two workers; one of them is killed while somebody else than the builder has pieces in hand."""

    def call(whom: str, *store: str) -> subprocess.Popen[bytes]:
        for _ in range(2):
            worker(start, scheduler)
        ready = tmp_path / "ready"
        striker = start(str(HERE / "strikes.py"), scheduler, whom, str(ready))
        until(ready.exists)
        run = start(str(HERE / "divided.py"), str(large), scheduler, str(WORTH), *store)
        assert striker.wait(PATIENCE) == 0, "it was not divided"
        if whom == "builder":
            worker(start, scheduler)
        return run

    return call


@pytest.fixture
def merciless(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> str:
    """The address of a scheduler that gives a task up with the first worker that it costs."""
    monkeypatch.setenv("DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES", "0")
    address: str = request.getfixturevalue("scheduler")
    return address


@pytest.mark.parametrize("whom", ["helper", "builder"])
def test_a_table_divided_among_workers_has_the_same_bytes_whoever_is_lost(
    large: Path, expected: dict[str, str], tree: Tree, divide: Divide, whom: str
) -> None:
    assert divide(whom).wait(PATIENCE) == 0
    assert tree(large / "build") == expected
    assert not (large / ".odkit" / "parts").exists()


@needs_s3
@pytest.mark.parametrize("whom", ["helper", "builder"])
def test_so_it_has_where_they_share_no_folder(
    large: Path, expected: dict[str, str], tree: Tree, divide: Divide, s3: str, whom: str
) -> None:
    assert divide(whom, s3).wait(PATIENCE) == 0
    assert tree(large / "build") == expected
    assert left() == []


def test_what_nobody_waits_for_any_more_ends_soon(large: Path, divide: Divide) -> None:
    """SIGTERM to the run: neither pieces nor a half-built package stay behind, though the builder works elsewhere."""
    run = divide("nobody")
    run.send_signal(signal.SIGTERM)
    assert run.wait(PATIENCE) != 0
    until(lambda: not [path for path in (large / "build").rglob("*") if path.is_file()])
    until(lambda: not [path for path in (large / ".odkit" / "parts").rglob("*") if path.is_file()])
    assert not (large / "build" / ONE).exists()


@pytest.mark.parametrize(("fault", "words"), [(DEADLY, "was killed"), (FAILING, "was written to")])
def test_a_piece_that_kills_or_fails_fails_the_dataset(
    tmp_path: Path, large: Path, start: Start, merciless: str, fault: str, words: str
) -> None:
    (tmp_path / "sitecustomize.py").write_text(fault)
    path = os.pathsep.join((str(tmp_path), str(Path.cwd())))
    for _ in range(3):
        worker(start, merciless, PYTHONPATH=path)
    command = [sys.executable, str(HERE / "divided.py"), str(large), merciless, str(WORTH)]
    env = {**os.environ, "PYTHONPATH": str(Path.cwd())}
    done = subprocess.run(command, env=env, capture_output=True, check=True, timeout=PATIENCE)
    assert words in json.loads(done.stdout)[ONE]
    assert not [path for path in (large / "build").rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("threads", "doing", "helps"),
    [
        ({"a": 1}, {"a": ["own"]}, False),
        ({"a": 1, "b": 1}, {"a": ["own"], "b": []}, True),
        ({"a": 1, "b": 1}, {"a": ["own"], "b": ["other"]}, False),
        ({"a": 1, "b": 1, "c": 1}, {"a": ["own", "other"], "b": ["another"], "c": []}, False),
        ({"a": 1, "b": 4}, {"a": ["own"], "b": ["other", "another"]}, True),
    ],
)
def test_only_workers_who_have_nothing_to_do_help(
    monkeypatch: pytest.MonkeyPatch, threads: dict[str, int], doing: dict[str, list[str]], helps: bool
) -> None:
    client = SimpleNamespace(nthreads=lambda: threads, processing=lambda: doing)
    monkeypatch.setattr(workers, "get_client", lambda: client)
    monkeypatch.setattr(workers, "get_worker", lambda: SimpleNamespace(get_current_task=lambda: "own"))
    hands = workers.Workers(NOBODY, WORTH)
    assert [hands.help_with(rows) for rows in (0, WORTH - 1, WORTH, ROWS)] == [False, False, helps, helps]
