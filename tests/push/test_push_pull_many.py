"""``odkit pull`` of a hundred packages: progress on a terminal, killed in the middle, finished by the next run."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from odkit.model import Publisher, Score
from odkit.package.check import check_package
from odkit.portal import create_app, embedded_session
from odkit.push import Rules, apply_plan, connect, make_plan

if TYPE_CHECKING:
    from tests.push.conftest import Factory

COUNT, ENOUGH = 100, 20
LEVEL_5 = Score(target="", level=5, format_level=3, format="CSV", licence="", checks=(), steps=())
SETTINGS = """config_version = 1
base_uri = "https://data.example.jp/id/"

[portals.embedded]
kind = "embedded"
url = "http://portal.test"
folder = ".odkit/portal"

[organizations.120006]
title = "千葉県"
"""


@pytest.fixture
def project(tmp_path: Path, factory: Factory, publisher: Publisher) -> tuple[Path, dict[str, dict[str, bytes]]]:
    """A project whose embedded portal has a hundred packages; and their files, by name of the dataset."""
    root = tmp_path / "project"
    root.mkdir()
    (root / "publish.toml").write_text(SETTINGS, encoding="utf-8")
    app = create_app(root / ".odkit" / "portal", site_url="http://portal.test", tokens={"token": "odkit"})
    session = embedded_session(app, "http://portal.test")
    published = {}
    with connect("http://portal.test", "token", session=session, rules=Rules(create_organizations=True)) as portal:
        for number in range(COUNT):
            name = f"{publisher.code}_{publisher.name.replace('-', '_')}_{number}"
            content = b"ID\r\n%d\r\n" % number
            plain = factory.package({"data": content})
            entry = {"name": "data", "path": "data.csv", "hash": f"sha256:{plain.resources[0].sha256}"}
            table = {"format": "csv", "schema": {"fields": [{"name": "ID", "type": "integer"}]}}
            descriptor = json.dumps({"name": name, "resources": [{**entry, **table}]}).encode()
            files = {"data": content, "datapackage": descriptor}
            package = factory.package(files, name=name.partition("_")[2])
            apply_plan(make_plan(package, LEVEL_5, portal), portal, package.folder)
            published[name] = {"data.csv": content, "datapackage.json": descriptor}
    return root, published


def command(root: Path, publisher: Publisher, out: Path) -> list[str]:
    words = ["pull", "--organization", publisher.name, "--project", str(root), "-o", str(out), "--json"]
    return [sys.executable, "-m", "odkit", *words]


def whole(out: Path) -> dict[str, dict[str, bytes]]:
    """The packages that stand in a folder, without what is under way."""
    folders = (path for path in out.iterdir() if path.is_dir() and not path.name.startswith("."))
    return {path.name: {file.name: file.read_bytes() for file in path.iterdir()} for path in folders}


def test_a_hundred_packages(
    project: tuple[Path, dict[str, dict[str, bytes]]], publisher: Publisher, tmp_path: Path
) -> None:
    root, published = project
    out = tmp_path / "pulled"
    with subprocess.Popen(command(root, publisher, out), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as run:
        deadline = time.monotonic() + 120
        while (not out.is_dir() or len(whole(out)) < ENOUGH) and time.monotonic() < deadline:
            time.sleep(0.02)
        run.kill()
        assert run.wait() == -signal.SIGKILL
    there = whole(out)
    assert ENOUGH <= len(there) < COUNT
    assert there == {name: published[name] for name in there}
    screen, terminal = os.openpty()
    done = subprocess.run(command(root, publisher, out), stdout=subprocess.PIPE, stderr=terminal, check=True)
    os.close(terminal)
    shown = os.read(screen, 1 << 20).decode("utf-8", "replace")
    os.close(screen)
    actions = [item["action"] for item in json.loads(done.stdout)]
    assert (len(actions), actions.count("unchanged")) == (COUNT, len(there))
    assert whole(out) == published
    assert "%" in shown
    assert {path.name for path in out.iterdir()} == {*published, ".odkit-pull"}
    assert check_package(out / next(iter(published))) == ()
