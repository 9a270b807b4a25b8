"""What was published on a real CKAN, ``odkit pull`` brings back byte for byte, and frictionless finds it valid."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from odkit.package import check_package

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
