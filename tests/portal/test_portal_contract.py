"""What odkit relies on holds for the embedded portal and a real CKAN, word for word: envelope, permissions, lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from ckanapi.errors import CKANAPIError, NotAuthorized

if TYPE_CHECKING:
    from tests.portal.conftest import Door


@pytest.mark.parametrize("path", ["/api/action/status_show", "/api/3/action/status_show"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_answers_come_in_an_envelope(portal: Door, path: str, method: str) -> None:
    answer = portal.http(method, path, token=False)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/json;charset=utf-8"
    body = answer.json()
    assert set(body) == {"help", "success", "result"}
    assert body["success"] is True
    assert body["help"] == f"{portal.url}/api/3/action/help_show?name=status_show"
    assert {"site_title", "site_url", "ckan_version", "extensions", "locale_default"} <= set(body["result"])
    assert body["result"]["site_url"] == portal.url


def test_errors_come_in_an_envelope(portal: Door) -> None:
    answer = portal.http("GET", "/api/3/action/package_show?id=no-such-thing", token=False)
    assert answer.status_code == 404
    assert answer.json() == {
        "help": f"{portal.url}/api/3/action/help_show?name=package_show",
        "success": False,
        "error": {"__type": "Not Found Error", "message": "Not found"},
    }


def test_an_unknown_action_is_answered_with_a_bare_text(portal: Door) -> None:
    assert portal.error("no_such_action") == (400, "Bad request: Action name not known: no_such_action")
    with pytest.raises(CKANAPIError):
        portal.api.action.no_such_action()


@pytest.mark.parametrize("body", ["{bad", b"\xff\xfe", "[1]", '"text"', "[]"])
def test_what_is_no_json_object_is_refused(portal: Door, body: str | bytes) -> None:
    answer = portal.http("POST", "/api/3/action/package_show", data=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400
    assert answer.json().startswith("Bad request: JSON Error: ")


def test_writing_takes_post(portal: Door) -> None:
    answer = portal.http("GET", "/api/3/action/package_create?name=x")
    assert answer.status_code == 400
    assert answer.json() == "Bad request: JSON Error: Invalid request. Please use POST method for your request"
    assert portal.http("PUT", "/api/3/action/status_show").status_code == 405
    assert portal.http("HEAD", "/api/3/action/status_show").status_code == 200


def test_unknown_versions_and_addresses_are_not_found(portal: Door) -> None:
    for path in ("/api/2/action/status_show", "/api/3/action/", "/api/3/action/status_show/"):
        assert portal.http("GET", path).status_code == 404
    assert portal.http("GET", "/api/3").json() == {"version": 3}


@pytest.mark.parametrize("headers", [{}, {"Authorization": "nonsense"}, {"Authorization": "Bearer "}])
def test_strangers_read_and_do_not_write(portal: Door, headers: dict[str, str]) -> None:
    made = portal.create(resources=[portal.link])
    package, resource = made["id"], made["resources"][0]["id"]
    calls = {
        "package_create": ({"name": portal.name("x"), "owner_org": portal.org}, "create packages"),
        "package_patch": ({"id": portal.name()}, f"edit package {package}"),
        "package_update": ({"id": portal.name()}, f"edit package {package}"),
        "package_revise": ({"match__name": portal.name()}, f"edit package {package}"),
        "package_delete": ({"id": portal.name()}, f"edit package {package}"),
        "resource_create": ({"package_id": portal.name()}, f"create resources on dataset {portal.name()}"),
        "resource_patch": ({"id": resource}, f"edit resource {resource}"),
        "resource_update": ({"id": resource}, f"edit resource {resource}"),
        "resource_delete": ({"id": resource}, f"delete resource {resource}"),
        "organization_patch": ({"id": made["owner_org"]}, f"edit organization {made['owner_org']}"),
        "organization_delete": ({"id": made["owner_org"]}, f"delete organization {made['owner_org']}"),
    }
    for action, (data, what) in calls.items():
        answer = portal.http("POST", f"/api/3/action/{action}", token=False, json=data, headers=headers)
        message = f"Access denied: User  not authorized to {what}"
        assert (answer.status_code, answer.json()["error"]) == (
            403,
            {"__type": "Authorization Error", "message": message},
        )
    assert portal.error("organization_create", token=False, name=portal.name())[1]["message"] == (
        "Access denied: User None not authorized to create organizations"
    )
    assert portal.show() == made
    read = portal.http("GET", f"/api/3/action/package_show?id={portal.name()}", token=False, headers=headers)
    assert read.json()["result"]["id"] == package
    with pytest.raises(NotAuthorized):
        portal.anonymous.action.package_delete(id=portal.name())


def test_private_datasets_are_for_users(portal: Door) -> None:
    made = portal.create(private=True)
    resource = portal.upload("data.csv", b"secret")
    assert made["private"] is True
    assert portal.error("package_show", token=False, id=portal.name()) == (
        403,
        {
            "__type": "Authorization Error",
            "message": f"Access denied: User  not authorized to read package {made['id']}",
        },
    )
    assert portal.error("resource_show", token=False, id=resource["id"])[1]["message"] == (
        f"Access denied: User  not authorized to read resource {resource['id']}"
    )
    answer = portal.http("GET", resource["url"], token=False)
    assert answer.status_code == 403
    assert b"secret" not in answer.content
    assert portal.http("GET", resource["url"]).content == b"secret"
    portal.api.action.package_patch(id=portal.name(), private=False)
    assert portal.http("GET", resource["url"], token=False).content == b"secret"
    portal.api.action.package_delete(id=portal.name())
    assert portal.http("GET", resource["url"], token=False).status_code == 403


def test_licences_are_listed(portal: Door) -> None:
    licences = {licence["id"]: licence for licence in portal.anonymous.action.license_list()}
    assert licences["cc-by"] == {
        "id": "cc-by",
        "title": "Creative Commons Attribution",
        "url": "http://www.opendefinition.org/licenses/cc-by",
        "od_conformance": "approved",
        "osd_conformance": "not reviewed",
        "domain_content": "False",
        "domain_data": "False",
        "domain_software": "False",
        "is_generic": "False",
        "family": "",
        "maintainer": "",
        "status": "active",
    }
    assert licences["cc-nc"]["od_conformance"] == "not reviewed"
    assert {"notspecified", "cc-zero", "cc-by-sa", "other-open", "other-at", "other-closed"} <= set(licences)


def test_tags_are_listed(portal: Door) -> None:
    tag = f"札 {portal.prefix}"
    portal.create(tags=[{"name": tag}])
    assert portal.anonymous.action.tag_list(query=portal.prefix) == [tag]
    (shown,) = portal.anonymous.action.tag_list(query=portal.prefix, all_fields=True)
    assert set(shown) == {"id", "name", "display_name", "vocabulary_id"}


def test_every_answer_leads_to_a_help_page(portal: Door) -> None:
    for name in ("package_search", "organization_show"):
        answer = portal.http("GET", f"/api/3/action/{name}").json()
        words = portal.http("GET", answer["help"].removeprefix(portal.url)).json()["result"]
        assert len(words) > 10
    assert portal.error("help_show", name="nosuch")[1]["__type"] == "Not Found Error"


def test_what_clients_ask_first(portal: Door) -> None:
    assert isinstance(portal.anonymous.action.group_list(), list)
    for name in "ab":
        portal.create(name)
    newest = portal.anonymous.action.current_package_list_with_resources(limit=2)
    assert [item["name"] for item in newest] == [portal.name("b"), portal.name("a")]
    (second,) = portal.anonymous.action.current_package_list_with_resources(limit=1, offset=1)
    assert second["name"] == portal.name("a")
