"""Names of files on the way to a portal, and texts in its forms."""

from __future__ import annotations

import json
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odkit.model import Resource
from odkit.push.apply import form_text, upload_name
from odkit.push.files import resource_id


def resource(path: str, key: str = "data") -> Resource:
    return Resource(key=key, path=path, title="", title_en="", format="", media_type="", bytes=0, sha256="", rows=None)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("data.csv", "data.csv"),
        ("data.csv-metadata.json", "data.csv-metadata.json"),
        ("folder/data.ttl", "data.ttl"),
        ("施設一覧.csv", "data.csv"),
        ("施設 一覧(2020).CSV", "data.csv"),
        ("一覧.エクセル", "data"),
        (".hidden", "data"),
        ("Data.csv", "data.csv"),
    ],
)
def test_upload_name(path: str, name: str) -> None:
    assert upload_name(resource(path)) == name


@given(st.text(min_size=1, max_size=20))
def test_only_ascii_is_sent(path: str) -> None:
    assert upload_name(resource(path)).isascii()


def read_as_ckan_does(value: str) -> object:
    """CKAN's converter json_or_string."""
    try:
        return json.loads(value)
    except ValueError:
        return value


@given(st.text() | st.sampled_from(["2024", "true", "null", '"x"', "{}", "1e5", "NaN", "[1"]))
def test_a_form_keeps_a_text_a_text(value: str) -> None:
    assert read_as_ckan_does(form_text(value)) == value


def test_an_id_depends_on_portal_dataset_and_key_only() -> None:
    first = resource_id("https://a.example.jp", "120006_wifi", "data")
    assert first == "e26178e4-9712-59e5-a579-8cfeee94fe1c"
    assert UUID(first).version == 5
    others = {
        resource_id("https://b.example.jp", "120006_wifi", "data"),
        resource_id("https://a.example.jp", "121002_wifi", "data"),
        resource_id("https://a.example.jp", "120006_wifi", "data-rdf"),
    }
    assert len(others - {first}) == 3
