"""The catalogue as DCAT: a graph without blank nodes in which harvesters find every public dataset and file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
import requests
from rdflib import DCAT, RDF, XSD, BNode, Dataset, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS

from odkit.portal import create_app, embedded_session
from odkit.project import data_file, read_csv
from odkit.rdf.check import check_graph
from odkit.rdf.ontology import namespaces

# rdflib's own reader of JSON-LD uses what rdflib itself calls deprecated.
pytestmark = pytest.mark.filterwarnings("ignore:.*is deprecated:DeprecationWarning")

URL = "http://portal.test"
FILE_TYPE = "http://publications.europa.eu/resource/authority/file-type/"


def portal(folder: Path) -> requests.Session:
    session = embedded_session(create_app(folder, site_url=URL, tokens={"token": "odkit"}), URL)
    session.headers["Authorization"] = "token"
    return session


def call(session: requests.Session, action: str, **data: object) -> None:
    session.post(f"{URL}/api/action/{action}", json=data, timeout=10).raise_for_status()


def graph(session: requests.Session) -> Graph:
    answer = session.get(f"{URL}/catalog.jsonld", headers={"Authorization": ""}, timeout=10)
    assert answer.headers["Content-Type"] == "application/ld+json"
    read = Dataset(default_union=True)
    read.parse(data=answer.content, format="json-ld")
    found = Graph()
    for triple in read.triples((None, None, None)):
        found.add(triple)
    return found


def test_the_catalogue_of_an_empty_portal(tmp_path: Path) -> None:
    with portal(tmp_path) as session:
        found = graph(session)
    assert list(found.subjects(RDF.type, DCAT.Catalog)) == [URIRef(f"{URL}/catalog")]
    assert refused(found) == []


def test_a_file_has_an_address_to_load_it_and_a_page_about_it(tmp_path: Path) -> None:
    with portal(tmp_path) as session:
        call(session, "organization_create", name="120006", title="千葉県")
        call(session, "package_create", name="wifi", owner_org="120006")  # no title, no description
        sent = {"upload": ("a.ttl", b"<a> <b> <c> .")}
        where = f"{URL}/api/action/resource_create"
        session.post(where, data={"package_id": "wifi"}, files=sent, timeout=10).raise_for_status()
        found = graph(session)
    (link,) = found.objects(None, DCAT.downloadURL)
    assert str(link).endswith("/a.ttl")
    assert list(found.objects(None, DCAT.accessURL)) == [URIRef(f"{URL}/dataset/wifi")]
    assert list(found.objects(None, DCTERMS["format"])) == [URIRef(FILE_TYPE + "RDF_TURTLE")]
    assert refused(found) == []


def refused(found: Graph) -> list[object]:
    """What DCAT-AP has against the graph, to the letter: what it wants to be of a class must say so itself."""
    known = {prefix: Namespace(space) for prefix, space in namespaces(URL).items()}
    untyped = [
        (owner, value)
        for row in read_csv(data_file("vocab", "shapes", "dcat.csv"))
        if row["kind"] == "class"
        for owner in found.subjects(RDF.type, named(known, row["class"]))
        for value in found.objects(owner, named(known, row["property"]))
        if (value, RDF.type, named(known, row["value"])) not in found
    ]
    return [*untyped, *check_graph(found)]


def named(known: Mapping[str, Namespace], name: str) -> URIRef:
    prefix, _, local = name.partition(":")
    return known[prefix][local]


def test_public_datasets_are_in_the_catalogue(tmp_path: Path) -> None:
    with portal(tmp_path) as session:
        call(session, "organization_create", name="120006", title="千葉県")
        extras = [
            {"key": "title_en", "value": "Wi-Fi"},
            {"key": "odkit_licence_url", "value": "https://creativecommons.org/licenses/by/4.0/"},
        ]
        link = {"url": "https://maps.example.jp/", "name": "地図", "format": "HTML"}
        bad = {"url": "javascript:alert(1)", "name": "<b>", "mimetype": "text/csv", "size": 0}
        wifi = {"name": "wifi", "owner_org": "120006", "title": "無線LAN", "extras": extras, "tags": [{"name": "通信"}]}
        call(session, "package_create", **wifi, resources=[link, bad])
        call(session, "package_create", name="secret", owner_org="120006", private=True)
        found = graph(session)
    dataset = URIRef(f"{URL}/dataset/wifi")
    assert list(found.objects(URIRef(f"{URL}/catalog"), DCAT.dataset)) == [dataset]
    assert set(found.objects(dataset, DCTERMS.title)) == {Literal("無線LAN", lang="ja"), Literal("Wi-Fi", lang="en")}
    assert found.value(dataset, DCTERMS.license) == URIRef("https://creativecommons.org/licenses/by/4.0/")
    assert len(list(found.objects(dataset, DCAT.distribution))) == 2
    assert set(found.objects(None, DCAT.accessURL)) == {URIRef("https://maps.example.jp/"), dataset}
    assert list(found.objects(None, DCTERMS["format"])) == [URIRef(FILE_TYPE + "CSV")]
    assert list(found.objects(None, DCAT.byteSize)) == [Literal("0", datatype=XSD.nonNegativeInteger)]
    assert refused(found) == []
    assert not any(isinstance(term, BNode) for triple in found.triples((None, None, None)) for term in triple)
