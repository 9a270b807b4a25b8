"""Resources and their files, the same on the embedded portal and a real CKAN."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from ckanapi.errors import NotFound, ValidationError

if TYPE_CHECKING:
    from tests.portal.conftest import Door


def test_a_file_is_uploaded_and_downloaded(portal: Door) -> None:
    package = portal.create()
    content = "市区町村,人口\r\n架空市,1\r\n".encode("cp932")
    made = portal.upload("Data.CSV", content, name="人口", hash="abc", k='{"a":1}')
    assert set(made) == portal.resource_keys | {"k"}
    assert made["url"] == f"{portal.url}/dataset/{package['id']}/resource/{made['id']}/download/data.csv"
    assert (made["format"], made["mimetype"], made["size"], made["url_type"]) == (
        "CSV",
        "text/csv",
        len(content),
        "upload",
    )
    assert (made["hash"], made["k"], made["name"], made["position"]) == ("abc", '{"a":1}', "人口", 0)
    assert made["last_modified"] is not None
    answer = portal.http("GET", made["url"], token=False)
    assert (answer.status_code, answer.content) == (200, content)
    assert answer.headers["Content-Type"] == "text/csv"
    assert answer.headers["Content-Disposition"] == "inline; filename=data.csv"
    assert int(answer.headers["Content-Length"]) == len(content)
    assert portal.show()["resources"] == [made] == [portal.anonymous.action.resource_show(id=made["id"])]
    assert portal.show()["metadata_modified"] > package["metadata_modified"]


def test_a_download_can_be_conditional_and_in_parts(portal: Door) -> None:
    portal.create()
    url = portal.upload("data.csv", b"0123456789")["url"]
    whole = portal.http("GET", url)
    tag, moved = whole.headers["ETag"], whole.headers["Last-Modified"]
    assert portal.http("GET", url, headers={"If-None-Match": tag}).status_code == 304
    assert portal.http("GET", url, headers={"If-Modified-Since": moved}).status_code == 304
    assert portal.http("GET", url, headers={"If-None-Match": '"another"'}).status_code == 200
    part = portal.http("GET", url, headers={"Range": "bytes=2-4"})
    assert (part.status_code, part.content, part.headers["Content-Range"]) == (206, b"234", "bytes 2-4/10")
    head = portal.http("HEAD", url)
    assert (head.status_code, head.content, head.headers["Content-Length"]) == (200, b"", "10")


def test_a_new_file_keeps_id_and_address(portal: Door) -> None:
    portal.create()
    first = portal.upload("data.csv", b"one", description="説明")
    portal.upload("other.csv", b"x")
    old_tag = portal.http("GET", first["url"]).headers["ETag"]
    before = portal.show()
    again = portal.api.call_action(
        "resource_patch", {"id": first["id"], "hash": "new"}, files={"upload": ("data.csv", io.BytesIO(b"second"))}
    )
    kept = ("id", "url", "position", "format", "mimetype", "created", "description")
    assert {key: again[key] for key in kept} == {key: first[key] for key in kept}
    assert (again["size"], again["hash"]) == (6, "new")
    assert again["last_modified"] > first["last_modified"]
    assert portal.show()["metadata_modified"] > before["metadata_modified"]
    answer = portal.http("GET", first["url"])
    assert answer.content == b"second"
    assert answer.headers["ETag"] != old_tag
    assert portal.http("GET", first["url"], headers={"If-None-Match": old_tag}).status_code == 200


def test_the_same_file_again_counts_as_new(portal: Door) -> None:
    portal.create()
    first = portal.upload("data.csv", b"same")
    again = portal.api.call_action(
        "resource_update",
        {"id": first["id"], "format": "CSV"},
        files={"upload": ("data.csv", io.BytesIO(b"same"))},
    )
    assert again["last_modified"] > first["last_modified"]
    assert portal.http("GET", again["url"]).content == b"same"


def test_another_file_name_is_another_address_and_the_old_one_still_answers(portal: Door) -> None:
    portal.create()
    first = portal.upload("one.csv", b"one")
    second = portal.api.call_action(
        "resource_patch", {"id": first["id"]}, files={"upload": ("two.csv", io.BytesIO(b"two"))}
    )
    assert second["url"].endswith("/download/two.csv")
    assert [portal.http("GET", url).content for url in (first["url"], second["url"])] == [b"two", b"two"]


@pytest.mark.parametrize(
    ("name", "munged", "spelled", "media_type"),
    [
        ("人口 統計(2020).CSV", "-2020.csv", "CSV", "text/csv"),
        ("人口.csv", ".csv", "", None),
        ("data.ttl", "data.ttl", "text/turtle", "text/turtle"),
        ("data.nt", "data.nt", "application/n-triples", "application/n-triples"),
        ("data.jsonld", "data.jsonld", "application/ld+json", "application/ld+json"),
        ("datapackage.json", "datapackage.json", "JSON", "application/json"),
        ("a&b c%20.geojson", "ab-c20.geojson", "GeoJSON", "application/geo+json"),
        ("data.parquet", "data.parquet", "", None),
        ("README", "readme", "", None),
        (".hidden", ".hidden", "", None),
        ("../../etc/passwd", "passwd", "", None),
        ("..\\x.csv", "..x.csv", "CSV", "text/csv"),
        ("..", ".._", "", None),
        (".", ".__", "", None),
        ("Ünïcode Straße.txt", "unicode-strasse.txt", "TXT", "text/plain"),
        ("a__b--c.xlsx", "a__b-c.xlsx", "XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("ａｂｃ.csv", ".csv", "", None),
        ("data.csv ", "data.csv", "CSV", "text/csv"),
        ("a" * 150 + ".csv", "a" * 96 + ".csv", "CSV", "text/csv"),
        ("x." + "e" * 40, "x." + "e" * 20, "", None),
    ],
)
def test_file_names_become_plain(portal: Door, name: str, munged: str, spelled: str, media_type: str | None) -> None:
    portal.create()
    made = portal.upload(name, b"x")
    assert made["url"].rpartition("/download/")[2] == munged
    assert (made["format"], made["mimetype"]) == (spelled, media_type)
    answer = portal.http("GET", made["url"])
    assert (answer.status_code, answer.content) == (200, b"x")
    assert answer.headers["Content-Type"] == media_type or (media_type is None and answer.status_code == 200)


@pytest.mark.parametrize(
    ("given", "stored"),
    [("csv", "CSV"), ("text/csv", "CSV"), ("ttl", "ttl"), ("TTL", "TTL"), ("JSON-LD", "JSON-LD"), ("自由", "自由")],
)
def test_formats_are_spelled_as_ckan_does(portal: Door, given: str, stored: str) -> None:
    (resource,) = portal.create(resources=[{"url": "http://e.example/", "format": given}])["resources"]
    assert resource["format"] == stored


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("x", "http://x"),
        (" www.example.com/a ", "http://www.example.com/a"),
        ("/abs", "http://abs"),
        ("mailto:x", "mailto:x"),
        ("http://x/ソ.csv?a=b c", "http://x/ソ.csv?a=b c"),
        ("", ""),
    ],
)
def test_links_get_a_scheme(portal: Door, given: str, stored: str) -> None:
    (resource,) = portal.create(resources=[{"url": given}])["resources"]
    assert resource["url"] == stored


def test_empty_and_large_files(portal: Door) -> None:
    portal.create()
    empty = portal.upload("empty.csv", b"")
    assert empty["size"] == 0
    assert portal.http("GET", empty["url"]).content == b""
    large = bytes(range(256)) * (4 << 10)
    assert portal.http("GET", portal.upload("large.bin", large)["url"]).content == large


def test_too_large_a_file_leaves_nothing_behind(portal: Door) -> None:
    portal.create()
    before = portal.show()
    too_much = io.BytesIO(b"1" * (11 << 20))
    with pytest.raises(ValidationError) as caught:
        portal.api.call_action(
            "resource_create", {"package_id": portal.name()}, files={"upload": ("big.csv", too_much)}
        )
    assert caught.value.error_dict == {"upload": ["File upload too large"], "__type": "Validation Error"}
    assert portal.show() == before


def test_resources_are_created_changed_and_deleted(portal: Door) -> None:
    portal.create()
    made = portal.api.action.resource_create(package_id=portal.name(), **portal.link)
    assert set(made) == portal.resource_keys
    patched = portal.api.action.resource_patch(id=made["id"], name="乙")
    assert (patched["name"], patched["url"], patched["format"]) == ("乙", portal.link["url"], "CSV")
    assert patched["metadata_modified"] > made["metadata_modified"]
    other = portal.api.action.resource_create(package_id=portal.name(), url="http://two.example/")
    assert other["position"] == 1
    before = portal.show()
    assert portal.api.action.resource_delete(id=made["id"]) is None
    after = portal.show()
    assert [(item["id"], item["position"]) for item in after["resources"]] == [(other["id"], 0)]
    assert after["metadata_modified"] == before["metadata_modified"]
    with pytest.raises(NotFound):
        portal.api.action.resource_show(id=made["id"])


def test_a_patch_of_a_resource_always_counts(portal: Door) -> None:
    (resource,) = portal.create(resources=[portal.link, portal.link])["resources"][:1]
    before = portal.show()
    portal.api.action.resource_patch(id=resource["id"], name=resource["name"])
    after = portal.show()
    assert after["metadata_modified"] > before["metadata_modified"]
    assert after["resources"][0]["metadata_modified"] > before["resources"][0]["metadata_modified"]
    assert after["resources"][1] == before["resources"][1]


def test_a_files_resource_loses_what_an_update_does_not_name(portal: Door) -> None:
    portal.create()
    made = portal.upload("data.csv", b"kept", description="説明")
    bare = portal.api.action.resource_update(id=made["id"], name="名")
    assert (bare["name"], bare["description"], bare["mimetype"], bare["format"]) == ("名", None, None, "CSV")
    assert bare["url"].endswith("/download/___")
    assert portal.http("GET", bare["url"]).content == b"kept"


def test_a_deleted_resource_takes_its_file_along(portal: Door) -> None:
    portal.create()
    made = portal.upload("data.csv", b"gone")
    portal.api.action.resource_delete(id=made["id"])
    assert portal.http("GET", made["url"]).status_code == 404


def test_resources_that_are_wrong(portal: Door) -> None:
    portal.create(resources=[portal.link])
    portal.create("other")
    key = portal.show()["resources"][0]["id"]
    taken = (409, {"id": ["Resource id already exists."], "__type": "Validation Error"})
    assert portal.error("resource_create", package_id=portal.name("other"), id=key, url="x") == taken
    wrong = portal.error("resource_create", package_id=portal.name(), id="bad", url="x")
    assert wrong == (409, {"id": ["Invalid id provided"], "__type": "Validation Error"})
    assert portal.error("resource_create", url="x")[1]["package_id"] == ["Missing value"]
    assert portal.error("resource_create", package_id="no-such", url="x")[1]["message"] == "Not found"
    for action in ("resource_patch", "resource_update"):
        assert portal.error(action, id="no-such")[1]["message"] == "Not found: Resource was not found."
    for action in ("resource_show", "resource_delete"):
        assert portal.error(action, id="no-such") == (404, {"__type": "Not Found Error", "message": "Not found"})
        assert portal.error(action)[1]["id"] == ["Missing value"]


def test_addresses_of_files_that_are_not_there(portal: Door) -> None:
    package = portal.create()
    key = portal.upload("data.csv", b"x")["id"]
    assert portal.http("GET", f"/dataset/{portal.name()}/resource/{key}/download/x").status_code == 200
    assert portal.http("GET", f"/dataset/{package['id']}/resource/{uuid4()}/download/x").status_code == 404
    assert portal.http("GET", f"/dataset/no-such/resource/{key}/download/x").status_code == 404
