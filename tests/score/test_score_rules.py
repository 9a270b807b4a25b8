"""Every rule against small tables: what it must point at, and what it must leave alone."""

from __future__ import annotations

import io
import json
import re
import zipfile

import pytest

from odkit.cli.verdict import verdict
from odkit.model import Outcome, Score
from odkit.score import Served, next_step, reasons, score_bytes
from odkit.score.checks import CHECKS, ON_TABLES, run
from odkit.score.facts import Facts
from odkit.score.words import check_text

LINES = "名称,住所,人数\nA館,市川市1,10\nB館,市川市2,20\nC館,市川市3,30\n"
PREFIXES = (
    "@prefix s: <http://schema.org/> .\n@prefix dcat: <http://www.w3.org/ns/dcat#> .\n"
    "@prefix owl: <http://www.w3.org/2002/07/owl#> .\n"
)
THING = '<https://data.city.ichikawa.lg.jp/id/1> a s:Place ; s:name "A" .\n'

RDF_XML = (
    "<r:RDF xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://schema.org/'>"
    "<Place r:about='https://a.lg.jp/1'><name>A</name></Place></r:RDF>"
)


def scored(name: str, content: str | bytes, licence: str = "CC BY 4.0") -> Score:
    data = content.encode() if isinstance(content, str) else content
    return score_bytes(name, data, Served(licence=licence))


def found(score: Score) -> dict[str, str]:
    """The checks that are 要修正, each with its places."""
    failed = [check for check in score.checks if check.outcome is Outcome.FAIL]
    return {check.id: " ".join(item.range or item.value for item in check.evidence) for check in failed}


def column(heading: str, values: str) -> str:
    """A table of names and one more column; values are separated by a stroke."""
    rows = "".join(f'施設{number},"{value}"\n' for number, value in enumerate(values.split("|")))
    return f"名称,{heading}\n{rows}"


@pytest.mark.parametrize(
    ("heading", "values", "expected"),
    [
        ("定員", "10名|20名|30名", {"1-3": "R2C2:R4C2"}),
        ("本数", "10本|20本|30", {"1-3": "R2C2:R3C2"}),
        ("年齢", "10歳|20歳|30歳", {"1-3": "R2C2:R4C2"}),
        ("参加者", "約100|約1,200人|300", {"1-3": "R2C2:R3C2"}),
        ("階", "1階|2階|3階", {}),
        ("定員", "10|20|30|40|50|60|70|80|100以上|200人程度", {"1-3": "R10C2:R11C2"}),
        ("定員", "10|20|30|40|50|60|70|80|調査中|未集計", {"1-13": "R10C2:R11C2"}),
        ("定員", "10|20|30|40|50|60|70|80|ー|〇", {"1-13": "R10C2:R11C2"}),
        ("建物", "1|2|3|4|5|6|7|8|3階|2号館", {}),
        ("年齢", "|".join(map(str, range(100))) + "|100以上", {}),
        ("会場", "1号館|2号館|3号館", {}),
        ("氏名", "林　茂|森　進|鈴木　花子", {}),
        ("氏名", "山　田　太　郎|鈴木花子 |林　茂", {"1-5": "R2C2:R3C2"}),
        ("区分", "合　計|男　性|女　性", {"1-5": "R2C2:R4C2"}),
        ("区分", "合 計|総 数|A 館", {"1-5": "R2C2:R3C2"}),
        ("氏 名", "山田太郎|森進|林茂", {"1-5": "R1C2"}),
        ('"人数\n（人）"', "1|2|3", {"1-5": "R1C2"}),
        ("年度", "H29|H30|R1", {"1-11": "C2"}),
        ("型番", "H29|H30|R1", {}),
        ("期間", "平成3年～平成5年|令和元年5月～令和2年", {"1-11": "C2"}),
        ("建築年", "平成3年|昭和52年|不明|1999年", {"1-11": "C2"}),
        ("建築年", "1990年|1991年|1992年|平成5年|" + "|".join(["2000年"] * 30), {}),
        ("建築年", "昭和五十二年|平成元年|明治三十年三月一日", {"1-11": "C2"}),
        ("年代", "昭和五十年代|平成元年代|明治三十年代", {}),
        ("住所", "船橋市|同左|上に同じ|同", {"1-6": "R3C2:R5C2"}),
        ("会館", "平成会館|昭和の森|令和記念館", {}),
        ("令和元年", "1|2|3", {"1-11": "R1C2"}),
        ("令和元年（2019年）", "1|2|3", {}),
        ("緯度,経度", '139.9","35.7|139.8","35.8', {"geo": "R2C2:R3C2"}),
        ("緯度,経度", '35.7","139.9|35.8","139.8', {}),
    ],
)
def test_values(heading: str, values: str, expected: dict[str, str]) -> None:
    assert found(scored("a.csv", column(heading, values))) == expected


@pytest.mark.parametrize(
    ("content", "level", "expected"),
    [
        ("施設一覧,,令和5年4月1日現在\n" + LINES, 2, {"structure": "R1"}),
        ("年,人口,面積\n,人,km2\n2020,1,10.5\n2021,2,10.5\n2022,3,10.5\n", 2, {"header-row": "R1:R2"}),
        ("町,人口,,,世帯\n,男,女,,\n,,,計,\n" + "A,1,2,3,4\n" * 3, 2, {"header-row": "R1:R3"}),
        (LINES + LINES, 2, {"2-2": "R5"}),
        ("町名,担当\nA町,総務課\n,\n施設名,所管,\nA館,福祉課\n", 2, {"2-2": "R4"}),
        ("町名,担当\nA町,総務課\n,\nB町,市民課\n", 3, {"2-1": "R3"}),
        (",\n町名,担当\nA町,総務課\nB町,市民課\n", 3, {"2-1": "R1"}),
        ("\n町名,担当\nA町,総務課\nB町,市民課\n", 3, {}),
        ("町,人口,,施設,面積（m2）\nA,1,,x,3\nB,2,,y,4\n", 2, {"2-2": "R1C4", "2-1": "C3"}),
        ("名称,住所,,緯度,経度\nA,x,,35.7,139.9\nB,y,,35.8,139.8\n", 3, {"2-1": "C3"}),
        ("地区,町,人口\n北,A,1\n,B,2\n,C,3\n南,D,4\n,E,5\n", 3, {"1-6": "R3C1:R4C1 R6C1"}),
        ("愛称,町,人口\n,A,1\n花,B,2\n,C,3\n,D,4\n", 3, {}),
        ("????,???,人数\n1,2,3\n", 2, {"encoding": "R1"}),
        ("404 Not Found\n", 0, {"access": "404 Not Found"}),
        ("404番地の記録\n1\n2\n", 3, {}),
    ],
)
def test_shapes(content: str, level: int, expected: dict[str, str]) -> None:
    score = scored("a.csv", content)
    assert score.level == level
    assert {id_: places for id_, places in found(score).items() if id_ in expected} == expected
    assert expected or not found(score)


@pytest.mark.parametrize(
    ("stated", "level"),
    [
        ("公共データ利用規約第1.0版(PDL1.0)", 3),
        ("クリエイティブ・コモンズ・ライセンス 表示4.0国際", 3),
        ("CC BY 4.0（出典：市川市）", 3),
        ("CC BY-SA 3.0", 3),
        ("https://creativecommons.org/licenses/by/3.0/deed.ja", 3),
        ("other-at", 3),
        ("政府標準利用規約（第1.0版）", None),
        ("営利目的、非営利目的を問わず利用できます", None),
        ("CCライセンス", None),
        ("CC BY（営利利用は禁止）", 0),
        ("非営利目的に限る", 0),
        ("https://creativecommons.org/licenses/by-nc/3.0/", 0),
        ("CC_BY_ND_3.0", 0),
        ("CC BY 4.0、写真はNC", 0),
        ("CC\u2010BY\u20104.0", 3),
        ("CC BY 4.0（営利目的でも利用できます）", 3),
        ("CC BY 4.0（ただし営利目的には利用できません）", 0),
        ("CC BY 4.0、商用利用を除く", 0),
        ("CC BY 4.0 ロゴの改変はご遠慮ください", 0),
        ("All rights reserved", 0),
    ],
)
def test_licences(stated: str, level: int | None) -> None:
    assert scored("a.csv", LINES, stated).level == level


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.ttl", PREFIXES + THING, (4, 4, "turtle")),
        ("a.ttl", PREFIXES + "<https://a.lg.jp/x> a owl:Class ; s:name 'X' .\n", (3, 4, "turtle")),
        ("a.ttl", PREFIXES + "<https://a.lg.jp/d> a dcat:Dataset ; s:name 'X' .\n", (1, 4, "turtle")),
        ("a.ttl", LINES, (3, 3, "csv")),
        ("a.json", LINES, (3, 3, "csv")),
        ("a.json", '"<html><p>x</p></html>"', (1, 3, "json")),
        ("a.jsonld", json.dumps([{"a": 1}, {"a": 2}]), (3, 4, "json-ld")),
        ("a.xml", "<?xml version='1.0' encoding='Shift_JIS'?><r><i>市</i><i/></r>".encode("cp932"), (3, 3, "xml")),
        ("a.xml", "<?xml version='1.0' encoding='none-such'?><r><i/></r>", (1, 3, "xml")),
        ("a.xml", "<Error><Code>NoSuchKey</Code></Error>", (0, 0, "xml")),
        (
            "a.rdf",
            RDF_XML,
            (4, 4, "rdfxml"),
        ),
        ("a.doc", r"{\rtf1\ansi x}", (2, 2, "rtf")),
        ("a.pdf", b"\r\n\r\n%PDF-1.4\n", (1, 1, "pdf")),
        ("a.shp", b"\0\0\x27\x0a" + b"\0" * 96, (2, 2, "shapefile")),
    ],
)
def test_what_the_bytes_are(name: str, content: str | bytes, expected: tuple[int, int, str]) -> None:
    score = scored(name, content)
    assert (score.level, score.format_level, score.format) == expected


@pytest.mark.parametrize(
    ("name", "content", "place", "text"),
    [
        ("a.json", '[\n {"a": 1},\n {"b" 2}\n]', "R3", '{"b" 2}'),
        ("a.json", '[\n {"a": "NaN"},\n {"b": NaN}\n]', "R3", '{"b": NaN}'),
        ("a.json", '[{"a": "' + "x" * 500 + '"} {"b": 2}]', "R1", "x" * 17 + '"} {"b": 2}]'),
        ("a.jsonl", '{"a": 1}\n\n{"a": 2\n{"a": 3}\n', "R3", '{"a": 2'),
        ("a.xml", "<?xml version='1.0' encoding='Shift_JIS'?>\n<r>\n<i>市</r>".encode("cp932"), "R3", "<i>市</r>"),
        ("a.ttl", PREFIXES + THING.replace(" .", "") + THING, "R5", "at line 5"),
        ("a.rdf", RDF_XML.replace("</Place>", ""), "R1", "mismatched tag"),
        ("a.xlsx", b"PK\x03\x04" + b"\0" * 99, "", ""),
    ],
)
def test_where_the_syntax_breaks(name: str, content: str | bytes, place: str, text: str) -> None:
    score = scored(name, content)
    (fault,) = (item for check in score.checks if check.id == "parse" for item in check.evidence)
    assert (score.level, fault.range) == (1, place)
    assert text in fault.value
    for lang in ("ja", "en"):
        said = " ".join((*reasons(score, lang), next_step(score, lang)))
        assert place in said
        assert text in said
        assert "()" not in said.replace("（）", "()")


def test_lost_characters_of_json_with_lines_ended_by_return() -> None:
    score = scored("a.json", '[{"a":"市\ufffd"}\r,{"a":"\ufffd"}]')
    assert (score.level, found(score)) == (2, {"encoding": "R1 R2"})
    assert "CSV" not in score.next_step


@pytest.mark.parametrize(
    ("content", "level", "said"),
    [
        ("{}", 0, "中身"),
        ("null", 0, "中身"),
        ("[]", 3, ""),
        ('{"message": "Missing Authentication Token"}', 0, "Missing"),
        ('{"detail": "Not found.", "status": 404}', 0, "Not found."),
        ('{"message": "夏祭り", "date": "2024-08-01"}', 3, ""),
        ('{"message": [{"a": 1}, {"a": 2}]}', 3, ""),
    ],
)
def test_json_without_data(content: str, level: int, said: str) -> None:
    score = scored("a.json", content)
    assert score.level == level
    assert said in reasons(score, "ja")[0]


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.odt", b"mimetype=text", (2, 2, "odt")),
        ("a.odp", b"mimetype=presentation", (1, 1, "odp")),
        ("a.gpkg", b"SQLite format 3\0" + b"\0" * 52 + b"GPKG" + b"\0" * 99, (3, 3, "gpkg")),
        ("a.db", b"SQLite format 3\0" + b"\0" * 155, (1, 1, "unknown")),
        ("a.parquet", b"PAR1" + b"\x15\x04\0" * 99 + b"PAR1", (3, 3, "parquet")),
        ("a.ics", "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n", (3, 3, "ics")),
        ("a.csv", LINES.encode("utf-32"), (1, 1, "unknown")),
    ],
)
def test_formats_beyond_tables(name: str, content: str | bytes, expected: tuple[int, int, str]) -> None:
    if isinstance(content, bytes) and content.startswith(b"mimetype="):
        content = packed({"mimetype": b"application/vnd.oasis.opendocument." + content[9:], "content.xml": b"<x/>"})
    score = scored(name, content)
    assert (score.level, score.format_level, score.format) == expected
    for lang in ("ja", "en"):
        assert not re.search(
            "Word|PowerPoint|unknown\\)|（unknown", " ".join((next_step(score, lang), *fixes(score, lang)))
        )


def fixes(score: Score, lang: str) -> list[str]:
    return [check_text(check, lang, "fix", score) for check in score.checks if check.outcome is Outcome.FAIL]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", b"\0" * 5000, "csv として保存し直す"),
        ("a.csv", PREFIXES + THING, ".ttl"),
        ("a.xls", "<table><tr><td>a<td>b<tr><td>1<td>2</table>", ".html"),
        ("a.csv", b"\xff\xd8\xff\xe0" + b"\0" * 99, ".jpg"),
    ],
)
def test_a_wrong_ending_is_put_right_by_another(name: str, content: str | bytes, said: str) -> None:
    score = scored(name, content)
    (check,) = (check for check in score.checks if check.id == "format-mismatch")
    assert said in check_text(check, "ja", "fix", score)


def test_a_lock_is_the_one_thing_to_mend() -> None:
    mark = "EncryptedPackage".encode("utf-16-le")
    score = scored("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512 + mark + b"\0" * 512)
    assert (score.level, score.format_level, found(score)) == (1, 2, {"parse": "xlsx"})
    locked = bytearray(packed({"a.txt": b"x", "a.csv": LINES.encode()}))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = -1
        while (start := locked.find(mark, start + 1)) >= 0:
            locked[start + place] |= 1
    score = scored("a.zip", bytes(locked))
    assert (score.level, score.format_level, found(score)) == (1, 3, {"parse": "csv"})
    assert "パスワードを外して保存すると段階 1 → 3" in score.next_step


def packed(files: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


def test_of_many_files_in_a_zip_the_promising_ones_are_looked_at() -> None:
    files = {f"{number}.pdf": b"%PDF-1.4 BT (x) Tj ET" for number in range(30)}
    score = scored("a.zip", packed({**files, "z/data.csv": b"title\n" + LINES.encode()}))
    assert (score.level, score.part, score.resources["z/data.csv"], len(score.resources)) == (2, "z/data.csv", 2, 20)
    assert score.left_out == 11
    assert any("z/data.csv" in line and "このファイル" in line for line in verdict(score, "ja"))
    assert any("11" in line for line in verdict(score, "en"))


@pytest.mark.parametrize("folder", ["", "package/"])
def test_a_package_in_a_zip(folder: str) -> None:
    resources: list[object] = [{"path": "tables/a.csv"}, {"path": ["b.csv"]}, {"path": "../../c.csv"}]
    descriptor = {"licenses": [{"name": "CC-BY-4.0"}], "resources": resources}
    files = {"datapackage.json": json.dumps(descriptor), "tables/a.csv": "title\n" + LINES, "notes.json": '[{"a": 1}]'}
    content = packed({folder + name: text.encode() for name, text in files.items()})
    score = scored("a.zip", content, "")
    assert (score.level, score.format, score.licence) == (2, "csv", "CC-BY-4.0")
    assert scored("a.zip", content, "CC BY-NC 4.0").level == 0


@pytest.mark.parametrize("descriptor", ["{", "[]", '{"resources": [{"path": "gone.csv"}]}'])
def test_a_zip_whose_descriptor_leads_nowhere(descriptor: str) -> None:
    score = scored("a.zip", packed({"datapackage.json": descriptor.encode(), "a.csv": LINES.encode()}))
    assert (score.level, score.resources.get("a.csv", 3)) == (3, 3)


def test_deep_rdf_is_undetermined_and_not_broken() -> None:
    nested = "[ s:x " * 2000 + '"a"' + " ]" * 2000
    score = scored("a.ttl", f"{PREFIXES}<https://a.lg.jp/1> s:x {nested} .\n")
    assert (score.level, score.format_level) == (None, 4)
    assert "深すぎ" in score.next_step or "浅く" in score.next_step


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"<</Type/Font>>\n<</Subtype/Image>>\nstream\nq /I Do Q\nendstream", "scan"),
        (b"<</Type/Font>>\n<</Subtype/Image>>\nstream\nBT (x) Tj ET\nendstream", ""),
        (b"<</Resources<</Font<</F 1 0 R>>>>/Encrypt 2 0 R>>\n<</Subtype/Image>>", ""),
        (b"<</Subtype/Image>>", "scan"),
    ],
)
def test_text_of_a_pdf(content: bytes, expected: str) -> None:
    assert found(scored("a.pdf", b"%PDF-1.4\n" + content)).get("pdf", "") == expected


def zipped(*names: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in names:
            archive.writestr(name, LINES if name.endswith("csv") else b"\0\0\x27\x0a" + b"\0" * 96)
    return made.getvalue()


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("a.shp", "a.dbf", "a.shp.xml"), (2, "shapefile", {})),
        (("a.shp", "a.dbf", "a.csv"), (3, "csv", {"a.csv": 3, "a.zip": 2})),
        (("x/a.shp", "x/a.dbf", "b.csv"), (3, "csv", {"b.csv": 3, "a.zip": 2})),
    ],
)
def test_maps_in_a_zip(names: tuple[str, ...], expected: tuple[int, str, dict[str, int]]) -> None:
    score = scored("a.zip", zipped(*names))
    assert (score.level, score.format, dict(score.resources)) == expected


HTML = "<title>x</title><table><tr><td><table>{}</table></td></tr></table>"
WORD = "<w:document xmlns:w='w'><w:body><w:tbl>{}</w:tbl></w:body></w:document>"


def word(*rows: str) -> bytes:
    """A docx with a table: cells are separated by a stroke; ``^`` goes on from above, ``>`` stretches over two."""

    def cell(text: str) -> str:
        looks = "<w:vMerge/>" if text == "^" else "<w:gridSpan w:val='2'/>" if text.endswith(">") else ""
        return f"<w:tc><w:tcPr>{looks}</w:tcPr><w:p><w:r><w:t>{text.strip('^>')}</w:t></w:r></w:p></w:tc>"

    lines = "".join(f"<w:tr>{''.join(map(cell, row.split('|')))}</w:tr>" for row in rows)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("word/document.xml", WORD.format(lines))
    return made.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.html", "<tr><th>名称<th>人数<tr><td>A<td>1,000人<tr><td>B<td>2,000人", {"1-3": "R2C2:R3C2"}),
        ("a.html", "<tr><th>氏　名<th>年</tr><tr><td> A\n x<br>y<td>2020</tr>", {"1-5": "R1C1"}),
        (
            "a.html",
            "<tr><th>町<th colspan=2>人口<tr><td>A<td>1<td>2<tr><td rowspan=2>B<td>3<td>4<tr><td>5<td>6",
            {"1-4": "R1C2:R1C3 R3C1:R4C1", "1-6": "R1C3"},
        ),
        ("a.html", "<tr><td>x<td colspan=999999 rowspan=9>y<tr><td>z", {}),
        ("a.docx", word("名称|人数", "A|1,000人", "B|2,000人"), {"1-3": "R2C2:R3C2"}),
        ("a.docx", word("町|人口|世帯", "A|1|2", "^|3|4", "^|5|6", "B|7>"), {"1-4": "R2C1:R4C1 R5C2:R5C3"}),
        ("a.docx", word("ただ一つ"), {}),
    ],
)
def test_tables_of_documents(name: str, content: str | bytes, expected: dict[str, str]) -> None:
    score = scored(name, HTML.format(content) if isinstance(content, str) else content)
    places = {id_: place for id_, place in found(score).items() if id_ in ("1-3", "1-4", "1-5", "1-6")}
    assert (score.level, {**places, **expected}) == (2, places)


SHEET = (
    '<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x" xmlns:style="s" xmlns:draw="d">'
    '<style:style style:name="ta2"><style:table-properties table:display="false"/></style:style>'
    '<table:table table:name="一覧"><table:table-column/><table:table-column table:visibility="collapse"/>{}'
    '</table:table><table:table table:name="控え" table:style-name="ta2">{}</table:table></office:document-content>'
)


def test_an_opendocument_sheet_gets_the_checks_of_a_workbook() -> None:
    def row(*cells: str, look: str = "") -> str:
        return f"<table:table-row {look}>{''.join(cells)}</table:table-row>"

    def cell(text: str, look: str = "") -> str:
        return f"<table:table-cell {look}><text:p>{text}</text:p></table:table-cell>"

    text = 'office:value-type="string"'
    rows = [
        row(cell("名称", text), cell("人数", text)),
        row(cell("A", text), cell("1", text)),
        row(cell("B", text), cell("2", text), look='table:visibility="collapse"'),
        row(cell("C", text), cell("3", 'table:formula="of:=1+2"')),
    ]
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", SHEET.format("".join(rows), row(cell("メモ", text), "<draw:frame/>")))
    score = scored("a.ods", made.getvalue())
    assert score.level == 3
    expected = {"1-3": "B2:B3", "1-7": "B4", "hidden": "B:B 3:3 控え", "1-8": "1"}
    assert {id_: place for id_, place in found(score).items() if id_ in expected} == expected


def test_a_column_is_marked_in_its_table_alone() -> None:
    """A title above the table and a note below it are not drawn as part of a faulty column."""
    score = scored("a.csv", "一覧,,\n名称,住所,設置年\nA館,市川市1,平成3年\nB館,市川市2,昭和52年\n※注,,\n")
    sheet = score.sheets[0]
    assert sorted(cell for cell, ids in sheet.marks.items() if "1-11" in ids) == [(2, 3), (3, 3), (4, 3)]


@pytest.mark.parametrize("format_", ["csv", "xls", "turtle", "pdf"])
@pytest.mark.parametrize("structure", ["", "one-string"])
def test_without_a_table_the_checks_on_tables_say_what_each_says_by_itself(format_: str, structure: str) -> None:
    facts = Facts(name="a", size=1, format=format_, declared=format_, structure=structure)
    assert run(facts) == tuple(check(facts) for check in CHECKS)
    assert ON_TABLES.keys() <= set(CHECKS)
