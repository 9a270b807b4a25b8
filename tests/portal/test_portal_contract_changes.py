"""Changing datasets, the same on the embedded portal and a real CKAN."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from ckanapi.errors import NotFound

if TYPE_CHECKING:
    from tests.portal.conftest import Door


def times(package: dict[str, Any]) -> tuple[str, list[str]]:
    return package["metadata_modified"], [item["metadata_modified"] for item in package["resources"]]


def test_a_patch_changes_what_it_names(portal: Door) -> None:
    before = portal.create(title="古い", notes="注", tags=[{"name": "人口"}], resources=[portal.link])
    after = portal.api.action.package_patch(id=portal.name(), title="新しい")
    assert after["metadata_modified"] > before["metadata_modified"]
    moved = {"title", "metadata_modified"}
    assert {key: after[key] for key in after if key not in moved} == {
        key: before[key] for key in before if key not in moved
    }
    assert portal.show() == after


def test_a_patch_replaces_lists(portal: Door) -> None:
    portal.create(
        tags=[{"name": "aa"}, {"name": "bb"}], extras=[{"key": "a", "value": "1"}, {"key": "b", "value": "2"}]
    )
    after = portal.api.action.package_patch(
        id=portal.name(), tags=[{"name": "cc"}], extras=[{"key": "c", "value": "3"}], title=""
    )
    assert [tag["name"] for tag in after["tags"]] == ["cc"]
    assert [(extra["key"], extra["value"]) for extra in after["extras"]] == [("c", "3")]
    assert after["title"] == portal.name()


def test_a_patch_that_changes_nothing_moves_no_time(portal: Door) -> None:
    portal.create(
        title="同じ",
        tags=[{"name": "b b"}, {"name": "aa"}],
        extras=[{"key": "z", "value": "1"}, {"key": "a", "value": "2"}],
        resources=[portal.link, {"url": "http://two.example/"}],
    )
    before = portal.show()
    patch = portal.api.action.package_patch
    patch(id=before["id"])
    patch(id=before["id"], title="同じ")
    patch(id=before["id"], tags=[{"name": "b b"}, {"name": "aa"}])
    patch(id=before["id"], extras=[{"key": "z", "value": "1"}, {"key": "a", "value": "2"}])
    patch(id=before["id"], resources=before["resources"])
    portal.api.action.package_update(**before)
    portal.api.action.package_revise(match={"id": before["id"]}, update={"title": "同じ"})
    portal.api.action.resource_update(**before["resources"][0])
    assert times(portal.show()) == times(before)


def test_an_update_empties_what_it_does_not_name(portal: Door) -> None:
    before = portal.create(
        title="題",
        notes="注",
        tags=[{"name": "aa"}],
        extras=[{"key": "a", "value": "1"}],
        resources=[portal.link],
        private=True,
    )
    after = portal.api.action.package_update(id=portal.name(), owner_org=portal.org)
    assert (after["title"], after["notes"], after["tags"], after["extras"]) == (portal.name(), None, [], [])
    assert (after["name"], after["private"]) == (portal.name(), True)
    assert [item["id"] for item in after["resources"]] == [item["id"] for item in before["resources"]]
    emptied = portal.api.action.package_update(id=portal.name(), owner_org=portal.org, resources=[])
    assert emptied["resources"] == []
    assert portal.error("package_update")[1]["id"] == "Missing value"


def test_a_change_that_is_wrong_changes_nothing(portal: Door) -> None:
    before = portal.create(title="題", resources=[portal.link])
    wrong = portal.error("package_patch", id=portal.name(), title="新", resources=[portal.link | {"size": "many"}])
    assert wrong == (409, {"resources": [{"size": ["Invalid integer"]}], "__type": "Validation Error"})
    assert portal.error("package_patch", id=portal.name(), owner_org="")[0] == 409
    assert portal.error("package_patch", id=portal.name(), name="B A")[0] == 409
    assert portal.show() == before


def test_a_dataset_may_be_renamed(portal: Door) -> None:
    made = portal.create()
    portal.create("other")
    assert portal.error("package_patch", id=made["id"], name=portal.name("other"))[1]["name"] == [
        "That URL is already in use."
    ]
    portal.api.action.package_patch(id=made["id"], name=portal.name("renamed"))
    assert portal.show("renamed")["id"] == made["id"]
    with pytest.raises(NotFound):
        portal.show()


def test_resources_keep_the_order_they_are_sent_in(portal: Door) -> None:
    made = portal.create(resources=[{"url": f"http://e.example/{number}"} for number in range(4)])
    turned = portal.api.action.package_patch(id=made["id"], resources=made["resources"][::-1])
    assert [item["url"][-1] for item in turned["resources"]] == ["3", "2", "1", "0"]
    assert [item["position"] for item in turned["resources"]] == [0, 1, 2, 3]
    assert {item["id"] for item in turned["resources"]} == {item["id"] for item in made["resources"]}


def test_a_resource_sent_bare_keeps_some_of_its_fields(portal: Door) -> None:
    full = {
        "url": "http://u.example/x.csv",
        "name": "名",
        "description": "説明",
        "format": "CSV",
        "mimetype": "text/csv",
        "hash": "abc",
        "size": 5,
        "custom": [1],
    }
    made = portal.create(resources=[full])
    (bare,) = portal.api.action.package_patch(id=made["id"], resources=[{"id": made["resources"][0]["id"]}])[
        "resources"
    ]
    assert {key: bare.get(key, "gone") for key in full} == {
        "url": "",
        "name": "名",
        "description": None,
        "format": "CSV",
        "mimetype": None,
        "hash": "abc",
        "size": 5,
        "custom": "gone",
    }


def test_a_deleted_dataset_is_gone_for_the_public(portal: Door) -> None:
    made = portal.create(resources=[portal.link])
    assert portal.api.action.package_delete(id=portal.name()) is None
    assert portal.show()["state"] == "deleted"
    assert portal.show()["metadata_modified"] == made["metadata_modified"]
    assert portal.name() not in portal.anonymous.action.package_list()
    denied = f"Access denied: User  not authorized to read package {made['id']}"
    expected = (403, {"__type": "Authorization Error", "message": denied})
    assert portal.error("package_show", token=False, id=made["id"]) == expected
    assert portal.api.action.package_patch(id=made["id"], state="active")["state"] == "active"
    assert portal.anonymous.action.package_show(id=made["id"])["id"] == made["id"]


def test_the_name_of_a_deleted_dataset_is_free(portal: Door) -> None:
    first = portal.create()
    portal.api.action.package_delete(id=first["id"])
    second = portal.create()
    assert second["id"] != first["id"]
    assert portal.show()["id"] == second["id"]
    assert portal.api.action.package_show(id=first["id"])["name"] == first["id"]
