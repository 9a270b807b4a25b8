"""Pushing to portals that are really there: the embedded one, and a real CKAN (the same tests)."""

from __future__ import annotations

import os
import signal
import uuid
from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest
import requests

from odkit.depot import Ending
from odkit.errors import PortalRefused, PortalRetry, PortalStop
from odkit.model import Package, PushPlan, Resource, Score
from odkit.push import Portal, apply_plan, connect, describe, make_plan, read_state, verify

if TYPE_CHECKING:
    from tests.push.conftest import Factory, Site

STANDARD_TAGS = ("自治体標準ODS", "公衆無線LANアクセスポイント一覧")
LEVEL_5 = Score(target="", level=5, format_level=3, format="CSV", licence="", checks=(), steps=())
LEVEL_2 = replace(LEVEL_5, level=2)


def push(package: Package, portal: Portal) -> PushPlan:
    plan = make_plan(package, LEVEL_5, portal, before=LEVEL_2)
    apply_plan(plan, portal, package.folder)
    return plan


def shown(portal: Portal, package: Package) -> dict[str, Any]:
    found = portal.show(package.spec.portal_name)
    assert found is not None
    return dict(found)


def fetched(site: Site, address: str) -> bytes:
    """What an anonymous visitor gets."""
    with site.new_session() as session:
        response = session.get(address, timeout=10)
        response.raise_for_status()
        return response.content


def test_a_new_dataset_is_published(site: Site, factory: Factory) -> None:
    package = factory.package()
    with site.open() as portal:
        plan = make_plan(package, LEVEL_5, portal, before=LEVEL_2)
        assert site.recorder.writes == []
        address = apply_plan(plan, portal, package.folder)
        found = shown(portal, package)
        assert verify(plan, portal) == ()
    assert address == f"{site.url}/dataset/{package.spec.portal_name}"
    assert site.recorder.writes == site.writes_of_a_create
    assert (found["title"], found["private"], found["state"]) == (package.spec.title, False, "active")
    assert found["organization"]["name"] == site.publisher.name
    assert found["organization"]["title"] == "千葉県"
    assert sorted(tag["name"] for tag in found["tags"]) == sorted(("オープンデータ", "通信 放送", *STANDARD_TAGS))
    extras = {extra["key"]: extra["value"] for extra in found["extras"]}
    assert (extras["odkit_level"], extras["odkit_level_before"], extras["title_en"]) == (
        "5",
        "2",
        "Public wireless LAN",
    )
    resources = found["resources"]
    assert [item["id"] for item in resources] == [name for name, _ in plan.uploads]
    assert [item["odkit_key"] for item in resources] == ["data", "data-rdf", "datapackage"]
    assert [item["name"] for item in resources] == [item.title for item in package.resources]
    assert [item["format"] for item in resources] == ["CSV", "TTL", "JSON"]
    assert [item["mimetype"] for item in resources] == ["text/csv", "text/turtle", "application/json"]
    assert [item["url"].rpartition("/")[2] for item in resources] == ["data.csv", "data.ttl", "datapackage.json"]
    assert [fetched(site, item["url"]) for item in resources] == list(factory.content.values())


def test_a_second_push_writes_nothing(site: Site, factory: Factory) -> None:
    package = factory.package()
    with site.open() as portal:
        push(package, portal)
        before, count = shown(portal, package), len(site.recorder.writes)
        plan = push(package, portal)
        assert (plan.action, plan.changes, plan.uploads) == ("unchanged", (), ())
        assert len(site.recorder.writes) == count
        assert shown(portal, package) == before


def test_one_changed_file_is_one_upload_under_the_same_address(site: Site, factory: Factory) -> None:
    package = factory.package()
    with site.open() as portal:
        push(package, portal)
        before, count = shown(portal, package), len(site.recorder.writes)
        changed = factory.package({**factory.content, "data-rdf": b'<#1> <#name> "new" .\n'})
        plan = push(changed, portal)
        after = shown(portal, package)
        assert verify(plan, portal) == ()
    assert site.recorder.writes[count:] == ["package_revise"]
    assert [item["url"] for item in after["resources"]] == [item["url"] for item in before["resources"]]
    assert [item["id"] for item in after["resources"]] == [item["id"] for item in before["resources"]]
    assert after["resources"][0] == {**before["resources"][0]}
    assert fetched(site, after["resources"][1]["url"]) == b'<#1> <#name> "new" .\n'
    assert after["metadata_modified"] != before["metadata_modified"]


def test_changed_metadata_is_one_call_without_a_file(site: Site, factory: Factory) -> None:
    with site.open() as portal:
        push(factory.package(sample=True), portal)
        count = len(site.recorder.writes)
        package = factory.package(title="新しい題", tags=("防災",))
        plan = push(package, portal)
        found = shown(portal, package)
        assert verify(plan, portal) == ()
        assert push(package, portal).action == "unchanged"
    assert site.recorder.writes[count:] == ["package_revise"]
    assert [change.field for change in plan.changes] == ["title", "tags", "extras.odkit_sample", "extras.odkit_tags"]
    assert found["title"] == "新しい題"
    assert {tag["name"] for tag in found["tags"]} == {"防災", *STANDARD_TAGS}
    assert "odkit_sample" not in {extra["key"] for extra in found["extras"]}
    assert len(found["resources"]) == 3


def test_a_new_title_of_a_file_sends_no_file(site: Site, factory: Factory) -> None:
    package = factory.package()
    with site.open() as portal:
        push(package, portal)
        count = len(site.recorder.writes)
        first, *others = package.resources
        plan = push(replace(package, resources=(replace(first, title="新しい名前"), *others)), portal)
        found = shown(portal, package)
        assert verify(plan, portal) == ()
    assert site.recorder.writes[count:] == ["package_revise"]
    assert (plan.uploads, found["resources"][0]["name"]) == ((), "新しい名前")
    assert found["resources"][0]["odkit_sha256"] == first.sha256


def test_files_come_and_go_and_keep_their_order(site: Site, factory: Factory) -> None:
    fewer = {key: data for key, data in factory.content.items() if key != "data-rdf"}
    without_last = {key: data for key, data in factory.content.items() if key != "datapackage"}
    with site.open(accept_changes=True) as portal:
        push(factory.package(fewer), portal)
        package = factory.package()
        plan = push(package, portal)
        assert [item["odkit_key"] for item in shown(portal, package)["resources"]] == list(factory.content)
        assert len(plan.additions) == 1
        assert verify(plan, portal) == ()
        assert push(package, portal).action == "unchanged"
        gone = push(factory.package(without_last), portal)
        assert [item["odkit_key"] for item in shown(portal, package)["resources"]] == ["data", "data-rdf"]
        assert verify(gone, portal) == ()
        back = push(package, portal)
        assert back.additions == gone.removals
        assert [item["odkit_key"] for item in shown(portal, package)["resources"]] == list(factory.content)


def test_what_others_added_stays(site: Site, factory: Factory) -> None:
    package = factory.package()
    name = package.spec.portal_name
    with site.open(accept_changes=True) as portal:
        push(package, portal)
        found = shown(portal, package)
        theirs = {"package_id": name, "url": "https://maps.example.jp/", "name": "地図", "format": "HTML"}
        portal.write("resource_create", theirs, subject=name)
        extras = [*found["extras"], {"key": "reviewed_by", "value": "広報課"}]
        portal.write("package_patch", {"id": name, "extras": extras}, subject=name)
        assert push(package, portal).action == "unchanged"
        push(factory.package({"data": b"ID\n2\n"}, title="別の題"), portal)
        found = shown(portal, package)
    assert [item["name"] for item in found["resources"]] == ["公衆無線LAN（CSV）", "地図"]
    assert ("reviewed_by", "広報課") in {(extra["key"], extra["value"]) for extra in found["extras"]}
    assert found["title"] == "別の題"


@pytest.mark.parametrize("write", range(1, 6))
def test_a_killed_create_is_finished_and_never_doubled(site: Site, factory: Factory, write: int) -> None:
    last = len(site.writes_of_a_create)
    if write > last:
        pytest.skip(f"a portal without previews takes {last} writes")
    package = factory.package()
    site.recorder.stop_after = write
    with site.open() as portal, pytest.raises(KeyboardInterrupt):
        push(package, portal)
    site.recorder.stop_after = None
    with site.open() as portal:
        state = read_state(portal, package.spec.portal_name)
        assert (state is not None and not state.private) == (write == last)
        plan = push(package, portal)
        found = shown(portal, package)
        assert verify(plan, portal) == ()
        assert push(package, portal).action == "unchanged"
    assert plan.action == {1: "create", last: "unchanged"}.get(write, "update")
    assert [item["odkit_key"] for item in found["resources"]] == list(factory.content)
    assert found["private"] is False


def test_an_update_is_one_call_whole_or_not_at_all(site: Site, factory: Factory) -> None:
    with site.open() as portal:
        push(factory.package(), portal)
        count = len(site.recorder.writes)
        site.recorder.stop_after = count + 1
        package = factory.package({"data": b"ID\n3\n", "data-rdf": b"", "datapackage": b"{}"}, title="三")
        with pytest.raises(KeyboardInterrupt):
            push(package, portal)
        site.recorder.stop_after = None
        assert site.recorder.writes[count:] == ["package_revise"]
        plan = push(package, portal)
        assert plan.action == "unchanged"
        assert verify(plan, portal) == ()


def test_the_plan_in_words_is_what_is_done(site: Site, factory: Factory) -> None:
    package = factory.package()
    with site.open() as portal:
        dry = make_plan(package, LEVEL_5, portal)
        assert site.recorder.writes == []
        real = make_plan(package, LEVEL_5, portal)
        assert real == dry
        assert describe(dry, "ja") == describe(real, "ja")
        apply_plan(dry, portal, package.folder)
        assert verify(real, portal) == ()


def test_someone_was_faster(site: Site, factory: Factory) -> None:
    with site.open() as portal:
        push(factory.package(), portal)
        package = factory.package({**factory.content, "data": b"ID\n4\n"}, title="計画した題")
        plan = make_plan(package, LEVEL_5, portal)
        portal.write("package_patch", {"id": plan.dataset_id, "notes": "人が直した説明"}, subject="")
        with pytest.raises(PortalRetry) as caught:
            apply_plan(plan, portal, package.folder)
        found = shown(portal, package)
    assert caught.value.code == "push.changed-meanwhile"
    assert (found["notes"], found["title"] == "計画した題") == ("人が直した説明", False)


@pytest.mark.parametrize("token", ["", "wrong-token"])
def test_a_wrong_token_stops_the_run(site: Site, factory: Factory, token: str) -> None:
    package = factory.package()
    with site.open(token) as portal:
        plan = make_plan(package, LEVEL_5, portal)
        with pytest.raises(PortalStop) as caught:
            apply_plan(plan, portal, package.folder)
    assert caught.value.code == "push.bad-token"
    assert "wrong-token" not in caught.value.text("ja") + caught.value.text("en") + repr(caught.value)


def test_a_wrong_token_on_a_private_dataset(site: Site, factory: Factory) -> None:
    package = factory.package()
    site.recorder.stop_after = 3
    with site.open() as portal, pytest.raises(KeyboardInterrupt):
        push(package, portal)
    site.recorder.stop_after = None
    with site.open("wrong-token") as portal, pytest.raises(PortalStop) as caught:
        make_plan(package, LEVEL_5, portal)
    assert caught.value.code == "push.bad-token"


def test_a_missing_organisation_is_refused_before_any_write(site: Site, factory: Factory) -> None:
    with site.open(create_organizations=False) as portal, pytest.raises(PortalRefused) as caught:
        make_plan(factory.package(), LEVEL_5, portal)
    assert caught.value.code == "push.no-organization"
    assert site.recorder.writes == []


def test_anothers_dataset_is_refused_before_any_write(site: Site, factory: Factory) -> None:
    package = factory.package()
    with site.open() as portal:
        push(package, portal)
        count = len(site.recorder.writes)
        stranger = replace(package.spec.publisher, name="someone-else")
        other = replace(package, spec=replace(package.spec, publisher=stranger))
        with pytest.raises(PortalRefused) as caught:
            make_plan(other, LEVEL_5, portal)
        assert caught.value.details["owner"] == site.publisher.name
        assert len(site.recorder.writes) == count
    assert caught.value.code == "push.other-owner"


def test_the_organisation_was_made_meanwhile(site: Site, factory: Factory) -> None:
    package = factory.package()
    with site.open() as portal:
        plan = make_plan(package, LEVEL_5, portal)
        assert plan.create_organization
        portal.write("organization_create", {"name": site.publisher.name, "title": "先客"}, subject="")
        apply_plan(plan, portal, package.folder)
        assert shown(portal, package)["organization"]["title"] == "先客"


def test_the_organisation_is_made_by_another_run_at_the_same_time(site: Site, factory: Factory) -> None:
    """The other run creates it between our look and our write: both datasets are published all the same."""
    package = factory.package()
    looks: list[str] = []

    def other_run(response: requests.Response, **_: object) -> None:
        if str(response.request.url).endswith("organization_show"):
            looks.append("look")
            if len(looks) == 2:
                other.write("organization_create", {"name": site.publisher.name, "title": "先客"}, subject="")

    session = site.new_session()
    session.hooks["response"].append(other_run)
    with site.open() as other, connect(site.url, site.token, session=session, rules=site.rules) as portal:
        push(package, portal)
        assert shown(portal, package)["organization"]["title"] == "先客"
    assert len(looks) == 3


def test_what_the_portal_does_not_take_is_told(site: Site, factory: Factory) -> None:
    package = factory.package(name_on_portal="search")
    with site.open() as portal, pytest.raises(PortalRefused) as caught:
        push(package, portal)
    assert caught.value.code == "push.invalid"
    assert caught.value.details["problems"].startswith("name: ")


def test_japanese_file_names_are_not_sent(site: Site, factory: Factory) -> None:
    content = b"a\n1\n"
    (factory.folder / "施設一覧.csv").write_bytes(content)
    resource = Resource(
        key="data",
        path="施設一覧.csv",
        title="施設一覧",
        title_en="Facilities",
        format="CSV",
        media_type="text/csv",
        bytes=len(content),
        sha256=sha256(content).hexdigest(),
    )
    package = replace(factory.package(), resources=(resource,))
    with site.open() as portal:
        push(package, portal)
        found = shown(portal, package)["resources"][0]
    assert found["url"].endswith("/download/data.csv")
    assert found["name"] == "施設一覧"


def test_a_title_that_looks_like_a_number_stays_text(site: Site, factory: Factory) -> None:
    """package_revise reads a form's values as JSON where it can: 2024 would become a number, true a truth."""

    def titled(content: bytes) -> Package:
        package = factory.package({"data": content})
        return replace(package, resources=(replace(package.resources[0], title="2024", title_en="true"),))

    with site.open() as portal:
        push(titled(b"first"), portal)
        push(titled(b"second"), portal)
        found = shown(portal, titled(b"second"))["resources"][0]
        assert (found["name"], found["name_en"], found["odkit_key"]) == ("2024", "true", "data")
        assert push(titled(b"second"), portal).action == "unchanged"


def test_a_deleted_dataset_comes_back_under_its_id(site: Site, factory: Factory) -> None:
    package = factory.package()
    with site.open() as portal:
        push(package, portal)
        before = shown(portal, package)
        # package_delete answers null: no mapping, as every other action that writes gives.
        with pytest.raises(PortalStop):
            portal.write("package_delete", {"id": before["id"]}, subject="")
        assert shown(portal, package)["state"] == "deleted"
        push(package, portal)
        after = shown(portal, package)
    assert (after["id"], after["state"], after["private"]) == (before["id"], "active", False)
    assert [item["url"] for item in after["resources"]] == [item["url"] for item in before["resources"]]


def test_bytes_that_do_not_read_back_are_not_published(
    site: Site, factory: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = factory.package()
    with site.open() as portal:
        with monkeypatch.context() as bent:
            bent.setattr(Portal, "sha256", lambda *_: "")
            with pytest.raises(PortalRefused) as caught:
                push(package, portal)
        assert shown(portal, package)["private"] is True
        plan = push(package, portal)
        assert len(plan.uploads) == 3
        assert verify(plan, portal) == ()
        assert shown(portal, package)["private"] is False
    assert caught.value.code == "push.verify"
    assert caught.value.details["files"] == "data, data-rdf, datapackage"


def test_verify_names_what_differs(site: Site, factory: Factory) -> None:
    package = factory.package()
    with site.open() as portal:
        plan = make_plan(package, LEVEL_5, portal)
        assert [change.field for change in verify(plan, portal)] == ["dataset"]
        apply_plan(plan, portal, package.folder)
        other = replace(package.resources[0], sha256="0" * 64)
        patched = {"id": package.spec.portal_name, "title": "直した題"}
        portal.write("package_patch", patched, subject="")
        bent = replace(plan, uploads=((plan.uploads[0][0], other), *plan.uploads[1:]))
        fields: Mapping[str, str] = {change.field: change.before for change in verify(bent, portal)}
    assert fields == {"title": "直した題", "resources.data": package.resources[0].sha256}


def test_a_file_that_changed_after_the_plan_is_not_sent(site: Site, factory: Factory) -> None:
    package = factory.package()
    with site.open() as portal:
        plan = make_plan(package, LEVEL_5, portal)
        (factory.folder / "data.ttl").write_bytes(b"edited")
        with pytest.raises(PortalRefused) as caught:
            apply_plan(plan, portal, package.folder)
    assert (caught.value.code, caught.value.details["file"]) == ("push.file-changed", "data.ttl")
    assert site.recorder.writes == []


@pytest.mark.ckan
@pytest.mark.parametrize("site", ["real"], indirect=True)
def test_an_editor_who_is_no_administrator_can_do_all_of_it(site: Site, factory: Factory) -> None:
    fewer = {key: data for key, data in factory.content.items() if key != "data-rdf"}
    name = site.publisher.name
    with site.open() as admin:
        admin.write("organization_create", {"name": name, "title": "県"}, subject="")
        user = {"name": name, "email": f"{name}@example.jp", "password": uuid.uuid4().hex}
        admin.write("user_create", user, subject="")
        token = admin.write("api_token_create", {"user": name, "name": "odkit"}, subject="")["token"]
        with site.open(str(token)) as stranger, pytest.raises(PortalRefused) as refused:
            push(factory.package(fewer), stranger)
        admin.write("organization_member_create", {"id": name, "username": name, "role": "editor"}, subject="")
        with site.open(str(token), create_organizations=False) as editor:
            push(factory.package(fewer), editor)
            package = factory.package(title="編集者の題")
            plan = push(package, editor)
            assert verify(plan, editor) == ()
            assert push(package, editor).action == "unchanged"
            with pytest.raises(PortalStop):
                editor.write("package_delete", {"id": plan.dataset_id}, subject="")
            assert push(package, editor).changes[0].field == "state"
    assert refused.value.code == "push.not-allowed"


@pytest.mark.ckan
@pytest.mark.parametrize("site", ["real"], indirect=True)
def test_a_file_over_the_portals_limit(site: Site, factory: Factory) -> None:
    package = factory.package({"data": b"0" * (12 * 2**20)})
    with site.open() as portal, pytest.raises(PortalRefused) as caught:
        push(package, portal)
    assert caught.value.code == "push.too-large"
    assert caught.value.details["bytes"] == "12,582,912"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_waits_for_the_answer(number: signal.Signals, site: Site, factory: Factory) -> None:
    """Ctrl-C while a call is under way: the call ends, its answer is known, and only then the run."""
    package = factory.package()
    session = site.new_session()

    def interrupt(response: requests.Response, **_: object) -> None:
        if str(response.request.url).endswith("package_create"):
            os.kill(os.getpid(), number)

    session.hooks["response"] += [interrupt, site.recorder.hear]
    before = signal.getsignal(number)
    with connect(site.url, site.token, session=session, rules=site.rules) as portal:
        with pytest.raises(KeyboardInterrupt), Ending():
            push(package, portal)
        assert site.recorder.writes[-1] == "package_create"
    assert signal.getsignal(number) is before
    with site.open() as portal:
        assert shown(portal, package)["private"] is True
        assert push(package, portal).action == "update"


def test_all_datasets_at_once_are_enough_to_change_nothing(site: Site, factory: Factory) -> None:
    package = factory.package()
    with site.open() as portal:
        push(package, portal)
    with site.open() as portal:
        portal.foresee(site.publisher.name)
        count = len(site.recorder.actions)
        assert make_plan(package, LEVEL_5, portal, before=LEVEL_2).action == "unchanged"
        assert "package_show" not in site.recorder.actions[count:]


def test_what_was_seen_at_once_is_no_ground_for_a_write(site: Site, factory: Factory) -> None:
    with site.open() as portal:
        push(factory.package(), portal)
    with site.open() as portal:
        portal.foresee(site.publisher.name)
        with site.open() as person:
            name = factory.spec().portal_name
            person.write("package_patch", {"id": name, "url": "https://www.example.jp/"}, subject="")
        package = factory.package(title="新しい題")
        plan = push(package, portal)
        assert plan.metadata_modified < shown(portal, package)["metadata_modified"]
        assert (plan.action, shown(portal, package)["url"]) == ("update", "https://www.example.jp/")
