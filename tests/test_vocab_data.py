"""The data of schemas/ and vocab/: what every other part takes for granted."""

from __future__ import annotations

import csv
import json
import re
import unicodedata
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from odkit.clean.headings import Claim, Names
from odkit.clean.join import CITY, PREFECTURE
from odkit.project import heading_aliases, load_schema

ROOT = Path(__file__).resolve().parent.parent
SCHEMAS = {path.stem: path for folder in ("recommended", "indicator") for path in (ROOT / "schemas" / folder).iterdir()}
MEANINGS = {
    *("text", "longtext", "name", "kana", "english", "government_name", "id", "enum", "flag", "multi"),
    *("code_municipality", "corporate_number", "phone", "email", "url", "postal_code"),
    *("address", "prefecture", "city", "town", "block", "latitude", "longitude"),
    *("number", "integer", "date", "time", "weekdays"),
}
NATIONAL = {
    # standard: columns of v1 and of v2
    "aed": (22, 39),
    "care_service": (22, 36),
    "hospital": (26, 40),
    "cultural_property": (34, 45),
    "tourism": (30, 58),
    "event": (32, 37),
    "public_wireless_lan": (18, 28),
    "public_toilet": (32, 39),
    "fire_hydrant": (11, 16),
    "evacuation_space": (26, 39),
    "population": (47, 46),
    "public_facility": (24, 56),
    "preschool": (28, 53),
    "open_data_list": (15, 45),
}
JOINED = (PREFECTURE, CITY)
SAC = "http://data.e-stat.go.jp/lod/sac/C"
JISX0402 = "http://imi.go.jp/ns/code_id/code/jisx0402#"


def schema(schema_id: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(SCHEMAS[schema_id].read_text(encoding="utf-8"))
    return found


def names(schema_id: str) -> list[str]:
    return [field["name"] for field in schema(schema_id)["fields"]]


def table(*parts: str) -> list[dict[str, str]]:
    with (ROOT / "vocab").joinpath(*parts).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def check_digit(five: str) -> str:
    total = sum(int(digit) * weight for digit, weight in zip(five, (6, 5, 4, 3, 2), strict=True))
    return str((11 - total % 11) % 10)


def key(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def constraints(field: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = field.get("constraints", {})
    return found


# Schemas


def test_the_schemas_are_these() -> None:
    columns = {name: len(schema(name)["fields"]) for name in SCHEMAS}
    both = {name: (columns.pop(f"{name}.v1"), columns.pop(f"{name}.v2")) for name in NATIONAL}
    assert both == NATIONAL
    assert columns == {
        "food_business_all.v2": 34,
        "school_district.v2": 16,
        "educational_institution.v2": 23,
        "indicators.v1": 13,
        "indicator-values.v1": 8,
        "indicator-progress.v1": 18,
    }


@pytest.mark.parametrize("schema_id", sorted(SCHEMAS))
def test_a_schema_says_what_it_is(schema_id: str) -> None:
    found = schema(schema_id)
    assert f"{found['name']}.{found['odkit:version']}" == schema_id
    assert found["odkit:kind"] == SCHEMAS[schema_id].parent.name
    assert found["missingValues"] == [""]
    assert all(found[name] for name in ("title", "odkit:title_en", "odkit:source"))


@pytest.mark.parametrize("schema_id", sorted(SCHEMAS))
def test_every_field_is_described(schema_id: str) -> None:
    for field in schema(schema_id)["fields"]:
        assert field["description"].endswith("。"), field["name"]
        assert field["description"].count("。") == 1, field["name"]
        assert field["odkit:meaning"] in MEANINGS, field["name"]
        assert field["odkit:requirement"] in {"◎", "○", "任意"}, field["name"]
        assert field["odkit:basis"] in {"source", "inferred", "unknown"}, field["name"]
        assert field["type"] in {"string", "number", "integer", "date"}, field["name"]


@pytest.mark.parametrize("schema_id", sorted(SCHEMAS))
def test_column_names_are_unique_and_the_key_is_made_of_them(schema_id: str) -> None:
    columns = names(schema_id)
    assert len(set(columns)) == len(columns)
    assert set(schema(schema_id).get("primaryKey", ())) <= set(columns)


@pytest.mark.parametrize("schema_id", sorted(SCHEMAS))
def test_only_a_requirement_read_in_a_source_fails_a_file(schema_id: str) -> None:
    for field in schema(schema_id)["fields"]:
        # In a column of flags an empty cell is an answer.
        stated = field["odkit:requirement"] == "◎" and field["odkit:basis"] == "source"
        certain = stated and field["odkit:meaning"] != "flag"
        assert constraints(field).get("required", False) is certain, field["name"]


@pytest.mark.parametrize(
    ("meaning", "good", "bad"),
    [
        ("code_municipality", ["120006", "011002"], ["12000", "1200061", "１２０００６"]),
        ("corporate_number", ["4000020120006"], ["4.00E+12", "400002012000"]),
        ("weekdays", ["月", "火水木金土日"], ["火～日", "毎日"]),
        ("time", ["00:00", "09:00", "23:59:30", "24:00"], ["9:00", "24:01", "09:60", "9時"]),
    ],
)
def test_patterns_take_the_standard_forms_only(meaning: str, good: list[str], bad: list[str]) -> None:
    every = [field for schema_id in SCHEMAS for field in schema(schema_id)["fields"]]
    patterns = {constraints(field)["pattern"] for field in every if field["odkit:meaning"] == meaning}
    for pattern in patterns:
        assert all(re.search(pattern, value) for value in good)
        assert not any(re.search(pattern, value) for value in bad)
    assert patterns


@pytest.mark.parametrize(
    ("value", "fits"),
    [
        ("2020-12-31", True),
        ("2020-12", True),
        ("2020", True),
        ("2018-04-01/2019-03-31", True),
        ("2020年12月", False),
        ("2018-04-01/", False),
        ("FY2018", False),
    ],
)
def test_the_time_of_a_value_is_iso_8601(value: str, *, fits: bool) -> None:
    field = next(item for item in schema("indicator-values.v1")["fields"] if item["name"] == "時点")
    assert bool(re.fullmatch(constraints(field)["pattern"], value)) is fits


def test_the_whole_of_japan_lies_within_the_limits() -> None:
    islands = [(20.4253, 136.0697), (45.5578, 148.7525), (24.2819, 153.9869), (24.4494, 122.9336)]
    for schema_id in ("public_wireless_lan.v2", "cultural_property.v2"):
        limits = {field["name"]: constraints(field) for field in schema(schema_id)["fields"]}
        for latitude, longitude in islands:
            assert limits["緯度"]["minimum"] <= latitude <= limits["緯度"]["maximum"]
            assert limits["経度"]["minimum"] <= longitude <= limits["経度"]["maximum"]


# Headings


def test_every_heading_leads_to_a_column() -> None:
    every = {column for schema_id in SCHEMAS for column in names(schema_id)}
    of_standard = {schema(schema_id)["name"]: set(names(schema_id)) for schema_id in sorted(SCHEMAS)}
    for row in table("headings.csv"):
        assert row["column"] in (of_standard[row["standard"]] if row["standard"] else every | {""}), row
        assert row["basis"] in {"seen", "sample", "usual"}, row


def test_no_heading_has_two_meanings() -> None:
    rows = table("headings.csv")
    assert len({(row["heading"], row["standard"]) for row in rows}) == len(rows)
    meanings: dict[tuple[str, str], str] = {}
    for row in rows:
        assert meanings.setdefault((key(row["heading"]), row["standard"]), row["column"]) == row["column"]


def test_no_heading_hides_a_column_of_the_standard() -> None:
    for schema_id in SCHEMAS:
        known = Names(load_schema(schema_id), {}, heading_aliases(schema(schema_id)["name"]))
        for name in names(schema_id):
            assert known.claim(name) == Claim(1, "exact", name)


def test_every_column_of_the_old_layouts_leads_to_one_of_the_new() -> None:
    left = {}
    for standard in NATIONAL:
        new = load_schema(f"{standard}.v2")
        known = Names(new, {}, heading_aliases(standard))
        left[standard] = {name for name in names(f"{standard}.v1") if not known.claim(name)} - {*JOINED}
    apart = {"tourism": {"バリアフリー情報"}, "public_facility": {"バリアフリー情報"}, "open_data_list": {"登録日"}}
    assert left == {standard: apart.get(standard, set()) for standard in NATIONAL}


def test_the_old_names_lead_to_the_new_ones() -> None:
    known = {row["heading"]: row["column"] for row in table("headings.csv") if not row["standard"]}
    assert known["都道府県コード又は市区町村コード"] == "全国地方公共団体コード"
    assert known["NO"] == "ID"
    assert known["住所"] == "所在地_連結表記"
    assert known["方書"] == "建物名等(方書)"


# Codes


def test_the_municipalities_of_chiba_are_54() -> None:
    kinds = [row["kind"] for row in table("codes", "municipalities.csv")]
    assert {kind: kinds.count(kind) for kind in kinds} == {"県": 1, "政令指定都市": 1, "市": 36, "町": 16, "村": 1}


@pytest.mark.parametrize("file", ["municipalities.csv", "prefectures.csv"])
def test_codes_are_unique_and_their_check_digits_right(file: str) -> None:
    rows = table("codes", file)
    for column in ("code", "name", "name_en", "estat_uri"):
        assert len({row[column] for row in rows}) == len(rows)
    for row in rows:
        assert row["code"] == row["code"][:5] + check_digit(row["code"][:5]), row
        assert row["estat_uri"] == SAC + row["code"][:5]


def test_the_wards_of_chiba_city_are_six() -> None:
    rows = table("codes", "wards.csv")
    assert [row["name"] for row in rows] == ["中央区", "花見川区", "稲毛区", "若葉区", "緑区", "美浜区"]
    assert [row["code"] for row in rows] == [code + check_digit(code) for code in map(str, range(12101, 12107))]
    assert {row["city_code"] for row in rows} == {"121002"}


def test_a_municipality_names_its_prefecture_and_district() -> None:
    for row in table("codes", "municipalities.csv"):
        assert (row["prefecture"], row["prefecture_code"]) == ("千葉県", "120006")
        assert bool(row["district"]) is (row["kind"] in {"町", "村"}), row
        assert row["jisx0402_uri"] == ("" if row["kind"] == "県" else JISX0402 + row["code"][:5])
        assert re.fullmatch("[ぁ-ん]+", row["kana"]), row
        assert row["basis"] in {"confirmed", "pattern"}


def test_the_prefectures_are_47_in_order() -> None:
    rows = table("codes", "prefectures.csv")
    assert [row["code"][:5] for row in rows] == [f"{number:02d}000" for number in range(1, 48)]
    assert [rows[place]["code"] for place in (0, 11, 12, 46)] == ["010006", "120006", "130001", "470007"]


def test_the_eras_follow_each_other() -> None:
    rows = table("codes", "eras.csv")
    starts = [date.fromisoformat(row["start"]) for row in rows]
    assert [row["name"] + row["short"] + row["letter"] for row in rows] == [
        "明治明M",
        "大正大T",
        "昭和昭S",
        "平成平H",
        "令和令R",
    ]
    assert starts == sorted(starts)
    assert [start.year for start in starts] == [int(row["first_year"]) for row in rows]
    assert starts[1:] == [date(1912, 7, 30), date(1926, 12, 25), date(1989, 1, 8), date(2019, 5, 1)]


def test_a_licence_name_means_one_licence() -> None:
    owner: dict[str, str] = {}
    for row in table("codes", "licences.csv"):
        for name in (row["id"], row["title"], row["title_en"], row["url"], *row["aliases"].split(";")):
            if name:
                assert owner.setdefault(key(name), row["id"]) == row["id"], name
    assert owner["cc-by-40-intl"] == owner["cc-by4_0"] == owner["cc by 4.0"] == "CC-BY-4.0"
    assert owner["pdl"] == owner["pdl1.0"] == owner["公共データ利用規約(第1.0版)"] == "PDL-1.0"


def test_licences_that_forbid_trade_or_change_are_not_open() -> None:
    for row in table("codes", "licences.csv"):
        closed = "-NC" in row["id"] or "-ND" in row["id"] or row["id"] == "all-rights-reserved"
        assert row["open"] == ("0" if closed else "1"), row["id"]
        assert row["url"].startswith("https://") or row["id"] == "all-rights-reserved"


def test_formats_have_the_stages_of_the_national_table() -> None:
    rows = table("formats.csv")
    level = {row["format"]: row["level"] for row in rows}
    assert [name for name in level if level[name] == "4"] == ["csvw", "turtle", "n-triples", "rdfxml", "json-ld"]
    assert {level[name] for name in ("pdf", "jpg", "png")} == {"1"}
    assert {level[name] for name in ("xls", "xlsx", "doc", "docx", "html", "shapefile")} == {"2"}
    assert {level[name] for name in ("csv", "tsv", "json", "geojson", "xml", "ods", "gml")} == {"3"}


def test_a_format_has_media_type_and_extensions_of_its_own() -> None:
    rows = table("formats.csv")
    extensions = [name for row in rows for name in row["extensions"].split(";") if name]
    assert len(set(extensions)) == len(extensions)
    assert len({row["format"] for row in rows}) == len({row["media_type"] for row in rows}) == len(rows)
    assert all(re.fullmatch(r"[a-z]+/[a-z0-9.+-]+", row["media_type"]) for row in rows)
    assert all(row["name_ja"] and row["name_en"] for row in rows)


@pytest.mark.parametrize("path", sorted([*(ROOT / "vocab").glob("*.csv"), *(ROOT / "vocab" / "codes").glob("*.csv")]))
def test_tables_are_plain_utf8_without_stray_blanks(path: Path) -> None:
    data = path.read_bytes()
    assert not data.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in data
    assert data.endswith(b"\n")
    for row in csv.reader(data.decode("utf-8").splitlines(), strict=True):
        assert row == [cell.strip() for cell in row]
