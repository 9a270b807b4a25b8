"""One script, written with ckanapi alone, reads the embedded portal and a real CKAN, and prints the same for both."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.ckan.conftest import Run, Scene

pytestmark = pytest.mark.ckan

Printed = tuple[dict[str, Any], dict[str, Any]]
DATASETS = ("cultural_property", "ict-indicators", "public_wireless_lan")
LICENCE_NAMES = {
    "license_id": ("CC-BY-4.0", "cc-by"),
    "license_title": ("クリエイティブ・コモンズ 表示 4.0 国際", "Creative Commons Attribution"),
    "license_url": (
        "https://creativecommons.org/licenses/by/4.0/deed.ja",
        "http://www.opendefinition.org/licenses/cc-by",
    ),
}
"""All that may differ: how the embedded portal and a CKAN as installed name CC BY 4.0.

The list of licences is each portal's own, and CKAN's has no versions: its `cc-by` is the nearest entry, and the one
that makes the dataset open (`isopen`) there, which an id unknown to it would not. Both portals serve the exact licence
in datapackage.json and data.ttl. A CKAN whose administrator lists CC-BY-4.0 gets that id.
"""

SCRIPT = Path(__file__).with_name("read_portal.py")


def read(url: str, organization: str) -> dict[str, Any]:
    """What the script prints, run as its users run it."""
    done = subprocess.run(
        [sys.executable, "-I", SCRIPT, url, organization], capture_output=True, check=False, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    printed: dict[str, Any] = json.loads(done.stdout)
    return printed


@pytest.fixture(scope="module")
def printed(published: tuple[Scene, Run], serving: Callable[[Path], AbstractContextManager[str]]) -> Printed:
    """The script's words for the embedded portal and for the real CKAN, of the same project published on both."""
    scene, _ = published
    run = scene.publish(portal="embedded")
    assert run.code == 0, run.err
    with serving(scene.root) as url:
        return read(url, scene.organization), read(scene.url, scene.organization)


def test_both_portals_read_the_same(printed: Printed) -> None:
    """Equal in everything that is printed, but for the name of the licence."""
    embedded, real = printed
    assert [embedded["count"], real["count"]] == [3, 3]
    for one, other in zip(embedded["datasets"], real["datasets"], strict=True):
        for name, names in LICENCE_NAMES.items():
            assert (one.pop(name), other.pop(name)) == names
    assert embedded == real


def test_the_script_downloads_what_was_built(published: tuple[Scene, Run], printed: Printed) -> None:
    """The equality above is not that of two empty answers."""
    scene, _ = published
    for content in printed:
        read = {item["name"]: item for item in content["datasets"]}
        assert sorted(read) == sorted(map(scene.portal_name, DATASETS))
        for dataset in DATASETS:
            shown = read[scene.portal_name(dataset)]
            assert shown["isopen"] is True
            hashes = {item["url"]: item["downloaded"]["sha256"] for item in shown["resources"]}
            assert hashes == {name: sha256(data).hexdigest() for name, data in scene.built(dataset).items()}
            assert all(item["odkit_sha256"] == item["downloaded"]["sha256"] for item in shown["resources"])
            assert all(item["size"] == item["downloaded"]["bytes"] for item in shown["resources"])
