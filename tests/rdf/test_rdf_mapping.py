"""The mappings that ship: every column is mapped or has a reason, every path keeps to the vocabulary."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from odkit.errors import DeclarationError
from odkit.model import DatasetSpec
from odkit.project import current_schema, data_file, load_schema, read_csv, schema_ids, standards
from odkit.rdf.formats import TURTLE, rdf_blocks
from odkit.rdf.mapping import Mapping, find_mapping, load_mapping
from odkit.rdf.notation import NotationError, parse_path
from odkit.rdf.ontology import TermError, imi

FILES = sorted(data_file("vocab", "mapping").glob("*.csv"))
COLUMNS = ("列名", "構造化項目名", "区切り", "追加", "理由")
GOOD = (("（行）", "ic:設備型", "", "", ""), ("名称", "ic:設備型>ic:名称>ic:表記", "", "", ""))


def silent_columns(mapping: Mapping, names: tuple[str, ...]) -> set[str]:
    """The columns that a mapping neither maps nor explains."""
    spoken = {line.column for line in mapping.lines if line.path or line.extras or line.reason}
    return set(names) - spoken


def write_mapping(folder: Path, *lines: tuple[str, ...]) -> Path:
    file = folder / "own.v1.csv"
    with file.open("w", encoding="utf-8", newline="") as opened:
        csv.writer(opened, lineterminator="\n").writerows([COLUMNS, *lines])
    return file


def test_the_vocabulary_is_the_whole_of_imi_2_4_2() -> None:
    ranges = imi().ranges
    assert len(ranges) == 795
    assert len(imi().parents) == 63
    assert Counter(row["max"] for row in read_csv(data_file("vocab", "imi", "properties.csv"))).keys() == {"1", "n"}
    assert ranges["ic:座標型", "ic:緯度"] == "xsd:string"
    assert ranges["ic:場所型", "ic:地理座標"] == "ic:座標型"
    assert ranges["ic:場所型", "ic:地理識別子"] == "ic:ID型"
    assert {owner for owner, _ in ranges} <= set(imi().parents)
    assert {parent for parent in imi().parents.values() if parent} <= set(imi().parents)


def test_every_mapping_has_a_schema_of_a_dataset() -> None:
    own = {"ledger"}  # how odkit writes down what it changed: no data of a government
    assert {file.stem for file in FILES} <= {name for name in schema_ids() if load_schema(name).kind not in own}


def test_every_standard_that_can_be_published_has_a_mapping() -> None:
    current = set(map(current_schema, standards()))
    assert current - {file.stem for file in FILES} == set()


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_column_is_mapped_or_has_a_reason(file: Path) -> None:
    schema = load_schema(file.stem)
    mapping = load_mapping(file)
    assert silent_columns(mapping, schema.names) == set()
    assert mapping.columns == set(schema.names)
    assert find_mapping(file.stem) == mapping


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_column_left_out_of_a_mapping_is_noticed(file: Path, tmp_path: Path) -> None:
    rows = read_csv(file)
    subjects = "".join(row["構造化項目名"] for row in rows if row["列名"] == "（主語）")
    for column in load_schema(file.stem).names:
        if column not in subjects:
            left = [tuple(row[name] for name in COLUMNS) for row in rows if row["列名"] != column]
            mapping = load_mapping(write_mapping(tmp_path, *left))
            assert silent_columns(mapping, load_schema(file.stem).names) == {column}


@pytest.mark.parametrize(
    ("first", "second", "separator"),
    [
        ("ic:施設型>ic:備考", "ic:施設型>ic:備考", ""),
        ("ic:施設型>ic:通称", "ic:施設型>ic:備考", ";"),
        ("ic:施設型>ic:住所>ic:表記", "ic:施設型>ic:住所[二]>ic:表記", ""),
    ],
)
def test_what_may_be_written_once_is_not_written_twice(first: str, second: str, separator: str, tmp_path: Path) -> None:
    row = ("（行）", "ic:施設型", "", "", "")
    with pytest.raises(DeclarationError) as caught:
        load_mapping(write_mapping(tmp_path, row, ("一", first, "", "", ""), ("二", second, separator, "", "")))
    assert (caught.value.code, caught.value.details["line"]) == ("rdf.mapping-twice", "4")


def test_every_bad_path_of_the_official_draft_is_refused_and_no_good_one(shared: Path) -> None:
    """The mapping GIF -> IMI (gif-to-imi): its paths that break the ontology, and all the others."""
    folder = shared / "reference" / "vocabulary"
    bad = {row["imi_path"] for row in read_csv(folder / "gif_mapping_problems.csv")}
    cells = [row["imi_mapping"] for row in read_csv(folder / "gif_core_data_model_imi_mapping.csv")]
    paths = [path.strip() for cell in cells for path in cell.split("|") if path.strip().startswith("ic:")]
    malformed = {path for path in paths if why_not(path) == "notation"}
    refused = {path for path in paths if why_not(path) in {"rdf.mapping-term", "rdf.mapping-range"}}
    assert (len(read_csv(folder / "gif_mapping_problems.csv")), len(paths)) == (44, 348)
    assert refused == bad
    assert malformed == {'ic:人型>ic:住所[ic:種別="住民登録住所"}'}  # a bracket that does not fit: no path at all


def why_not(path: str) -> str:
    """Why the ontology refuses a path; "" where it does not. The draft leaves out the ``>`` of IRIs."""
    try:
        imi().check_steps(parse_path(path))
    except NotationError:
        return "notation"
    except TermError as error:
        return error.code
    return ""


@pytest.mark.parametrize(
    ("path", "code", "term", "owner"),
    [
        ("ic:設備型>ic:住所>ic:表記", "rdf.mapping-term", "ic:住所", "ic:設備型"),
        ("ic:建造物型>ic:名称>ic:表記", "rdf.mapping-term", "ic:建造物型", "IMI 2.4.2"),
        ("ic:施設型>ic:地理識別子>ic:緯度", "rdf.mapping-term", "ic:緯度", "ic:ID型"),
        ('ic:施設型>ic:住所{ic:役割="x"}>ic:表記', "rdf.mapping-term", "ic:役割", "ic:住所型"),
        ("ic:施設型>ic:住所{@ic:座標型}>ic:緯度", "rdf.mapping-range", "ic:座標型", "ic:住所型"),
        ("ic:施設型>ic:画像", "rdf.mapping-range", "ic:画像", "owl:Thing"),
        ("ic:施設型>ic:説明>", "rdf.mapping-range", "ic:説明", "xsd:string"),
        ("ic:施設型>ic:住所", "rdf.mapping-range", "ic:住所", "ic:住所型"),
        ("ic:施設型>ic:説明>ic:表記", "rdf.mapping-range", "ic:説明", "xsd:string"),
    ],
)
def test_paths_that_the_vocabulary_does_not_allow(path: str, code: str, term: str, owner: str) -> None:
    with pytest.raises(TermError) as caught:
        imi().check(parse_path(path))
    assert (caught.value.code, caught.value.term, caught.value.owner) == (code, term, owner)


@pytest.mark.parametrize(
    ("lines", "code", "details"),
    [
        (GOOD[1:], "rdf.mapping-row", {"count": "0"}),
        ((GOOD[0], GOOD[0]), "rdf.mapping-row", {"count": "2"}),
        ((("（行）", "ic:設備", "", "", ""),), "rdf.mapping-term", {"line": "2", "term": "ic:設備"}),
        ((*GOOD, ("備考", "ic:設備型>", "", "", "")), "rdf.mapping-term", {"line": "4", "term": "ic:設備型"}),
        ((*GOOD, ("備考", "ic:施設型>ic:備考", "", "", "")), "rdf.mapping-term", {"line": "4", "term": "ic:施設型"}),
        ((*GOOD, ("備考", "ic:設備型>ic:料金説明", "", "", "")), "rdf.mapping-term", {"term": "ic:料金説明"}),
        ((*GOOD, ("備考", "ic:設備型>ic:画像", "", "", "")), "rdf.mapping-range", {"term": "ic:画像"}),
        ((*GOOD, ("備考", "設備型>備考", "", "", "")), "rdf.mapping-notation", {"line": "4", "position": "1"}),
        ((*GOOD, ("備考", "", "", "rdfs:comment@", "x")), "rdf.mapping-notation", {"line": "4"}),
        ((*GOOD, ("備考", "", "", "rdf2:comment", "x")), "rdf.mapping-extra", {"term": "rdf2:comment"}),
        ((*GOOD, ("備考", "", "", "schema:adress", "x")), "rdf.mapping-extra", {"term": "schema:adress"}),
        ((*GOOD, ("備考", "", "", "schema:url", "x")), "rdf.mapping-extra", {"term": "schema:url"}),
        (
            (*GOOD, ("備考", "", "", "schema:organizer>schema:name", "x")),
            "rdf.mapping-extra",
            {"term": "schema:organizer"},
        ),
        ((*GOOD, ("備考", "", "", "geo:lat^^xsd:decimals", "x")), "rdf.mapping-extra", {"term": "geo:lat"}),
        ((*GOOD, ("備考", "", "", "rdfs:comment", "")), "rdf.mapping-reason", {"line": "4", "column": "備考"}),
        ((*GOOD, ("（主語）", "{通称}", "", "", "")), "rdf.mapping-column", {"column": "通称"}),
    ],
)
def test_a_wrong_mapping_says_what_is_wrong_and_where(
    tmp_path: Path, lines: tuple[tuple[str, ...], ...], code: str, details: dict[str, str]
) -> None:
    with pytest.raises(DeclarationError) as caught:
        load_mapping(write_mapping(tmp_path, *lines))
    assert caught.value.code == code
    assert caught.value.details.items() >= {**details, "file": "own.v1.csv"}.items()
    assert "own.v1.csv" in caught.value.text("ja")
    assert "own.v1.csv" in caught.value.text("en")


def test_a_mapping_of_another_table_is_refused(tmp_path: Path, spec: DatasetSpec) -> None:
    mapping = load_mapping(write_mapping(tmp_path, *GOOD))
    with pytest.raises(DeclarationError) as caught:
        list(rdf_blocks(TURTLE, spec, mapping, ("名前",), "https://opendata.pref.chiba.lg.jp/id/")([("駅",)]))
    assert (caught.value.code, caught.value.details) == (
        "rdf.mapping-column",
        {"file": "own.v1.csv", "column": "名称"},
    )


def test_a_schema_without_a_mapping_has_none() -> None:
    assert find_mapping("changes.v1") is None
