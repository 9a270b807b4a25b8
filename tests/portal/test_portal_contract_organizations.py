"""Organisations, the same on the embedded portal and a real CKAN."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.portal.conftest import Door


def test_an_organisation_is_created_and_shown(portal: Door) -> None:
    shown = portal.api.action.organization_show(id=portal.org)
    assert set(shown) >= portal.organization_keys | {"extras", "groups", "users"}
    expected = {"name": portal.org, "title": "架空県", "display_name": "架空県", "description": "", "state": "active"}
    assert {key: shown[key] for key in expected} == expected
    assert (shown["type"], shown["is_organization"], shown["package_count"]) == ("organization", True, 0)
    assert portal.api.action.organization_show(id=shown["id"])["name"] == portal.org


def test_organisations_are_listed(portal: Door) -> None:
    assert portal.org in portal.anonymous.action.organization_list()
    (listed,) = portal.anonymous.action.organization_list(all_fields=True, organizations=[portal.org])
    assert set(listed) == portal.organization_keys
    mine = {item["name"]: item for item in portal.api.action.organization_list_for_user()}
    assert mine[portal.org]["capacity"] == "admin"
    assert portal.anonymous.action.organization_list_for_user() == []
    assert portal.error("organization_list", sort="bogus desc")[1]["message"] == "Cannot sort by field `bogus`"


def test_an_organisation_counts_and_shows_its_datasets(portal: Door) -> None:
    portal.create("a")
    portal.create("b", private=True)
    shown = portal.api.action.organization_show(id=portal.org, include_datasets=True)
    assert shown["package_count"] == 2
    assert {package["name"] for package in shown["packages"]} == {portal.name("a"), portal.name("b")}


@pytest.mark.parametrize("action", ["organization_patch", "organization_update"])
def test_an_organisation_keeps_what_a_change_does_not_name(portal: Door, action: str) -> None:
    portal.api.action.organization_patch(
        id=portal.org, description="説明", extras=[{"key": "コード", "value": "990000"}]
    )
    changed = portal.api.call_action(action, {"id": portal.org, "title": "新しい県"})
    assert (changed["title"], changed["description"], changed["name"]) == ("新しい県", "説明", portal.org)
    assert portal.api.action.organization_show(id=portal.org)["title"] == "新しい県"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("A B", "Must be purely lowercase alphanumeric (ascii) characters and these symbols: -_"),
        ("a", "Must be at least 2 characters long"),
        ("a" * 101, "Name must be a maximum of 100 characters long"),
        ("new", "That name cannot be used"),
        ("", "Missing value"),
    ],
)
def test_an_organisations_name_has_rules(portal: Door, name: str, message: str) -> None:
    status, error = portal.error("organization_create", name=name)
    assert (status, error) == (409, {"name": [message], "__type": "Validation Error"})


def test_an_organisations_name_is_unique(portal: Door) -> None:
    taken = (409, {"name": ["Group name already exists in database"], "__type": "Validation Error"})
    assert portal.error("organization_create", name=portal.org) == taken


def test_organisations_that_are_not_there(portal: Door) -> None:
    assert portal.error("organization_show", id="no-such") == (
        404,
        {"__type": "Not Found Error", "message": "Not found"},
    )
    assert portal.error("organization_show")[1] == {"id": ["Missing value"], "__type": "Validation Error"}
    assert portal.error("organization_patch", id="no-such")[0] == 404
    assert portal.error("organization_delete", id="no-such") == (
        404,
        {"__type": "Not Found Error", "message": "Not found: Group was not found."},
    )


def test_an_organisation_with_datasets_cannot_be_deleted(portal: Door) -> None:
    portal.create()
    assert portal.error("organization_delete", id=portal.org) == (
        409,
        {
            "message": "Organization cannot be deleted while it still has datasets",
            "__type": "Validation Error",
        },
    )
    portal.api.action.package_delete(id=portal.name())
    assert portal.api.action.organization_delete(id=portal.org) is None
    assert portal.org not in portal.api.action.organization_list()
    assert portal.api.action.organization_show(id=portal.org)["state"] == "deleted"
    status, error = portal.error("organization_show", token=False, id=portal.org)
    assert (status, error["__type"]) == (403, "Authorization Error")
    assert error["message"].startswith("Access denied: User  not authorized to read group ")
