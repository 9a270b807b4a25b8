"""The whole journey onto a real CKAN, by the command line: what ``odkit publish --portal`` promises there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import requests

if TYPE_CHECKING:
    from tests.ckan.conftest import Run, Scene

pytestmark = pytest.mark.ckan

DATASETS = ("cultural_property", "ict-indicators", "public_wireless_lan")
Published = tuple["Scene", "Run"]


def shown(scene: Scene, dataset: str) -> dict[str, Any]:
    found = scene.show(dataset)
    assert found is not None
    return found


def downloads(scene: Scene, dataset: str) -> dict[str, bytes]:
    """What an anonymous visitor gets: file name -> bytes."""
    with requests.Session() as visitor:
        shown = visitor.get(
            f"{scene.url}/api/3/action/package_show", params={"id": scene.portal_name(dataset)}, timeout=60
        )
        shown.raise_for_status()
        files = {}
        for resource in shown.json()["result"]["resources"]:
            answer = visitor.get(resource["url"], timeout=60)
            answer.raise_for_status()
            files[resource["url"].rpartition("/")[2]] = answer.content
    return files


def keeps_activities(scene: Scene) -> bool:
    return "activity" in scene.admin.action.status_show()["extensions"]


def activities(scene: Scene, dataset: str) -> list[str]:
    """The ids of the portal's records of every write to a dataset; none where it keeps no such records."""
    if not keeps_activities(scene):
        return []
    listed = scene.admin.action.package_activity_list(id=scene.portal_name(dataset), limit=100)
    return [item["id"] for item in listed]


def standing(scene: Scene) -> list[tuple[dict[str, Any], list[str]]]:
    """All that the portal says of the scene's datasets, and every write it remembers."""
    return [(shown(scene, dataset), activities(scene, dataset)) for dataset in DATASETS]


def test_the_first_run_creates_the_datasets_in_their_organisation(published: Published) -> None:
    scene, run = published
    assert run.actions == ["create"] * 3
    for dataset in DATASETS:
        found = shown(scene, dataset)
        assert (found["private"], found["state"]) == (False, "active")
        assert found["organization"]["name"] == scene.organization
        assert found["organization"]["title"] == "千葉県"
        assert f"{scene.url}/dataset/{found['name']}" in run.out


@pytest.mark.parametrize("dataset", DATASETS)
def test_anyone_downloads_exactly_the_built_package(published: Published, dataset: str) -> None:
    scene, _ = published
    assert downloads(scene, dataset) == scene.built(dataset)


def test_a_second_run_writes_nothing(published: Published) -> None:
    scene, _ = published
    before = standing(scene)
    assert all(writes for _, writes in before) or not keeps_activities(scene)
    run = scene.publish("--json")
    assert (run.code, run.actions) == (0, ["unchanged"] * 3), run.err
    assert standing(scene) == before


def test_nothing_is_pending_after_a_run(published: Published) -> None:
    scene, _ = published
    run = scene.publish("--dry-run", "--exit-code", "--json")
    assert (run.code, run.actions) == (0, ["unchanged"] * 3), run.err


def test_one_changed_cell_moves_only_what_depends_on_it(new_scene: Callable[..., Scene]) -> None:
    scene = new_scene("cultural_property")
    pending = scene.publish("--dry-run", "--exit-code")
    assert pending.code == 4, pending.err
    assert scene.show("cultural_property") is None
    assert scene.publish().code == 0
    before, built = shown(scene, "cultural_property"), scene.built("cultural_property")

    source = scene.source("cultural_property")
    content = source.read_bytes().decode("cp932")
    assert content.count("木造薬師如来坐像") == 1
    source.write_bytes(content.replace("木造薬師如来坐像", "木造阿弥陀如来坐像").encode("cp932"))
    pending = scene.publish("--dry-run", "--exit-code")
    assert pending.code == 4, pending.err
    assert shown(scene, "cultural_property") == before

    run = scene.publish("--json")
    assert (run.code, run.actions) == (0, ["update"]), run.err
    after, rebuilt = shown(scene, "cultural_property"), scene.built("cultural_property")
    changed = {name for name in built if built[name] != rebuilt[name]}
    # The catalogue record and the score name the table by its hash.
    assert changed == {"data.csv", "data.ttl", "data.jsonld", "dcat.ttl", "score.json", "datapackage.json"}
    assert downloads(scene, "cultural_property") == rebuilt
    assert after["id"] == before["id"]
    assert moved(before, after) == changed
    assert scene.publish("--dry-run", "--exit-code").code == 0


def test_a_workbook_that_is_asked_for_goes_to_the_portal_and_from_it(
    new_scene: Callable[..., Scene], tmp_path: Path
) -> None:
    scene = new_scene("public_wireless_lan")
    assert scene.publish().code == 0
    before = shown(scene, "public_wireless_lan")
    declared = scene.source("public_wireless_lan").with_name("dataset.toml")
    declared.write_text(f'also_as = ["xlsx"]\n{declared.read_text(encoding="utf-8")}', encoding="utf-8")
    run = scene.publish("--json")
    assert (run.code, run.actions) == (0, ["update"]), run.err
    built, after = scene.built("public_wireless_lan"), shown(scene, "public_wireless_lan")
    assert downloads(scene, "public_wireless_lan") == built
    assert [item["url"].rpartition("/")[2] for item in after["resources"]][:2] == ["data.csv", "data.xlsx"]
    workbook = after["resources"][1]
    assert (workbook["format"], workbook["mimetype"]) == (
        "XLSX",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )
    assert {item["id"] for item in before["resources"]} < {item["id"] for item in after["resources"]}
    assert level(after) == level(before) == "5"
    assert scene.publish("--json").actions == ["unchanged"]
    assert scene.pull("public_wireless_lan", tmp_path / "pulled") == built


def level(dataset: dict[str, Any]) -> str:
    """The stage that the portal says a dataset is at."""
    return next(str(extra["value"]) for extra in dataset["extras"] if extra["key"] == "odkit_level")


def moved(before: dict[str, Any], after: dict[str, Any]) -> set[str]:
    """The files of a dataset that the portal says were changed; ids, addresses and order never do."""
    names = set()
    for one, other in zip(before["resources"], after["resources"], strict=True):
        assert (one["id"], one["url"], one["position"]) == (other["id"], other["url"], other["position"])
        if one != other:
            assert one["odkit_sha256"] != other["odkit_sha256"]
            assert one["last_modified"] < other["last_modified"]
            names.add(one["url"].rpartition("/")[2])
    return names
