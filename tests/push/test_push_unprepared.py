"""Portals that nobody prepared for odkit: each obstacle has its own words, and nothing half is left behind."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from odkit.errors import PortalRefused
from odkit.model import Licence, Package, PushPlan, Score
from odkit.push import Portal, PortalFacts, apply_plan, connect, examine, make_plan, plan_push, verify
from odkit.push.doctor import is_outdated

if TYPE_CHECKING:
    from tests.push.conftest import Factory, Site

LEVEL_5 = Score(target="", level=5, format_level=3, format="CSV", licence="", checks=(), steps=())
LIMIT = int(os.environ.get("ODKIT_TEST_CKAN_MAX_MB", "10")) << 20
"""The largest file that the real CKAN takes: its ckan.max_resource_size."""

HOUSE = Licence(id="HOUSE-1.0", title="市の利用規約", url="https://www.city.example.jp/terms", open=True)


def push(package: Package, portal: Portal) -> PushPlan:
    plan = make_plan(package, LEVEL_5, portal)
    apply_plan(plan, portal, package.folder)
    return plan


def seen(portal: Portal, package: Package) -> int:
    """How many datasets of this name the portal lists, private ones too."""
    query = {"fq": f"name:{package.spec.portal_name}", "include_private": True, "include_drafts": True}
    found: dict[str, Any] = portal.read("package_search", query, subject="")
    return int(found["count"])


def test_a_licence_that_the_portal_does_not_know(site: Site, factory: Factory) -> None:
    package = factory.package(licence=HOUSE)
    with site.open() as portal:
        plan = push(package, portal)
        assert verify(plan, portal) == ()
        assert push(package, portal).action == "unchanged"
    assert [issue.code for issue in plan.issues if issue.severity == "warning"] == ["push.unknown-licence"]


def test_a_loader_that_writes_its_own_marks(site: Site, factory: Factory) -> None:
    """xloader and its kind set hash and other fields of a resource: none of that is a change of ours."""
    package = factory.package()
    with site.open() as portal:
        push(package, portal)
        shown = portal.show(package.spec.portal_name) or {}
        resources = shown["resources"]
        assert isinstance(resources, list)
        marks = {"hash": "d41d8cd98f00b204e9800998ecf8427e", "ckan_url": "https://x", "task_created": "2026-01-01"}
        portal.write("resource_patch", {"id": resources[0]["id"], **marks}, subject="")
        count = len(site.recorder.writes)
        assert push(package, portal).action == "unchanged"
        assert len(site.recorder.writes) == count
        changed = factory.package({**factory.content, "data-rdf": b"<#1> <#2> <#3> .\n"})
        assert verify(push(changed, portal), portal) == ()


def test_a_field_that_the_portal_refuses(site: Site, factory: Factory) -> None:
    publisher = replace(factory.publisher, contact_email="no address")
    package = factory.package(publisher=publisher)
    with site.open() as portal:
        with pytest.raises(PortalRefused) as caught:
            push(package, portal)
        assert portal.show(package.spec.portal_name) is None
        assert push(factory.package(), portal).action == "create"
        before = portal.show(package.spec.portal_name)
        with pytest.raises(PortalRefused):
            push(package, portal)
        assert portal.show(package.spec.portal_name) == before
    assert caught.value.code == "push.invalid"
    assert caught.value.details["problems"].startswith("maintainer_email: ")


@pytest.mark.ckan
@pytest.mark.parametrize("site", ["real"], indirect=True)
@pytest.mark.parametrize("exists", [False, True], ids=["create", "update"])
def test_a_file_over_the_limit_leaves_nothing(site: Site, factory: Factory, exists: bool) -> None:
    small = factory.package()
    with site.open() as portal:
        if exists:
            push(small, portal)
        before = portal.show(small.spec.portal_name)
        large = factory.package({**factory.content, "data": b"0" * (LIMIT + 1)}, title="大きい")
        with pytest.raises(PortalRefused) as caught:
            push(large, portal)
        assert (caught.value.code, caught.value.details["file"]) == ("push.too-large", "data.csv")
        assert seen(portal, small) == (1 if exists else 0)
        assert not exists or portal.show(small.spec.portal_name) == before
        again = factory.package()
        assert push(again, portal).action == ("unchanged" if exists else "update")
        assert (portal.show(small.spec.portal_name) or {})["private"] is False


def findings(site: Site, factory: Factory, token: str | None = None, **rules: Any) -> dict[str, str]:
    with site.open(token, **rules) as portal:
        found = examine(portal, factory.publisher, (factory.spec().licence, HOUSE))
    return {issue.code: issue.severity.value for issue in found}


def test_a_portal_is_examined(site: Site, factory: Factory) -> None:
    missing = findings(site, factory, create_organizations=False)
    assert missing["push.no-organization"] == "error"
    assert (missing["push.doctor-licence"], missing["push.unknown-licence"]) == ("note", "warning")
    with site.open() as portal:
        portal.write("organization_create", {"name": factory.publisher.name, "title": "県"}, subject="")
    ready = findings(site, factory)
    assert ready["push.doctor-reached"] == ready["push.doctor-role"] == "note"
    assert "error" not in ready.values()
    assert findings(site, factory, "wrong-token")["push.doctor-token"] == "error"


def test_a_portal_that_does_not_answer_is_a_finding(factory: Factory) -> None:
    with connect("http://127.0.0.1:9", "token") as portal:
        found = examine(portal, factory.publisher, ())
    assert [(issue.code, issue.severity.value) for issue in found] == [("push.unreachable", "error")]


@pytest.mark.parametrize(
    ("version", "outdated"),
    [
        ("2.9.11", True),
        ("2.10.9", True),
        ("2.10.10", False),
        ("2.11.4", True),
        ("2.11.6", False),
        ("2.12.0", False),
        ("2.12.0b0", False),
        ("3.0.0", False),
        ("", False),
        ("unknown", False),
    ],
)
def test_versions(version: str, outdated: bool) -> None:
    assert is_outdated(version) is outdated


@pytest.mark.ckan
@pytest.mark.parametrize("site", ["real"], indirect=True)
def test_fields_of_the_portals_own_schema_are_filled(site: Site, factory: Factory) -> None:
    """ckanext-scheming: CKAN refuses an extra for which there is a field."""
    package = factory.package()
    with site.open() as portal:
        if "title_en" not in portal.fields():
            pytest.skip("this CKAN has no schema with a field title_en")
        plan = push(package, portal)
        assert verify(plan, portal) == ()
        assert push(package, portal).action == "unchanged"
        shown = portal.show(package.spec.portal_name) or {}
    extras = shown["extras"]
    assert isinstance(extras, list)
    assert shown["title_en"] == "Public wireless LAN"
    assert "title_en" not in {extra["key"] for extra in extras}


def test_own_fields_take_the_place_of_extras(factory: Factory) -> None:
    package = factory.package()
    facts = PortalFacts(url="https://ckan.example.jp", own_fields=frozenset({"title_en", "odkit_level", "url"}))
    plan = plan_push(package, LEVEL_5, None, facts)
    extras = plan.dataset["extras"]
    assert isinstance(extras, list)
    assert (plan.dataset["title_en"], plan.dataset["odkit_level"]) == ("Public wireless LAN", "5")
    assert not {"title_en", "odkit_level"} & {extra["key"] for extra in extras}
    assert "url" not in plan.dataset
