"""A small table that odkit wrote is scored by its rows: as its file is, whatever stands in the cells."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from odkit.clean import conform
from odkit.model import Row, Score
from odkit.package.files import write_table
from odkit.project import load_project
from odkit.publish import build
from odkit.read import look_into_xls
from odkit.score import Rules, score_file, score_package
from odkit.score.blob import Blob
from odkit.score.facts import Facts
from odkit.score.gather import Served, gather
from odkit.score.told import Written, told

ROOT = Path(__file__).resolve().parent.parent.parent
HEADS = ("施設名", "住所", "全国地方公共団体コード", "緯度", "電話番号", "BASE", "2020", "??", "<a>", "{", "a,b", '"')
CELLS = (
    *("A館", "市川市八幡1-1", "12", "35.7", "047-334-1111", "", " ", "\u3000", "3人", "同上", "※ 注"),
    *("1\n2", "\n", "\r", "a\r\nb", '"', "a,b", "\ufeff", "\ufffd", "\0", "\x01" * 9, "\x1b$B", "\x1c", "\u2028"),
    *("é", "縺ゅ＞", "蜷咲ｧｰ", "–¼Ì", "崎", "ｱ", "～", "#property", "<https://a.lg.jp/1> <b> <c> ."),
)
GARBLED = "千葉県市川市の公共施設".encode().decode("cp1252", "ignore")
heads = st.sampled_from(HEADS[:5]) | st.sampled_from(HEADS) | st.text(max_size=3)
plain = st.sampled_from(CELLS[:5])
cells = plain | st.sampled_from(CELLS) | st.text(st.characters(codec="utf-8"), max_size=8)


def tables(width: int) -> st.SearchStrategy[tuple[Row, ...]]:
    row = st.tuples(plain, plain, *[cells] * (width - 2)) if width > 1 else st.tuples(*[cells] * width)
    even = st.tuples(*[heads] * width)
    return st.tuples(even, st.lists(row, max_size=6)).map(lambda table: (table[0], *table[1]))


def both(rows: tuple[Row, ...], encoding: str, folder: Path, sidecar: object = None) -> tuple[Facts | None, Facts]:
    path = folder / "data.csv"
    item = write_table(path, rows[0], rows[1:], encoding)
    written = Written(rows=rows, encoding=encoding, size=item.bytes, sha256=item.sha256)
    served = Served(licence="CC-BY-4.0", sidecar=json.dumps(sidecar).encode() if sidecar else b"")
    return told(path.name, written, served, conform), gather(path.name, Blob(path), served, conform)


@given(st.integers(0, 5).flatmap(tables), st.sampled_from(("utf-8-sig", "utf-8-sig", "utf-8")))
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example((("施設名", "住所"), ("A館", "1\n2"), ("12", "12")), "utf-8-sig")
@example((("ID", "name"), ("12", GARBLED), ("12", GARBLED)), "utf-8-sig")
@example((("ID", "name"), ("12", f"{GARBLED}\n{GARBLED}")), "utf-8-sig")
@example((("施設名", "住所"), ("12", "\ufffd"), ("12", "12")), "utf-8-sig")
@example((("施設名", "住所"), ("12", "a"), ("12", "\r")), "utf-8-sig")
@example((("施設名", "住所"), ("12", "a"), ("12", "\x01" * 99)), "utf-8-sig")
@example((("BASE <a>", "<a>"), ("12", "a"), ("12", "b")), "utf-8-sig")
@example((("施設名", "??", "??"), ("12", "a", "b"), ("12", "b", "b")), "utf-8-sig")
@example((("施設名", "住所"), ("12", "\x1b$B"), ("12", "12")), "utf-8")
def test_what_is_told_is_what_the_file_holds(tmp_path: Path, rows: tuple[Row, ...], encoding: str) -> None:
    facts, found = both(rows, encoding, tmp_path)
    assert facts is None or facts == found


@pytest.mark.parametrize("count", [1, 198, 199, 200, 249, 250, 251])
@pytest.mark.parametrize("remark", ["", "北口", "北口\n南口", "a;b;c\nd;e;f", "北口\r南口"])
def test_rows_of_several_lines_are_told_where_the_first_lines_hold_them(
    count: int, remark: str, tmp_path: Path
) -> None:
    rows = (("施設名", "住所", "備考"), *(("A館", str(number), remark) for number in range(count)))
    facts, found = both(rows, "utf-8-sig", tmp_path)
    assert facts is None or facts == found
    lines = 1 + count * (1 + remark.count("\n"))
    is_cut = "\r" in remark or ("\n" in remark and lines > 200)
    assert (facts is None) == (count > 250 or is_cut)


def test_the_addresses_of_rows_are_told_too(tmp_path: Path) -> None:
    rows = (("名称", "ID"), ("A館", "1"), ("B館", "2"))
    columns = [{"titles": "名称", "name": "name", "propertyUrl": "http://schema.org/name"}, {"name": "ID"}]
    schema = {"aboutUrl": "https://a.lg.jp/{ID}", "columns": columns}
    sidecar = {"@context": "http://www.w3.org/ns/csvw", "url": "data.csv", "tableSchema": schema}
    facts, found = both(rows, "utf-8-sig", tmp_path, sidecar)
    assert facts is not None
    assert facts == found
    assert (facts.format, facts.rdf and facts.rdf.instances) == ("csvw", 2)
    assert facts != both(rows, "utf-8-sig", tmp_path, {**sidecar, "url": "other.csv"})[0]


@pytest.mark.parametrize("dataset", ["120006/public_wireless_lan", "122041/aed", "122050/tourism"])
def test_a_build_scores_as_its_files_do(dataset: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copy(ROOT / "publish.toml", tmp_path)
    shutil.copytree(ROOT / "datapackages" / dataset, tmp_path / "datapackages" / dataset)
    project = load_project(tmp_path)
    spec = project.dataset(dataset)
    read: list[Path] = []

    def noted(path: Path, licence: str, *, rules: Rules) -> Score:
        read.append(path)
        return score_file(path, licence, rules=rules)

    monkeypatch.setattr("odkit.score.both.score_file", noted)
    package, before, after = build(spec, project)
    assert read == [spec.source.path]
    rules = Rules(conform=conform, look=look_into_xls, drawn=False)
    assert before == score_file(spec.source.path, spec.licence.id, rules=rules)
    assert after == score_package(package, rules)
    assert after.sheets == ()
    assert len(after.resources) > 1
