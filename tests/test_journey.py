"""The whole journey on the checked-in sources and on real files: what `odkit publish` promises, looked at."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
import rdflib
from frictionless import Package as FrictionlessPackage

from odkit.clean import clean_table
from odkit.cli import main
from odkit.project import load_project, load_schema
from odkit.read import read_source

ROOT = Path(__file__).resolve().parent.parent
DATASETS = ("120006/cultural_property", "120006/ict-indicators", "120006/public_wireless_lan")
STAGES = {"120006/cultural_property": (3, 5), "120006/ict-indicators": (2, 5), "120006/public_wireless_lan": (2, 5)}
FILES = {
    "changes.csv",
    "data.csv",
    "data.csv-metadata.json",
    "data.jsonld",
    "data.ttl",
    "datapackage.json",
    "dcat.ttl",
    "issues.csv",
    "score.json",
}
Run = Callable[..., tuple[int, str, str]]


def copy_project(target: Path) -> Path:
    """The declarations of this project and the sources of the prefecture, in a folder of their own."""
    shutil.copy(ROOT / "publish.toml", target)
    shutil.copytree(ROOT / "datapackages/120006", target / "datapackages/120006")
    return target


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    """Runs the command line in this process: exit code, stdout, stderr."""

    def call(*arguments: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main([str(word) for word in arguments])
        out, err = capfd.readouterr()
        return int(ended.value.code or 0), out, err

    return call


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that was published once, with the command's JSON in publish.json."""
    root = copy_project(tmp_path_factory.mktemp("published"))
    done = subprocess.run(
        [sys.executable, "-m", "odkit", "publish", "--project", root, "--json"], capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    (root / "publish.json").write_bytes(done.stdout)
    return root


def tree(folder: Path) -> dict[str, str]:
    """sha256 of every file below a folder."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def records(portal: Path) -> list[str]:
    """Everything in the embedded portal's database, its times included."""
    with closing(sqlite3.connect(portal / "catalogue.sqlite")) as database:
        return list(database.iterdump())


def rows_of(path: Path) -> list[dict[str, str]]:
    """The rows of a published CSV."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_three_datasets_reach_stage_five(published: Path) -> None:
    results = {item["dataset"]: item for item in json.loads((published / "publish.json").read_bytes())}
    assert tuple(results) == DATASETS
    assert {name: (item["stage_before"], item["stage_after"]) for name, item in results.items()} == STAGES
    assert {item["action"] for item in results.values()} == {"create"}
    assert results[DATASETS[1]]["rows"] == 68
    assert results[DATASETS[1]]["address"] == "http://127.0.0.1:8710/dataset/120006_ict-indicators"


@pytest.mark.parametrize("dataset", DATASETS)
def test_packages_hold_exactly_their_files_and_are_valid(published: Path, dataset: str) -> None:
    folder = published / "build" / dataset
    kinds = (".csv", ".csv-metadata.json", ".ttl", ".jsonld")
    tidy = {name + kind for name in ("values", "progress") for kind in kinds} | {"values-cube.ttl"}
    own = tidy if dataset.endswith("indicators") else {"vocabulary.ttl"}
    assert {path.name for path in folder.iterdir()} == FILES | own
    report = FrictionlessPackage(str(folder / "datapackage.json")).validate()
    assert report.valid, report.to_summary()


@pytest.mark.parametrize("dataset", DATASETS)
def test_every_cell_is_as_in_the_source_or_in_the_ledger(published: Path, dataset: str) -> None:
    project = load_project(published)
    spec = project.dataset(dataset)
    source = read_source(spec.source, spec.source.path.name)
    table = clean_table(source, load_schema(spec.standard), spec.publisher, spec.headings)
    folder = published / "build" / dataset
    data, ledger = rows_of(folder / "data.csv"), rows_of(folder / "changes.csv")
    assert len(data) == len(source.rows)
    changed: dict[tuple[str, str], list[dict[str, str]]] = {}
    for item in ledger:
        if item["表"] == "data":
            changed.setdefault((item["行"], item["列名"]), []).append(item)
    explained = 0
    for cells, number, row in zip(source.rows, source.row_numbers, data, strict=True):
        for match in table.matches:
            before = "" if match.column is None else cells[match.column - source.first_column]
            after = row[match.name]
            for change in changed.get((str(number), match.name), ()):
                explained += 1
                assert change["説明"]
                assert change["変更前"] == before, (dataset, change)
                before = change["変更後"]
            assert after == before, (dataset, number, match)
    assert explained == sum(map(len, changed.values()))


AREA = "http://data.e-stat.go.jp/lod/sac/C12000"


@pytest.mark.parametrize("dataset", DATASETS)
def test_the_turtle_parses_and_links_out(published: Path, dataset: str) -> None:
    graph = rdflib.Graph().parse(published / "build" / dataset / "data.ttl")
    code, name = dataset.split("/")
    own = f"https://opendata.pref.chiba.lg.jp/id/{code}"
    subjects = {str(subject) for subject in graph.subjects() if "#" not in str(subject)} - {own, AREA}
    assert all(subject.startswith(f"{own}/{name}") for subject in subjects)
    assert len(subjects) >= len(rows_of(published / "build" / dataset / "data.csv"))
    assert not any(isinstance(node, rdflib.BNode) for triple in graph for node in triple)
    assert any(str(target).startswith("http://data.e-stat.go.jp/lod/sac/C12") for target in graph.objects())


@pytest.mark.parametrize("dataset", DATASETS)
def test_the_score_gives_a_reason_for_each_stage(published: Path, dataset: str) -> None:
    score = json.loads((published / "build" / dataset / "score.json").read_text(encoding="utf-8"))
    assert (score["before"]["level"], score["after"]["level"]) == STAGES[dataset]
    for lang in ("ja", "en"):
        for when in ("before", "after"):
            assert len(score["reasons"][lang][when]) == 5
            assert all(score["reasons"][lang][when])


def test_indicators_become_a_tidy_table(published: Path) -> None:
    values = rows_of(published / "build/120006/ict-indicators/values.csv")
    indicators = rows_of(published / "build/120006/ict-indicators/data.csv")
    assert {row["指標番号"] for row in values} == {row["指標番号"] for row in indicators}
    assert len({(row["指標番号"], row["値の種別"], row["連番"]) for row in values}) == len(values)
    (documents,) = [row for row in values if row["原文"].startswith("2,662件")]
    assert (documents["値"], documents["単位"], documents["時点"]) == ("2662", "件", "2018-04-01/2019-03-31")


def test_a_second_run_changes_nothing(published: Path, run: Run) -> None:
    portal = published / ".odkit" / "portal"
    before = (tree(portal / "files"), records(portal), tree(published / "build"))
    code, out, err = run("publish", "--project", published)
    assert code == 0, err
    assert out.count("変更なし") == 3
    assert (tree(portal / "files"), records(portal), tree(published / "build")) == before


def test_a_push_of_what_is_published_changes_nothing(published: Path, run: Run) -> None:
    before = records(published / ".odkit" / "portal")
    code, out, err = run("push", "--project", published, "--json")
    assert code == 0, err
    assert [item["action"] for item in json.loads(out)] == ["unchanged"] * 3
    assert records(published / ".odkit" / "portal") == before


def test_two_runs_at_once_take_turns(tmp_path: Path) -> None:
    root = copy_project(tmp_path)
    command = [sys.executable, "-m", "odkit", "publish", "--project", str(root), "--json"]
    with (
        subprocess.Popen(command, stdout=subprocess.PIPE) as one,
        subprocess.Popen(command, stdout=subprocess.PIPE) as two,
    ):
        results = [json.loads(process.communicate()[0]) for process in (one, two)]
    assert (one.returncode, two.returncode) == (0, 0)
    for dataset in zip(*results, strict=True):
        assert sorted(item["action"] for item in dataset) == ["create", "unchanged"]


def test_nothing_is_pending_after_a_run(published: Path, run: Run) -> None:
    code, out, _ = run("publish", "--project", published, "--dry-run", "--exit-code")
    assert code == 0
    assert out.count("変更なし") == 3


def test_a_dry_run_writes_nothing_to_the_portal_and_shows_the_plan(tmp_path: Path, run: Run) -> None:
    root = copy_project(tmp_path)
    code, _, err = run("publish", "cultural_property", "--project", root, "--dry-run", "--exit-code")
    assert code == 4
    assert "data.csv" in err
    assert "何も書いていません" in err
    _, out, _ = run("publish", "cultural_property", "--project", root, "--dry-run", "--json")
    assert json.loads(out)[0]["action"] == "create"


@pytest.mark.parametrize("seed", ["1", "4242"])
def test_a_build_gives_the_same_bytes_whenever_and_wherever(published: Path, tmp_path: Path, seed: str) -> None:
    root = copy_project(tmp_path)
    environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": "Pacific/Kiritimati", "LC_ALL": "C"}
    done = subprocess.run(
        [sys.executable, "-m", "odkit", "publish", "--project", root],
        capture_output=True,
        check=False,
        env=environment,
    )
    assert done.returncode == 0, done.stderr.decode()
    assert tree(root / "build") == tree(published / "build")


def test_a_stage_at_a_time_makes_the_same_data(published: Path, tmp_path: Path, run: Run) -> None:
    root = copy_project(tmp_path)
    for command in ("package", "rdf"):
        code, _, err = run(command, "public_wireless_lan", "--project", root)
        assert code == 0, err
    code, out, _ = run("push", "public_wireless_lan", "--project", root, "--json")
    assert (code, json.loads(out)[0]["action"]) == (0, "create")
    for name in ("data.csv", "data.ttl", "changes.csv", "issues.csv"):
        one, other = (folder / "build/120006/public_wireless_lan" / name for folder in (root, published))
        assert one.read_bytes() == other.read_bytes()


REAL = {
    "122033_107_public_wireless_lan.csv": ("public_wireless_lan", 45),
    "122033_102_cultural_property.csv": ("cultural_property", 76),
}


@pytest.mark.shared
@pytest.mark.parametrize("name", REAL)
def test_real_files_of_ichikawa_go_the_whole_way(shared: Path, tmp_path: Path, run: Run, name: str) -> None:
    standard, rows = REAL[name]
    shutil.copy(ROOT / "publish.toml", tmp_path)
    folder = tmp_path / "datapackages" / "122033" / standard
    folder.mkdir(parents=True)
    shutil.copy(shared / "real" / "ichikawa" / name, folder)
    declared = f'title = "{standard}"\nstandard = "{standard}"\n[source]\npath = "{name}"\n'
    (folder / "dataset.toml").write_text(declared, encoding="utf-8")
    code, out, err = run("publish", "--project", tmp_path, "--json", "--fail-on", "never")
    assert code == 0, err
    (result,) = json.loads(out)
    assert (result["rows"], result["stage_before"], result["stage_after"]) == (rows, 3, 5)
    built = tmp_path / "build" / "122033" / standard
    assert len(rows_of(built / "data.csv")) == rows
    errors = {(item["行"], item["列名"]) for item in rows_of(built / "issues.csv") if item["重要度"] == "error"}
    report = FrictionlessPackage(str(built / "datapackage.json")).validate()
    found = sum(len(task.errors) for task in report.tasks)
    assert found == len(errors)
