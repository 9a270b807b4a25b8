"""Small packages, and the portals they are pushed to: the embedded one and, where there is one, a real CKAN."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import requests

from odkit.errors import PortalError
from odkit.model import (
    CleanTable,
    DatasetSpec,
    Licence,
    Origin,
    Package,
    Publisher,
    Resource,
    SourceSpec,
    TableSchema,
)
from odkit.portal import create_app, embedded_session
from odkit.push import Portal, Rules, connect

CC_BY = Licence(
    id="CC-BY-4.0",
    title="クリエイティブ・コモンズ 表示 4.0 国際",
    url="https://creativecommons.org/licenses/by/4.0/deed.ja",
    open=True,
)
FILES: Mapping[str, tuple[str, str, str, str]] = {
    "data": ("data.csv", "公衆無線LAN（CSV）", "CSV", "text/csv"),
    "data-rdf": ("data.ttl", "公衆無線LAN（RDF）", "TTL", "text/turtle"),
    "datapackage": ("datapackage.json", "パッケージの記述", "JSON", "application/json"),
}
CONTENT: Mapping[str, bytes] = {
    "data": "\ufeffID,名称\r\n011002,県庁\r\n".encode(),
    "data-rdf": '<#1> <#name> "県庁" .\n'.encode(),
    "datapackage": b'{"name": "public_wireless_lan"}\n',
}


@dataclass(frozen=True)
class Factory:
    """Makes packages of one publisher in `folder`; a test says only what it is about."""

    folder: Path
    publisher: Publisher
    content: Mapping[str, bytes] = field(default_factory=lambda: CONTENT)

    def spec(self, **changes: Any) -> DatasetSpec:
        plain = DatasetSpec(
            id=f"{self.publisher.code}/public_wireless_lan",
            name=self.publisher.name.replace("-", "_"),
            title="公衆無線LANアクセスポイント一覧",
            title_en="Public wireless LAN",
            description="県が置く公衆無線LANの場所。",
            description_en="Where the prefecture offers wireless LAN.",
            publisher=self.publisher,
            source=SourceSpec(path=Path("wifi.csv")),
            standard="public_wireless_lan.v2",
            licence=CC_BY,
            encoding="utf-8-sig",
            update_cycle="yearly",
            tags=("オープンデータ", "通信・放送", "県"),
        )
        return replace(plain, **changes)

    def package(self, content: Mapping[str, bytes] = CONTENT, **changes: Any) -> Package:
        for key, data in content.items():
            (self.folder / FILES[key][0]).write_bytes(data)
        spec = self.spec(**changes)
        resources = tuple(resource_of(key, data) for key, data in content.items())
        return Package(spec=spec, folder=self.folder, descriptor={}, resources=resources, tables=(table(),))


def resource_of(key: str, content: bytes) -> Resource:
    path, title, kind, media_type = FILES[key]
    return Resource(
        key=key,
        path=path,
        title=title,
        title_en=f"{key} in English",
        format=kind,
        media_type=media_type,
        bytes=len(content),
        sha256=sha256(content).hexdigest(),
    )


def table() -> CleanTable:
    schema = TableSchema(
        id="public_wireless_lan.v2", name="public_wireless_lan", title="公衆無線LAN", version="2", kind="", fields=()
    )
    origin = Origin(location="wifi.csv", sha256="5" * 64)
    return CleanTable(name="data", title="", schema=schema, rows=(), row_numbers=(), matches=(), origin=origin)


@dataclass
class Recorder:
    """What a session sent: the names of the actions, in order. `stop_after` cuts the line after so many writes."""

    actions: list[str] = field(default_factory=list)
    stop_after: int | None = None

    READS = frozenset(
        {
            "license_list",
            "package_search",
            "organization_list_for_user",
            "organization_show",
            "package_show",
            "scheming_dataset_schema_show",
            "status_show",
        }
    )

    @property
    def writes(self) -> list[str]:
        return [name for name in self.actions if name not in self.READS]

    def hear(self, response: requests.Response, **_: object) -> None:
        request = response.request
        if request.method != "POST":
            return
        self.actions.append(str(request.url).rpartition("/")[2])
        if self.actions[-1] not in self.READS and len(self.writes) == self.stop_after:
            response.close()
            raise KeyboardInterrupt


@dataclass
class Site:
    """A portal with a publisher of its own; `open` connects as its editor, each session heard by `recorder`."""

    url: str
    token: str = field(repr=False)
    publisher: Publisher
    new_session: Callable[[], requests.Session]
    recorder: Recorder = field(default_factory=Recorder)
    previews: bool = False
    """Whether the portal makes previews of files (a plugin called ``…_view``), which a new dataset asks for."""

    @property
    def writes_of_a_create(self) -> list[str]:
        """The writes that make a dataset of a publisher whom the portal has not seen: neither one more nor less."""
        views = ["package_create_default_resource_views"] if self.previews else []
        return ["organization_create", "package_create", "package_revise", *views, "package_revise"]

    def open(self, token: str | None = None, **rules: Any) -> Portal:
        session = self.new_session()
        session.hooks["response"].append(self.recorder.hear)
        used = self.token if token is None else token
        return connect(self.url, used, session=session, rules=replace(self.rules, **rules))

    @property
    def rules(self) -> Rules:
        """What a test's run may do, without long pauses."""
        return Rules(create_organizations=True, pause=0.01)


def dataset_name(publisher: Publisher) -> str:
    """The only name under which a test's dataset stands on a portal."""
    return f"{publisher.code}_{publisher.name.replace('-', '_')}"


def new_publisher() -> Publisher:
    """A publisher that no portal has seen."""
    tail = uuid.uuid4().hex[:8]
    return Publisher(
        code="120006",
        name=f"test-{tail}",
        title="千葉県",
        title_en="Chiba Prefecture",
        contact_name="デジタル戦略課",
        contact_email="digital@example.lg.jp",
    )


@pytest.fixture
def publisher() -> Publisher:
    return new_publisher()


@pytest.fixture
def factory(tmp_path: Path, publisher: Publisher) -> Factory:
    folder = tmp_path / "package"
    folder.mkdir()
    return Factory(folder, publisher)


@pytest.fixture(params=["embedded", pytest.param("real", marks=pytest.mark.ckan)])
def site(request: pytest.FixtureRequest, tmp_path: Path, publisher: Publisher) -> Iterator[Site]:
    if request.param == "embedded":
        yield embedded_site(tmp_path, publisher)
        return
    ckan = request.getfixturevalue("real_ckan")
    yield Site(ckan.url, ckan.token, publisher, requests.Session, previews=ckan.previews)
    cleanup = {
        "dataset_purge": dataset_name(publisher),
        "organization_purge": publisher.name,
        "user_delete": publisher.name,
    }
    with connect(ckan.url, ckan.token) as portal:
        for action, name in cleanup.items():
            # What these answer is no mapping, and a test may have made none of them.
            with suppress(PortalError):
                portal.write(action, {"id": name}, subject=name)


def embedded_site(tmp_path: Path, publisher: Publisher) -> Site:
    url = "http://portal.test"
    app = create_app(tmp_path / "portal", site_url=url, tokens={"secret-token": "odkit"})
    return Site(url, "secret-token", publisher, lambda: embedded_session(app, url))
