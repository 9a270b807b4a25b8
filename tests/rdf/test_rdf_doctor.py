"""The doctor of the mappings: every mistake with its line, in the words of the ontology."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest

from odkit.cli import main
from odkit.project import data_file, load_schema
from odkit.rdf.doctor import examine_mappings

ROOT = Path(__file__).resolve().parent.parent.parent
COLUMNS = ("列名", "構造化項目名", "区切り", "追加", "理由")
NAMES = load_schema("public_wireless_lan.v2").names
ROW = ("（行）", "ic:施設型", "", "", "")
BY_NAME = ("（主語）", "{#名称}", "", "", "")


def write(folder: Path, *lines: tuple[str, ...], name: str = "public_wireless_lan.v2") -> Path:
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([COLUMNS, *lines])
    return folder


def rest(*told: str) -> list[tuple[str, ...]]:
    return [(name, "", "", "", "別の機会に") for name in NAMES if name not in told]


def test_the_mappings_that_ship_are_right() -> None:
    (note,) = examine_mappings()
    count = len(list(data_file("vocab", "mapping").glob("*.csv")))
    assert (note.code, str(note.severity), note.facts["count"]) == ("rdf.doctor-mappings", "note", str(count))


@pytest.mark.parametrize(
    ("text", "code", "told"),
    [
        ("列名,構造化項目名,区切り,追加,理由\n（行）,ic:施設型,,,\n".encode("cp932"), "rdf.mapping-encoding", {}),
        ("列名\t構造化項目名\n".encode(), "rdf.mapping-head", {"columns": "列名、構造化項目名、区切り、追加、理由"}),
        ("列名,構造化項目名,追加\n（行）,ic:施設型,\n".encode(), "rdf.mapping-head", {"columns": "区切り、理由"}),
        (b"", "rdf.mapping-head", {"columns": "列名、構造化項目名、区切り、追加、理由"}),
    ],
)
def test_a_file_that_an_office_program_has_changed(
    tmp_path: Path, text: bytes, code: str, told: dict[str, str]
) -> None:
    (tmp_path / "public_wireless_lan.v2.csv").write_bytes(text)
    (issue,) = examine_mappings(tmp_path)
    assert (issue.code, dict(issue.details)) == (code, told)


@pytest.mark.parametrize("template", ["{ID", "ID", "{}", "a{ID}}", ""])
def test_an_address_must_be_made_of_columns(tmp_path: Path, template: str) -> None:
    folder = write(tmp_path, ROW, ("（主語）", template, "", "", ""), *rest())
    (issue,) = examine_mappings(folder)
    assert (issue.code, issue.facts["line"], issue.details["text"]) == ("rdf.mapping-subject", "3", template)


def test_a_bom_and_lines_that_end_early_do_no_harm(tmp_path: Path) -> None:
    lines = [",".join(COLUMNS), "（行）,ic:施設型", "（主語）,{ID}", *(f"{name},,,,別の機会に" for name in NAMES)]
    (tmp_path / "public_wireless_lan.v2.csv").write_text("\r\n".join(lines), encoding="utf-8-sig")
    assert [issue.code for issue in examine_mappings(tmp_path)] == ["rdf.doctor-mappings"]


def test_every_wrong_line_is_named_in_the_words_of_the_ontology(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        ROW,
        ("名称", "ic:施設型>ic:名称>ic:表記", "", "", ""),
        ("緯度", "ic:施設型>ic:緯度", "", "", ""),
        ("経度", "ic:施設型>ic:地理座標", "", "", ""),
        ("ID", "ic:施設型>ic:備考>", "", "", ""),
        ("備考", "ic:施設型>ic:備考[", "", "", ""),
        ("SSID", "", "", "schema:nothing", "項目がない"),
        ("電話番号", "", "", "", ""),
    )
    found = [(issue.code, issue.facts["line"], issue.details.get("term")) for issue in examine_mappings(folder)]
    assert found == [
        ("rdf.mapping-term", "4", "ic:緯度"),
        ("rdf.mapping-range", "5", "ic:地理座標"),
        ("rdf.mapping-range", "6", "ic:備考"),
        ("rdf.mapping-notation", "7", None),
        ("rdf.mapping-extra", "8", "schema:nothing"),
        ("rdf.mapping-reason", "9", None),
    ]
    assert examine_mappings(folder)[0].details["owner"] == "ic:施設型"


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ([], "rdf.mapping-row"),
        ([("（行）", "ic:建造物型", "", "", "")], "rdf.mapping-term"),
        ([ROW, ("（主語）", "{番号}", "", "", ""), *rest()], "rdf.mapping-column"),
        ([ROW, *rest()], "rdf.mapping-subject"),
        ([ROW, BY_NAME, ("緯　度", "", "", "", "写し違い"), *rest()], "rdf.mapping-column"),
        ([ROW, BY_NAME, *rest("SSID")], "rdf.mapping-missing"),
        (
            [ROW, *[("緯度", "ic:施設型>ic:地理座標>ic:緯度", "", "", "")] * 2, *rest("緯度")],
            "rdf.mapping-twice",
        ),
    ],
)
def test_what_concerns_the_whole_file(lines: list[tuple[str, ...]], code: str, tmp_path: Path) -> None:
    assert [issue.code for issue in examine_mappings(write(tmp_path, *lines))] == [code]


def test_a_mapping_of_no_schema(tmp_path: Path) -> None:
    folder = write(tmp_path, ROW, BY_NAME, ("名称", "ic:施設型>ic:名称>ic:表記", "", "", ""), name="mine.v1")
    assert [issue.code for issue in examine_mappings(folder)] == ["project.unknown-standard"]


def test_the_command_tells_of_the_mappings_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copy(ROOT / "publish.toml", tmp_path)
    shutil.copytree(ROOT / "datapackages", tmp_path / "datapackages")
    with pytest.raises(SystemExit):
        main(["doctor", "--project", str(tmp_path), "--json"])
    report = json.loads(capsys.readouterr().out)
    assert report[-1]["mappings"] == "vocab/mapping"
    assert [item["code"] for item in report[-1]["findings"]] == ["rdf.doctor-mappings"]
    with pytest.raises(SystemExit):
        main(["doctor", "--project", str(tmp_path), "--lang", "ja"])
    assert "共通語彙基盤への対応表" in capsys.readouterr().out
