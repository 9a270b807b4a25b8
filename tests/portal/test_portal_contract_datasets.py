"""Creating datasets and what is refused, the same on the embedded portal and a real CKAN."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from ckanapi.errors import NotFound, ValidationError

if TYPE_CHECKING:
    from tests.portal.conftest import Door


def test_a_dataset_is_created_whole(portal: Door) -> None:
    made = portal.create(
        title="岡山県の人口 ①𠮷野家㈱",
        notes="一行目\n二行目 <b>&amp;",
        license_id="cc-by",
        maintainer="統計課",
        maintainer_email="tokei@pref.example.jp",
        version="1",
        tags=[{"name": "人口"}, {"name": "ー々 b.a_c-d"}, {"name": "人口"}],
        extras=[{"key": "テーマ", "value": "人口"}, {"key": "empty", "value": ""}],
        resources=[portal.link | {"custom": {"a": [1, None, "あ"]}, "n": 5, "nothing": None}],
        unknown="dropped",
    )
    assert set(made) == portal.package_keys | {"license_url"}
    assert made["title"] == "岡山県の人口 ①𠮷野家㈱"
    assert made["notes"] == "一行目\n二行目 <b>&amp;"
    assert (made["license_id"], made["license_title"]) == ("cc-by", "Creative Commons Attribution")
    assert (made["license_url"], made["isopen"]) == ("http://www.opendefinition.org/licenses/cc-by", True)
    assert (made["maintainer"], made["author"], made["url"], made["type"]) == ("統計課", None, None, "dataset")
    assert [tag["name"] for tag in made["tags"]] == ["ー々 b.a_c-d", "人口"]
    assert {key: made["tags"][1][key] for key in ("display_name", "state", "vocabulary_id")} == {
        "display_name": "人口",
        "state": "active",
        "vocabulary_id": None,
    }
    assert sorted((extra["key"], extra["value"]) for extra in made["extras"]) == [("empty", ""), ("テーマ", "人口")]
    assert (made["num_tags"], made["num_resources"], made["private"], made["state"]) == (2, 1, False, "active")
    assert made["organization"]["name"] == portal.org
    assert made["organization"]["id"] == made["owner_org"]
    assert set(made["organization"]) == portal.organization_keys - {
        "display_name",
        "image_display_url",
        "num_followers",
        "package_count",
    }
    shown = portal.show()
    assert {key: shown[key] for key in shown if key != "extras"} == {key: made[key] for key in made if key != "extras"}
    assert portal.anonymous.action.package_show(id=made["id"])["name"] == portal.name()


def test_a_new_resource_has_every_field(portal: Door) -> None:
    (resource,) = portal.create(resources=[portal.link | {"custom": {"a": [1, None]}, "n": 5, "nothing": None}])[
        "resources"
    ]
    assert set(resource) == portal.resource_keys | {"custom", "n", "nothing"}
    assert (resource["custom"], resource["n"], resource["nothing"]) == ({"a": [1, None]}, 5, None)
    assert (resource["url"], resource["name"], resource["format"]) == ("http://data.example/a.csv", "甲", "CSV")
    assert (resource["hash"], resource["size"], resource["url_type"], resource["position"]) == ("", None, None, 0)
    assert (resource["last_modified"], resource["mimetype"], resource["state"]) == (None, None, "active")


def test_titles_and_licences_have_defaults(portal: Door) -> None:
    made = portal.create(notes="", license_id="licence-of-our-own")
    assert (made["title"], made["notes"]) == (portal.name(), "")
    assert (made["license_id"], made["license_title"], made["isopen"]) == (
        "licence-of-our-own",
        "licence-of-our-own",
        False,
    )
    assert "license_url" not in made
    assert portal.create("b")["license_title"] is None


@pytest.mark.parametrize(
    ("name", "messages"),
    [
        (None, ["Missing value"]),
        ("", ["Missing value"]),
        ("x", ["Must be at least 2 characters long", 'Name "x" length is less than minimum 2']),
        (
            "x" * 101,
            [
                "Name must be a maximum of 100 characters long",
                f'Name "{"x" * 101}" length is more than maximum 100',
            ],
        ),
        ("Aé", ["Must be purely lowercase alphanumeric (ascii) characters and these symbols: -_"]),
        ("人口", ["Must be purely lowercase alphanumeric (ascii) characters and these symbols: -_"]),
        ("new", ["That name cannot be used"]),
    ],
)
def test_a_datasets_name_has_rules(portal: Door, name: str | None, messages: list[str]) -> None:
    given = {} if name is None else {"name": name}
    expected = (409, {"name": messages, "__type": "Validation Error"})
    assert portal.error("package_create", owner_org=portal.org, **given) == expected


def test_a_datasets_name_is_unique(portal: Door) -> None:
    portal.create()
    taken = (409, {"name": ["That URL is already in use."], "__type": "Validation Error"})
    assert portal.error("package_create", name=portal.name(), owner_org=portal.org) == taken
    with pytest.raises(ValidationError):
        portal.create()


def test_a_dataset_needs_an_organisation(portal: Door) -> None:
    assert portal.error("package_create", name=portal.name()) == (
        409,
        {"owner_org": ["An organization must be provided"], "__type": "Validation Error"},
    )
    assert portal.error("package_create", name=portal.name(), owner_org="no-such-org")[1] == {
        "owner_org": ["Organization does not exist"],
        "__type": "Validation Error",
    }


def test_everything_wrong_is_said_at_once(portal: Door) -> None:
    status, error = portal.error(
        "package_create", name="A B", tags=[{"name": "県"}], extras=[{"key": "a", "value": 1}, {"key": "a", "value": 2}]
    )
    assert status == 409
    assert set(error) == {"__type", "name", "owner_org", "tags", "extras_validation"}
    assert error["extras_validation"] == ['Duplicate key "a"']


@pytest.mark.parametrize(
    ("tag", "message"),
    [
        ("県", 'Tag "県" length is less than minimum 2'),
        ("x" * 101, f'Tag "{"x" * 101}" length is more than maximum 100'),
    ],
)
def test_tags_have_a_length(portal: Door, tag: str, message: str) -> None:
    status, error = portal.error("package_create", name=portal.name(), owner_org=portal.org, tags=[{"name": tag}])
    assert (status, error) == (409, {"tags": [message], "__type": "Validation Error"})


@pytest.mark.parametrize("tag", ["人口・世帯", "人口（県）", "人口，世帯", "人口\u3000世帯", "人口😀", "a/b"])
def test_tags_are_words(portal: Door, tag: str) -> None:
    _, error = portal.error("package_create", name=portal.name(), owner_org=portal.org, tags=[{"name": tag}])
    allowed = 'alphanumeric characters, spaces (" "), hyphens ("-"), underscores ("_") or dots (".")'
    assert error["tags"] == [f'Tag "{tag}" can only contain {allowed}']


def test_a_tag_that_is_wrong_twice_is_one_message(portal: Door) -> None:
    _, error = portal.error(
        "package_create", name=portal.name(), owner_org=portal.org, tags=[{"name": "・"}, {"name": "ok"}, {"x": 1}]
    )
    first, second = error["tags"]
    assert first.startswith('Tag "・" length is less than minimum 2, Tag "・" can only contain')
    assert second == "Missing value"


@pytest.mark.parametrize(
    ("extras", "errors"),
    [
        ([{"key": "title", "value": 1}], {"extras": [{"key": ["There is a schema field with the same name"]}]}),
        ([{"key": "n", "value": None}, {"value": "z"}], {"extras": [{}, {"key": ["Missing value"]}]}),
        ([{"key": "", "value": "1"}], {"extras": [{"key": ["Missing value"]}]}),
        ([{"key": "k"}], {"extras": [{"value": ["Missing value"]}]}),
    ],
)
def test_extras_have_rules(portal: Door, extras: list[dict[str, Any]], errors: dict[str, Any]) -> None:
    status, error = portal.error("package_create", name=portal.name(), owner_org=portal.org, extras=extras)
    assert (status, error) == (409, errors | {"__type": "Validation Error"})


def test_extras_become_text(portal: Door) -> None:
    values: dict[str, Any] = {"k": None, "t": True, "f": 1.5, "i": 5, "o": {"a": 1}, "日": ["あ"]}
    portal.create(extras=[{"key": key, "value": value} for key, value in values.items()])
    assert {extra["key"]: extra["value"] for extra in portal.show()["extras"]} == {
        "k": "",
        "t": "true",
        "f": "1.5",
        "i": "5",
        "o": '{"a": 1}',
        "日": '["あ"]',
    }


@pytest.mark.parametrize("field", ["resources", "tags", "extras"])
def test_lists_must_be_lists_of_objects(portal: Door, field: str) -> None:
    status, error = portal.error("package_create", name=portal.name(), owner_org=portal.org, **{field: "x"})
    assert (status, error["__type"]) == (400, "Integrity Error")
    assert error["message"] == f"Only lists of dicts can be placed against subschema ('{field}',), not <class 'str'>"


def test_other_fields_have_rules(portal: Door) -> None:
    given = {"name": portal.name(), "owner_org": portal.org}
    assert portal.error("package_create", **given, author_email="not email")[1] == {
        "author_email": ["Email not email is not a valid format"],
        "__type": "Validation Error",
    }
    assert portal.error("package_create", **given, version="x" * 101)[1] == {
        "version": ["Version must be a maximum of 100 characters long"],
        "__type": "Validation Error",
    }


def test_a_dataset_that_is_not_there(portal: Door) -> None:
    for action in ("package_show", "package_patch", "package_delete"):
        assert portal.error(action, id="no-such") == (404, {"__type": "Not Found Error", "message": "Not found"})
        with pytest.raises(NotFound):
            portal.api.call_action(action, {"id": "no-such"})
    assert portal.error("package_update", id="no-such")[1]["message"] == "Not found: Package was not found."
    assert portal.error("package_show")[1] == {"name_or_id": ["Missing value"], "__type": "Validation Error"}
    for action in ("package_patch", "package_delete"):
        assert portal.error(action)[1] == {"id": ["Missing value"], "__type": "Validation Error"}


def test_datasets_are_listed(portal: Door) -> None:
    portal.create("a")
    portal.create("b", private=True)
    portal.create("c", state="draft")
    names = set(portal.anonymous.action.package_list())
    assert portal.name("a") in names
    assert not {portal.name("b"), portal.name("c")} & names


def test_ids_may_be_chosen(portal: Door) -> None:
    package, resource = str(uuid4()), str(uuid4())
    made = portal.create(id=package, resources=[portal.link | {"id": resource}])
    assert (made["id"], made["resources"][0]["id"]) == (package, resource)
    given = {"name": portal.name("b"), "owner_org": portal.org}
    assert portal.error("package_create", **given, id=package)[1]["id"] == ["Dataset id already exists"]
    assert portal.error("package_create", **given, id="bad")[1]["id"] == ["Invalid id provided"]
    assert portal.error("package_create", **given, resources=[{"id": resource, "url": "x"}]) == (
        409,
        {"resources": [{"id": ["Resource id already exists."]}], "__type": "Validation Error"},
    )
    wrong = portal.error("package_create", **given, resources=[portal.link, {"id": "bad"}])
    assert wrong[1]["resources"] == [{}, {"id": ["Invalid id provided"]}]
    with pytest.raises(NotFound):
        portal.show("b")
