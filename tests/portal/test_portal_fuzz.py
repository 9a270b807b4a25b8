"""Whatever JSON a publisher sends, the portal takes it or refuses it in CKAN's words, and can still be read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odkit.portal import create_app
from odkit.portal.actions import ACTIONS

HEADERS = {"Authorization": "t"}
FIELDS = (
    "author_email",
    "extras",
    "id",
    "license_id",
    "metadata_modified",
    "name",
    "notes",
    "organization",
    "owner_org",
    "package_id",
    "private",
    "resources",
    "state",
    "tags",
    "title",
    "type",
    "url",
    "version",
    "match",
    "match__id",
    "match__title",
    "update",
    "update__resources",
    "update__resources__0",
    "update__resources__0__name",
    "update__resources__extend",
    "update__tags",
    "update__title",
    "filter",
    "include",
    "q",
    "fq",
    "rows",
    "start",
    "sort",
    "fl",
    "facet.field",
    "facet.limit",
    "limit",
    "offset",
    "all_fields",
    "query",
    "organizations",
    "format",
    "size",
    "url_type",
    "last_modified",
    "mimetype",
    "created",
    "hash",
    "position",
    "upload",
)

known = st.sampled_from(
    ["data", "org", "人口", "x", "-*", "+name", "name:data", "1", "true", "[]", "{}", "", "2020-01-01"]
)
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20) | known
objects = st.dictionaries(
    st.sampled_from(["id", "name", "key", "value", "url", "size", "url_type"]), scalars, max_size=4
)
values = scalars | st.lists(objects, max_size=3) | objects | st.lists(scalars, max_size=3)
calls = st.dictionaries(st.sampled_from(FIELDS), values, max_size=6)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """A portal with one dataset; what the examples do to it stays, so that later ones meet it."""
    folder: Path = tmp_path_factory.mktemp("portal")
    app: Flask = create_app(folder, site_url="http://p.example", tokens={"t": "u"})
    with app.test_client() as client:
        yield client


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(action=st.sampled_from(sorted(ACTIONS)), data=calls, owned=st.booleans())
def test_every_call_is_answered(client: FlaskClient, action: str, data: dict[str, Any], owned: bool) -> None:
    client.post("/api/action/organization_create", json={"name": "org"}, headers=HEADERS)
    package = {"name": "data", "owner_org": "org", "resources": [{"url": "http://e.example/"}]}
    client.post("/api/action/package_create", json=package, headers=HEADERS)
    aimed = {"id": "data", "match__name": "data", "owner_org": "org", "package_id": "data"} if owned else {}
    answer = client.post(f"/api/action/{action}", json=aimed | data, headers=HEADERS)
    assert answer.status_code in (200, 400, 404, 409)
    assert isinstance(answer.get_json(), str | dict)
    found = client.get("/api/action/package_search?rows=1000&include_private=true", headers=HEADERS)
    assert found.status_code == 200
