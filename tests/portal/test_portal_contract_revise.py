"""package_revise, the same on the embedded portal and a real CKAN."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from ckanapi.errors import ValidationError

if TYPE_CHECKING:
    from tests.portal.conftest import Door


def times(package: dict[str, Any]) -> tuple[str, list[str]]:
    return package["metadata_modified"], [item["metadata_modified"] for item in package["resources"]]


def test_a_revision_needs_what_it_matches(portal: Door) -> None:
    made = portal.create(title="題")
    revise = "package_revise"
    stale = {"name": portal.name(), "metadata_modified": "2001-01-01T00:00:00"}
    assert portal.error(revise, match=stale, update={"title": "新"}) == (
        409,
        {"match": ["metadata_modified"], "__type": "Validation Error"},
    )
    assert portal.error(revise, match={"id": made["id"], "title": "x", "notes": "y"})[1]["match"] == ["notes", "title"]
    assert portal.error(revise, match={"id": "no-such"}) == (404, {"__type": "Not Found Error", "message": "Not found"})
    nothings: list[dict[str, Any]] = [{}, {"match": {}}, {"match": {"title": "題"}}]
    for nothing in nothings:
        assert portal.error(revise, **nothing)[1] == {"match__id": "Missing value", "__type": "Validation Error"}
    assert portal.error(revise, match=5)[1]["match"] == ["Must be a dict"]
    assert portal.error(revise, match__name=portal.name(), update=[1])[1]["update"] == ["Must be a dict"]
    assert portal.show() == made
    fresh = {"id": made["id"], "metadata_modified": made["metadata_modified"]}
    revised = portal.api.action.package_revise(match=fresh, update={"title": "新"})["package"]
    assert revised["title"] == "新"
    assert portal.error(revise, match=fresh, update={"title": "遅い"})[1]["match"] == ["metadata_modified"]


def test_a_revision_finds_resources_by_the_start_of_their_id(portal: Door) -> None:
    first, second = (item["id"] for item in portal.create(resources=[portal.link, portal.link])["resources"])
    portal.api.action.package_revise(
        match__name=portal.name(), **{f"update__resources__{first[:8]}__name": "一", "update__resources__1__name": "二"}
    )
    assert [(item["id"], item["name"]) for item in portal.show()["resources"]] == [(first, "一"), (second, "二")]
    portal.api.action.package_revise(
        match__name=portal.name(), **{f"update__resources__{second}": {"name": "三", "custom": {"a": 1}}}
    )
    assert portal.show()["resources"][1]["name"] == "三"
    assert portal.show()["resources"][1]["custom"] == {"a": 1}
    assert portal.show()["resources"][1]["url"] == portal.link["url"]


@pytest.mark.parametrize("key", ["9", "ffffffff", "abc"])
def test_a_revision_of_nothing_is_refused(portal: Door, key: str) -> None:
    portal.create(resources=[portal.link | {"id": f"0{str(uuid4())[1:]}"}])
    assert portal.error("package_revise", match__name=portal.name(), **{f"update__resources__{key}__name": "x"}) == (
        409,
        {f"resources__{key}__name": [f"Unmatched key resources__{key}"], "__type": "Validation Error"},
    )


def test_a_revision_appends_resources(portal: Door) -> None:
    portal.create(resources=[portal.link])
    portal.api.action.package_revise(
        match={"name": portal.name()},
        update__resources__extend=[{"name": "二", "url": "http://two.example/"}],
        update__resources__0__name="一",
    )
    assert [item["name"] for item in portal.show()["resources"]] == ["一", "二"]
    wrong = portal.error("package_revise", match__name=portal.name(), update__resources__extend={"name": "x"})
    assert wrong[1]["resources__extend"] == ["Expected list for resources"]


def test_a_revision_merges_lists_element_by_element(portal: Door) -> None:
    """Surprising, but so it is: to replace tags or extras they must be filtered away first."""
    portal.create(tags=[{"name": name} for name in ("aa", "bb", "cc")], extras=[{"key": k, "value": k} for k in "xyz"])
    revise = portal.api.action.package_revise
    merged = revise(
        match__name=portal.name(), update__tags=[{"name": "zz"}], update={"extras": [{"key": "q", "value": "1"}]}
    )
    assert [tag["name"] for tag in merged["package"]["tags"]] == ["bb", "cc", "zz"]
    assert [extra["key"] for extra in merged["package"]["extras"]] == ["q", "y", "z"]
    replaced = revise(
        match__name=portal.name(),
        filter=["-tags", "-extras"],
        update={"tags": [{"name": "nn"}], "extras": [{"key": "n", "value": "1"}]},
    )
    assert [tag["name"] for tag in replaced["package"]["tags"]] == ["nn"]
    assert [extra["key"] for extra in replaced["package"]["extras"]] == ["n"]


def test_a_revision_that_replaces_lists_by_the_same_moves_no_time(portal: Door) -> None:
    tags, extras = [{"name": "bb"}, {"name": "aa"}], [{"key": "z", "value": "1"}, {"key": "a", "value": "2"}]
    portal.create(tags=tags, extras=extras, resources=[portal.link])
    before = portal.show()
    revise = portal.api.action.package_revise
    revise(match__name=portal.name(), filter=["-tags"], update={"tags": tags})
    revise(match__name=portal.name(), filter=["-extras"], update={"extras": extras})
    assert times(portal.show()) == times(before)


def test_a_revision_reads_flattened_values_as_json(portal: Door) -> None:
    """Surprising, but so it is: a text that is JSON needs quotes of its own to stay the text it is."""
    portal.create(resources=[portal.link])
    values = {"a": "5", "b": '{"a": 1}', "c": "true", "d": "0123", "e": '"5"', "f": "text", "g": "[1]"}
    portal.api.call_action(
        "package_revise",
        {"match__name": portal.name()} | {f"update__resources__0__{key}": value for key, value in values.items()},
        files={"unused": ("x", io.BytesIO(b""))},
    )
    (resource,) = portal.show()["resources"]
    read = {"a": 5, "b": {"a": 1}, "c": True, "d": "0123", "e": "5", "f": "text", "g": [1]}
    assert {key: resource[key] for key in values} == read


def test_a_revision_filters(portal: Door) -> None:
    made = portal.create(
        title="題", notes="注", resources=[portal.link, {"url": "http://two.example/"}, {"url": "http://3.example"}]
    )
    first, second, _ = (item["id"] for item in made["resources"])

    def ids(**revision: Any) -> list[str]:
        revised = portal.api.action.package_revise(match__name=portal.name(), **revision)["package"]
        return [item["id"] for item in revised["resources"]]

    assert ids(filter=["-resources__2", "-notes", "-title"]) == [first, second]
    assert (portal.show()["notes"], portal.show()["title"]) == (None, portal.name())
    assert ids(filter=["-resources"]) == [first, second]
    assert ids(filter=["-name", "-bogus", "-resources__ffffffff"]) == [first, second]
    assert ids(filter=[f"+resources__{second[:6]}", "-resources__*"]) == [second]
    assert ids(filter=["-resources__*", f"+resources__{second[:6]}"]) == []


def test_a_revision_answers_what_is_asked_for(portal: Door) -> None:
    made = portal.create()

    def included(include: list[str]) -> Any:
        return portal.api.action.package_revise(match__name=portal.name(), include=include)

    assert included(["-*"]) == {}
    assert included(["+package__id", "-package__*"]) == {"package": {"id": made["id"]}}
    assert set(included(["+package", "-*"])["package"]) == portal.package_keys
    assert set(included(["-package__notes"])["package"]) == portal.package_keys - {"notes"}


def test_a_revision_brings_files(portal: Door) -> None:
    first, second, third = (str(uuid4()) for _ in range(3))
    made = portal.create(resources=[portal.link | {"id": first, "hash": "h"}, portal.link | {"id": second}])
    answer = portal.api.call_action(
        "package_revise",
        {
            "match": json.dumps({"id": made["id"], "metadata_modified": made["metadata_modified"]}),
            "update": json.dumps({"notes": "注"}),
            "update__resources__extend": json.dumps([{"id": third, "name": "新しい", "format": "CSV", "k": {"x": 1}}]),
            f"update__resources__{first}__name": "一",
        },
        files={
            f"update__resources__{first}__upload": ("data.csv", io.BytesIO(b"a\n1\n")),
            f"update__resources__{third[:8]}__upload": ("data.ttl", io.BytesIO(b"<a:> <b:> <c:> .")),
        },
    )
    one, two, three = answer["package"]["resources"]
    assert answer["package"]["notes"] == "注"
    assert (one["id"], one["name"], one["hash"], one["size"], one["url_type"]) == (first, "一", "h", 4, "upload")
    assert one["url"] == f"{portal.url}/dataset/{made['id']}/resource/{first}/download/data.csv"
    assert (two["id"], two["url"]) == (second, portal.link["url"])
    assert (three["id"], three["name"], three["format"], three["k"]) == (third, "新しい", "CSV", {"x": 1})
    assert portal.http("GET", one["url"], token=False).content == b"a\n1\n"
    assert portal.http("GET", three["url"], token=False).content == b"<a:> <b:> <c:> ."


def test_a_revision_that_is_refused_brings_no_files(portal: Door) -> None:
    made = portal.create(resources=[portal.link])
    portal.upload("data.csv", b"old")
    before = portal.show()
    with pytest.raises(ValidationError):
        portal.api.call_action(
            "package_revise",
            {"match__id": made["id"], "match__title": "another"},
            files={"update__resources__1__upload": ("data.csv", io.BytesIO(b"new"))},
        )
    assert portal.show() == before
    assert portal.http("GET", before["resources"][1]["url"]).content == b"old"
