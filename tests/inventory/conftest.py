"""A portal with 24 datasets of 6 publishers, as an embedded one and over HTTP, and a project that names it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from odkit.portal import create_app, embedded_session
from odkit.push import connect

CODES = ("120006", "122033", "122041", "122076", "122271", "124419")
NAMES = ("千葉県", "市川市", "船橋市", "松戸市", "浦安市", "大多喜町")
AT_FIVE = (
    ("120006", ("public_facility", "cultural_property", "public_wireless_lan", "tourism", "hospital", "aed")),
    ("122033", ("public_facility", "aed", "public_toilet", "evacuation_space", "preschool")),
    ("122041", ("aed", "care_service", "event")),
    ("122076", ("population", "fire_hydrant")),
)
BY_FORMAT = (
    ("122041", "public_toilet", "CSV", "cc-by"),
    ("122076", "public_toilet", "XLSX", "cc-by"),
    ("122076", "aed", "PDF", "cc-by"),
    ("122271", "public_toilet", "XLSX", "cc-by"),
    ("122271", "aed", "CSV", "cc-by"),
    ("122271", "evacuation_space", "CSV", "notspecified"),
    ("124419", "tourism", "PDF", "cc-by"),
    ("124419", "public_toilet", "CSV", "cc-nc"),
)
"""Datasets that odkit did not make: publisher, list, format of the file, licence of CKAN."""

TOML = """
config_version = 1
default_portal = "{portal}"
base_uri = "https://opendata.pref.chiba.lg.jp/id/"

[portals.embedded]
kind = "embedded"
url = "http://127.0.0.1:8710"
folder = ".odkit/portal"

[portals.away]
kind = "ckan"
url = "http://127.0.0.1:9"

[defaults]
licence = "CC-BY-4.0"

[organizations.120006]
title = "千葉県"
title_en = "Chiba Prefecture"
"""


def made(code: str, standard: str) -> dict[str, object]:
    """A dataset that odkit published at stage 5."""
    extras = {
        "odkit_standard": f"{standard}.v2",
        "odkit_level": "5",
        "odkit_level_before": "2",
        "odkit_licence": "CC-BY-4.0",
        "odkit_publisher_code": code,
    }
    return {
        "name": f"{code}_{standard}",
        "title": f"{standard} {code}",
        "license_id": "cc-by",
        "extras": [{"key": key, "value": value} for key, value in extras.items()],
        "resources": [{"name": "data.csv", "format": "CSV", "url": "https://example.lg.jp/data.csv"}],
    }


def found(code: str, standard: str, form: str, licence: str) -> dict[str, object]:
    """A dataset that someone put there by hand."""
    return {
        "name": f"{code}_{standard}",
        "title": standard,
        "license_id": licence,
        "resources": [{"name": "file", "format": form, "url": f"https://example.lg.jp/{standard}"}],
    }


def fill(folder: Path, datasets: Sequence[tuple[str, Mapping[str, object]]]) -> None:
    """Put datasets into an embedded portal, each under its publisher's code."""
    app = create_app(folder, site_url="http://127.0.0.1:8710", tokens={"secret": "tester"})
    session = embedded_session(app, "http://127.0.0.1:8710")
    with connect("http://127.0.0.1:8710", "secret", session=session) as portal:
        known: set[str] = set()
        for code, dataset in datasets:
            if code not in known:
                title = dict(zip(CODES, NAMES, strict=True)).get(code, code)
                portal.write("organization_create", {"name": code, "title": title}, subject=code)
                known.add(code)
            portal.write("package_create", {**dataset, "owner_org": code}, subject=code)


def all_24() -> list[tuple[str, Mapping[str, object]]]:
    """The datasets of the portal."""
    datasets: list[tuple[str, Mapping[str, object]]] = [
        (code, made(code, standard)) for code, standards in AT_FIVE for standard in standards
    ]
    return datasets + [(code, found(code, *rest)) for code, *rest in BY_FORMAT]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project without datasets of its own, on an empty embedded portal."""
    (tmp_path / "publish.toml").write_text(TOML.format(portal="embedded"), encoding="utf-8")
    return tmp_path


@pytest.fixture
def full_project(project: Path) -> Path:
    """The same with the 24 datasets on its portal."""
    fill(project / ".odkit/portal", all_24())
    return project


@pytest.fixture(name="fill")
def fill_fixture() -> Callable[..., None]:
    """Puts more datasets into an embedded portal."""
    return fill
