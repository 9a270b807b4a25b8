"""Every public dataset of a portal, over more than one page."""

from __future__ import annotations

from pathlib import Path

import pytest

from odkit.errors import PortalStop
from odkit.portal import create_app, embedded_session
from odkit.push import Portal, all_datasets, connect
from odkit.push.catalogue import PAGE

URL = "http://127.0.0.1:8710"


def portal(folder: Path, token: str = "") -> Portal:
    app = create_app(folder, site_url=URL, tokens={"secret": "tester"})
    return connect(URL, token, session=embedded_session(app, URL))


def test_all_pages_are_read_and_private_datasets_left_out(tmp_path: Path) -> None:
    names = [f"dataset-{number:03}" for number in range(PAGE + 3)]
    with portal(tmp_path, "secret") as writing:
        writing.write("organization_create", {"name": "122033"}, subject="122033")
        for name in names:
            writing.write("package_create", {"name": name, "owner_org": "122033"}, subject=name)
        hidden = {"name": "hidden", "owner_org": "122033", "private": True}
        writing.write("package_create", hidden, subject="hidden")
    with portal(tmp_path) as reading:
        assert [item["name"] for item in all_datasets(reading)] == names


def test_an_empty_portal_has_none(tmp_path: Path) -> None:
    with portal(tmp_path) as reading:
        assert list(all_datasets(reading)) == []


def test_what_is_no_portal_stops() -> None:
    with connect("http://127.0.0.1:9") as reading, pytest.raises(PortalStop):
        list(all_datasets(reading))
