"""The checker: shapes as checked in, every mapping without a finding, and the mistakes of others found."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from rdflib import DCAT, DCTERMS, RDF, Graph, URIRef

from odkit.model import DatasetSpec, Package, TableSchema
from odkit.project import data_file, load_schema, read_csv, standards
from odkit.rdf.authority import publisher_type
from odkit.rdf.check import check_graph
from odkit.rdf.formats import TURTLE, rdf_blocks, thing_blocks
from odkit.rdf.inspect import check_package
from odkit.rdf.mapping import find_mapping
from odkit.rdf.ontology import prefixes
from odkit.rdf.record import catalogue, package_record
from odkit.rdf.shapes import dcat_shapes, imi_shapes
from odkit.rdf.terms import expand
from odkit.rdf.write import write_rdf

BASE = "https://opendata.pref.chiba.lg.jp/id/"
SCHEMAS = sorted(file.stem for file in data_file("vocab", "mapping").glob("*.csv"))
PREFIXES = """
@prefix ic: <http://imi.go.jp/ns/core/rdf#> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix old: <http://imi.ipa.go.jp/ns/core/rdf#> .
@prefix : <https://a.jp/> .
"""
VALUES = {
    "code_municipality": "122033",
    "corporate_number": "8000020130001",
    "latitude": "35.72",
    "longitude": "139.93",
    "phone": "(047)712-8569",
    "date": "2024-04-01",
    "time": "09:00",
    "integer": "3",
    "number": "3",
    "url": "https://www.city.ichikawa.lg.jp/a",
    "email": "a@city.ichikawa.lg.jp",
    "flag": "1",
    "id": "A-1",
}


def full_row(schema: TableSchema) -> tuple[str, ...]:
    """A row with a good value in every column."""
    return tuple((*field.enum, VALUES.get(field.meaning, f"{field.name}の値"))[0] for field in schema.fields)


def graph_of(text: str) -> Graph:
    return Graph().parse(data=(PREFIXES + text).encode(), format="turtle")


@pytest.mark.parametrize(("name", "text"), [("imi", imi_shapes()), ("dcat", dcat_shapes())])
def test_the_shapes_are_what_the_generator_makes(name: str, text: str) -> None:
    assert data_file("vocab", "shapes", f"{name}.ttl").read_text(encoding="utf-8") == text


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_full_row_of_every_mapping_has_no_finding(name: str, spec: DatasetSpec) -> None:
    schema, mapping = load_schema(name), find_mapping(name)
    assert mapping
    data = b"".join(rdf_blocks(TURTLE, spec, mapping, schema.names, BASE)([full_row(schema)]))
    graph = Graph().parse(data=data, format="turtle")
    assert check_graph(graph) == ()
    assert len(graph) > 2 * len(schema.fields) // 3


@pytest.mark.parametrize(
    ("text", "rule", "term"),
    [
        (":1 a ic:座標型 ; ic:経度 '139.9', '139.8' .", "shape", "ic:経度"),
        (":1 a ic:連絡先型 ; ic:電話番号 '０４７-712-8569'^^ic:電話番号型 .", "shape", "ic:電話番号"),
        (":1 a ic:施設型 ; ic:住所 :2 . :2 a ic:座標型 ; ic:緯度 '35' .", "shape", "ic:住所"),
        (":1 a ic:施設型 ; ic:住所 '市川市' .", "shape", "ic:住所"),
        # as openpark.jp writes parks: coordinates under 地理識別子
        (":1 a ic:施設型 ; ic:地理識別子 :1g . :1g a ic:座標型 ; ic:緯度 '35' .", "shape", "ic:地理識別子"),
        (":1 a ic:定期スケジュール型 ; ic:開始時間 '09:00' .", "shape", "ic:開始時間"),
        (":1 a ic:施設型 ; ic:画像 'https://a.jp/1.jpg' .", "shape", "ic:画像"),
        (":1 a ic:設備型 ; ic:住所 :2 . :2 a ic:住所型 ; ic:表記 '市川市' .", "wrong-class", "ic:住所"),
        (":1 a ic:施設型 ; ic:料金説明 '無料' .", "unknown-term", "ic:料金説明"),
        (":1 a ic:建造物型 .", "unknown-term", "ic:建造物型"),
        (":1 a old:施設型 .", "old-namespace", "http://imi.ipa.go.jp/ns/core/rdf#施設型"),
        (":1 <http://imi.go.jp/ns/core/2#表記> 'x' .", "old-namespace", "http://imi.go.jp/ns/core/2#表記"),
        (":1 a dcat:Distribution .", "shape", "http://www.w3.org/ns/dcat#accessURL"),
    ],
)
def test_what_is_wrong_is_found(text: str, rule: str, term: str) -> None:
    found = check_graph(graph_of(text))
    assert {(item.rule, item.term) for item in found} == {(rule, term)}


def test_what_is_right_is_left_alone() -> None:
    text = """
    :1 a ic:施設型 ; ic:名称 :1n ; ic:住所 <https://uedayou.net/loa/千葉県市川市> ; ic:画像 <https://a.jp/1.jpg> .
    :1n a ic:名称型 ; ic:表記 '市役所'@ja, '市川市役所' ."""
    assert check_graph(graph_of(text)) == ()


def test_the_record_and_the_catalogue_are_as_dcat_ap_wants_them(package: Package) -> None:
    resources = write_rdf(package, BASE)
    record = [*package_record(package, resources, BASE), *catalogue([package], package.spec.publisher, BASE)]
    graph = Graph().parse(data=b"".join(thing_blocks(record, BASE)), format="turtle")
    assert check_graph(graph) == ()
    assert undescribed(graph) == []
    kinds = Counter(str(kind).rpartition("#")[2].rpartition("/")[2] for kind in graph.objects(None, None))
    assert kinds["Distribution"] == len(resources)
    for needed in ("accessURL", "title", "description"):
        left = Graph()
        for triple in graph:
            if not str(triple[1]).endswith(needed):
                left.add(triple)
        assert {item.term.rpartition("/")[2].rpartition("#")[2] for item in check_graph(left)} == {needed}


def undescribed(graph: Graph) -> list[tuple[str, str]]:
    """What the record points to without saying of which class it is: DCAT-AP's own shapes refuse that."""
    spaces = prefixes()
    return [
        (row["property"], str(value))
        for row in read_csv(data_file("vocab", "shapes", "dcat.csv"))
        if row["kind"] == "class"
        for subject in graph.subjects(RDF.type, URIRef(expand(row["class"], spaces)))
        for value in graph.objects(subject, URIRef(expand(row["property"], spaces)))
        if (value, RDF.type, URIRef(expand(row["value"], spaces))) not in graph
    ]


def test_the_record_says_what_dcat_ap_recommends_and_the_declarations_tell(package: Package) -> None:
    publisher = replace(package.spec.publisher, contact_name="デジタル課", contact_email="a@city.ichikawa.lg.jp")
    declared = replace(package, spec=replace(package.spec, publisher=publisher, tags=("無線LAN",)))
    record = package_record(declared, write_rdf(declared, BASE), BASE)
    graph = Graph().parse(data=b"".join(thing_blocks(record, BASE)), format="turtle")
    assert (check_graph(graph), undescribed(graph)) == ((), [])
    dataset, agent = URIRef(BASE + "122033/wifi"), URIRef(BASE + "122033")
    authority = "http://publications.europa.eu/resource/authority/"
    for subject, predicate, value in (
        (dataset, DCAT.theme, authority + "data-theme/TECH"),
        (dataset, DCTERMS.language, authority + "language/JPN"),
        (dataset, DCTERMS.accessRights, authority + "access-right/PUBLIC"),
        (dataset, DCTERMS.accrualPeriodicity, authority + "frequency/ANNUAL"),
        (dataset, DCTERMS.spatial, "http://data.e-stat.go.jp/lod/sac/C12203"),
        (dataset, DCAT.contactPoint, BASE + "122033/wifi#contact"),
        (agent, DCTERMS.type, "http://purl.org/adms/publishertype/LocalAuthority"),
        (URIRef(f"{dataset}#data-rdf"), DCTERMS["format"], authority + "file-type/RDF_TURTLE"),
        (URIRef(f"{dataset}#data-rdf"), DCAT.mediaType, "https://www.iana.org/assignments/media-types/text/turtle"),
        (URIRef(f"{dataset}#data-rdf"), DCTERMS.language, authority + "language/JPN"),
    ):
        assert (subject, predicate, URIRef(value)) in graph, predicate
    assert str(graph.value(dataset, DCAT.keyword)) == "無線LAN"


@pytest.mark.parametrize(("code", "kind"), [("120006", "RegionalAuthority"), ("121002", "LocalAuthority")])
def test_a_prefecture_is_a_regional_authority(code: str, kind: str, package: Package) -> None:
    publisher = replace(package.spec.publisher, code=code)
    assert publisher_type(publisher).subject == "http://purl.org/adms/publishertype/" + kind


def test_what_is_not_open_has_no_public_access_and_what_has_no_one_theme_has_none(package: Package) -> None:
    closed = replace(package.spec, licence=replace(package.spec.licence, open=False), standard="tourism")
    record = package_record(replace(package, spec=closed), (), BASE)
    predicates = {predicate for thing in record for predicate, _ in thing.facts}
    assert not predicates & {"dcterms:accessRights", "dcat:theme"}


def test_every_theme_is_one_of_a_standard() -> None:
    named = [name for row in read_csv(data_file("vocab", "dcat", "themes.csv")) for name in row["standards"].split(";")]
    assert len(named) == len(set(named))
    assert set(named) <= set(standards())


def test_the_record_in_the_folder_is_looked_at_too(package: Package) -> None:
    write_rdf(package, BASE)
    assert check_package(package, BASE) == ()
    record = package.folder / "dcat.ttl"
    record.write_text(re.sub(r" ;\n  dcat:accessURL [^;]*", "", record.read_text(encoding="utf-8")), encoding="utf-8")
    found = check_package(package, BASE)
    assert {(item.where.file, item.code, item.value.rpartition("#")[2]) for item in found} == {
        ("dcat.ttl", "rdf.shape", "accessURL")
    }


@pytest.fixture
def package(make_package: object, tmp_path: Path) -> Package:
    assert callable(make_package)
    schema = load_schema("public_wireless_lan.v2")
    made = make_package("public_wireless_lan.v2", [full_row(schema)])
    assert isinstance(made, Package)
    return made
