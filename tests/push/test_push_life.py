"""The life of a dataset on a portal: made by hand, taken over, renamed, withdrawn, brought back. Addresses stay."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from odkit import messages
from odkit.errors import PortalError, PortalRefused
from odkit.model import Package, PushPlan, Score
from odkit.push import Portal, apply_plan, describe, make_plan, plan_withdrawal, verify
from odkit.push.upload import FilePart

if TYPE_CHECKING:
    from tests.push.conftest import Factory, Site

LEVEL_5 = Score(target="", level=5, format_level=3, format="CSV", licence="", checks=(), steps=())


def push(package: Package, portal: Portal) -> PushPlan:
    plan = make_plan(package, LEVEL_5, portal)
    apply_plan(plan, portal, package.folder)
    return plan


def shown(portal: Portal, name: str) -> dict[str, Any]:
    found = portal.show(name)
    assert found is not None
    return dict(found)


def addresses(dataset: dict[str, Any]) -> list[tuple[str, str]]:
    return [(item["id"], item["url"]) for item in dataset["resources"]]


def by_hand(portal: Portal, factory: Factory, name: str) -> dict[str, Any]:
    """A dataset that a person made in the browser: a CSV of another name, a link, tags and an extra of their own."""
    owner = factory.publisher.name
    portal.write("organization_create", {"name": owner, "title": "県"}, subject="")
    extras = [{"key": "担当", "value": "広報課"}]
    dataset = {"name": name, "owner_org": owner, "title": "WiFi", "tags": [{"name": "通信"}], "extras": extras}
    portal.write("package_create", dataset, subject="")
    path = factory.folder / "wifi_2019.csv"
    path.write_bytes(b"ID\n1\n")
    part = FilePart("upload", "wifi_2019.csv", path, 5, "text/csv")
    link = {"package_id": name, "name": "地図", "url": "https://maps.example.jp/", "format": "HTML"}
    portal.write("resource_create", link, subject="")
    portal.write("resource_create", {"package_id": name, "name": "CSV", "format": "CSV"}, subject="", parts=[part])
    return shown(portal, name)


def add_by_hand(portal: Portal, factory: Factory, name: str, file: str, kind: str) -> None:
    path = factory.folder / file
    path.write_bytes(b"by hand\n")
    part = FilePart("upload", file, path, 8, "text/plain")
    portal.write("resource_create", {"package_id": name, "name": file, "format": kind}, subject="", parts=[part])


def in_rows(package: Package) -> Package:
    """The package with its first file as the table that it is."""
    first, *others = package.resources
    return replace(package, resources=(replace(first, rows=1), *others))


def test_a_dataset_made_by_hand_is_not_touched(site: Site, factory: Factory) -> None:
    package = in_rows(factory.package())
    with site.open() as portal:
        before = by_hand(portal, factory, package.spec.portal_name)
        with pytest.raises(PortalRefused) as caught:
            make_plan(package, LEVEL_5, portal)
        assert shown(portal, package.spec.portal_name) == before
    assert caught.value.code == "push.not-managed"


def test_a_dataset_made_by_hand_is_taken_over(site: Site, factory: Factory) -> None:
    package = in_rows(factory.package())
    name = package.spec.portal_name
    with site.open() as portal:
        before = by_hand(portal, factory, name)
        with site.open(adopt=True) as adopting:
            plan = push(package, adopting)
        after = shown(portal, name)
        assert verify(plan, portal) == ()
        assert push(package, portal).action == "unchanged"
    assert after["id"] == before["id"]
    assert set(addresses(before)) <= set(addresses(after))
    table = next(item for item in after["resources"] if item.get("odkit_key") == "data")
    assert table["url"].endswith("/download/wifi_2019.csv")
    assert {item["name"] for item in after["resources"]} >= {"地図", "公衆無線LAN（CSV）"}
    assert any(line.startswith("  ファイル data の題名: ") for line in describe(plan, "ja"))
    assert ("担当", "広報課") in {(extra["key"], extra["value"]) for extra in after["extras"]}


def test_the_plan_to_take_over_a_dataset_says_what_stays(site: Site, factory: Factory) -> None:
    package = in_rows(factory.package())
    name = package.spec.portal_name
    with site.open() as portal, site.open(adopt=True) as adopting:
        by_hand(portal, factory, name)
        add_by_hand(portal, factory, name, "wifi_2018.csv", "CSV")
        portal.write("package_patch", {"id": name, "author": "広報課", "version": "2"}, subject="")
        before = shown(portal, name)
        plan = make_plan(package, LEVEL_5, adopting)
        stays, link = before["resources"][2], before["resources"][0]
        assert plan.left == (
            ("author", "広報課"),
            ("version", "2"),
            ("extras.担当", "広報課"),
            ("resources", f"地図 {link['url']}"),
            ("resources", f"wifi_2018.csv {stays['url']}"),
        )
        words = {lang: describe(plan, lang) for lang in messages.LANGUAGES}
        assert "  そのまま残ります: 作成者: 広報課" in words["ja"]
        assert f"  stays as people made it: file 地図 {link['url']}" in words["en"]
        assert any(
            line.startswith("  replace file: data.csv ")
            and line.endswith(" in the place of wifi_2019.csv, whose address stays")
            for line in words["en"]
        )
        assert shown(portal, name) == before
        apply_plan(plan, adopting, package.folder)
        after = shown(portal, name)
        assert (after["author"], after["version"]) == ("広報課", "2")
        kept = {item["id"]: item for item in after["resources"]}
        assert (kept[stays["id"]]["url"], kept[link["id"]]["url"]) == (stays["url"], link["url"])
        assert portal.content(stays["url"], 100) == b"by hand\n"
        assert make_plan(package, LEVEL_5, portal).left == ()


def test_a_ledger_takes_no_place_of_a_table_that_people_made(site: Site, factory: Factory) -> None:
    """changes.csv is a CSV with rows too: it comes beside people's second table, not in its place."""
    package = in_rows(factory.package())
    ledger = replace(package.resources[0], key="changes", path="changes.csv", rows=3)
    (package.folder / ledger.path).write_bytes((package.folder / "data.csv").read_bytes())
    package = replace(package, resources=(*package.resources, ledger))
    name = package.spec.portal_name
    with site.open() as portal, site.open(adopt=True) as adopting:
        by_hand(portal, factory, name)
        add_by_hand(portal, factory, name, "wifi_2018.csv", "CSV")
        plan = make_plan(package, LEVEL_5, adopting)
    assert [item.key for identity, item in plan.uploads if identity not in plan.additions] == ["data"]


def test_a_workbook_takes_the_place_of_the_one_that_people_made(site: Site, factory: Factory) -> None:
    package = in_rows(factory.package())
    workbook = replace(package.resources[0], key="data-xlsx", path="data.xlsx", format="XLSX", rows=None)
    (package.folder / workbook.path).write_bytes((package.folder / "data.csv").read_bytes())
    package = replace(package, resources=(*package.resources, workbook))
    name = package.spec.portal_name
    with site.open() as portal, site.open(adopt=True) as adopting:
        by_hand(portal, factory, name)
        add_by_hand(portal, factory, name, "wifi_2019.xlsx", "XLSX")
        before = shown(portal, name)
        push(package, adopting)
        after = shown(portal, name)
    assert set(addresses(before)) <= set(addresses(after))
    (found,) = (item for item in after["resources"] if item.get("odkit_key") == "data-xlsx")
    assert found["url"].endswith("/download/wifi_2019.xlsx")


def test_a_renamed_dataset_keeps_the_addresses_of_its_files(site: Site, factory: Factory) -> None:
    package = factory.package()
    old = package.spec.portal_name
    with site.open() as portal:
        push(package, portal)
        before = shown(portal, old)
        spec = replace(package.spec, name_on_portal=f"{old}_new")
        renamed = replace(package, spec=spec)
        with site.open(rename_from=old) as renaming:
            plan = push(renamed, renaming)
            assert push(renamed, renaming).action == "unchanged"
        assert plan.changes[0].field == "name"
        assert portal.show(old) is None
        after = shown(portal, spec.portal_name)
        assert (after["id"], addresses(after)) == (before["id"], addresses(before))
        with site.open(rename_from=spec.portal_name) as back:
            push(package, back)


def test_a_withdrawn_dataset_is_a_notice_and_private(site: Site, factory: Factory) -> None:
    package, reason = factory.package(), "12行目に個人情報"
    name = package.spec.portal_name
    with site.open() as portal:
        push(package, portal)
        before = shown(portal, name)
        plan = plan_withdrawal(package.spec, portal, reason, factory.folder)
        apply_plan(plan, portal, factory.folder)
        assert verify(plan, portal) == ()
        after = shown(portal, name)
        notice = portal.content(after["resources"][0]["url"], 10_000).decode()
        again = plan_withdrawal(package.spec, portal, reason, factory.folder)
        with pytest.raises(PortalRefused) as caught:
            make_plan(package, LEVEL_5, portal)
    assert (after["private"], after["state"]) == (True, "active")
    assert addresses(after) == addresses(before)
    assert notice.splitlines() == [
        messages.text("push.notice", lang, {"publisher": "千葉県", "dataset": package.spec.title, "reason": reason})
        for lang in messages.LANGUAGES
    ]
    assert again.action == "unchanged"
    assert (caught.value.code, caught.value.details["reason"]) == ("push.withdrawn", reason)


def test_a_withdrawn_dataset_comes_back_when_a_person_says_so(site: Site, factory: Factory) -> None:
    package = factory.package()
    name = package.spec.portal_name
    with site.open() as portal:
        push(package, portal)
        before = shown(portal, name)
        apply_plan(plan_withdrawal(package.spec, portal, "誤り", factory.folder), portal, factory.folder)
        with site.open(restore=True) as restoring:
            plan = push(package, restoring)
        after = shown(portal, name)
        assert verify(plan, portal) == ()
        assert push(package, portal).action == "unchanged"
    assert (after["private"], addresses(after)) == (False, addresses(before))
    assert "odkit_withdrawn" not in {extra["key"] for extra in after["extras"]}


def test_what_is_not_there_cannot_be_withdrawn(site: Site, factory: Factory) -> None:
    with site.open() as portal, pytest.raises(PortalRefused) as caught:
        plan_withdrawal(factory.spec(), portal, "誤り", factory.folder)
    assert caught.value.code == "push.not-found"


def test_anothers_dataset_cannot_be_withdrawn(site: Site, factory: Factory) -> None:
    package = factory.package()
    with site.open() as portal:
        push(package, portal)
        stranger = replace(package.spec, publisher=replace(package.spec.publisher, name="someone-else"))
        with pytest.raises(PortalRefused) as caught:
            plan_withdrawal(stranger, portal, "誤り", factory.folder)
    assert caught.value.code == "push.other-owner"


def test_a_name_that_another_dataset_has_is_not_taken(site: Site, factory: Factory) -> None:
    """Published under the new name before it was renamed: there are two datasets, and a person has to say which."""
    old = factory.package()
    new = factory.package(name=f"{old.spec.name}_new")
    with site.open() as portal:
        push(old, portal)
        push(new, portal)
        with site.open(rename_from=old.spec.portal_name) as renaming, pytest.raises(PortalRefused) as caught:
            make_plan(new, LEVEL_5, renaming)
        # A real CKAN is left as it was; the embedded portal purges nothing.
        with suppress(PortalError):
            portal.command("dataset_purge", {"id": new.spec.portal_name}, subject="")
    assert (caught.value.code, caught.value.details["before"]) == ("push.both-names", old.spec.portal_name)
