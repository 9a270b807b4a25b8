"""Strangers and the embedded portal: hostile names, addresses, bodies and files do nothing and cost little."""

from __future__ import annotations

import io
import json
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odkit.portal import create_app, embedded_session
from odkit.portal.errors import SearchFailed
from odkit.portal.formats import munged_filename
from odkit.portal.query import compiled

if TYPE_CHECKING:
    from tests.portal.conftest import Door


def held(folder: Path) -> list[Path]:
    """Every file below the portal's folder of files."""
    return [path for path in (folder / "files").rglob("*") if path.is_file()]


@pytest.fixture
def folder(tmp_path: Path, embedded: Door) -> Path:
    return tmp_path / "portal"


@pytest.mark.parametrize(
    "name",
    [
        "../../../../etc/passwd",
        "..\\..\\windows\\system.ini",
        "/etc/passwd",
        "C:\\x.csv",
        "con",
        "a\x00b.csv",
        "😀" * 300,
    ],
)
def test_file_names_never_reach_the_disk(folder: Path, embedded: Door, name: str) -> None:
    embedded.create()
    made = embedded.upload(name, b"x")
    assert embedded.http("GET", made["url"]).content == b"x"
    (path,) = held(folder)
    assert path.parent.parent == folder / "files"
    assert len(path.name) == 64


@pytest.mark.parametrize(
    "path",
    [
        "/dataset/..%2f..%2fcatalogue.sqlite/resource/x/download/x",
        "/dataset/x/resource/..%2f..%2fcatalogue.sqlite/download",
        "/dataset/x/resource/x/download/../../../../catalogue.sqlite",
        "/dataset/%00/resource/%00/download/%00",
        "/dataset/x';DROP TABLE package;--/resource/x/download/x",
    ],
)
def test_addresses_do_not_lead_out_of_the_portal(embedded: Door, path: str) -> None:
    before = embedded.create()
    assert embedded.http("GET", path).status_code == 404
    assert embedded.show() == before


@pytest.mark.parametrize("key", ["' OR '1'='1", "x'; DELETE FROM package; --", "%", "_", "*", "%s"])
def test_identifiers_are_no_code(embedded: Door, key: str) -> None:
    embedded.create()
    for action in ("package_show", "resource_show", "organization_show", "package_delete"):
        assert embedded.error(action, id=key)[0] == 404
    assert embedded.api.action.package_list() == [embedded.name()]


@pytest.mark.parametrize("value", [["a"], {"a": 1}, 5, True])
def test_identifiers_are_texts(embedded: Door, value: object) -> None:
    for action in ("package_show", "resource_show", "organization_show", "package_patch", "resource_delete"):
        assert embedded.error(action, id=value)[0] == 409


@pytest.mark.parametrize(
    ("name", "mimetype"),
    [
        ("page.html", None),
        ("page.htm", None),
        ("x.svg", None),
        ("x.xml", None),
        ("x.csv", "text/html"),
        ("x.csv", "text/html; charset=utf-8"),
        ("x.csv", "text/csv\r\nX-Evil: 1"),
        ("x.unknown", "application/xhtml+xml"),
    ],
)
def test_uploads_never_run_in_a_browser(embedded: Door, name: str, mimetype: str | None) -> None:
    embedded.create()
    made = embedded.upload(name, b"<script>alert(1)</script>", **({"mimetype": mimetype} if mimetype else {}))
    answer = embedded.http("GET", made["url"], token=False)
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert "X-Evil" not in answer.headers


def test_safe_files_are_sandboxed_as_well(embedded: Door) -> None:
    embedded.create()
    answer = embedded.http("GET", embedded.upload("data.csv", b"a\n")["url"])
    assert answer.headers["Content-Disposition"] == "inline; filename=data.csv"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "body",
    [
        '{"id": "a\\u0000b"}',
        '{"id": "a\\ud800b"}',
        '{"n": NaN}',
        '{"n": 1e999}',
        '{"n": -Infinity}',
        '{"a": ' * 60 + "1" + "}" * 60,
        "[" * 200_000,
        '{"n": ' + "9" * 5000 + "}",
        '{"\\u0000": 1}',
    ],
)
def test_hostile_json_is_refused(embedded: Door, body: str) -> None:
    answer = embedded.http(
        "POST", "/api/3/action/package_show", data=body, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 400
    assert answer.json().startswith("Bad request: JSON Error: ")


@pytest.mark.parametrize("value", ['{"title": "a\\ud800b"}', '{"title": "a\\u0000b"}', '{"n": 1e999}'])
def test_hostile_json_in_forms_is_refused(embedded: Door, value: str) -> None:
    embedded.create()
    answer = embedded.http(
        "POST", "/api/3/action/package_revise", data={"match__name": embedded.name(), "update": value}
    )
    assert answer.status_code == 400
    assert answer.json().startswith("Bad request: JSON Error: ")


def test_lists_in_texts_may_not_be_bottomless(embedded: Door) -> None:
    status, error = embedded.error("package_search", **{"facet.field": "[" * 200_000})
    assert (status, error["facet.field"]) == (409, ["Could not parse as valid JSON", "Not a list"])


def test_huge_bodies_are_refused(embedded: Door) -> None:
    body = json.dumps({"id": "x" * (17 << 20)})
    answer = embedded.http(
        "POST", "/api/3/action/package_show", data=body, headers={"Content-Type": "application/json"}
    )
    assert (answer.status_code, answer.json()) == (400, "Bad request: JSON Error: Request data is too large")


def test_a_huge_form_is_too_large_an_upload(tmp_path: Path) -> None:
    app = create_app(tmp_path, site_url="http://p.example", tokens={"t": "u"}, max_upload_bytes=1000)
    with embedded_session(app, "http://p.example") as session:
        answer = session.post(
            "http://p.example/api/action/resource_create",
            data={"package_id": "x"},
            files={"upload": ("a.csv", b"1" * (17 << 20))},
            headers={"Authorization": "t"},
            timeout=30,
        )
    assert answer.status_code == 409
    assert answer.json()["error"] == {"upload": ["File upload too large"], "__type": "Validation Error"}


def test_strangers_cannot_send_large_files(embedded: Door) -> None:
    embedded.create()
    files = {"upload": ("a.csv", b"1" * (17 << 20))}
    answer = embedded.http(
        "POST", "/api/action/resource_create", token=False, data={"package_id": embedded.name()}, files=files
    )
    assert (answer.status_code, answer.json()["error"]["upload"]) == (409, ["File upload too large"])


@pytest.mark.parametrize(
    "field", ["update__title", "update__resources__0__name", "update__resources__0__custom__upload", "upload", "x"]
)
def test_files_in_odd_fields_are_no_values(embedded: Door, field: str) -> None:
    before = embedded.create(resources=[{"url": "http://e.example/", "custom": {"a": 1}}])
    embedded.api.call_action(
        "package_revise", {"match__name": embedded.name()}, files={field: ("a.csv", io.BytesIO(b"x"))}
    )
    assert embedded.show() == before


@pytest.mark.parametrize("name", ["ab\n", "ab ", "ａｂ", "ab/", "a.b"])
def test_names_hold_nothing_but_their_letters(embedded: Door, name: str) -> None:
    """CKAN 2.12 takes a name with a line feed at its end, and then cannot address the dataset."""
    assert embedded.error("package_create", name=name, owner_org=embedded.org)[1]["name"]
    assert embedded.error("organization_create", name=name)[1]["name"]


def test_client_fields_cannot_name_a_file_of_the_portal(embedded: Door) -> None:
    embedded.create(private=True)
    secret = embedded.upload("a.csv", b"secret")
    fields = {"url": "a.csv", "url_type": "upload", "digest": "x", "upload": secret["id"]}
    embedded.api.action.package_create(name=embedded.name("open"), owner_org=embedded.org, resources=[fields])
    (resource,) = embedded.show("open")["resources"]
    assert embedded.http("GET", resource["url"], token=False).status_code == 404


@pytest.mark.parametrize(
    "query", ["a" + "*a" * 3000, "(" * 5000, "NOT " * 5000 + "x", "+" * 5000, '"', "OR", "(a", "a)"]
)
def test_hostile_queries_end_soon(embedded: Door, query: str) -> None:
    embedded.create(notes="a" * 20_000 + "b")
    answer = embedded.http("POST", "/api/3/action/package_search", json={"q": query})
    assert answer.status_code in (200, 409)


@given(st.text(max_size=200))
def test_every_query_is_understood_or_refused(text: str) -> None:
    package: dict[str, Any] = {"name": "n", "title": "人口", "notes": None, "organization": {"title": "", "name": "o"}}
    package |= {"tags": [], "extras": [], "resources": [], "private": False}
    with suppress(SearchFailed):
        assert compiled(text)(package) in (True, False)


@given(st.text(max_size=300))
def test_munged_names_are_plain_and_stay_as_they_are(name: str) -> None:
    munged = munged_filename(name)
    assert 3 <= len(munged) <= 100
    assert set(munged) <= set("abcdefghijklmnopqrstuvwxyz0123456789_.-")
    assert munged_filename(munged) == munged
