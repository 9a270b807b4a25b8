"""What was published on a real CKAN, ``odkit pull`` brings back byte for byte, and frictionless finds it valid."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from odkit.package.check import check_package

if TYPE_CHECKING:
    from tests.ckan.conftest import Run, Scene

pytestmark = pytest.mark.ckan


def test_the_same_package_comes_back(published: tuple[Scene, Run], tmp_path: Path) -> None:
    scene, _ = published
    words = ["pull", "--organization", scene.organization, "--portal", scene.url, "-o", str(tmp_path), "--json"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ODKIT_TOKEN")}
    for action in ("pulled", "unchanged"):
        done = subprocess.run(
            [sys.executable, "-m", "odkit", *words, "--as", "sqlite"], capture_output=True, check=True, env=environment
        )
        assert [item["action"] for item in json.loads(done.stdout)] == [action] * 3
    for dataset in ("cultural_property", "ict-indicators", "public_wireless_lan"):
        folder = tmp_path / scene.portal_name(dataset)
        assert {path.name: path.read_bytes() for path in folder.iterdir()} == scene.built(dataset)
        assert check_package(folder) == ()
        assert folder.with_name(f"{folder.name}.sqlite").is_file()


def test_the_doctor_finds_the_portal_ready(published: tuple[Scene, Run]) -> None:
    scene, _ = published
    command = [sys.executable, "-m", "odkit", "doctor", "--project", str(scene.root), "--portal", "shared", "--json"]
    ready = {**os.environ, "ODKIT_TOKEN_120006": scene.token}
    done = subprocess.run(command, capture_output=True, check=True, env=ready)
    report, mappings = json.loads(done.stdout)
    assert [item["code"] for item in mappings["findings"]] == ["rdf.doctor-mappings"]
    severities = {item["code"]: item["severity"] for item in report["findings"]}
    assert (severities["push.doctor-reached"], severities["push.doctor-role"]) == ("note", "note")
    wrong = {**os.environ, "ODKIT_TOKEN_120006": "mistyped"}
    done = subprocess.run(command, capture_output=True, check=False, env=wrong)
    assert done.returncode == 3
    assert "push.doctor-token" in done.stdout.decode()
    assert "mistyped" not in (done.stdout + done.stderr).decode()
