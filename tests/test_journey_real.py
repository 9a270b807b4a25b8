"""Every real file of a standard dataset goes the whole way to a package, and what is wrong in it is named."""

from __future__ import annotations

import csv
import re
import shutil
from pathlib import Path

import pytest
from frictionless import Package as FrictionlessPackage

from odkit.clean import recognise
from odkit.errors import HeldBack
from odkit.model import CleanTable, Package, Severity
from odkit.project import Project, load_project, load_schema
from odkit.publish import build
from odkit.rdf.inspect import check_package
from odkit.read import read_source

pytestmark = pytest.mark.shared

PUBLISH = """
config_version = 1
base_uri = "https://opendata.pref.chiba.lg.jp/id/"

[portals.embedded]
kind = "embedded"
url = "http://127.0.0.1:8710"

[defaults]
licence = "CC-BY-4.0"

[organizations.{code}]
title = "{title}"
"""
DATASET = 'title = "試験"\nstandard = "{standard}"\n\n[source]\npath = "source{suffix}"\n'
STANDARD_FILES = {
    # file: cells that break the schema, each with an issue
    "ichikawa/122033_101_public_facility.csv": 1,
    "ichikawa/122033_102_cultural_property.csv": 0,
    "ichikawa/122033_103_evacuation_space.csv": 17,
    "ichikawa/122033_104_population.csv": 0,
    "ichikawa/122033_105_preschool.csv": 0,
    "ichikawa/122033_106_open_data_list.csv": 0,
    "ichikawa/122033_107_public_wireless_lan.csv": 0,
    "ichikawa/122033_108_aed.csv": 0,
    "ichikawa/122033_109_care_service.csv": 3,
    "ichikawa/122033_201_multipurpose_toilet.csv": 49,
    "ichikawa/122033_209_100_best_landscapes.csv": 100,
    "ichikawa/122033_210_sakura_map.csv": 18,
    "matsuyama/382019_evacuation_space.csv": 390,
}
CHILDMINDERS = ("ichikawa/122033_105_preschool.csv", "takamatsu/data__nursery_school__data.xlsx")
"""Lists with the mobile numbers of people who mind children at home: published by their cities on purpose."""
ALLOWED = '\n[personal]\n"電話番号" = "事業者が公表に同意している"\n'
OWN_LAYOUTS = (
    "takamatsu/data.xlsx",
    "takamatsu/data .xlsx",
    "takamatsu/data.csv",
    "takamatsu/data__public_wireless_lan__data.xlsx",
    "takamatsu/data__tourist_facilities__data.xlsx",
    "takamatsu/data__nursery_school__data.xlsx",
    "takamatsu/0066_202004.xlsx",
    "tokyo/130001_evacuation_area.csv",
)
NO_STANDARD = (
    "bichiku/130001_evacuation_center.csv",
    "ichikawa/122033_202_kohoichikwa.csv",
    "ichikawa/122033_203_book_drop.csv",
    "ichikawa/122033_204_mobile_library.csv",
    "ichikawa/122033_205_polling_place.csv",
    "ichikawa/122033_206_kitaku_konnan.csv",
    "ichikawa/122033_207_well_for_disaster.csv",
    "ichikawa/122033_208_medical_aid_station.csv",
    "ichikawa/122033_211_magokoro_road.csv",
    "ichikawa/122033_212_security_camera.csv",
    "ichikawa/122033_213_park_green_space.csv",
    "takamatsu/0068.xlsx",
    "takamatsu/0084_202104.xlsx",
    "takamatsu/0085_建物用途.xlsx",
    "takamatsu/0091_2025.xlsx",
    "takamatsu/0112.xlsx",
    "takamatsu/data__polling_place_list__data.xlsx",
)


def declared(shared: Path, name: str, root: Path) -> Project:
    """A project with one file of a municipality, as its staff would declare it."""
    with (shared / "real" / "index.csv").open(encoding="utf-8-sig", newline="") as file:
        listed = {row["file"]: row["municipality"].split() for row in csv.DictReader(file)}
    title, code = listed[name]
    source = shared / "real" / name
    folder = root / "datapackages" / code / "own"
    folder.mkdir(parents=True)
    shutil.copy(source, folder / f"source{source.suffix}")
    standard = load_schema(recognise(read_source(source).headings) or "inferred").name
    (root / "publish.toml").write_text(PUBLISH.format(code=code, title=title), encoding="utf-8")
    settled = DATASET.format(standard=standard, suffix=source.suffix) + (ALLOWED if name in CHILDMINDERS else "")
    (folder / "dataset.toml").write_text(settled, encoding="utf-8")
    return load_project(root)


def built(shared: Path, name: str, root: Path) -> Package:
    project = declared(shared, name, root)
    package, _, after = build(project.dataset(project.dataset_ids()[0]), project)
    # A table of no standard has no terms of a common vocabulary, and none are made up.
    assert after.level == (3 if package.spec.standard == "inferred" else 5)
    assert check_package(package, project.base_uri, rows=None) == ()
    return package


def broken_cells(package: Package) -> set[tuple[int, str]]:
    """The cells of data.csv that frictionless refuses, by source row and column."""
    table = package.tables[0]
    report = FrictionlessPackage.from_descriptor("datapackage.json", basepath=str(package.folder)).validate(
        limit_errors=100_000
    )
    assert report.errors == []
    found = [error for task in report.tasks for error in task.errors]
    assert {task.name for task in report.tasks if task.errors} <= {table.name}
    return {(table.row_numbers[error.row_number - 2], error.field_name) for error in found}


def named_cells(table: CleanTable) -> set[tuple[int | None, str]]:
    errors = [issue for issue in table.issues if issue.severity is Severity.ERROR and issue.where.row]
    return {(issue.where.row, issue.where.field) for issue in errors if issue.code != "clean.missing-column"}


def rows_in(package: Package) -> int:
    return len(read_source(package.spec.source).rows)


@pytest.mark.parametrize("name", STANDARD_FILES)
def test_a_file_in_the_national_layout(shared: Path, tmp_path: Path, name: str) -> None:
    package = built(shared, name, tmp_path)
    table = package.tables[0]
    broken = broken_cells(package)
    assert broken == named_cells(table)
    assert len(broken) == STANDARD_FILES[name]
    assert len(table.rows) == rows_in(package)
    assert {match.how for match in table.matches} <= {"exact", "normalised", "alias", "extra", "missing"}


@pytest.mark.parametrize("name", OWN_LAYOUTS)
def test_a_file_in_a_layout_of_its_own(shared: Path, tmp_path: Path, name: str) -> None:
    package = built(shared, name, tmp_path)
    assert broken_cells(package) == named_cells(package.tables[0])
    assert len(package.tables[0].rows) == rows_in(package)


@pytest.mark.parametrize("name", NO_STANDARD)
def test_a_file_that_follows_no_standard(shared: Path, tmp_path: Path, name: str) -> None:
    """It keeps its columns, and frictionless finds nothing against the schema that was found in it."""
    package = built(shared, name, tmp_path)
    table = package.tables[0]
    assert (package.spec.standard, table.schema.kind) == ("inferred", "inferred")
    assert broken_cells(package) == named_cells(table) == set()
    assert len(table.rows) == rows_in(package)
    headings = [re.sub("[\\s\u200b]", "", heading) for heading in read_source(package.spec.source).headings]
    assert [match.name for match in table.matches] == headings
    assert [issue.code for issue in table.issues if issue.code.startswith("clean.") and "standard" in issue.code] in (
        ["clean.no-standard"],
        ["clean.nearest-standard"],
    )


@pytest.mark.parametrize("name", CHILDMINDERS)
def test_mobile_numbers_hold_a_file_back_until_somebody_allows_them(shared: Path, tmp_path: Path, name: str) -> None:
    project = declared(shared, name, tmp_path)
    declaration = next(tmp_path.glob("datapackages/*/*/dataset.toml"))
    declaration.write_text(declaration.read_text(encoding="utf-8").replace(ALLOWED, ""), encoding="utf-8")
    with pytest.raises(HeldBack) as caught:
        build(project.dataset(project.dataset_ids()[0]), project)
    assert '"電話番号" = "…"' in caught.value.text("ja")
    assert not list(tmp_path.glob("build/*/*/*"))
