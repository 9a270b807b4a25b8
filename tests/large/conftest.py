"""A small project of three datasets: what it is built from can be changed, and what becomes of it looked at."""

from __future__ import annotations

import hashlib
import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from odkit.model import Built
from odkit.project import load_project
from odkit.publish import prepare
from tests.large.running import BUCKET, CREDENTIALS, PATIENCE, SERVER, Start, is_open, until

PUBLISH = """
config_version = 1
base_uri = "https://opendata.pref.chiba.lg.jp/id/"

[portals.embedded]
kind = "embedded"
url = "http://127.0.0.1:8710"

[defaults]
licence = "CC-BY-4.0"

[organizations.122033]
title = "市川市"

[organizations.122041]
title = "船橋市"
"""
DATASET = 'title = "施設 {name}"\nstandard = "public_wireless_lan"\n\n[source]\npath = "list.csv"\n'
HEADINGS = "ID,名称,緯度,経度,設置者,SSID,電話番号\n"
ROWS = (
    "{code}00001,中央図書館,35.72178,139.93107,{name},FREE-{name},047-320-3333\n"
    "{code}00002,公民館,35.70000,139.90000,{name},FREE,０４７－３３４－１１１１\n"
)
IDS = ("122033/one", "122033/two", "122041/three")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project of three datasets, nothing built yet."""
    return make_project(tmp_path, IDS)


def make_project(folder: Path, ids: tuple[str, ...]) -> Path:
    """Declare datasets of two rows each in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.joinpath("publish.toml").write_text(PUBLISH, encoding="utf-8")
    for name in ids:
        home = folder / "datapackages" / name
        home.mkdir(parents=True)
        home.joinpath("dataset.toml").write_text(DATASET.format(name=name), encoding="utf-8")
        text = HEADINGS + ROWS.format(code=name[:6], name=name.rpartition("/")[2])
        home.joinpath("list.csv").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def declared() -> Callable[[Path, tuple[str, ...]], Path]:
    """Makes projects of other sizes."""
    return make_project


@pytest.fixture
def built() -> Callable[..., dict[str, Built]]:
    """Builds datasets of a project, all by default: what became of each."""

    def call(root: Path, *names: str) -> dict[str, Built]:
        project = load_project(root)
        return {name: prepare(project.dataset(name), project) for name in names or project.dataset_ids()}

    return call


@pytest.fixture(scope="session")
def tree() -> Callable[[Path], dict[str, str]]:
    """The sha256 of every file below a folder."""

    def call(folder: Path) -> dict[str, str]:
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        return {str(item.relative_to(folder)): hashlib.sha256(item.read_bytes()).hexdigest() for item in files}

    return call


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts a module of Python in its own process, where there is no project; all are ended with the test."""
    started: list[subprocess.Popen[bytes]] = []
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    path = os.pathsep.join(filter(None, (str(Path.cwd()), os.environ.get("PYTHONPATH", ""))))

    def call(*words: str, **environment: str) -> subprocess.Popen[bytes]:
        log = (tmp_path / f"log-{len(started)}").open("wb")
        env = {**os.environ, "PYTHONPATH": path, "HOME": str(elsewhere), **environment}
        started.append(subprocess.Popen([sys.executable, *words], cwd=elsewhere, env=env, stdout=log, stderr=log))
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
    words = ("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(file))
    start("-m", "dask", *words)
    until(lambda: file.exists() and file.stat().st_size)
    address: str = json.loads(file.read_text())["address"]
    return address


@pytest.fixture
def s3(start: Start, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of a bucket; the environment of this process, and of those that it starts, says where it is."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    found = {**CREDENTIALS, "AWS_DEFAULT_REGION": "us-east-1", "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}"}
    for name, value in {**found, "AWS_EC2_METADATA_DISABLED": "true"}.items():
        monkeypatch.setenv(name, value)
    start("-c", SERVER, str(port))
    until(lambda: is_open(port))
    subprocess.run([sys.executable, "-c", BUCKET, "bucket"], check=True, timeout=PATIENCE)
    return "s3://bucket/odkit"
