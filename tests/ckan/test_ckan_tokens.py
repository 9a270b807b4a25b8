"""Who may publish on a real CKAN: a wrong token, someone else's editor, and an editor who is no administrator."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from odkit import messages

if TYPE_CHECKING:
    from tests.ckan.conftest import Scene

pytestmark = pytest.mark.ckan

WRONG_TOKEN = "eyJhbGciOiJIUzI1NiJ9.bm90LWEtdG9rZW4.d3Jvbmc"
NewScene = Callable[..., "Scene"]


def stands(scene: Scene, *datasets: str) -> list[str]:
    """What of the scene's is on the portal: its organisation, its datasets."""
    organizations = scene.admin.action.organization_list(organizations=[scene.organization])
    return [*organizations, *(dataset for dataset in datasets if scene.show(dataset) is not None)]


def complaint(err: str) -> str:
    """The only message on stderr, its fix included; what else stands there is no complaint."""
    assert "Traceback" not in err
    assert err.count("odkit: ") == 1, err
    return err.partition("odkit: ")[2].rstrip("\n")


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("organization_exists", [True, False])
def test_a_wrong_token(new_scene: NewScene, lang: str, *, organization_exists: bool) -> None:
    """One message for all datasets: no other one would fare better."""
    datasets = ("cultural_property", "public_wireless_lan")
    scene = new_scene(*datasets)
    if organization_exists:
        scene.add_organization()
    before = stands(scene, *datasets)
    run = scene.publish(token=WRONG_TOKEN, lang=lang)
    assert (run.code, run.out) == (3, "")
    expected = messages.sentence("push.bad-token", lang, {"url": scene.url})
    assert complaint(run.err) == f"120006/{scene.folder(datasets[0])}: {expected}"
    assert WRONG_TOKEN not in run.err
    assert stands(scene, *datasets) == before == [scene.organization] * organization_exists


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_an_editor_of_another_organisation(new_scene: NewScene, lang: str) -> None:
    scene = new_scene("cultural_property")
    scene.add_organization()
    scene.add_organization(scene.other_organization)
    token = scene.add_editor(scene.other_organization)
    run = scene.publish(token=token, lang=lang)
    assert (run.code, run.out) == (3, "")
    details = {"subject": scene.portal_name("cultural_property"), "action": "package_create"}
    expected = messages.sentence("push.not-allowed", lang, details)
    assert complaint(run.err) == f"120006/{scene.folder('cultural_property')}: {expected}"
    assert token not in run.err
    assert stands(scene, "cultural_property") == [scene.organization]


def test_an_editor_may_not_change_what_another_organisation_has(new_scene: NewScene) -> None:
    scene = new_scene("cultural_property")
    assert scene.publish().code == 0
    before = scene.show("cultural_property")
    scene.add_organization(scene.other_organization)
    token = scene.add_editor(scene.other_organization)
    settings = scene.root / "datapackages" / "120006" / scene.folder("cultural_property") / "dataset.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace('title_en = "', 'title_en = "Not mine: '), encoding="utf-8")
    run = scene.publish(token=token)
    details = {"subject": scene.portal_name("cultural_property"), "action": "package_revise"}
    assert run.code == 3
    assert complaint(run.err).endswith(messages.sentence("push.not-allowed", "en", details))
    assert scene.show("cultural_property") == before


def test_an_editor_of_the_organisation_publishes(new_scene: NewScene) -> None:
    """Neither a sysadmin nor allowed to create organisations: what staff of a municipality are on a shared portal."""
    scene = new_scene("cultural_property", create_organizations=False)
    missing = scene.publish()
    details = {"url": scene.url, "name": scene.organization, "title": "千葉県"}
    assert missing.code == 3
    assert complaint(missing.err).endswith(messages.sentence("push.no-organization", "en", details))
    assert stands(scene, "cultural_property") == []

    scene.add_organization()
    token = scene.add_editor(scene.organization)
    run = scene.publish("--json", token=token)
    assert (run.code, run.actions) == (0, ["create"]), run.err
    shown = scene.show("cultural_property")
    assert shown is not None
    assert (shown["private"], shown["organization"]["name"]) == (False, scene.organization)
    again = scene.publish("--json", token=token)
    assert (again.code, again.actions) == (0, ["unchanged"]), again.err
    assert scene.show("cultural_property") == shown
