"""The addresses that the RDF gives, asked of the embedded portal: each answers in the form that the asker takes."""

from __future__ import annotations

import shutil
from pathlib import Path
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from rdflib import RDF, RDFS, SKOS, Graph, URIRef
from werkzeug.test import TestResponse

from odkit.cli import main
from odkit.cli.serve import site_of
from odkit.project import load_project
from odkit.rdf.parse import parse

ROOT = Path(__file__).resolve().parent.parent.parent
BASE = "https://opendata.pref.chiba.lg.jp/id/"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
TURTLE, JSON_LD = "text/turtle", "application/ld+json"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """The site of a project that was published, as ``odkit serve`` shows it."""
    root = tmp_path_factory.mktemp("things")
    shutil.copy(ROOT / "publish.toml", root)
    for name in ("public_wireless_lan", "ict-indicators"):
        shutil.copytree(ROOT / "datapackages/120006" / name, root / "datapackages/120006" / name)
    renamed = root / "datapackages/120006/public_wireless_lan/dataset.toml"
    renamed.write_text('portal_name = "wifi-spots"\n' + renamed.read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        main(["publish", "--project", str(root)])
    assert ended.value.code == 0
    project = load_project(root)
    return site_of(project, project.portal(), "http://127.0.0.1:8710").test_client()


def asked(client: FlaskClient, address: str, accept: str) -> TestResponse:
    path = "/id/" + quote(address.removeprefix(BASE))
    return client.get(path, headers={"Accept": accept}, follow_redirects=True, buffered=True)


@pytest.mark.parametrize("kind", [TURTLE, JSON_LD])
def test_the_vocabulary_and_every_code_list_say_what_they_declare(client: FlaskClient, kind: str) -> None:
    graph = Graph()
    for name in ("vocabulary", "codes/hazard", "codes/age", "codes/value-kind", "codes/heritage"):
        answer = asked(client, BASE + name, kind)
        assert (answer.status_code, answer.mimetype, answer.headers["Vary"]) == (200, kind, "Accept, Accept-Language")
        graph += read(answer)
    assert str(graph.value(URIRef(BASE + "vocabulary#ssid"), RDFS.label)) == "SSID"
    assert (URIRef(BASE + "codes/hazard#flood"), SKOS.inScheme, URIRef(BASE + "codes/hazard")) in graph
    assert len(set(graph.subjects(RDF.type, SKOS.ConceptScheme))) == 4


def read(answer: TestResponse) -> Graph:
    """What an answer says; the context of our JSON-LD stands in the file."""
    return parse(answer.data, "json-ld" if answer.mimetype == JSON_LD else "turtle")[0]


@pytest.mark.parametrize(("language", "title"), [("ja", "災害の種別"), ("en", "Hazards")])
def test_a_person_gets_a_page_with_an_anchor_for_each_code(client: FlaskClient, language: str, title: str) -> None:
    page = client.get("/id/codes/hazard", headers={"Accept": BROWSER, "Accept-Language": language})
    assert page.mimetype == "text/html"
    assert f"<h1>{title}</h1>" in page.text
    assert '<tr id="flood">' in page.text
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert client.get("/id/codes/hazard?format=turtle", headers={"Accept": BROWSER}).mimetype == TURTLE


@pytest.mark.parametrize("kind", [TURTLE, JSON_LD])
def test_things_of_every_table_lead_to_the_file_that_speaks_of_them(client: FlaskClient, kind: str) -> None:
    for address in (
        BASE + "120006",
        BASE + "120006/public_wireless_lan",
        BASE + "120006/ict-indicators",
        BASE + "120006/ict-indicators/1-01",
        BASE + "120006/ict-indicators/1-01/基準値/1",
    ):
        first = client.get("/id/" + quote(address.removeprefix(BASE)), headers={"Accept": kind})
        assert first.status_code == 303, address
        answer = asked(client, address, kind)
        assert answer.mimetype == kind
        assert (
            f'"{address}"'.encode() in answer.data if kind == JSON_LD else (URIRef(address), None, None) in read(answer)
        )


def test_a_person_is_led_to_the_page_of_the_dataset_or_publisher(client: FlaskClient) -> None:
    for path in ("120006/public_wireless_lan", "120006/public_wireless_lan/C00001"):
        answer = client.get(f"/id/{path}", headers={"Accept": BROWSER})
        assert (answer.status_code, answer.headers["Location"]) == (303, "/dataset/wifi-spots")
    page = asked(client, BASE + "120006", BROWSER)
    assert "公衆無線LAN" in page.text
    assert page.request.args["organization"] == "120006"
    assert asked(client, BASE + "catalogue", BROWSER).mimetype == "text/html"
    assert client.get("/id/catalogue", headers={"Accept": JSON_LD}).headers["Location"] == "/catalog.jsonld"


def test_who_takes_anything_gets_turtle(client: FlaskClient) -> None:
    assert client.get("/id/vocabulary").mimetype == TURTLE
    assert client.get("/id/vocabulary", headers={"Accept": "*/*"}).mimetype == TURTLE
    assert client.get("/id/vocabulary", headers={"Accept": "text/turtle;q=0.1,application/ld+json"}).mimetype == JSON_LD


@pytest.mark.parametrize(
    ("path", "accept", "status"),
    [
        ("vocabulary", "image/png", 406),
        ("vocabulary?format=pdf", TURTLE, 406),
        ("120006/ict-indicators/1-01", "application/pdf", 406),
        ("codes/none", TURTLE, 404),
        ("codes/..%2Fvocabulary", TURTLE, 404),
        ("120006/none", TURTLE, 404),
        ("999999/ict-indicators", TURTLE, 404),
        ("999999", TURTLE, 404),
        ("120006/..%2F..%2Fpublish.toml", TURTLE, 404),
        ("120006/%E8%A1%A8", TURTLE, 404),
    ],
)
def test_what_is_not_there_or_not_in_that_form(client: FlaskClient, path: str, accept: str, status: int) -> None:
    assert client.get(f"/id/{path}", headers={"Accept": accept}).status_code == status


def test_a_private_dataset_is_not_spoken_of(client: FlaskClient) -> None:
    store = client.application.extensions["odkit-portal"].store
    with store.writing() as view:
        package = view.package("wifi-spots")
        view.put_package(type(package)({**package.body, "private": True}, package.resources))
    try:
        assert client.get("/id/120006/public_wireless_lan/C00001", headers={"Accept": TURTLE}).status_code == 404
        assert client.get("/id/120006/public_wireless_lan", headers={"Accept": BROWSER}).status_code == 404
    finally:
        with store.writing() as view:
            view.put_package(package)
