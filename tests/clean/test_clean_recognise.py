"""Which standard and version a table follows, by its headings."""

from __future__ import annotations

import ast
import csv
from pathlib import Path

import pytest

from odkit.clean import recognise
from odkit.clean.recognise import version_of
from odkit.project import load_schema, schema_ids
from odkit.read import read_source

RECOMMENDED = [item for item in schema_ids() if load_schema(item).kind == "recommended"]
REAL = {
    "ichikawa/122033_101_public_facility.csv": "public_facility.v2",
    "ichikawa/122033_102_cultural_property.csv": "cultural_property.v2",
    "ichikawa/122033_103_evacuation_space.csv": "evacuation_space.v2",
    "ichikawa/122033_104_population.csv": "population.v2",
    "ichikawa/122033_105_preschool.csv": "preschool.v2",
    "ichikawa/122033_106_open_data_list.csv": "open_data_list.v2",
    "ichikawa/122033_107_public_wireless_lan.csv": "public_wireless_lan.v2",
    "ichikawa/122033_108_aed.csv": "aed.v2",
    "ichikawa/122033_109_care_service.csv": "care_service.v2",
    "ichikawa/122033_201_multipurpose_toilet.csv": "public_toilet.v2",
    "ichikawa/122033_209_100_best_landscapes.csv": "tourism.v2",
    "ichikawa/122033_210_sakura_map.csv": "tourism.v2",
    "matsuyama/382019_evacuation_space.csv": "evacuation_space.v2",
    # Layouts of their own, nearest to these:
    "takamatsu/data.xlsx": "event.v2",
    "takamatsu/data .xlsx": "evacuation_space.v2",
    "takamatsu/data.csv": "public_toilet.v2",
    "takamatsu/data__public_wireless_lan__data.xlsx": "public_wireless_lan.v2",
    "takamatsu/data__tourist_facilities__data.xlsx": "tourism.v2",
    "takamatsu/data__nursery_school__data.xlsx": "preschool.v2",
    "takamatsu/0066_202004.xlsx": "population.v2",
    "tokyo/130001_evacuation_area.csv": "evacuation_space.v2",
    # The common columns alone, and sheets whose national columns are not known:
    "ichikawa/122033_202_kohoichikwa.csv": "",
    "ichikawa/122033_203_book_drop.csv": "",
    "ichikawa/122033_204_mobile_library.csv": "",
    "ichikawa/122033_205_polling_place.csv": "",
    "ichikawa/122033_206_kitaku_konnan.csv": "",
    "ichikawa/122033_207_well_for_disaster.csv": "",
    "ichikawa/122033_208_medical_aid_station.csv": "",
    "ichikawa/122033_211_magokoro_road.csv": "",
    "ichikawa/122033_212_security_camera.csv": "",
    "ichikawa/122033_213_park_green_space.csv": "",
    "takamatsu/data__polling_place_list__data.xlsx": "",
    "takamatsu/0068.xlsx": "",
    "takamatsu/0084_202104.xlsx": "",
    "takamatsu/0085_建物用途.xlsx": "",
    "takamatsu/0091_2025.xlsx": "",
    "takamatsu/0112.xlsx": "",
    "bichiku/130001_evacuation_center.csv": "",
}


UNVERSIONED = ("educational_institution.v2", "school_district.v2")
"""Layouts without the columns that tell v1 from v2."""


@pytest.mark.parametrize("schema_id", RECOMMENDED)
def test_a_standard_s_own_headings_are_recognised(schema_id: str) -> None:
    names = load_schema(schema_id).names
    assert recognise(names) == schema_id
    assert version_of(names) == ("" if schema_id in UNVERSIONED else schema_id.rpartition(".")[2])
    assert recognise([*names, "担当課", "内部メモ"]) == schema_id


@pytest.mark.parametrize(
    ("headings", "version"),
    [
        (["全国地方公共団体コード", "名称"], "v2"),
        (["所在地＿連結表記"], "v2"),
        (["都道府県コ―ド又は市区町村コ―ド"], "v1"),
        (["ＮＯ", "住所"], "v1"),
        (["NO", "住所", "所在地_連結表記"], "v2"),
        (["NO"], ""),
        (["住所"], ""),
        ([], ""),
    ],
)
def test_the_signs_of_a_version(headings: list[str], version: str) -> None:
    assert version_of(headings) == version


@pytest.mark.parametrize(
    "headings",
    [
        [],
        ["", " "],
        ["名称", "緯度", "経度"],
        ["あ", "い"],
        ["全国地方公共団体コード", "ID", "名称"],
        # Standards with names of their own for these columns have no better claim to them.
        ["公園名", "郵便番号", "緯度", "経度", "電話番号"],
        ["施設名称", "住所", "電話番号", "緯度", "経度"],
        ["NO", "分類", "施設名", "URL", "備考"],
    ],
)
def test_common_headings_decide_nothing(headings: list[str]) -> None:
    assert recognise(headings) == ""


def test_a_part_of_a_layout_is_enough_where_it_is_its_own() -> None:
    assert (
        recognise(["全国地方公共団体コード", "名称", "所在地_連結表記", "SSID", "提供エリア"])
        == "public_wireless_lan.v2"
    )
    assert recognise(["NO", "名称", "住所", "SSID", "設置者"]) == "public_wireless_lan.v1"


@pytest.mark.shared
def test_every_real_file_has_its_standard_and_version(shared: Path) -> None:
    listed = read_rows(shared / "real" / "index.csv", ",")
    assert {row["file"] for row in listed if row["encoding"] != "zip"} == set(REAL)
    found = {name: recognise(read_source(shared / "real" / name, name).headings) for name in REAL}
    assert found == REAL


@pytest.mark.shared
def test_the_headings_of_the_33_files_compared(shared: Path) -> None:
    for row in read_rows(shared / "reference" / "datasets" / "header_check.tsv", "\t"):
        schema_id = f"{row['id']}.{row['version']}"
        missing = ast.literal_eval(row["missing"])
        headings = [name for name in load_schema(schema_id).names if name not in missing]
        headings += ast.literal_eval(row["extra"])
        headings += [f"列{number}" for number in range(int(row["cols_file"]) - len(headings))]
        assert recognise(headings) == schema_id, row["file"]


def read_rows(path: Path, delimiter: str) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))
