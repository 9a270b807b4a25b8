"""The two portals that every contract test runs against: the embedded one in this process, and a real CKAN."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar
from uuid import uuid4

import pytest
from ckanapi import RemoteCKAN
from ckanapi.errors import CKANAPIError
from flask import Flask
from requests import Response, Session

from odkit.portal import create_app, embedded_session

SITE = "http://portal.example"
TOKEN = "a-token-of-the-tests"
LIMIT = 10 << 20  # bytes of an upload, as in a CKAN as it is installed


ORGANIZATION_KEYS = frozenset(
    {
        "approval_status",
        "created",
        "description",
        "display_name",
        "id",
        "image_display_url",
        "image_url",
        "is_organization",
        "name",
        "num_followers",
        "package_count",
        "state",
        "title",
        "type",
    }
)
PACKAGE_KEYS = frozenset(
    {
        "author",
        "author_email",
        "creator_user_id",
        "extras",
        "groups",
        "id",
        "isopen",
        "license_id",
        "license_title",
        "maintainer",
        "maintainer_email",
        "metadata_created",
        "metadata_modified",
        "name",
        "notes",
        "num_resources",
        "num_tags",
        "organization",
        "owner_org",
        "private",
        "relationships_as_object",
        "relationships_as_subject",
        "resources",
        "state",
        "tags",
        "title",
        "type",
        "url",
        "version",
    }
)
RESOURCE_KEYS = frozenset(
    {
        "cache_last_updated",
        "cache_url",
        "created",
        "datastore_active",
        "description",
        "format",
        "hash",
        "id",
        "last_modified",
        "metadata_modified",
        "mimetype",
        "mimetype_inner",
        "name",
        "package_id",
        "position",
        "resource_type",
        "size",
        "state",
        "url",
        "url_type",
    }
)


@dataclass
class Door:
    """A portal, by ckanapi with a token and as anonymous, and by bare HTTP."""

    url: str
    token: str
    session: Session
    prefix: str = field(default_factory=lambda: f"t{uuid4().hex[:10]}")

    def __post_init__(self) -> None:
        self.api = RemoteCKAN(self.url, apikey=self.token, session=self.session)
        self.anonymous = RemoteCKAN(self.url, session=self.session)
        self.org = f"{self.prefix}-org"

    organization_keys: ClassVar[frozenset[str]] = ORGANIZATION_KEYS
    package_keys: ClassVar[frozenset[str]] = PACKAGE_KEYS
    resource_keys: ClassVar[frozenset[str]] = RESOURCE_KEYS

    @property
    def link(self) -> dict[str, Any]:
        """A resource that is a link."""
        return {"url": "http://data.example/a.csv", "name": "甲", "format": "csv"}

    def name(self, stem: str = "d") -> str:
        """A dataset's name that no other test has."""
        return f"{self.prefix}-{stem}"

    def create(self, stem: str = "d", **fields: Any) -> dict[str, Any]:
        """A dataset in the test's organisation."""
        made: dict[str, Any] = self.api.action.package_create(name=self.name(stem), owner_org=self.org, **fields)
        return made

    def upload(self, file: str, content: bytes, stem: str = "d", **fields: str) -> dict[str, Any]:
        """A resource with a file, as multipart."""
        made: dict[str, Any] = self.api.call_action(
            "resource_create",
            {"package_id": self.name(stem), **fields},
            files={"upload": (file, io.BytesIO(content))},
        )
        return made

    def show(self, stem: str = "d") -> dict[str, Any]:
        """A dataset as it is now."""
        shown: dict[str, Any] = self.api.action.package_show(id=self.name(stem))
        return shown

    def http(self, method: str, path: str, *, token: bool = True, **options: Any) -> Response:
        """An HTTP request to the portal, to a path or a whole address."""
        headers = {**options.pop("headers", {}), **({"Authorization": self.token} if token else {})}
        address = path if path.startswith("http") else self.url + path
        return self.session.request(method, address, headers=headers, timeout=30, **options)

    def error(self, action: str, *, token: Any = True, **data: Any) -> tuple[int, Any]:
        """The status of a call that fails, and its error."""
        answer = self.http("POST", f"/api/3/action/{action}", token=token, json=data)
        body = answer.json()
        assert isinstance(body, str) or body["success"] is False, body
        return answer.status_code, body if isinstance(body, str) else body["error"]

    def clean_up(self) -> None:
        """Leave nothing of the test behind; only a real CKAN can purge."""
        with suppress(CKANAPIError):
            found = self.api.action.package_search(
                fq=f"organization:{self.org}", include_private=True, include_drafts=True, rows=1000
            )
            for package in found["results"]:
                self.api.action.dataset_purge(id=package["id"])
            self.api.action.organization_purge(id=self.org)


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    """The embedded portal, empty."""
    return create_app(tmp_path / "portal", site_url=SITE, tokens={TOKEN: "publisher"}, max_upload_bytes=LIMIT)


@pytest.fixture
def embedded(app: Flask) -> Iterator[Door]:
    """The embedded portal with an organisation."""
    with embedded_session(app, SITE) as session:
        door = Door(SITE, TOKEN, session)
        door.api.action.organization_create(name=door.org, title="架空県")
        yield door


@pytest.fixture(params=["embedded", pytest.param("ckan", marks=pytest.mark.ckan)])
def portal(request: pytest.FixtureRequest) -> Iterator[Door]:
    """Both portals in turn, each with an organisation of the test's own."""
    if request.param == "embedded":
        yield request.getfixturevalue("embedded")
        return
    real = request.getfixturevalue("real_ckan")
    with Session() as session:
        door = Door(real.url, real.token, session)
        door.api.action.organization_create(name=door.org, title="架空県")
        yield door
        door.clean_up()
