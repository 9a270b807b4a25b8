"""All the samples on a real CKAN: published under names of their own, pulled back byte for byte, found valid."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
import requests
from ckanapi import RemoteCKAN
from ckanapi.errors import NotFound

from odkit.package.check import check_package
from odkit.project import load_project

if TYPE_CHECKING:
    from tests.conftest import RealCkan

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [pytest.mark.ckan, pytest.mark.any_ckan]


@pytest.fixture
def samples(real_ckan: RealCkan, tmp_path: Path) -> Iterator[Path]:
    """This project with the real CKAN as its portal; folders and organisations bear a mark that no other run has."""
    tail, root = uuid4().hex[:8], tmp_path / "project"
    for spec in sorted((ROOT / "datapackages").glob("*/*/dataset.toml")):
        code, name = spec.parent.parts[-2:]
        shutil.copytree(spec.parent, root / "datapackages" / code / f"{name}-{tail}")
    declared = (ROOT / "publish.toml").read_text(encoding="utf-8")
    declared = declared.replace('default_portal = "embedded"', 'default_portal = "shared"')
    declared = re.sub(
        r"^\[organizations\.(\d+)\]$", rf'\g<0>\nname = "samples-\1-{tail}"', declared, flags=re.MULTILINE
    )
    portal = f'\n[portals.shared]\nkind = "ckan"\nurl = "{real_ckan.url}"\ncreate_organizations = true\n'
    (root / "publish.toml").write_text(declared + portal, encoding="utf-8")
    project = load_project(root)
    yield root
    with requests.Session() as session:
        admin = RemoteCKAN(real_ckan.url, apikey=real_ckan.token, session=session)
        names = [project.dataset(dataset).portal_name for dataset in project.dataset_ids()]
        organizations = [publisher.name for publisher in project.publishers.values()]
        steps = {"package_delete": names, "dataset_purge": names, "organization_purge": organizations}
        for action, targets in steps.items():
            for target in targets:
                with suppress(NotFound):
                    admin.call_action(action, {"id": target})


def test_every_sample_comes_back_from_a_real_ckan(samples: Path, real_ckan: RealCkan) -> None:
    project = load_project(samples)
    built = {
        project.dataset(name).portal_name: samples / "build" / project.dataset(name).id
        for name in project.dataset_ids()
    }
    tokens = {f"ODKIT_TOKEN_{code}": real_ckan.token for code in project.publishers}
    results = odkit("publish", "--json", cwd=samples, environment={**os.environ, **tokens})
    assert [(item["action"], item["stage_after"]) for item in results] == [("create", 5)] * len(built)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ODKIT_TOKEN")}
    results = odkit("pull", *built, "--json", cwd=samples, environment=environment)
    assert [item["action"] for item in results] == ["pulled"] * len(built)
    for name, folder in built.items():
        pulled = samples / "pulled" / name
        assert {path.name: path.read_bytes() for path in pulled.iterdir()} == {
            path.name: path.read_bytes() for path in folder.iterdir()
        }, name
        assert check_package(pulled) == (), name


def odkit(*words: str, cwd: Path, environment: dict[str, str]) -> list[dict[str, object]]:
    """What a command gives with ``--json``; it must end well."""
    command = [sys.executable, "-m", "odkit", *words]
    done = subprocess.run(command, cwd=cwd, capture_output=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr.decode()
    found: list[dict[str, object]] = json.loads(done.stdout)
    return found
