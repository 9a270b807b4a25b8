"""What a given RDF file holds: things on real hosts (stage 4), links to other people's data (stage 5), or neither."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from odkit.model import DatasetSpec
from odkit.project import load_schema
from odkit.rdf import RdfFacts, probe
from odkit.rdf.formats import TURTLE, rdf_blocks
from odkit.rdf.hosts import host_of, not_links
from odkit.rdf.mapping import find_mapping
from odkit.rdf.parse import MAX_BYTES
from odkit.rdf.probe import beginning

PREFIXES = """\
@prefix s: <http://schema.org/> .
@prefix ic: <http://imi.go.jp/ns/core/rdf#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix qb: <http://purl.org/linked-data/cube#> .
@prefix d: <https://data.city.chiba.jp/id/> .
"""
WIKIDATA = "http://www.wikidata.org/entity/Q170616"
SAC = "http://data.e-stat.go.jp/lod/sac/C12203"


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever opens a connection here fails."""

    def refuse(*_: object) -> None:
        raise AssertionError("the probe opened a connection")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def turtle(text: str) -> RdfFacts:
    facts = probe((PREFIXES + text).encode(), "turtle")
    assert facts.error == ""
    return facts


def stage(facts: RdfFacts) -> int:
    """The rule of the stages, as scoring applies it to a file that parses."""
    if not facts.instances:
        return 1
    if not facts.subjects:
        return 3
    return 5 if facts.link_count else 4


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('d:1 a s:Place ; s:name "市役所" .', 4),
        ('d:1 rdfs:label "型のないもの" .', 4),
        (f"d:1 a s:Place ; owl:sameAs <{WIKIDATA}> .", 5),
        (f"d:1 a s:Place ; s:address [ ic:市区町村コード <{SAC}> ] .", 5),
        (f"<https://a.jp/1> ic:住所 <https://a.jp/1#a> . <https://a.jp/1#a> dcterms:spatial <{SAC}> .", 5),
        ("d:1 s:containedInPlace d:area .", 4),
        ("d:1 a s:Place ; s:additionalType owl:Thing , <https://schema.org/CityHall> .", 4),
        ("d:1 dcterms:license <https://www.city.chiba.jp/terms.html> ; s:name 'a' .", 4),
        ("d:1 s:license <https://a.jp/terms/1> ; s:isBasedOn <https://creativecommons.org/licenses/by/4.0/> .", 4),
        ("d:1 foaf:homepage <https://www.city.chiba.jp/hall.html> ; s:url <https://www.city.chiba.jp/x> .", 4),
        ("d:1 s:provider <https://www.city.chiba.jp/> , <https://www.city.chiba.jp> .", 4),
        ("d:1 rdfs:seeAlso <https://www.city.chiba.jp/map.pdf> , <https://www.city.chiba.jp/a.JPG> .", 4),
        ("d:1 ic:参照 [ ic:参照先 <https://www.city.chiba.jp/1.html> ] ; ic:画像 <https://a.jp/p/1> .", 4),
        (f"d:1 <urn:p> <{SAC}> ; <http://p.jp> 1 .", 5),
        ("d:1 <https://words.jp/ns#free> <https://words.jp/ns#Yes> ; s:name 'a' .", 4),
        (f"d:1 a <http://www.wikidata.org/entity/Q1> ; <http://www.wikidata.org/prop/direct/P31> <{WIKIDATA}> .", 5),
        ("d:1 rdfs:seeAlso <http://example.com/id/1> , <http://localhost/x> , <urn:isbn:1> , <mailto:a@b.jp> .", 4),
        ("d:1 a skos:Concept ; skos:prefLabel '建造物' .", 1),
        ("d:Hall a owl:Class ; rdfs:subClassOf s:Place . d:name a owl:DatatypeProperty ; rdfs:domain d:Hall .", 1),
        ("d:Hall a owl:Class . d:1 a d:Hall ; rdfs:label '市役所' .", 4),
        (f"d:Hall a owl:Class ; rdfs:seeAlso <{WIKIDATA}> . d:1 a d:Hall ; rdfs:label '市役所' .", 4),
        (f"d:ds a dcat:Dataset ; dcterms:spatial <{SAC}> ; dcterms:publisher [ a foaf:Agent ; foaf:name '市' ] .", 1),
        ("d:ds a dcat:Dataset ; dcterms:publisher d:org . d:org a foaf:Organization ; foaf:name '市' .", 1),
        (f"d:ds a dcat:Dataset ; dcterms:spatial <{SAC}> . d:1 dcterms:isPartOf d:ds ; s:name '市役所' .", 4),
        ("d:ds a s:Dataset ; s:name '一覧' ; s:distribution d:f . d:f a s:DataDownload ; s:encodingFormat 'a' .", 1),
        ("d:ds a dcat:Dataset ; dcterms:hasPart d:1 . d:1 s:name '市役所' .", 4),
        ("d:dsd a qb:DataStructureDefinition ; qb:component [ qb:dimension d:area ] .", 1),
        (f"d:o a qb:Observation ; qb:dataSet d:ds ; d:area <{SAC}> . d:ds a qb:DataSet ; rdfs:label '表' .", 5),
        ("[] a s:Place ; s:name '市役所' .", 3),
        ("<http://example.com/1> s:name 'a' . <http://localhost/2> s:name 'b' . <urn:uuid:3> s:name 'c' .", 3),
        ("<1> s:name 'a' . <#2> s:name 'b' .", 3),
        ("", 1),
    ],
)  # fmt: skip
def test_stages(text: str, wanted: int) -> None:
    assert stage(turtle(text)) == wanted


def test_the_facts_of_a_small_file() -> None:
    facts = turtle(
        f"d:2 a s:Place ; s:name '二' ; owl:sameAs <{WIKIDATA}> ; s:geo [ s:latitude '35' ] ."
        f"d:1 a s:Place ; s:name '一' ; dcterms:spatial <{SAC}> , <{SAC}> ."
        "<http://example.org/x> s:name 'x' . <y> s:name 'y' . [] s:name 'z' ."
    )
    assert facts == RdfFacts(
        triples=11,
        instances=5,
        subjects=("https://data.city.chiba.jp/id/1", "https://data.city.chiba.jp/id/2"),
        bad_subjects=("[]", "http://example.org/x", "y"),
        bad_count=3,
        link_count=2,
        links=(SAC, WIKIDATA),
    )


def test_parts_of_a_thing_are_not_counted_and_hash_addresses_of_a_file_are() -> None:
    assert (
        turtle("<https://a.jp/1> s:name 'a' ; s:geo <https://a.jp/1#geo> . <https://a.jp/1#geo> s:x 1 .").instances == 1
    )
    assert turtle("<https://a.jp/d#1> s:name 'a' . <https://a.jp/d#2> s:name 'b' .").instances == 2


def test_only_so_many_examples() -> None:
    facts = turtle("\n".join(f"d:{n} rdfs:seeAlso <http://www.wikidata.org/entity/Q{n}> ." for n in range(100, 130)))
    assert (facts.instances, len(facts.subjects), facts.link_count, len(facts.links)) == (30, 5, 30, 20)


def test_our_own_turtle_reaches_stage_5(spec: DatasetSpec) -> None:
    mapping, names = find_mapping("public_wireless_lan.v2"), load_schema("public_wireless_lan.v2").names
    assert mapping
    rows = [tuple("122033" if "コード" in name else f"{name}{number}" for name in names) for number in range(3)]
    facts = probe(
        b"".join(rdf_blocks(TURTLE, spec, mapping, names, "https://opendata.pref.chiba.lg.jp/id/")(rows))
        .decode()
        .encode(),
        "turtle",
    )
    assert (facts.instances, facts.bad_count, facts.links, stage(facts)) == (
        3,
        0,
        (SAC, "https://uedayou.net/loa/千葉県市川市"),
        5,
    )


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "wanted"),
    [("own.ttl", 4), ("vocab_only.ttl", 4), ("example_uris.ttl", 3), ("dcat_record.ttl", 1)],
)
def test_the_cases_handed_in(shared: Path, name: str, wanted: int) -> None:
    facts = probe((shared / "cases" / "files" / name).read_bytes(), "turtle")
    assert (facts.error, stage(facts)) == ("", wanted)


@pytest.mark.shared
def test_the_cases_handed_in_that_cannot_be_read(shared: Path) -> None:
    folder = shared / "cases" / "files"
    assert probe((folder / "broken.ttl").read_bytes(), "turtle").error == "syntax"
    remote = probe((folder / "remote_ctx.jsonld").read_bytes(), "json-ld")
    assert (remote.error, remote.detail) == ("remote context", "https://opendata.pref.chiba.lg.jp/ctx.jsonld")


@pytest.mark.parametrize(
    ("document", "address"),
    [
        ({"@context": "https://schema.org", "@id": "https://a.jp/1"}, "https://schema.org"),
        ({"@context": [{"@vocab": "http://schema.org/"}, "c.jsonld"]}, "c.jsonld"),
        ({"@context": {"@import": "https://a.jp/c"}}, "https://a.jp/c"),
        ({"@context": {"p": {"@id": "http://a.jp/p", "@context": "file:///etc/passwd"}}}, "file:///etc/passwd"),
        ([{"@graph": [{"@context": "https://a.jp/c"}]}], "https://a.jp/c"),
    ],
)
def test_remote_contexts_are_not_fetched(document: object, address: str) -> None:
    facts = probe(json.dumps(document).encode(), "json-ld")
    assert facts == RdfFacts(error="remote context", detail=address)


@pytest.mark.parametrize("graph_name", [{}, {"@id": "https://a.jp/graph"}])
def test_json_ld_with_its_own_context(graph_name: dict[str, str]) -> None:
    node = {"@id": "https://a.jp/1", "name": "市役所", "sameAs": {"@id": WIKIDATA}}
    document = {"@context": {"@vocab": "http://schema.org/"}, **graph_name, "@graph": [node]}
    facts = probe(json.dumps(document).encode(), "json-ld")
    assert (facts.error, facts.subjects, facts.links) == ("", ("https://a.jp/1",), (WIKIDATA,))


XML = """<?xml version="1.0" encoding="{encoding}"?>
<!DOCTYPE rdf:RDF{outside} [<!ENTITY s "http://schema.org/">{entities}]>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:s="&s;">
<rdf:Description rdf:about="https://a.jp/1"><s:name>市役所{text}</s:name></rdf:Description></rdf:RDF>"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "Shift_JIS", "EUC-JP", "utf-16"])
def test_xml_in_the_encoding_it_names(encoding: str) -> None:
    text = XML.format(encoding=encoding.removesuffix("-sig"), outside="", entities="", text="")
    facts = probe(text.encode(encoding), "xml")
    assert (facts.error, facts.subjects) == ("", ("https://a.jp/1",))


@pytest.mark.parametrize(
    ("entities", "text"),
    [
        ('<!ENTITY a "xxxx"><!ENTITY b "&a;&a;">', "&b;"),
        ('<!ENTITY a SYSTEM "file:///etc/passwd">', "&a;"),
        ('<!ENTITY a PUBLIC "x" "http://127.0.0.1/x">', "&a;"),
        ('<!ENTITY % a SYSTEM "http://127.0.0.1/x"> %a;', ""),
        (f'<!ENTITY a "{"x" * 90_000}">', "&a;" * 100),
    ],
)
def test_xml_bombs_are_refused(entities: str, text: str) -> None:
    assert (
        probe(XML.format(encoding="utf-8", outside="", entities=entities, text=text).encode(), "xml").error
        == "unsafe xml"
    )


def test_an_external_dtd_is_not_fetched() -> None:
    outside = ' SYSTEM "http://127.0.0.1:9/x.dtd"'
    assert probe(XML.format(encoding="utf-8", outside=outside, entities="", text="").encode(), "xml").error == ""


@pytest.mark.parametrize(
    ("data", "syntax"),
    [
        (b"<https://a.jp/1> <https://a.jp/p> .", "turtle"),
        (b"\xff\xfe\x00", "turtle"),
        ("<https://a.jp/1> <https://a.jp/p> '市'".encode("cp932"), "turtle"),
        (b"<https://a.jp/1> <https://a.jp/p> x .", "nt"),
        (b"", "xml"),
        (b"<rdf:RDF", "xml"),
        (b"<html><body>404</body></html>", "json-ld"),
        (b'"text"', "json-ld"),
    ],
)
def test_what_cannot_be_read_is_a_fact(data: bytes, syntax: str) -> None:
    facts = probe(data, syntax)
    assert facts == RdfFacts(error="syntax", detail=facts.detail)
    assert facts.detail


@pytest.mark.parametrize(("data", "syntax"), [(b"[" * 100_000, "json-ld"), (b"<a> <b> " + b"[ <c> " * 2000, "turtle")])
def test_too_deep_is_not_broken(data: bytes, syntax: str) -> None:
    assert probe(data, syntax) == RdfFacts(error="deep")


@settings(deadline=None, max_examples=150)
@given(
    st.one_of(
        st.binary(max_size=60),
        st.text(alphabet='<>"@^.;,[]() \n:#a1{}/\\_prefix?=市', max_size=60).map(str.encode),
        st.recursive(
            st.none() | st.booleans() | st.text(max_size=5) | st.integers(),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(st.sampled_from(["@id", "@type", "@graph", "@value", "@list", "@vocab", "a"]), inner)
            ),
        ).map(lambda value: json.dumps(value).encode()),
    ),
    st.sampled_from(["turtle", "nt", "json-ld", "xml"]),
)
def test_no_bytes_raise(data: bytes, syntax: str) -> None:
    assert isinstance(probe(data, syntax), RdfFacts)


def test_another_syntax_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="csv"):
        probe(b"", "csv")


def test_a_large_file_is_judged_by_its_beginning() -> None:
    line = f"<https://a.jp/{{}}> <http://purl.org/dc/terms/spatial> <{SAC}> .\n# {'x' * 100_000}\n"
    data = "".join(line.format(number) for number in range(MAX_BYTES // 100_000 + 1)).encode()
    facts = probe(data, "turtle")
    assert (facts.sampled, facts.error, facts.link_count) == (True, "", 1)
    assert 0 < facts.instances < 100
    assert facts == probe(data[: beginning("turtle", len(data))], "turtle")
    assert facts == probe(data.replace(b"x", "あ".encode()), "turtle")
    assert facts == probe(data.decode().encode("utf-16"), "turtle")
    assert beginning("xml", len(data)) == len(data)
    assert probe(data, "xml").error == "too large"
    assert probe(b"x" * (MAX_BYTES + 1), "nt").error == "too large"


@pytest.mark.parametrize(
    ("iri", "host"),
    [
        ("https://opendata.pref.chiba.lg.jp/id/1", "opendata.pref.chiba.lg.jp"),
        ("HTTP://Data.City.Chiba.JP:8080/x", "data.city.chiba.jp"),
        ("https://データ.日本/1", "データ.日本"),
        ("https://ex.chiba.jp/ds/1", "ex.chiba.jp"),
        ("https://examples.jp/1", "examples.jp"),
        *((f"http://{name}/1", "") for name in (
            "example.com", "www.example.org", "example.net", "example.jp", "city.example.lg.jp", "example.co.jp",
            "localhost", "localhost:8000", "foo.localhost", "server", "a.test", "a.invalid", "a.example", "pc.local",
            "127.0.0.1", "192.168.0.1:80", "[::1]", "10.0.0", "", "-a.jp", "a..jp", "[::1",
        )),
        ("https://data.city.chiba.jp", "data.city.chiba.jp"),
        ("http://data.city.chiba.jp?a=/b", "data.city.chiba.jp"),
        ("  http://data.city.chiba.jp/1", "data.city.chiba.jp"),
        ("http:///data.city.chiba.jp/1", ""),
        ("https:///data.city.chiba.jp/1", ""),
        ("urn:uuid:1", ""),
        ("file:///data/x", ""),
        ("ftp://data.city.chiba.jp/x", ""),
        ("data.city.chiba.jp/1", ""),
    ],
)  # fmt: skip
def test_real_hosts(iri: str, host: str) -> None:
    assert host_of(iri) == host


@pytest.mark.parametrize("protocol", ["http", "https"])
def test_words_are_no_data_by_either_protocol(protocol: str) -> None:
    assert not not_links().names_data(f"{protocol}://schema.org/Place")
    assert not not_links().names_data(f"{protocol}://www.city.chiba.jp/guide.pdf")
    assert not not_links().leads_to_data(f"{protocol}://schema.org/image")
    assert not not_links().names_data(f"{protocol}://www.city.chiba.jp/?next=https://schema.org/Place")
    assert not_links().names_data(f"{protocol}://data.city.chiba.jp/1?of=https://schema.org/Place")
