"""Planning: pure, field by field, and nothing to write where nothing differs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odkit import messages
from odkit.errors import PortalRefused
from odkit.model import FieldChange, Package, PushPlan, Score
from odkit.push import DatasetState, PortalFacts, Rules, describe, plan_push
from odkit.push.files import plan_files, resource_id
from odkit.push.metadata import Metadata, metadata_to_send
from odkit.push.plan import NOTHING
from odkit.push.state import parse_state

if TYPE_CHECKING:
    from tests.push.conftest import Factory

URL = "https://ckan.example.jp"
LICENCES = ({"id": "cc-by"},)
TITLE = "公衆無線LANアクセスポイント一覧"
FACTS = PortalFacts(url=URL, licences=LICENCES)


def level(number: int | None) -> Score:
    return Score(target="", level=number, format_level=number, format="CSV", licence="", checks=(), steps=())


def shown(package: Package, plan: PushPlan, **changes: Any) -> dict[str, Any]:
    """The answer of package_show once `plan`, a create, is carried out."""
    resources = [
        {
            "id": name,
            "url": f"{URL}/dataset/d/resource/{name}/download/{item.path}",
            "url_type": "upload",
            "size": item.bytes,
            "name": item.title,
            "name_en": item.title_en,
            "format": item.format,
            "mimetype": item.media_type,
            "odkit_key": item.key,
            "odkit_sha256": item.sha256,
        }
        for name, item in plan.uploads
    ]
    standing = {
        **plan.dataset,
        "id": "d",
        "state": "active",
        "organization": {"name": package.spec.publisher.name},
        "metadata_modified": "2026-01-02T03:04:05.000006",
        "resources": resources,
    }
    return {**standing, **changes}


def published(package: Package, **changes: Any) -> DatasetState:
    plan = plan_push(package, level(5), None, FACTS)
    return parse_state(shown(package, plan, **changes))


def test_a_new_dataset(factory: Factory) -> None:
    package = factory.package()
    plan = plan_push(package, level(5), None, FACTS, before=level(2))
    name = package.spec.portal_name
    assert (plan.action, plan.dataset_name, plan.dataset_id, plan.create_organization) == ("create", name, "", False)
    assert plan.dataset == {
        "name": name,
        "owner_org": factory.publisher.name,
        "title": TITLE,
        "notes": "県が置く公衆無線LANの場所。",
        "license_id": "cc-by",
        "maintainer": "デジタル戦略課",
        "maintainer_email": "digital@example.lg.jp",
        "tags": [{"name": name} for name in ("オープンデータ", "通信 放送", "自治体標準ODS", TITLE)],
        "extras": [
            {"key": "notes_en", "value": "Where the prefecture offers wireless LAN."},
            {"key": "odkit_level", "value": "5"},
            {"key": "odkit_level_before", "value": "2"},
            {"key": "odkit_licence", "value": "CC-BY-4.0"},
            {"key": "odkit_licence_url", "value": "https://creativecommons.org/licenses/by/4.0/deed.ja"},
            {"key": "odkit_publisher_code", "value": "120006"},
            {"key": "odkit_source_sha256", "value": "5" * 64},
            {"key": "odkit_standard", "value": "public_wireless_lan.v2"},
            {"key": "odkit_standard_version", "value": "2"},
            {"key": "odkit_tags", "value": "県"},
            {"key": "odkit_update_cycle", "value": "yearly"},
            {"key": "title_en", "value": "Public wireless LAN"},
        ],
        "private": False,
    }
    keys = [item.key for _, item in plan.uploads]
    assert keys == ["data", "data-rdf", "datapackage"]
    expected = [str(uuid5(NAMESPACE_URL, f"{URL}/dataset/{name}/resource/{key}")) for key in keys]
    assert list(plan.additions) == [item for item, _ in plan.uploads] == expected
    assert (plan.kept, plan.removals, plan.relabelled, plan.order) == ((), (), (), ())


def test_what_cannot_be_said_is_told(factory: Factory) -> None:
    package = factory.package()
    plan = plan_push(package, level(5), None, PortalFacts(url=URL))
    found = [(issue.code, issue.severity.value, issue.value, dict(issue.details)) for issue in plan.issues]
    assert found == [
        ("push.unknown-licence", "warning", "CC-BY-4.0", {}),
        ("push.tag-changed", "note", "通信・放送", {"tag": "通信・放送", "sent": "通信 放送"}),
        ("push.tag-left-out", "note", "県", {"tag": "県", "sent": ""}),
    ]
    assert plan.dataset["license_id"] == "CC-BY-4.0"
    for issue in plan.issues:
        assert all(issue.value in messages.sentence(issue.code, lang, issue.facts) for lang in messages.LANGUAGES)


def test_nothing_differs(factory: Factory) -> None:
    package = factory.package()
    plan = plan_push(package, level(5), published(package), FACTS)
    assert plan.action == "unchanged"
    assert (plan.dataset, plan.changes, plan.uploads, plan.removals) == ({}, (), (), ())
    assert [item.key for _, item in plan.kept] == ["data", "data-rdf", "datapackage"]


def test_a_plan_is_the_same_twice(factory: Factory) -> None:
    package, state = factory.package(), None
    assert plan_push(package, level(4), state, FACTS) == plan_push(package, level(4), state, FACTS)


@pytest.mark.parametrize(
    ("found", "change"),
    [
        ({"title": "旧題"}, FieldChange(field="title", before="旧題", after="公衆無線LANアクセスポイント一覧")),
        ({"notes": None}, FieldChange(field="notes", before="", after="県が置く公衆無線LANの場所。")),
        ({"license_id": "cc-zero"}, FieldChange(field="license_id", before="cc-zero", after="cc-by")),
        (
            {"tags": [{"name": "オープンデータ"}, {"name": "古い"}]},
            FieldChange(
                field="tags", before="オープンデータ, 古い", after=f"オープンデータ, 通信 放送, 自治体標準ODS, {TITLE}"
            ),
        ),
        ({"private": True}, FieldChange(field="private", before="true", after="false")),
        ({"state": "deleted"}, FieldChange(field="state", before="deleted", after="active")),
    ],
)
def test_one_field_differs(factory: Factory, found: Mapping[str, Any], change: FieldChange) -> None:
    package = factory.package()
    plan = plan_push(package, level(5), published(package, **found), FACTS)
    assert plan.action == "update"
    assert plan.changes == (change,)
    assert list(plan.dataset) == [change.field]
    assert plan.uploads == ()
    assert (plan.dataset_id, plan.metadata_modified) == ("d", "2026-01-02T03:04:05.000006")


def test_the_order_of_tags_and_of_extras_says_nothing(factory: Factory) -> None:
    package = factory.package()
    plan = plan_push(package, level(5), None, FACTS)
    standing = shown(package, plan)
    standing["tags"] = standing["tags"][::-1]
    standing["extras"] = standing["extras"][::-1]
    assert plan_push(package, level(5), parse_state(standing), FACTS).action == "unchanged"


def test_extras_of_others_stay_and_ours_go(factory: Factory) -> None:
    package = factory.package(title_en="")
    standing = published(factory.package(sample=True), extras=[])
    state = replace(standing, extras={"担当": "広報課", "odkit_sample": "true", "odkit_level": "3", "title_en": "Old"})
    plan = plan_push(package, level(5), state, FACTS)
    sent = parse_state(plan.dataset).extras
    assert sent["担当"] == "広報課"
    assert sent["odkit_level"] == "5"
    assert not {"odkit_sample", "title_en"} & set(sent)
    assert FieldChange(field="extras.odkit_sample", before="true", after="") in plan.changes


def test_what_this_run_did_not_measure_stays(factory: Factory) -> None:
    package = factory.package()
    first = plan_push(package, level(5), None, FACTS, before=level(1))
    state = parse_state(shown(package, first))
    assert plan_push(replace(package, tables=()), level(5), state, FACTS).action == "unchanged"


def test_a_level_that_could_not_be_told_is_not_claimed(factory: Factory) -> None:
    package = factory.package()
    plan = plan_push(package, level(None), published(package), FACTS)
    assert plan.changes == (FieldChange(field="extras.odkit_level", before="5", after=""),)


def test_one_file_differs(factory: Factory) -> None:
    state = published(factory.package())
    package = factory.package({**factory.content, "data": b"ID\n1\n"})
    plan = plan_push(package, level(5), state, FACTS)
    assert [(name, item.key) for name, item in plan.uploads] == [(state.resources[0].id, "data")]
    assert (plan.additions, plan.dataset, plan.changes) == ((), {}, ())
    assert [item.key for _, item in plan.kept] == ["data-rdf", "datapackage"]


def test_a_file_whose_size_is_not_ours_is_sent_again(factory: Factory) -> None:
    package = factory.package()
    standing = shown(package, plan_push(package, level(5), None, FACTS))
    standing["resources"][0]["size"] = 3
    plan = plan_push(package, level(5), parse_state(standing), FACTS)
    assert [item.key for _, item in plan.uploads] == ["data"]


def test_a_label_differs_but_no_byte(factory: Factory) -> None:
    package = factory.package()
    standing = shown(package, plan_push(package, level(5), None, FACTS))
    standing["resources"][1].update(name="旧名", format="ttl")
    plan = plan_push(package, level(5), parse_state(standing), FACTS)
    assert (plan.action, plan.uploads) == ("update", ())
    assert [item.key for _, item in plan.relabelled] == ["data-rdf"]
    change = FieldChange(field="resources.data-rdf.name", before="旧名", after="公衆無線LAN（RDF）")
    assert plan.changes == (change,)


def test_other_peoples_resources_stay(factory: Factory) -> None:
    package = factory.package()
    standing = shown(package, plan_push(package, level(5), None, FACTS))
    standing["resources"].insert(0, {"id": "theirs", "name": "地図", "url": "https://maps.example/"})
    assert plan_push(package, level(5), parse_state(standing), FACTS).action == "unchanged"


def test_only_ours_are_taken_away(factory: Factory) -> None:
    package = factory.package()
    standing = shown(package, plan_push(package, level(5), None, FACTS))
    standing["resources"] += [{"id": "theirs", "url": "x"}, {"id": "ours", "url": "y", "odkit_key": "changes"}]
    plan = plan_push(package, level(5), parse_state(standing), FACTS)
    assert (plan.action, plan.removals) == ("update", ("ours",))


def test_a_portal_that_moved_keeps_its_ids(factory: Factory) -> None:
    package = factory.package()
    state = published(package)
    moved = PortalFacts(url="https://new.example.jp", licences=LICENCES)
    assert plan_push(package, level(5), state, moved).action == "unchanged"


def test_a_new_file_in_the_middle_is_put_in_its_place(factory: Factory) -> None:
    fewer = {key: data for key, data in factory.content.items() if key != "data-rdf"}
    state = published(factory.package(fewer))
    plan = plan_push(factory.package(), level(5), state, FACTS)
    ids = [resource_id(URL, plan.dataset_name, key) for key in factory.content]
    assert plan.additions == (ids[1],)
    assert plan.order == tuple(ids)
    before, after = "data, datapackage, data-rdf", "data, data-rdf, datapackage"
    assert plan.changes == (FieldChange(field="resources.order", before=before, after=after),)


def test_another_organisations_dataset_is_refused(factory: Factory) -> None:
    package = factory.package()
    state = published(package, organization={"name": "chiba-city"})
    with pytest.raises(PortalRefused) as caught:
        plan_push(package, level(5), state, FACTS)
    assert caught.value.code == "push.other-owner"
    assert caught.value.details["owner"] == "chiba-city"


@pytest.mark.parametrize("name", ["公衆無線LAN", "a b", "x" * 95])
def test_a_folder_whose_name_no_portal_takes(factory: Factory, name: str) -> None:
    package = factory.package(name=name)
    with pytest.raises(PortalRefused) as caught:
        plan_push(package, level(5), None, FACTS)
    assert caught.value.code == "push.bad-name"
    assert name.lower() in caught.value.text("ja")


def test_a_missing_organisation(factory: Factory) -> None:
    package = factory.package()
    missing = PortalFacts(url=URL, licences=LICENCES, organization_exists=False)
    with pytest.raises(PortalRefused) as caught:
        plan_push(package, level(5), None, missing)
    assert caught.value.code == "push.no-organization"
    assert plan_push(
        package, level(5), None, replace(missing, rules=Rules(create_organizations=True))
    ).create_organization


def test_a_plan_in_words(factory: Factory) -> None:
    package = factory.package({"data": factory.content["data"]}, tags=(), standard="indicators.v1")
    facts = PortalFacts(url=URL, licences=LICENCES, organization_exists=False, rules=Rules(create_organizations=True))
    plan = plan_push(package, level(5), None, facts)
    lines = describe(plan, "ja")
    assert lines[:4] == [
        f"{plan.dataset_name}: 新しく登録します（千葉県）",
        f"  組織を作ります: 千葉県（{factory.publisher.name}）",
        "  題名: （なし） → 公衆無線LANアクセスポイント一覧",
        "  説明: （なし） → 県が置く公衆無線LANの場所。",
    ]
    assert lines[-2] == "  ファイルを加えます: data.csv 公衆無線LAN（CSV）（29 バイト）"
    assert lines[-1] == "  すべてのファイルを読み直して確かめてから公開します"
    assert not [line for line in lines if "extras" in line or "odkit" in line]
    english = describe(plan, "en")
    assert english[0] == f"{plan.dataset_name}: to be created (Chiba Prefecture)"
    assert english[-2] == "  add file: data.csv data in English (29 bytes)"
    assert len(lines) == len(english)


def test_no_change_in_words(factory: Factory) -> None:
    package = factory.package()
    plan = plan_push(package, level(5), published(package), FACTS)
    assert describe(plan, "ja") == [
        f"{plan.dataset_name}: 変更はありません（千葉県）",
        "  送らないファイル（内容が同じ）: 3",
    ]


texts = st.text(max_size=5)
names = st.sampled_from(["title", "notes", "license_id", "author"])
tags = st.sets(st.sampled_from("abcd")).map(sorted).map(tuple)
extras = st.dictionaries(st.sampled_from(["a", "b", "odkit_level", "title_en"]), texts, max_size=4)
wanted_things = st.builds(Metadata, fields=st.dictionaries(names, texts), tags=tags, extras=extras)
standing_things = st.builds(
    lambda **found: replace(NOTHING, **found),
    fields=st.dictionaries(names, texts),
    tags=tags,
    extras=extras,
    private=st.booleans(),
)


@given(wanted_things, standing_things)
def test_what_is_sent_settles_it(wanted: Metadata, state: DatasetState) -> None:
    """Once what differs is sent, nothing differs; and what was not ours has not changed."""
    sent, changes = metadata_to_send(wanted, state)
    assert bool(sent) == bool(changes)
    answer: dict[str, Any] = {**state.fields, "tags": [{"name": tag} for tag in state.tags]}
    answer["extras"] = [{"key": key, "value": value} for key, value in state.extras.items()]
    after = parse_state({**answer, "private": state.private, **sent})
    assert metadata_to_send(wanted, after) == ({}, ())
    for key in state.extras.keys() - wanted.extras.keys():
        assert after.extras[key] == state.extras[key]
    for key in state.fields.keys() - wanted.fields.keys():
        assert after.fields[key] == state.fields[key]


def test_a_double_of_ours_goes(factory: Factory) -> None:
    """Two resources with the same key: the one with the expected id stays, the other is a double of ours."""
    package = factory.package({"data": factory.content["data"]})
    plan = plan_push(package, level(5), None, FACTS)
    standing = shown(package, plan)
    double = {**standing["resources"][0], "id": "double"}
    state = parse_state({**standing, "resources": [double, *standing["resources"]]})
    files = plan_files(plan.uploads, state.resources)
    assert files.removals == ("double",)
    assert (files.uploads, files.order) == ((), ())
