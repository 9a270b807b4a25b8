"""The embedded portal in the same process answers over its desk as it does over HTTP, and a push checks as much."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from odkit.errors import PortalRefused, PortalStop
from odkit.model import Score
from odkit.portal import Store, create_app
from odkit.portal.desk import MAX_UPLOADS, Desk, Portal, desk_in
from odkit.push import Rules, apply_plan, connect, make_plan, verify
from odkit.push.portal import Portal as Connected

if TYPE_CHECKING:
    from tests.push.conftest import Factory

LEVEL_5 = Score(target="", level=5, format_level=3, format="CSV", licence="", checks=(), steps=())
URL, TOKEN = "http://portal.test", "secret-token"
RULES = Rules(create_organizations=True, pause=0.01)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "portal"


@pytest.fixture
def near(home: Path) -> Iterator[Connected]:
    """The embedded portal, reached as ``odkit publish`` does."""
    with (
        desk_in(home, site_url=URL, tokens={TOKEN: "odkit"}) as desk,
        connect(URL, TOKEN, desk=desk, rules=RULES) as it,
    ):
        yield it


def test_a_package_goes_there_and_stands(near: Connected, factory: Factory) -> None:
    package = factory.package()
    plan = make_plan(package, LEVEL_5, near)
    assert plan.action == "create"
    assert apply_plan(plan, near, package.folder) == f"{URL}/dataset/{plan.dataset_name}"
    assert verify(plan, near) == ()
    assert make_plan(package, LEVEL_5, near).action == "unchanged"
    near.foresee(package.spec.publisher.name)
    assert make_plan(package, LEVEL_5, near).action == "unchanged"
    changed = factory.package({**factory.content, "data": b"ID\r\n011003\r\n"})
    again = make_plan(changed, LEVEL_5, near)
    assert [item.key for _, item in again.uploads] == ["data"]
    apply_plan(again, near, changed.folder)
    assert make_plan(changed, LEVEL_5, near).action == "unchanged"


def test_files_that_the_portal_does_not_hold_as_sent_are_found(near: Connected, home: Path, factory: Factory) -> None:
    package = factory.package()
    plan = make_plan(package, LEVEL_5, near)
    apply_plan(plan, near, package.folder)
    for path in (home / "files").glob("??/*"):
        data = path.read_bytes()
        path.write_bytes(bytes([data[0] ^ 1]) + data[1:])
    assert {item.field for item in verify(plan, near)} == {
        "resources.data",
        "resources.data-rdf",
        "resources.datapackage",
    }
    for path in (home / "files").glob("??/*"):
        path.unlink()
    assert {item.before for item in verify(plan, near)} == {""}


def test_a_file_that_becomes_shorter_is_not_sent(
    near: Connected, factory: Factory, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the check of all files, while they are read: nothing of it is left on the portal."""
    package = factory.package()
    plan = make_plan(package, LEVEL_5, near)
    monkeypatch.setattr("odkit.push.apply._check_file", lambda *_: None)
    (package.folder / "data.csv").write_bytes(b"ID")
    with pytest.raises(PortalRefused) as told:
        apply_plan(plan, near, package.folder)
    assert (told.value.code, told.value.details) == ("push.file-changed", {"file": "data.csv"})
    assert list((home / "files").rglob("*.part")) == []
    shown = near.show(plan.dataset_name)
    assert shown is None or shown["state"] == "deleted"


def test_a_token_that_is_not_known_ends_the_run(home: Path, factory: Factory) -> None:
    package = factory.package()
    with (
        desk_in(home, site_url=URL, tokens={TOKEN: "odkit"}) as desk,
        connect(URL, "other", desk=desk, rules=RULES) as it,
    ):
        plan = make_plan(package, LEVEL_5, it)
        with pytest.raises(PortalStop) as told:
            apply_plan(plan, it, package.folder)
    assert told.value.code == "push.bad-token"


CALLS: tuple[tuple[str, str, Any], ...] = (
    ("status_show", TOKEN, {}),
    ("no_such_action", TOKEN, {}),
    ("organization_create", "", {"name": "chiba"}),
    ("organization_create", TOKEN, {"name": "Chiba!"}),
    ("organization_create", TOKEN, {"name": "chiba", "title": "千葉県"}),
    ("organization_show", "", {"id": "chiba"}),
    ("package_create", TOKEN, {"name": "x", "owner_org": "chiba"}),
    ("package_create", TOKEN, {"name": "wifi", "owner_org": "chiba", "private": True, "tags": [{"name": "防災"}]}),
    ("package_show", "", {"id": "wifi"}),
    ("package_show", TOKEN, {"id": "wifi"}),
    ("package_show", TOKEN, {"id": "nowhere"}),
    ("package_search", TOKEN, {"fq": 'organization:"chiba"', "include_private": True}),
    ("package_revise", TOKEN, {"match": {"name": "wifi", "metadata_modified": "never"}}),
    ("package_revise", TOKEN, {"match": {"name": "wifi"}, "update": {"tags": 1}}),
    ("package_show", TOKEN, []),
    ("package_show", TOKEN, {"id": "a\0b"}),
    ("organization_list_for_user", "", {}),
    ("organization_list_for_user", TOKEN, {}),
)
UUID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
MOVING = frozenset({"id", "created", "metadata_created", "metadata_modified", "owner_org"})
"""What is new each time."""


def settled(told: Any) -> Any:
    if isinstance(told, dict):
        return {name: "…" if name in MOVING else settled(value) for name, value in told.items()}
    if isinstance(told, list):
        return [settled(item) for item in told]
    return UUID.sub("…", told) if isinstance(told, str) else told


def test_the_desk_answers_as_the_application_does(tmp_path: Path) -> None:
    client = create_app(tmp_path / "http", site_url=URL, tokens={TOKEN: "odkit"}).test_client()
    with desk_in(tmp_path / "desk", site_url=URL, tokens={TOKEN: "odkit"}) as desk:
        for name, token, data in CALLS:
            body = json.dumps(data).encode()
            status, text = desk.answer(name, token, body)
            answer = client.post(f"/api/action/{name}", data=body, headers={"Authorization": token})
            assert (status, settled(json.loads(text))) == (answer.status_code, settled(answer.json)), (name, data)


def test_the_desk_takes_no_larger_files_than_the_application(tmp_path: Path) -> None:
    desk = Desk(Portal(Store(tmp_path), URL, {TOKEN: "odkit"}, max_upload_bytes=4))
    desk.answer("organization_create", TOKEN, b'{"name": "chiba"}')
    desk.answer("package_create", TOKEN, b'{"name": "wifi", "owner_org": "chiba"}')
    for size, told in ((4, 200), (5, 409), (4 * MAX_UPLOADS + 1, 409)):
        sent = [("upload", "a.csv", size, BytesIO(b"x" * size))]
        status, _ = desk.answer("resource_create", TOKEN, {"package_id": "wifi"}, sent)
        assert status == told
    status, _ = desk.answer("resource_create", "", {"package_id": "wifi"}, [("upload", "a.csv", 1, BytesIO(b"x"))])
    assert status in {403, 409}
    assert len(list((tmp_path / "files").glob("??/*"))) == 1
    assert list((tmp_path / "files").glob("*.part")) == []
