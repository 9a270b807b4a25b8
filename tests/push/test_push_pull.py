"""Pulling: what was published comes back byte for byte, is not fetched twice; what people made becomes a package."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
import requests

from odkit.errors import PortalRefused
from odkit.model import Package, Score
from odkit.package.check import check_package
from odkit.push import CONVERTERS, Fetcher, Portal, Pulled, Rules, apply_plan, guarded_session, make_plan, pull
from odkit.push.upload import FilePart

if TYPE_CHECKING:
    from tests.push.conftest import Factory, Site

LEVEL_5 = Score(target="", level=5, format_level=3, format="CSV", licence="", checks=(), steps=())
TABLE = '\ufeffID,名称,緯度,経度,台数\r\n011002,県庁,35.605,140.123,3\r\n011003,"支所 ""南""",,,\r\n'.encode()
MESSY = "題,,\r\n,,\r\n".encode("cp932")
FIELDS = [
    {"name": "ID", "type": "string"},
    {"name": "名称", "type": "string"},
    {"name": "緯度", "type": "number"},
    {"name": "経度", "type": "number"},
    {"name": "台数", "type": "integer"},
]


def sealed(factory: Factory, table: bytes = TABLE, **descriptor: Any) -> Package:
    """A package whose descriptor is true."""
    content = {**factory.content, "data": table}
    plain = factory.package(content)
    entries = [
        {
            "name": item.key,
            "path": item.path,
            "format": item.format.lower(),
            "mediatype": item.media_type,
            "bytes": item.bytes,
            "hash": f"sha256:{item.sha256}",
            **({"encoding": "utf-8-sig", "schema": {"fields": FIELDS}, "odkit:rows": 2} if item.key == "data" else {}),
        }
        for item in plain.resources
        if item.key != "datapackage"
    ]
    whole = {"name": plain.spec.portal_name, "resources": entries, **descriptor}
    return replace(factory.package({**content, "datapackage": json.dumps(whole).encode()}), descriptor=whole)


def publish(site: Site, package: Package, **rules: Any) -> None:
    with site.open(**rules) as portal:
        apply_plan(make_plan(package, LEVEL_5, portal), portal, package.folder)


def pulled(site: Site, name: str, root: Path, asked: list[requests.Response] | None = None) -> Pulled:
    """Pull as the public; `asked` gets the downloads."""
    with guarded_session(site.url, site.new_session()) as session, site.open("") as portal:
        if asked is not None:
            session.hooks["response"].append(lambda answer, **_: asked.append(answer))
        return pull(name, portal, Fetcher(site.url, session, Rules(pause=0.01), 1 << 20), root)


def files(folder: Path) -> Mapping[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_what_was_published_comes_back_byte_for_byte(site: Site, factory: Factory, tmp_path: Path) -> None:
    package = sealed(factory)
    publish(site, package)
    got = pulled(site, package.spec.portal_name, tmp_path / "pulled")
    assert (got.action, got.files) == ("pulled", 3)
    assert files(got.folder) == files(factory.folder)
    assert check_package(got.folder) == ()


def test_what_is_there_is_not_fetched_again(site: Site, factory: Factory, tmp_path: Path) -> None:
    package, root = sealed(factory), tmp_path / "pulled"
    publish(site, package)
    pulled(site, package.spec.portal_name, root)
    asked: list[requests.Response] = []
    assert pulled(site, package.spec.portal_name, root, asked).action == "unchanged"
    assert asked == []
    changed = sealed(factory, TABLE + b"011004,x,,,\r\n")
    publish(site, changed)
    got = pulled(site, package.spec.portal_name, root, asked)
    assert (got.action, [str(answer.url).rpartition("/")[2] for answer in asked]) == (
        "pulled",
        ["datapackage.json", "data.csv"],
    )
    assert files(got.folder) == files(factory.folder)
    (got.folder / "data.csv").write_bytes(b"damaged")
    (got.folder / "stranger.txt").write_bytes(b"")
    assert pulled(site, package.spec.portal_name, root).action == "pulled"
    assert files(got.folder) == files(factory.folder)


def test_a_note_of_what_was_lost_reaches_those_who_pull(site: Site, factory: Factory, tmp_path: Path) -> None:
    publish(site, sealed(factory))
    other = TABLE.replace("経度".encode(), "東経".encode())
    fields = [{**item, "name": "東経"} if item["name"] == "経度" else item for item in FIELDS]
    package = sealed(factory, other)
    first, second = cast("list[dict[str, object]]", package.descriptor["resources"])
    renamed = sealed(factory, other, resources=[{**first, "schema": {"fields": fields}}, second])
    with pytest.raises(PortalRefused) as refused:
        publish(site, renamed)
    assert (refused.value.code, refused.value.details["losses"]) == ("push.losses", "data: 経度 → 東経")
    publish(site, renamed, accept_changes=True)
    assert pulled(site, package.spec.portal_name, tmp_path / "pulled").note == "data: 経度 → 東経"


def by_hand(portal: Portal, factory: Factory) -> str:
    """A dataset as people make it in the browser: two files of one name, and a link into a private network."""
    name, owner = factory.spec().portal_name, factory.publisher.name
    portal.write("organization_create", {"name": owner, "title": "市"}, subject="")
    dataset = {"name": name, "owner_org": owner, "title": "手作り", "license_id": "cc-by", "tags": [{"name": "統計"}]}
    portal.write("package_create", dataset, subject="")
    path = factory.folder / "list.csv"
    path.write_bytes(MESSY)
    for title in ("一覧", "一覧（旧）"):
        part = FilePart("upload", "list.csv", path, len(MESSY), "text/csv")
        fields = {"package_id": name, "name": title, "format": "CSV"}
        portal.write("resource_create", fields, subject="", parts=[part])
    link = {"package_id": name, "name": "内部", "url": "http://127.0.0.1:9/inside.csv", "format": "CSV"}
    portal.write("resource_create", link, subject="")
    return name


def test_a_dataset_that_people_made(site: Site, factory: Factory, tmp_path: Path) -> None:
    with site.open() as portal:
        name = by_hand(portal, factory)
    got = pulled(site, name, tmp_path / "pulled")
    assert (got.action, got.files) == ("pulled", 3)
    assert [(issue.code, issue.where.file) for issue in got.issues] == [("push.pull-no-connection", "inside.csv")]
    descriptor = json.loads((got.folder / "datapackage.json").read_text(encoding="utf-8"))
    assert [entry["path"] for entry in descriptor["resources"]] == ["list.csv", "list-2.csv"]
    assert [entry["hash"] for entry in descriptor["resources"]] == [f"sha256:{sha256(MESSY).hexdigest()}"] * 2
    assert (descriptor["licenses"][0]["name"], descriptor["keywords"]) == ("cc-by", ["統計"])
    assert (got.folder / "list-2.csv").read_bytes() == MESSY
    assert check_package(got.folder) == ()
    asked: list[requests.Response] = []
    assert pulled(site, name, tmp_path / "pulled", asked).action == "unchanged"
    assert [answer.status_code for answer in asked] == [304, 304]


def test_as_sqlite_geojson_and_pandas(site: Site, factory: Factory, tmp_path: Path) -> None:
    package = sealed(factory)
    publish(site, package)
    got = pulled(site, package.spec.portal_name, tmp_path / "pulled")
    (database,) = CONVERTERS["sqlite"](got.folder)
    with closing(sqlite3.connect(database)) as opened:
        rows = opened.execute("SELECT ID, 名称, 緯度, 台数 FROM data").fetchall()
    assert rows == [("011002", "県庁", 35.605, 3), ("011003", '支所 "南"', None, None)]
    (places,) = CONVERTERS["geojson"](got.folder)
    features = json.loads(places.read_text(encoding="utf-8"))["features"]
    assert [item["geometry"] for item in features] == [{"type": "Point", "coordinates": [140.123, 35.605]}, None]
    assert features[0]["properties"]["ID"] == "011002"
    (script,) = CONVERTERS["pandas"](got.folder)
    program = (
        f"import {script.stem} as s; f = s.read_data(); print(f.ID[0], f.台数.sum(), f.緯度.isna().sum(), f.ID.dtype)"
    )
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", program], cwd=script.parent, capture_output=True, check=True
    )
    assert done.stdout.decode().split() == ["011002", "3", "1", "string"]
