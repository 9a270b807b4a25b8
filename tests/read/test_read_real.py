"""Real municipal files: the right heading and every row. Row counts are those of the files, headings left out."""

from __future__ import annotations

from pathlib import Path

import pytest

from odkit.errors import SourceError
from odkit.read import read_source

pytestmark = pytest.mark.shared

CITY_CSV = {
    "101_public_facility": (342, 56),
    "102_cultural_property": (76, 45),
    "103_evacuation_space": (121, 39),
    "104_population": (237, 46),
    "105_preschool": (384, 53),
    "106_open_data_list": (36, 42),
    "107_public_wireless_lan": (45, 28),
    "108_aed": (191, 39),
    "109_care_service": (53, 36),
    "201_multipurpose_toilet": (49, 39),
    "202_kohoichikwa": (160, 31),
    "203_book_drop": (14, 31),
    "204_mobile_library": (25, 31),
    "205_polling_place": (78, 31),
    "206_kitaku_konnan": (232, 11),
    "207_well_for_disaster": (14, 31),
    "208_medical_aid_station": (6, 31),
    "209_100_best_landscapes": (100, 59),
    "210_sakura_map": (31, 58),
    "211_magokoro_road": (26, 31),
    "212_security_camera": (311, 32),
    "213_park_green_space": (423, 31),
}
OTHERS = {
    "takamatsu/data.xlsx": (51, 16),
    "takamatsu/data .xlsx": (193, 19),
    "takamatsu/data.csv": (169, 33),
    "takamatsu/data__public_wireless_lan__data.xlsx": (3, 19),
    "takamatsu/data__tourist_facilities__data.xlsx": (52, 17),
    "takamatsu/data__polling_place_list__data.xlsx": (70, 10),
    "takamatsu/data__nursery_school__data.xlsx": (118, 18),
    "takamatsu/0066_202004.xlsx": (235, 49),
    "takamatsu/0084_202104.xlsx": (549, 5),
    "takamatsu/0091_2025.xlsx": (12, 8),
    "takamatsu/0068.xlsx": (11, 10),
    "takamatsu/0085_建物用途.xlsx": (244, 25),
    "bichiku/130001_evacuation_center.csv": (2636, 7),
    "matsuyama/382019_evacuation_space.csv": (390, 40),
}


ODD = {
    "takamatsu/0112.xlsx": ((1, 2), 100, 56),
    "tokyo/130001_evacuation_area.csv": ((1,), 2251, 20),
}


def test_every_file_is_stated(shared: Path) -> None:
    folder = shared / "real"
    tables = {path.relative_to(folder).as_posix() for path in folder.glob("*/*") if path.suffix in {".csv", ".xlsx"}}
    assert tables == {f"ichikawa/122033_{name}.csv" for name in CITY_CSV} | set(OTHERS) | set(ODD)


@pytest.mark.parametrize("name", ODD)
def test_odd_files(shared: Path, name: str) -> None:
    table = read_source(shared / "real" / name, name)
    assert (table.header_rows, len(table.rows), len(table.headings)) == ODD[name]


@pytest.mark.parametrize("name", CITY_CSV)
def test_city_csv(shared: Path, name: str) -> None:
    table = read_source(shared / "real" / "ichikawa" / f"122033_{name}.csv", name)
    assert (len(table.rows), len(table.headings)) == CITY_CSV[name]
    assert table.header_rows == (1,)
    assert table.encoding == "cp932"
    assert table.row_numbers == tuple(range(2, len(table.rows) + 2))
    assert (table.preamble, table.notes, table.issues) == ((), (), ())


@pytest.mark.parametrize("name", OTHERS)
def test_other_files(shared: Path, name: str) -> None:
    table = read_source(shared / "real" / name, name)
    assert (len(table.rows), len(table.headings)) == OTHERS[name]
    assert table.header_rows == (1,)
    assert (table.preamble, table.notes, table.issues) == ((), (), ())


def test_wireless_lan_cells(shared: Path) -> None:
    table = read_source(shared / "real" / "ichikawa" / "122033_107_public_wireless_lan.csv")
    assert table.headings[:6] == ("全国地方公共団体コード", "法人番号", "ID", "地方公共団体名", "名称", "名称_カナ")
    assert table.rows[0][:6] == ("122033", "", "", "市川市", "第1庁舎", "ダイ１チョウシャ")


def test_heading_of_two_rows_in_the_second_column(shared: Path) -> None:
    table = read_source(shared / "real" / "takamatsu" / "0112.xlsx")
    assert table.header_rows == (1, 2)
    assert table.first_column == 2
    assert table.headings[:4] == ("回答者ID", "属性／性別", "属性／年代", "属性／住所")
    assert (len(table.rows), len(table.headings)) == (100, 56)
    assert table.rows[0][:8] == ("10001", "", "", "", "6", "", "5", "6")


def test_line_breaks_and_an_empty_second_row(shared: Path) -> None:
    table = read_source(shared / "real" / "tokyo" / "130001_evacuation_area.csv")
    assert table.header_rows == (1,)
    assert table.headings[:2] == ("区市町村\nコード", "区市町村")
    assert (len(table.rows), table.row_numbers[0]) == (2251, 3)
    assert [(item.code, item.where.cell) for item in table.issues] == [("read.blank-row", "2")]


def test_a_timetable_archive_holds_many_tables(shared: Path) -> None:
    with pytest.raises(SourceError) as caught:
        read_source(shared / "real" / "ichikawa" / "122033_401_bus_stop_northeast_gtfs.zip")
    assert caught.value.code == "read.which-table"
    assert '\n    member = "stops.txt"' in caught.value.details["tables"]
