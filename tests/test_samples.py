"""The samples under datapackages/: from stage 3 or below to 24 datasets at stage 5, and the target shown met."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from frictionless import Package as FrictionlessPackage

from odkit.inventory import recommended
from odkit.package.check import check_package
from odkit.project import Project, load_project, load_schema

ROOT = Path(__file__).resolve().parent.parent


def odkit(*words: str, cwd: Path) -> bytes:
    """What a command prints; it must end well and say nothing of errors."""
    done = subprocess.run([sys.executable, "-m", "odkit", *words], cwd=cwd, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This project with all its datasets, published on its embedded portal."""
    root = tmp_path_factory.mktemp("samples")
    shutil.copy(ROOT / "publish.toml", root)
    shutil.copytree(ROOT / "datapackages", root / "datapackages")
    (root / "before.json").write_bytes(odkit("inventory", "--json", cwd=root))
    (root / "publish.json").write_bytes(odkit("publish", "--json", cwd=root))
    return root


@pytest.fixture(scope="module")
def project() -> Project:
    """The project as it is checked in."""
    return load_project(ROOT)


def test_there_are_24_pairs_and_more_of_several_publishers(project: Project) -> None:
    specs = [project.dataset(name) for name in project.dataset_ids()]
    pairs = {(load_schema(spec.standard).name, spec.publisher.code) for spec in specs} & {
        (standard, spec.publisher.code) for standard in recommended() for spec in specs
    }
    assert len(pairs) == 26
    assert len({standard for standard, _ in pairs}) == 17
    assert len({code for _, code in pairs}) == 8


def test_what_is_made_up_says_so(project: Project) -> None:
    for name in project.dataset_ids():
        spec = project.dataset(name)
        if name != "120006/ict-indicators":
            assert spec.sample, name
            assert "サンプル" in spec.title, name


def test_before_publishing_nothing_is_there_and_all_of_it_is_near(published: Path) -> None:
    found = json.loads((published / "before.json").read_bytes())
    assert (found["datasets_published"], found["datasets_at_target"]) == (0, 0)
    assert Counter({step["stage"]: step["count"] for step in found["steps"]}) == {2: 16, 3: 10}
    assert {step["step"] for step in found["steps"]} == {"publish"}


def test_all_reach_the_fifth_stage(published: Path) -> None:
    results = json.loads((published / "publish.json").read_bytes())
    assert len(results) == 27
    assert {item["stage_after"] for item in results} == {5}
    assert {item["stage_before"] for item in results} == {2, 3}


def test_the_target_is_met(published: Path) -> None:
    found = json.loads(odkit("inventory", "--json", cwd=published))
    assert (found["datasets_at_target"], found["municipalities_publishing"]) == (26, 7)
    assert (found["steps"], found["issues"]) == ([], [])


def test_all_come_back_from_the_portal_as_they_were_built(published: Path, project: Project) -> None:
    built = {project.dataset(name).portal_name: published / "build" / name for name in project.dataset_ids()}
    results = json.loads(odkit("pull", *built, "--json", cwd=published))
    assert [(item["dataset"], item["action"]) for item in results] == [(name, "pulled") for name in built]
    for name, folder in built.items():
        pulled = published / "pulled" / name
        assert files(pulled) == files(folder), name
        assert check_package(pulled) == (), name


def files(folder: Path) -> dict[str, bytes]:
    """The files of a package by name."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_all_packages_are_valid(published: Path) -> None:
    for path in sorted(published.glob("build/*/*/datapackage.json")):
        report = FrictionlessPackage(str(path)).validate()
        assert report.valid, report.to_summary()


def test_publishing_again_changes_nothing(published: Path) -> None:
    results = json.loads(odkit("publish", "--json", cwd=published))
    assert {item["action"] for item in results} == {"unchanged"}
