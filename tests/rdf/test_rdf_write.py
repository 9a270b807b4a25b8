"""The Turtle that is written: exact text, the same graph as one built by hand with rdflib, any cell, flat memory."""

from __future__ import annotations

import csv
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from hashlib import sha256
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import DCAT, DCTERMS, FOAF, RDF, RDFS, XSD, Graph, Literal, Namespace, URIRef

from odkit.model import DatasetSpec, Package, Row
from odkit.project import current_schema, load_schema, standards
from odkit.rdf import note_unmapped, write_rdf
from odkit.rdf.formats import JSON_LD, N_TRIPLES, RDF_XML, TURTLE, rdf_blocks
from odkit.rdf.mapping import Mapping, find_mapping, load_mapping
from odkit.rdf.parse import parse

BASE = "https://opendata.pref.chiba.lg.jp/id/"
DATASET = BASE + "122033/wifi"
IC, GEO = Namespace("http://imi.go.jp/ns/core/rdf#"), Namespace("http://www.w3.org/2003/01/geo/wgs84_pos#")
SAC = "http://data.e-stat.go.jp/lod/sac/C12203"

COLUMNS = ("ID", "名称", "所在地", "市町村", "緯度", "電話", "開始", "SSID", "URL", "メモ")
LINES = (
    ("列名", "構造化項目名", "区切り", "追加", "理由"),
    ("（行）", "ic:施設型", "", "geo:SpatialThing;dcterms:spatial><http://data.e-stat.go.jp/lod/sac/C{団体}>", ""),
    ("（主語）", "{ID}", "", "", ""),
    ("（主語）", "{#名称+所在地}", "", "", ""),
    ("ID", "ic:施設型>ic:ID>ic:識別値", "", "", ""),
    ("名称", "ic:施設型>ic:名称>ic:表記", "", "rdfs:label@ja", ""),
    ("所在地", "ic:施設型>ic:住所>ic:表記", "", "", ""),
    (
        "市町村",
        "ic:施設型>ic:住所>ic:市区町村コード><http://data.e-stat.go.jp/lod/sac/C{5桁}>",
        "",
        "dcterms:spatial><http://data.e-stat.go.jp/lod/sac/C{5桁}>",
        "",
    ),
    ("緯度", "ic:施設型>ic:地理座標>ic:緯度", "", "geo:lat^^xsd:decimal", ""),
    ("電話", "ic:施設型>ic:連絡先>ic:電話番号", " / ", "", ""),
    ("開始", "ic:施設型>ic:利用可能時間{@ic:定期スケジュール型}>ic:開始時間", "", "", ""),
    ("SSID", 'ic:施設型>ic:記述{ic:種別="SSID"}>ic:説明', ";", "", ""),
    ("URL", "ic:施設型>ic:連絡先>ic:Webサイト>", "", "", ""),
    ("メモ", "", "", "", "書かない"),
)
ROWS: list[Row] = [
    (
        *("W01", '市役所\n"本館"', "千葉県市川市八幡1-1-1", "122033", "35.72", "047-1 / 047-2"),
        *("9:00", "A;B", "https://www.city.ichikawa.lg.jp/ 案内", "x"),
    ),
    ("", "駅", "八幡", "", "北緯35度", "", "09:30", "", "なし", ""),
]
EXPECTED = """\
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix geo: <http://www.w3.org/2003/01/geo/wgs84_pos#> .
@prefix ic: <http://imi.go.jp/ns/core/rdf#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@base <https://opendata.pref.chiba.lg.jp/id/122033/wifi/> .

<https://opendata.pref.chiba.lg.jp/id/122033/wifi> a dcat:Dataset ;
  dcterms:identifier "122033_wifi" ;
  dcterms:title "公衆無線LAN"@ja, "Public wireless LAN"@en ;
  dcterms:description "公衆無線LAN"@ja, "Public wireless LAN"@en ;
  dcterms:license <https://creativecommons.org/licenses/by/4.0/> ;
  dcterms:publisher <https://opendata.pref.chiba.lg.jp/id/122033> ;
  dcterms:spatial <http://data.e-stat.go.jp/lod/sac/C12203> .
<https://opendata.pref.chiba.lg.jp/id/122033> a foaf:Agent, foaf:Organization ;
  dcterms:identifier "122033" ;
  foaf:name "市川市"@ja, "Ichikawa City"@en ;
  foaf:homepage <https://www.city.ichikawa.lg.jp/> .
<http://data.e-stat.go.jp/lod/sac/C12203> a dcterms:Location, ic:コード型 .
<W01> a ic:施設型, geo:SpatialThing ;
  dcterms:isPartOf <https://opendata.pref.chiba.lg.jp/id/122033/wifi> ;
  dcterms:spatial <http://data.e-stat.go.jp/lod/sac/C12203> ;
  rdfs:label "市役所\\n\\"本館\\""@ja ;
  dcterms:spatial <http://data.e-stat.go.jp/lod/sac/C12203> ;
  geo:lat "35.72"^^xsd:decimal ;
  ic:ID <W01#ID> ;
  ic:名称 <W01#名称> ;
  ic:住所 <W01#住所> ;
  ic:地理座標 <W01#地理座標> ;
  ic:連絡先 <W01#連絡先> ;
  ic:記述 <W01#記述-SSID> .
<W01#ID> a ic:ID型 ;
  ic:識別値 "W01" .
<W01#名称> a ic:名称型 ;
  ic:表記 "市役所\\n\\"本館\\"" .
<W01#住所> a ic:住所型 ;
  ic:表記 "千葉県市川市八幡1-1-1" ;
  ic:市区町村コード <http://data.e-stat.go.jp/lod/sac/C12203> .
<W01#地理座標> a ic:座標型 ;
  ic:緯度 "35.72" .
<W01#連絡先> a ic:連絡先型 ;
  ic:電話番号 "047-1"^^ic:電話番号型, "047-2"^^ic:電話番号型 ;
  ic:Webサイト <https://www.city.ichikawa.lg.jp/%20案内> .
<W01#記述-SSID> a ic:記述型 ;
  ic:種別 "SSID" ;
  ic:説明 "A", "B" .
<{hashed}> a ic:施設型, geo:SpatialThing ;
  dcterms:isPartOf <https://opendata.pref.chiba.lg.jp/id/122033/wifi> ;
  dcterms:spatial <http://data.e-stat.go.jp/lod/sac/C12203> ;
  rdfs:label "駅"@ja ;
  ic:名称 <{hashed}#名称> ;
  ic:住所 <{hashed}#住所> ;
  ic:利用可能時間 <{hashed}#利用可能時間> .
<{hashed}#名称> a ic:名称型 ;
  ic:表記 "駅" .
<{hashed}#住所> a ic:住所型 ;
  ic:表記 "八幡" .
<{hashed}#利用可能時間> a ic:定期スケジュール型 ;
  ic:開始時間 "09:30:00"^^xsd:time .
""".replace("{hashed}", sha256("駅\x1f八幡".encode()).hexdigest()[:12])


@pytest.fixture(scope="module")
def mapping(tmp_path_factory: pytest.TempPathFactory) -> Mapping:
    file = tmp_path_factory.mktemp("mapping") / "wifi.v1.csv"
    with file.open("w", encoding="utf-8", newline="") as opened:
        csv.writer(opened).writerows(LINES)
    return load_mapping(file)


def graph_of(text: str) -> Graph:
    return Graph().parse(data=text.encode(), format="turtle")


def run_python(program: str, seed: str) -> bytes:
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONUTF8": "1"}
    root = Path(__file__).parent.parent.parent
    command = [sys.executable, "-c", program]
    return subprocess.run(command, env=environment, cwd=root, capture_output=True, check=True).stdout


def by_hand() -> Graph:
    """The first row as rdflib would hold it, from the cells, without a line of the writer."""
    graph, subject = Graph(), f"{DATASET}/W01"
    nodes: dict[str, tuple[str, list[tuple[URIRef, Literal | URIRef]]]] = {
        "ID": ("ID型", [(IC.識別値, Literal("W01"))]),
        "名称": ("名称型", [(IC.表記, Literal('市役所\n"本館"'))]),
        "住所": ("住所型", [(IC.表記, Literal("千葉県市川市八幡1-1-1")), (IC.市区町村コード, URIRef(SAC))]),
        "地理座標": ("座標型", [(IC.緯度, Literal("35.72"))]),
        "連絡先": (
            "連絡先型",
            [
                *((IC.電話番号, Literal(phone, datatype=IC.電話番号型)) for phone in ("047-1", "047-2")),
                (IC.Webサイト, URIRef("https://www.city.ichikawa.lg.jp/%20案内")),
            ],
        ),
        "記述-SSID": (
            "記述型",
            [(IC.種別, Literal("SSID")), (IC.説明, Literal("A")), (IC.説明, Literal("B"))],
        ),
    }
    for name, (kind, facts) in nodes.items():
        node = URIRef(f"{subject}#{name}")
        graph.add((URIRef(subject), IC[name.split("-")[0]], node))
        graph.add((node, RDF.type, IC[kind]))
        for predicate, value in facts:
            graph.add((node, predicate, value))
    for predicate, value in (
        (RDF.type, IC.施設型),
        (RDF.type, GEO.SpatialThing),
        (DCTERMS.isPartOf, URIRef(DATASET)),
        (DCTERMS.spatial, URIRef(SAC)),
        (RDFS.label, Literal('市役所\n"本館"', lang="ja")),
        (GEO.lat, Literal("35.72", datatype=XSD.decimal)),
    ):
        graph.add((URIRef(subject), predicate, value))
    return graph


def about_dataset() -> Graph:
    graph, publisher = Graph(), URIRef(BASE + "122033")
    for subject, predicate, value in (
        (URIRef(DATASET), RDF.type, DCAT.Dataset),
        (URIRef(DATASET), DCTERMS.identifier, Literal("122033_wifi")),
        (URIRef(DATASET), DCTERMS.title, Literal("公衆無線LAN", lang="ja")),
        (URIRef(DATASET), DCTERMS.title, Literal("Public wireless LAN", lang="en")),
        (URIRef(DATASET), DCTERMS.description, Literal("公衆無線LAN", lang="ja")),
        (URIRef(DATASET), DCTERMS.description, Literal("Public wireless LAN", lang="en")),
        (URIRef(DATASET), DCTERMS.license, URIRef("https://creativecommons.org/licenses/by/4.0/")),
        (URIRef(DATASET), DCTERMS.publisher, publisher),
        (URIRef(DATASET), DCTERMS.spatial, URIRef(SAC)),
        (publisher, RDF.type, FOAF.Agent),
        (publisher, RDF.type, FOAF.Organization),
        (publisher, DCTERMS.identifier, Literal("122033")),
        (publisher, FOAF.name, Literal("市川市", lang="ja")),
        (publisher, FOAF.name, Literal("Ichikawa City", lang="en")),
        (publisher, FOAF.homepage, URIRef("https://www.city.ichikawa.lg.jp/")),
        (URIRef(SAC), RDF.type, DCTERMS.Location),
        (URIRef(SAC), RDF.type, URIRef(IC + "コード型")),
    ):
        graph.add((subject, predicate, value))
    return graph


def test_a_table_reads_exactly_like_this(mapping: Mapping, spec: DatasetSpec) -> None:
    assert b"".join(rdf_blocks(TURTLE, spec, mapping, COLUMNS, BASE)(ROWS)).decode() == EXPECTED


def test_the_graph_is_the_one_built_by_hand(mapping: Mapping, spec: DatasetSpec) -> None:
    written = graph_of(b"".join(rdf_blocks(TURTLE, spec, mapping, COLUMNS, BASE.rstrip("/"))(ROWS[:1])).decode())
    wanted = by_hand() + about_dataset()
    missing, added = wanted - written, written - wanted
    assert (missing.serialize(), added.serialize()) == (Graph().serialize(), Graph().serialize())


@settings(deadline=None)
@given(st.lists(st.tuples(*[st.text(max_size=12)] * len(COLUMNS)), max_size=4))
def test_any_cells_keep_their_text_and_make_the_same_graph_in_every_syntax(
    mapping: Mapping, spec: DatasetSpec, rows: list[Row]
) -> None:
    graph, lines, objects, xml = (
        parse(b"".join(rdf_blocks(kind, spec, mapping, COLUMNS, BASE)(rows)), syntax)[0]
        for kind, syntax in ((TURTLE, "turtle"), (N_TRIPLES, "nt"), (JSON_LD, "json-ld"), (RDF_XML, "xml"))
    )
    assert set(graph) == set(lines) == set(objects)
    if not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "".join(cell for row in rows for cell in row)):
        assert set(graph) == set(xml)
    things = set(graph.subjects(DCTERMS.isPartOf, URIRef(DATASET)))
    assert len(things) == len(rows)
    assert sorted(str(name) for name in graph.objects(None, RDFS.label)) == sorted(row[1] for row in rows if row[1])


def test_rows_are_taken_one_by_one(mapping: Mapping, spec: DatasetSpec) -> None:
    taken = 0

    def endless() -> Iterator[Row]:
        nonlocal taken
        while True:
            taken += 1
            yield (f"W{taken}", *ROWS[0][1:])

    blocks = list(islice(rdf_blocks(TURTLE, spec, mapping, COLUMNS, BASE)(endless()), 101))
    assert taken == 100
    assert blocks[100].startswith("<W100> a ic:施設型".encode())


def test_a_package_gets_a_file_beside_its_table(
    make_package: Callable[[str, list[Row]], Package], tmp_path: Path
) -> None:
    names = load_schema("public_wireless_lan.v2").names
    cells = {"ID": "W01", "名称": "市役所", "所在地_連結表記": "市川市八幡", "全国地方公共団体コード": "122033"}
    package = make_package("public_wireless_lan.v2", [tuple(cells.get(name, "") for name in names)])
    resource, *others = write_rdf(package, BASE)
    assert [item.path for item in others] == ["data.jsonld", "vocabulary.ttl", "dcat.ttl"]
    data = (tmp_path / "data.ttl").read_bytes()
    assert (resource.key, resource.path, resource.format) == ("data-rdf", "data.ttl", "TTL")
    assert (resource.title, resource.media_type) == ("RDF（Turtle、共通語彙基盤）", "text/turtle")
    assert (resource.bytes, resource.sha256, resource.rows) == (len(data), sha256(data).hexdigest(), None)
    assert set(graph_of(data.decode()).objects(URIRef(f"{DATASET}/W01"), DCTERMS.spatial)) == {URIRef(SAC)}


def test_a_column_beside_the_standard_stays_out_of_the_rdf(
    make_package: Callable[[str, list[Row]], Package], tmp_path: Path
) -> None:
    names = load_schema("public_wireless_lan.v2").names
    row = tuple({"ID": "W01", "名称": "市役所"}.get(name, "") for name in names)
    written = []
    for cells in (row, (*row, "内部メモ")):
        package = make_package("public_wireless_lan.v2", [cells])
        write_rdf(package, BASE)
        written.append((tmp_path / "data.ttl").read_bytes())
        assert [issue.code for issue in note_unmapped(package.tables[0]).issues] == []
    assert written[0] == written[1]


def test_a_table_without_a_mapping_is_passed_over_and_named(make_package: Callable[[str, list[Row]], Package]) -> None:
    package = make_package("changes.v1", [])
    assert write_rdf(package, BASE) == ()
    assert list(package.folder.iterdir()) == []
    (note,) = note_unmapped(package.tables[0]).issues
    assert (note.code, str(note.severity), note.where.file) == ("rdf.no-mapping", "note", "wifi.csv")
    assert note.details["schema"] == "changes.v1"


def test_the_same_bytes_whatever_the_hash_seed(spec: DatasetSpec) -> None:
    program = f"""
from pathlib import *
from odkit.decisions import *
from odkit.model import *
from odkit.project import load_schema
from odkit.rdf.mapping import find_mapping
from odkit.rdf.formats import TURTLE, rdf_blocks
names = load_schema("cultural_property.v2").names
rows = [tuple(f"{{name}}{{number}};b" for name in names) for number in range(9)]
print(b"".join(rdf_blocks(TURTLE, {spec!r}, find_mapping("cultural_property.v2"), names, {BASE!r})(rows)).decode())
"""
    outputs = {run_python(program, seed) for seed in ("1", "2")}
    assert len(outputs) == 1
    assert b"dcterms:isPartOf" in outputs.pop()


WITH_OWNER = sorted(
    schema for schema in map(current_schema, standards()) if "全国地方公共団体コード" in load_schema(schema).names
)


@pytest.mark.parametrize("schema", WITH_OWNER)
def test_every_row_of_the_shipped_mappings_links_to_its_area(schema: str, spec: DatasetSpec) -> None:
    found, names = find_mapping(schema), load_schema(schema).names
    assert found
    row = tuple("122033" if name == "全国地方公共団体コード" else f"{name} の値" for name in names)
    graph = graph_of(b"".join(rdf_blocks(TURTLE, spec, found, names, BASE)([row])).decode())
    (thing,) = graph.subjects(DCTERMS.isPartOf, URIRef(DATASET))
    assert set(graph.objects(thing, DCTERMS.spatial)) == {URIRef(SAC)}
    assert not [node for triple in graph for node in triple if str(node).startswith("_:")]


def test_a_value_of_an_indicator_links_to_the_indicator(spec: DatasetSpec) -> None:
    found, names = find_mapping("indicator-values.v1"), load_schema("indicator-values.v1").names
    assert found
    row: Row = ("1-01", "基準値", "1", "140", "人", "2019", "", "140人")
    graph = graph_of(b"".join(rdf_blocks(TURTLE, spec, found, names, BASE)([row])).decode())
    value = URIRef(f"{DATASET}/1-01/基準値/1")
    assert graph.value(value, DCTERMS.subject) == URIRef(f"{DATASET}/1-01")
    assert graph.value(value, IC.数値) == Literal("140", datatype=XSD.decimal)
