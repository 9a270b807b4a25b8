"""The catalogue as DCAT: a graph without blank nodes in which harvesters find every public dataset and file."""

from __future__ import annotations

from pathlib import Path

import pytest
import requests
from rdflib import DCAT, RDF, BNode, Dataset, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS

from odkit.portal import create_app, embedded_session

# rdflib's own reader of JSON-LD uses what rdflib itself calls deprecated.
pytestmark = pytest.mark.filterwarnings("ignore:.*is deprecated:DeprecationWarning")

URL = "http://portal.test"


def portal(folder: Path) -> requests.Session:
    session = embedded_session(create_app(folder, site_url=URL, tokens={"token": "odkit"}), URL)
    session.headers["Authorization"] = "token"
    return session


def call(session: requests.Session, action: str, **data: object) -> None:
    session.post(f"{URL}/api/action/{action}", json=data, timeout=10).raise_for_status()


def graph(session: requests.Session) -> Graph:
    answer = session.get(f"{URL}/catalog.jsonld", headers={"Authorization": ""}, timeout=10)
    assert answer.headers["Content-Type"] == "application/ld+json"
    found = Dataset(default_union=True)
    found.parse(data=answer.content, format="json-ld")
    return found


def test_the_catalogue_of_an_empty_portal(tmp_path: Path) -> None:
    with portal(tmp_path) as session:
        assert list(graph(session).subjects(RDF.type, DCAT.Catalog)) == [URIRef(f"{URL}/catalog")]


def test_public_datasets_are_in_the_catalogue(tmp_path: Path) -> None:
    with portal(tmp_path) as session:
        call(session, "organization_create", name="120006", title="千葉県")
        extras = [
            {"key": "title_en", "value": "Wi-Fi"},
            {"key": "odkit_licence_url", "value": "https://creativecommons.org/licenses/by/4.0/"},
        ]
        link = {"url": "https://maps.example.jp/", "name": "地図", "format": "HTML"}
        bad = {"url": "javascript:alert(1)", "name": "<b>", "mimetype": "text/html"}
        wifi = {"name": "wifi", "owner_org": "120006", "title": "無線LAN", "extras": extras, "tags": [{"name": "通信"}]}
        call(session, "package_create", **wifi, resources=[link, bad])
        call(session, "package_create", name="secret", owner_org="120006", private=True)
        found = graph(session)
    dataset = URIRef(f"{URL}/dataset/wifi")
    assert list(found.objects(URIRef(f"{URL}/catalog"), DCAT.dataset)) == [dataset]
    assert set(found.objects(dataset, DCTERMS.title)) == {Literal("無線LAN", lang="ja"), Literal("Wi-Fi", lang="en")}
    assert found.value(dataset, DCTERMS.license) == URIRef("https://creativecommons.org/licenses/by/4.0/")
    assert len(list(found.objects(dataset, DCAT.distribution))) == 2
    assert list(found.objects(None, DCAT.accessURL)) == [URIRef("https://maps.example.jp/")]
    assert not any(isinstance(term, BNode) for triple in found.triples((None, None, None)) for term in triple)
