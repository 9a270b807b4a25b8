"""Which stage a file reaches, and why: one small file per rule."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest

from odkit.errors import UsageError
from odkit.model import CriterionResult, Outcome, Score
from odkit.score import score_file

CC_BY = "CC BY 4.0"
TABLE = "名称,住所\nA館,市川市\nB館,船橋市\n"
GRID = "<table><tr><td>名称</td><td>数</td></tr><tr><td>A</td><td>1</td></tr></table>"
PREFIX = "@prefix s: <http://schema.org/> .\n"
LINKED = PREFIX + (
    "<https://opendata.pref.chiba.lg.jp/id/1> a s:Place ; s:name 'A' ;"
    " s:containedInPlace <http://data.e-stat.go.jp/lod/sac/C12203> .\n"
)


def score(tmp_path: Path, name: str, content: str | bytes, licence: str = CC_BY, **served: object) -> Score:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    status, content_type = served.get("status", 200), served.get("content_type", "")
    assert isinstance(status, int)
    return score_file(path, licence, status=status, content_type=str(content_type))


def stages(found: Score) -> tuple[int | None, int | None]:
    return found.level, found.format_level


def check(found: Score, id_: str) -> CriterionResult:
    return next(item for item in found.checks if item.id == id_)


@pytest.mark.parametrize(
    ("licence", "level", "kind"),
    [
        ("CC BY 4.0", 3, ""),
        ("公共データ利用規約（第1.0版）", 3, ""),
        ("CC0", 3, ""),
        ("", 0, "missing"),
        ("notspecified", 0, "missing"),
        ("CC BY-NC 4.0", 0, "not-open"),
        ("CC BY-NC-ND 3.0 日本", 0, "not-open"),
        ("商用利用・改変禁止", 0, "not-open"),
        ("市のホームページの規約による", None, "unknown"),
    ],
)
def test_licence(tmp_path: Path, licence: str, level: int | None, kind: str) -> None:
    found = score(tmp_path, "a.csv", TABLE, licence)
    assert stages(found) == (level, 3)
    assert check(found, "licence").details.get("kind", "") == kind


@pytest.mark.parametrize(
    ("status", "level", "format_level"),
    [(200, 3, 3), (404, 0, 0), (403, 0, 0), (503, None, None), (429, None, None), (0, None, None)],
)
def test_status(tmp_path: Path, status: int, level: int | None, format_level: int | None) -> None:
    assert stages(score(tmp_path, "a.csv", TABLE, status=status)) == (level, format_level)


@pytest.mark.parametrize(
    ("name", "content", "content_type", "level"),
    [
        ("a.csv", "", "", 0),
        ("a.csv", "\ufeff \n", "", 0),
        ("a.csv", ",,\n,,\n", "", 0),
        ("a.csv", "<html><body>お待ちください</body></html>", "", 0),
        ("a.json", "<!DOCTYPE html><html><title>404 Not Found</title></html>", "", 0),
        ("a.csv", f"<html><title>エラー</title>{GRID}</html>", "", 0),
        ("a.csv", f"<html>{GRID}</html>", "application/vnd.ms-excel", 2),
        ("a.html", f"<html>{GRID}</html>", "text/html", 2),
        ("a.html", "<html><p>お知らせ</p></html>", "text/html", 1),
        ("a.csv", TABLE, "text/html", 3),
        ("a.csv", f"<html><form>{GRID}<input type='password'></form></html>", "text/html", 0),
        ("download", f"<html><form>{GRID}<input name=p type=password></form></html>", "text/html", 0),
        ("a.html", f"<html><form><input type=password></form>{GRID}</html>", "text/html", 2),
        ("a.csv", f"<html><title>ログイン | 庁内</title>{GRID}</html>", "", 0),
        ("a.html", f"<html><title>ログイン件数の推移</title>{GRID}</html>", "", 2),
        ("a.csv", f"<html><title>ログイン画面｜庁内ポータル</title>{GRID}</html>", "", 0),
    ],
)
def test_pages_and_nothing(tmp_path: Path, name: str, content: str, content_type: str, level: int) -> None:
    assert score(tmp_path, name, content, content_type=content_type).level == level


@pytest.mark.parametrize(
    ("content", "level", "failing"),
    [
        (TABLE.encode("cp932"), 3, set()),
        (TABLE.encode("utf-8-sig"), 3, set()),
        (TABLE.encode("utf-16"), 3, set()),
        (TABLE.encode("euc_jp"), 3, set()),
        (TABLE.replace("\n", "\r\n").encode(), 3, set()),
        (TABLE.replace(",", "\t").encode(), 3, {"delimiter"}),
        (TABLE.replace(",", "|").encode(), 3, {"delimiter"}),
        (TABLE.encode() + "C館,浦安市\n".encode("cp932"), 2, {"encoding"}),
        (TABLE.encode().decode("cp932", "replace").encode(), 2, {"encoding"}),
        (TABLE.encode().decode("latin-1").encode(), 2, {"encoding"}),
        (TABLE.encode().replace("市川".encode(), b"\x00"), 2, {"encoding"}),
        ('名称,備考\nA館,"閉じない\nB館,x\n'.encode(), 2, {"parse", "1-5"}),
        (("施設一覧\n" + TABLE * 1).encode(), 2, {"structure"}),
        ((TABLE + "※令和5年現在\n").encode(), 2, {"structure"}),
        (b"A,1,2\nB,3,4\nC,5,6\n", 2, {"header-row"}),
        ("市町村,2019,2020\nA,1,2\nB,3,4\n".encode(), 3, set()),
        ("名称\nA館\nB館\n".encode(), 3, set()),
        (("これは施設の一覧です。ご利用ください。\n" * 3).encode(), 2, {"structure"}),
        ("名称,住所\nA館,市川市,\nB館,船橋市,\n".encode(), 2, {"ragged"}),
        ("名称,住所\nA館,市川市\n\nB館,船橋市\n".encode(), 3, {"2-1"}),
    ],
)
def test_csv(tmp_path: Path, content: bytes, level: int, failing: set[str]) -> None:
    found = score(tmp_path, "a.csv", content)
    assert stages(found) == (level, 3)
    assert {item.id for item in found.checks if item.outcome is Outcome.FAIL} == failing


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.json", '[{"a": 1}, {"a": 2}]', (3, 3)),
        ("a.json", '{"result": {"records": [{"a": 1}]}}', (3, 3)),
        ("a.json", '"<table></table>"', (1, 3)),
        ("a.json", '{"html": "<p>text</p>", "date": "2020"}', (1, 3)),
        ("a.json", '{"a": 1}\n{"a": 2}\n', (3, 3)),
        ("a.json", '{"a": 1', (1, 3)),
        ("a.json", '{"error": "not found"}', (0, 0)),
        ("a.json", '{"success": false, "error": {"message": "x"}}', (0, 0)),
        ("a.json", '{"error": null, "result": {"items": [{"a": 1}, {"a": 2}]}}', (3, 3)),
        ("a.json", '{"errors": 0, "total": 3, "kind": "report", "name": "x", "v": 1}', (3, 3)),
        ("a.geojson", '{"type": "FeatureCollection", "features": []}', (3, 3)),
        ("a.xml", "<?xml version='1.0'?><r><i>1</i><i>2</i></r>", (3, 3)),
        ("a.xml", "<?xml version='1.0'?><r>text</r>", (1, 3)),
        ("a.xml", "<?xml version='1.0'?><r><i></r>", (1, 3)),
        ("a.txt", "文章です。\n次の文です。\n", (1, 1)),
        ("a.png", b"\x89PNG\r\n\x1a\n0000", (1, 1)),
        ("a.bin", bytes(range(32)) * 20, (1, 1)),
    ],
)
def test_other_formats(tmp_path: Path, name: str, content: str | bytes, expected: tuple[int, int]) -> None:
    assert stages(score(tmp_path, name, content)) == expected


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.ttl", LINKED, (5, 5)),
        ("a.ttl", LINKED.replace(" s:containedInPlace", " #"), (1, 4)),
        ("a.ttl", PREFIX, (1, 4)),
        ("a.nt", '<https://a.lg.jp/1> <http://schema.org/name> "A" .\n', (4, 4)),
        ("a.nt", '<http://localhost/1> <http://schema.org/name> "A" .\n', (3, 4)),
        ("a.jsonld", json.dumps({"@id": "https://a.lg.jp/1", "http://schema.org/name": "A"}), (4, 4)),
        (
            "a.jsonld",
            json.dumps({"@context": ["https://a.lg.jp/c"], "@id": "https://a.lg.jp/1", "name": "A"}),
            (None, 3),
        ),
    ],
)
def test_rdf(tmp_path: Path, name: str, content: str, expected: tuple[int | None, int]) -> None:
    assert stages(score(tmp_path, name, content)) == expected


def test_links_are_listed_and_only_counted(tmp_path: Path) -> None:
    assert [item.value for item in check(score(tmp_path, "a.ttl", LINKED), "links").evidence] == [
        "http://data.e-stat.go.jp/lod/sac/C12203"
    ]


@pytest.mark.parametrize(
    "space", ["http://imi.ipa.go.jp/ns/core/rdf#", "http://imi.go.jp/ns/core/2#", "http://imi.go.jp/ns/core/210/"]
)
def test_an_old_namespace_is_advice(tmp_path: Path, space: str) -> None:
    table = f'@prefix ic: <{space}> .\n<https://data.city.ichikawa.lg.jp/1> a ic:施設型 ; ic:表記 "市民会館" .\n'
    found = score(tmp_path, "a.ttl", table)
    old = check(found, "old-terms")
    assert (stages(found), old.outcome, old.level) == ((4, 4), Outcome.FAIL, None)
    assert [item.value for item in old.evidence] == [f"{space}施設型", f"{space}表記"]
    today = score(tmp_path, "a.ttl", table.replace(space, "http://imi.go.jp/ns/core/rdf#"))
    assert check(today, "old-terms").outcome is Outcome.PASS


def test_a_binary_workbook(tmp_path: Path) -> None:
    found = score(tmp_path, "台帳.xlsb", zipped(**{"xl/workbook.bin": b"\x83\x01\x00"}))
    assert (found.format, stages(found)) == ("xlsb", (2, 2))
    outcomes = {item: check(found, item).outcome for item in ("format-mismatch", "parse", "1-1", "1-2")}
    assert outcomes == {
        "format-mismatch": Outcome.PASS,
        "parse": Outcome.UNDETERMINED,
        "1-1": Outcome.PASS,
        "1-2": Outcome.UNDETERMINED,
    }


def zipped(**members: str | bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "."), content)
    return target.getvalue()


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (zipped(stops__txt="id,name\n1,A\n2,B\n"), (3, 3)),
        (zipped(data__csv=b"%PDF-1.4 /Font"), (1, 1)),
        (zipped(data__csv="題\n名,数\nA,1\nB,2\n"), (2, 3)),
        (zipped(a__shp=b"\x00\x00\x27\x0a", a__dbf=b"\x03"), (2, 2)),
        (zipped(inner__zip=zipped(data__csv=TABLE)), (1, 1)),
        (zipped(), (0, 0)),
        (zipped(data__csv=TABLE)[:40], (1, 1)),
    ],
)
def test_zip_goes_by_what_is_inside(tmp_path: Path, content: bytes, expected: tuple[int, int]) -> None:
    assert stages(score(tmp_path, "a.zip", content)) == expected


def test_the_same_bytes_give_the_same_score(tmp_path: Path) -> None:
    assert score(tmp_path, "a.csv", TABLE) == score(tmp_path, "a.csv", TABLE)


def test_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as raised:
        score_file(tmp_path / "none.csv", CC_BY)
    assert (raised.value.code, raised.value.details) == ("score.no-file", {"file": "none.csv"})
