"""A CKAN with an extension that refuses fields and makes tokens expire (tests/ckan/extension), and many datasets."""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from odkit.errors import PortalError, PortalRefused, PortalStop
from odkit.model import Package, PushPlan, Score
from odkit.push import Portal, apply_plan, make_plan
from odkit.push import portal as portal_module
from odkit.push.plan import organization_fields

if TYPE_CHECKING:
    from tests.push.conftest import Factory, Site

LEVEL_5 = Score(target="", level=5, format_level=3, format="CSV", licence="", checks=(), steps=())
WORD = "禁止語"
"""What the extension refuses."""

on_a_real_one = pytest.mark.parametrize("site", [pytest.param("real", marks=pytest.mark.ckan)], indirect=True)


def push(package: Package, portal: Portal) -> PushPlan:
    plan = make_plan(package, LEVEL_5, portal)
    apply_plan(plan, portal, package.folder)
    return plan


@pytest.fixture
def strict(site: Site) -> Site:
    """A portal with the extension; without it the test is skipped, or fails where ODKIT_REQUIRE names ``extension``."""
    with site.open() as portal:
        if "odkit_tests" not in portal.extensions():
            assert "extension" not in os.environ.get("ODKIT_REQUIRE", "")
            pytest.skip("this CKAN has no odkit_tests among its plugins")
    return site


@on_a_real_one
@pytest.mark.parametrize("exists", [False, True], ids=["create", "update"])
def test_a_description_that_the_portals_own_rule_refuses(strict: Site, factory: Factory, exists: bool) -> None:
    wrong, right = factory.spec(description=f"ここに{WORD}がある"), factory.package()
    with strict.open() as portal:
        if exists:
            push(right, portal)
        before = portal.show(right.spec.portal_name)
        with pytest.raises(PortalRefused) as caught:
            push(replace(right, spec=wrong), portal)
        assert (caught.value.code, caught.value.details["problems"]) == ("push.invalid", "notes: この語は使えません")
        assert portal.show(right.spec.portal_name) == before
        assert push(right, portal).action == ("unchanged" if exists else "create")


@on_a_real_one
@pytest.mark.parametrize("exists", [False, True], ids=["create", "update"])
def test_a_file_that_the_portals_own_rule_refuses(strict: Site, factory: Factory, exists: bool) -> None:
    """The dataset has been made by then: it is taken back, and the next run makes it whole."""
    right = factory.package()
    first, *others = right.resources
    wrong = replace(right, resources=(replace(first, title=WORD), *others))
    with strict.open() as portal:
        if exists:
            push(right, portal)
        before = portal.show(right.spec.portal_name)
        with pytest.raises(PortalRefused) as caught:
            push(wrong, portal)
        assert caught.value.code == "push.invalid"
        assert "この語は使えません" in caught.value.details["problems"]
        listed = portal.read(
            "package_search", {"fq": f"name:{right.spec.portal_name}", "include_private": True}, subject=""
        )
        assert listed["count"] == (1 if exists else 0)
        assert not exists or portal.show(right.spec.portal_name) == before
        push(right, portal)
        assert (portal.show(right.spec.portal_name) or {})["private"] is False
        assert push(right, portal).action == "unchanged"


@on_a_real_one
def test_a_token_that_expires(strict: Site, factory: Factory) -> None:
    """Between two runs or in the middle of one: the run ends with one message, and a new token finishes the work."""
    package = factory.package()
    with strict.open() as admin:
        admin.write("organization_create", organization_fields(strict.publisher), subject="")
        user = strict.publisher.name
        fields = {"name": user, "email": f"{user}@example.jp", "password": uuid.uuid4().hex}
        admin.write("user_create", fields, subject="")
        admin.write("organization_member_create", {"id": user, "username": user, "role": "editor"}, subject="")
        made = admin.write("api_token_create", {"user": user, "name": "short", "expires_in": 3}, subject="")
        token = str(made["token"])
        with strict.open(token) as portal:
            plan = make_plan(package, LEVEL_5, portal)
            time.sleep(4.5)
            with pytest.raises(PortalStop) as caught:
                apply_plan(plan, portal, package.folder)
        assert caught.value.code == "push.bad-token"
        assert token not in f"{caught.value!r} {caught.value.text('ja')} {caught.value.text('en')}"
        assert admin.show(package.spec.portal_name) is None
        with strict.open(token) as portal, pytest.raises(PortalError) as again:
            push(package, portal)
        assert again.value.code == "push.bad-token"
        assert admin.show(package.spec.portal_name) is None
        assert push(package, admin).action == "create"


@pytest.fixture
def many(site: Site, factory: Factory) -> Iterator[list[Package]]:
    """24 small datasets of one organisation, published."""
    made = []
    with site.open() as portal:
        for number in range(24):
            folder = factory.folder / str(number)
            folder.mkdir()
            name = f"{site.publisher.name.replace('-', '_')}_{number}"
            made.append(replace(factory, folder=folder).package({"data": b"ID\n%d\n" % number}, name=name))
            push(made[-1], portal)
    yield made
    with site.open() as portal:
        for package in made:
            # It answers with nothing.
            with suppress(PortalError):
                portal.write("dataset_purge", {"id": package.spec.portal_name}, subject="")


def test_many_unchanged_datasets_are_found_so_by_few_questions(
    site: Site, many: list[Package], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One question for a page of datasets; what the portal is like is asked once, whatever their number."""
    assert portal_module.PAGE >= 100
    monkeypatch.setattr(portal_module, "PAGE", 10)
    site.recorder.actions.clear()
    with site.open() as portal:
        portal.foresee(site.publisher.name)
        assert {make_plan(package, LEVEL_5, portal).action for package in many} == {"unchanged"}
    assert site.recorder.writes == []
    assert site.recorder.actions.count("package_search") == 3
    assert set(site.recorder.actions) <= {"package_search", "organization_show", "license_list", "status_show"}
    assert len(site.recorder.actions) <= 6
