"""The scoring page by its requests: what it takes, refuses, makes and leaves behind; and the reports as text."""

from __future__ import annotations

import io
import json
import re
import tempfile
import zipfile
from base64 import b64encode
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from odkit.clean import conform
from odkit.diagnose import Doctor
from odkit.model import Accepted
from odkit.portal import create_site
from odkit.portal import scoring as page
from odkit.portal.scoring import CARRIED, LARGEST, add_scoring
from odkit.score import Rules, score_file
from odkit.score.machines import to_badge, to_junit, to_sarif
from odkit.score.page import html_report

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

TABLE = "名称,住所\nA館,市川市\nB館,船橋市\n"
DITTO = "市,地区,人口\n市川,北,1\n〃,南,2\n〃,東,3\n"


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    site = create_site(tmp_path / "portal", site_url="http://127.0.0.1:8710")
    add_scoring(site, Doctor("https://data.pref.chiba.lg.jp/"))
    return site.test_client()


@pytest.fixture(autouse=True)
def own_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Temporary files go where the test can see them."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def hand_in(client: FlaskClient, content: str | bytes, name: str = "a.csv", **more: str) -> TestResponse:
    """Send a form with a file; written out here, for the client's own writer leaves its temporary file open."""
    data = content.encode() if isinstance(content, str) else content
    fields = {"licence": "CC-BY-4.0", **more}
    parts = [f'--x\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{text}\r\n' for key, text in fields.items()]
    parts.append(f'--x\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n')
    body = "".join(parts).encode() + data + b"\r\n--x--\r\n"
    return client.post("/score?lang=ja", data=body, content_type="multipart/form-data; boundary=x")


def take(client: FlaskClient, content: str, kind: str, **more: str) -> TestResponse:
    form = {"content": b64encode(content.encode()).decode(), "name": "a.csv", "licence": "CC-BY-4.0"} | more
    return client.post(f"/score/{kind}?lang=ja", data=form)


def test_a_report_and_nothing_left_behind(client: FlaskClient, own_temporary_folder: Path, tmp_path: Path) -> None:
    answer = hand_in(client, TABLE.encode("cp932"))
    assert answer.status_code == 200
    assert "段階 3" in answer.text
    assert list(own_temporary_folder.iterdir()) == []
    assert not (tmp_path / "portal").exists() or not list((tmp_path / "portal").glob("files/**/*"))
    assert "script" not in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_mended_file(client: FlaskClient, own_temporary_folder: Path, kind: str) -> None:
    answer = take(client, f"題,\n{TABLE}", kind)
    assert answer.status_code == 200
    assert f"a.{kind}" in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"
    if kind == "csv":
        assert answer.data.decode("utf-8-sig").replace("\r", "") == TABLE
    assert list(own_temporary_folder.iterdir()) == []


def test_a_package_names_what_it_needs(client: FlaskClient) -> None:
    answer = take(client, TABLE, "zip")
    assert answer.status_code == 422
    assert "団体コード（6桁）" in answer.text
    assert take(client, TABLE, "zip", licence="").status_code == 422
    with zipfile.ZipFile(io.BytesIO(take(client, TABLE, "zip", code="122033").data)) as files:
        assert {"data.csv", "datapackage.json", "score.json"} <= set(files.namelist())


def test_the_same_file_gives_the_same_package(client: FlaskClient, shared: Path) -> None:
    source = (shared / "real" / "ichikawa" / "122033_107_public_wireless_lan.csv").read_bytes()
    form = {"content": b64encode(source).decode(), "name": "x.csv", "licence": "CC-BY-4.0"}
    first, again = (client.post("/score/zip", data=form).data for _ in range(2))
    assert first == again
    with zipfile.ZipFile(io.BytesIO(first)) as files:
        assert json.loads(files.read("score.json"))["after"]["level"] == 5


@pytest.mark.parametrize("name", ["../../etc/passwd", "C:\\Windows\\system.ini", "\x07.csv", "<i>.csv", "a" * 500])
def test_a_clients_name_is_a_label(client: FlaskClient, name: str, own_temporary_folder: Path) -> None:
    answer = hand_in(client, TABLE, name)
    assert answer.status_code == 200
    assert "<i>" not in answer.text
    assert "etc/passwd" not in answer.text
    assert list(own_temporary_folder.iterdir()) == []


def test_no_file_and_too_much(client: FlaskClient) -> None:
    assert client.post("/score", data={"licence": ""}).status_code == 400
    assert client.post("/score", data={"file": (io.BytesIO(b""), "")}).status_code == 400
    assert hand_in(client, b"a" * (LARGEST + 1)).status_code == 413
    assert hand_in(client, b"a" * (LARGEST + (2 << 20))).status_code == 413
    assert client.post("/score/csv", data={"content": "a" * (CARRIED * 2)}).status_code == 413
    assert client.post("/score/csv", data={"content": "!"}).status_code == 413
    assert client.post("/score/exe", data={"content": ""}).status_code == 404


def test_a_large_file_has_its_report_alone(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "CARRIED", 10)
    answer = hand_in(client, TABLE)
    assert "odkit clean" in answer.text
    assert 'name="content"' not in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Host": "evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
def test_other_sites_may_not_send_files_here(client: FlaskClient, headers: dict[str, str]) -> None:
    answer = client.post("/score", data={"file": (io.BytesIO(b"a,b\n1,2\n"), "a.csv")}, headers=headers)
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00" * 1000,
        b"PK\x03\x04",
        b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
        b"[" * 9999,
        b"%PDF-1.4",
        b"\xff\xfe",
    ],
)
def test_hostile_files_end_in_a_report(client: FlaskClient, content: bytes) -> None:
    for name in ("a.csv", "a.xlsx", "a.json", "a.xml", "a.ods", "a.xls"):
        assert hand_in(client, content, name).status_code == 200


class Structure(HTMLParser):
    """Collects what a page is made of."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_report_is_one_page_with_nothing_from_elsewhere(tmp_path: Path, lang: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text('<script>alert(1)</script>,"=1+1"\n<b>,x\n〃,y\n〃,z\n', encoding="utf-8")
    text = html_report([score_file(path, "CC BY 4.0")], lang)
    page = Structure()
    page.feed(text)
    assert text == html_report([score_file(path, "CC BY 4.0")], lang)
    assert page.found[0] == ("html", {"lang": lang})
    assert {"script", "img", "link", "iframe", "b"} & {tag for tag, _ in page.found} == {"b"}
    assert "<b>" not in [text for tag, more in page.found for text in more.values() if tag == "td"]
    assert [more for _, more in page.found if "onerror" in more or "src" in more] == []
    assert str(tmp_path) not in text


CONTRAST = re.compile(r"--([a-z-]+): (#[0-9a-f]{3,6})")
PAIRS = [
    ("ink", "paper"), ("ink", "page"), ("ink", "tint"), ("quiet", "paper"), ("quiet", "page"), ("accent", "paper"),
    ("accent", "tint"), ("gold", "paper"), ("warn", "warn-tint"), ("good", "paper"), ("mark", "paper"),
    ("mark", "mark-tint"), ("paper", "mark"), ("ink", "mark-tint"),
]  # fmt: skip


def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(char * 2 for char in digits) if len(digits) == 3 else digits
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(("front", "back"), PAIRS)
def test_colours_have_the_contrast_of_wcag_aa(front: str, back: str) -> None:
    css = html_report([], "ja").partition("<style>")[2]
    themes = [dict(CONTRAST.findall(block)) for block in re.findall(r":root \{([^}]*)\}", css)]
    assert len(themes) == 3
    for theme in themes:
        light, dark = sorted((luminance(theme[front]), luminance(theme[back])), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, (front, back, theme)


def test_sarif(tmp_path: Path) -> None:
    path = tmp_path / "表 1.csv"
    path.write_text(DITTO + "A,1\n", encoding="utf-8")
    accepted = Accepted(check="1-6", reason="原本どおり", range="R3C1:R4C1")
    made = to_sarif([score_file(path, "CC BY 4.0", rules=Rules(accepted=[accepted], conform=conform))], "en")
    run = made["runs"][0]
    assert made["version"] == "2.1.0"
    assert len({rule["id"] for rule in run["tool"]["driver"]["rules"]}) == 34
    by_rule = {item["ruleId"]: item for item in run["results"]}
    assert set(by_rule) == {"score.ragged", "score.1-6"}
    place = by_rule["score.ragged"]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "%E8%A1%A8%201.csv"
    assert place["region"] == {"startLine": 5, "endLine": 5}
    assert by_rule["score.ragged"]["level"] == "error"
    assert by_rule["score.1-6"]["suppressions"] == [{"kind": "external", "justification": "原本どおり"}]


@pytest.mark.parametrize(("fail_under", "failures"), [(0, "0"), (2, "0"), (3, "2"), (5, "2")])
def test_junit(tmp_path: Path, fail_under: int, failures: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text("題\x01,,\n" + DITTO, encoding="utf-8")
    root = ET.fromstring(to_junit([score_file(path, "CC BY 4.0")], fail_under, "en"))  # noqa: S314 - ours
    suite = root[0]
    assert (suite.get("name"), suite.get("tests"), suite.get("failures")) == ("a.csv", "35", failures)
    assert suite[0].get("name") == f"stage >= {fail_under}"


@pytest.mark.parametrize(("licence", "stage"), [("CC BY 4.0", "3"), ("", "0"), ("市の規約", "?")])
def test_badge(tmp_path: Path, licence: str, stage: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(TABLE, encoding="utf-8")
    root = ET.fromstring(to_badge(score_file(path, licence), "ja"))  # noqa: S314 - ours
    assert root.get("aria-label") == f"機械判読性: 段階 {stage}"
    assert root.get("role") == "img"
