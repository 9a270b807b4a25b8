"""A table that follows no standard goes to a package with the schema that was found in it, and comes back."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from odkit.clean import clean_table
from odkit.cli import main
from odkit.model import Package
from odkit.package import load_package
from odkit.package.check import check_package
from odkit.project import Project, load_project, load_schema
from odkit.publish import build
from odkit.read import read_source

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
"""
ROWS = [
    (f"R6.4.{day}", "０４７－３３４－１１１１", "35.72178", "139.93107", f"{day},000", "〒272-8501")
    for day in range(1, 31)
]
HEADINGS = ("開催\n日", "電話番号", "緯度", "経度", "人数", "予備")


@pytest.fixture(params=["", 'standard = ""\n', 'standard = "inferred"\n'])
def project(request: pytest.FixtureRequest, tmp_path: Path) -> Project:
    """A project whose one dataset follows no standard, declared in each way there is."""
    folder = tmp_path / "datapackages" / "122033" / "meetings"
    folder.mkdir(parents=True)
    with (folder / "会議.csv").open("w", encoding="cp932", newline="") as file:
        csv.writer(file).writerows([HEADINGS, *ROWS])
    declared = f'title = "会議"\n{request.param}[source]\npath = "会議.csv"\n'
    (folder / "dataset.toml").write_text(declared, encoding="utf-8")
    (tmp_path / "publish.toml").write_text(PUBLISH, encoding="utf-8")
    return load_project(tmp_path)


def built(project: Project) -> Package:
    package, before, after = build(project.dataset("122033/meetings"), project)
    assert (before.level, after.level) == (3, 3)
    return package


def test_the_schema_found_is_the_package_s(project: Project) -> None:
    package = built(project)
    assert check_package(package.folder) == ()
    descriptor = json.loads((package.folder / "datapackage.json").read_text(encoding="utf-8"))
    assert descriptor["odkit:standard"] == "inferred"
    (data,) = [entry for entry in descriptor["resources"] if entry["name"] == "data"]
    assert data["title"] == "独自の項目の表"
    assert data["odkit:schema"] == "inferred"
    assert {field["name"]: (field["type"], field["odkit:meaning"]) for field in data["schema"]["fields"]} == {
        "開催日": ("date", "date"),
        "電話番号": ("string", "phone"),
        "緯度": ("number", "latitude"),
        "経度": ("number", "longitude"),
        "人数": ("integer", "integer"),
        "予備": ("string", "text"),
    }
    with (package.folder / "data.csv").open(encoding="utf-8-sig", newline="") as file:
        header, first, *rest = csv.reader(file)
    assert header == ["開催日", "電話番号", "緯度", "経度", "人数", "予備"]
    assert first == ["2024-04-01", "047-334-1111", "35.72178", "139.93107", "1000", "〒272-8501"]
    assert len(rest) == 29


def test_a_built_package_comes_back_with_its_schema(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    package = built(project)
    loaded = load_package(package.spec, package.folder)
    assert loaded.tables[0].schema == package.tables[0].schema
    assert [tuple(row) for row in loaded.tables[0].rows] == [tuple(row) for row in package.tables[0].rows]
    monkeypatch.chdir(project.root)
    with pytest.raises(SystemExit) as ended:
        main(["rdf", "meetings"])
    assert ended.value.code == 0


def test_the_nearest_standard_is_in_the_ledger(project: Project) -> None:
    package = built(project)
    with (package.folder / "issues.csv").open(encoding="utf-8-sig", newline="") as file:
        text = file.read()
    assert text.count("clean.nearest-standard") == 1


def test_a_package_is_the_table_that_odkit_clean_shows(project: Project) -> None:
    package = built(project)
    source = read_source(package.spec.source, "会議.csv")
    table = clean_table(source, load_schema("inferred"), package.spec.publisher)
    assert [tuple(row) for row in table.rows] == [tuple(row) for row in package.tables[0].rows]
    assert table.schema == package.tables[0].schema
