"""Names of files on the way to a portal, and texts in its forms."""

from __future__ import annotations

import tracemalloc
from contextlib import closing
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.formparser import parse_form_data

from odkit.errors import PortalRefused
from odkit.model import Resource
from odkit.push import ResourceState
from odkit.push.files import resource_id, sent_name
from odkit.push.upload import FilePart, Form


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
    assert sent_name(resource(path), None) == name


@given(st.text(min_size=1, max_size=20))
def test_only_ascii_is_sent(path: str) -> None:
    assert sent_name(resource(path), None).isascii()


@pytest.mark.parametrize(
    ("standing", "uploaded", "name"),
    [
        ("wifi_2019.csv", True, "wifi_2019.csv"),
        ("wifi.csv", False, "data.csv"),
        ("-2020.csv", True, "data.csv"),
        (".csv", True, "data.csv"),
    ],
)
def test_a_file_keeps_the_name_that_its_address_has(standing: str, uploaded: bool, name: str) -> None:
    found = ResourceState(id="r", address=f"https://a/download/{standing}", size=1, fields={}, uploaded=uploaded)
    assert sent_name(resource("data.csv"), found) == name


texts = st.text(st.characters(codec="utf-8"), max_size=20)


@given(
    st.dictionaries(st.from_regex(r"[a-z_]{1,9}", fullmatch=True), texts, max_size=4),
    st.binary(max_size=300),
    st.integers(1, 99),
)
def test_a_form_arrives_as_it_was_sent(fields: dict[str, str], content: bytes, block: int) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "data.csv"
        path.write_bytes(content)
        with Form(fields, [FilePart("upload", "data.csv", path, len(content), "text/csv")]) as form:
            body = b"".join(iter(lambda: form.read(block), b""))
    assert len(body) == form.len
    environ = {
        "REQUEST_METHOD": "POST",
        "CONTENT_TYPE": form.content_type,
        "wsgi.input": BytesIO(body),
        "CONTENT_LENGTH": str(len(body)),
    }
    _, received, files = parse_form_data(environ)
    assert dict(received) == fields
    with closing(files["upload"]) as arrived:
        assert (arrived.filename, arrived.read()) == ("data.csv", content)


def test_a_form_holds_no_file_in_memory(tmp_path: Path) -> None:
    path = tmp_path / "big.csv"
    with path.open("wb") as file:
        file.truncate(64 << 20)
    tracemalloc.start()
    with Form({}, [FilePart("upload", "big.csv", path, 64 << 20, "text/csv")]) as form:
        assert sum(map(len, form)) == form.len
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1 << 20


def test_a_file_that_shrinks_while_it_is_sent_is_told(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_bytes(b"0" * 9)
    with (
        Form({}, [FilePart("upload", "data.csv", path, 10, "text/csv")]) as form,
        pytest.raises(PortalRefused) as caught,
    ):
        form.read()
    assert (caught.value.code, caught.value.details["file"]) == ("push.file-changed", "data.csv")


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
