"""The pages of the embedded portal, asked without a browser: the search, the ledgers, what was withdrawn."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from odkit.cli import main
from odkit.cli.serve import site_of
from odkit.project import load_project

ROOT = Path(__file__).resolve().parent.parent.parent
NAMES = ("public_wireless_lan", "cultural_property")
WIFI = "120006_public_wireless_lan"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of two datasets that was published."""
    root = tmp_path_factory.mktemp("pages")
    shutil.copy(ROOT / "publish.toml", root)
    for name in NAMES:
        shutil.copytree(ROOT / "datapackages/120006" / name, root / "datapackages/120006" / name)
    run("publish", "--project", str(root))
    return root


@pytest.fixture(scope="module")
def client(project: Path) -> FlaskClient:
    """Its site, as ``odkit serve`` shows it."""
    loaded = load_project(project)
    return site_of(loaded, loaded.portal(), "http://127.0.0.1:8710").test_client()


def run(*words: str) -> None:
    with pytest.raises(SystemExit) as ended:
        main(list(words))
    assert ended.value.code == 0


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize(
    ("words", "count"),
    [
        ("無線LAN", 1),
        ("wireless", 1),
        ("ＬＡＮ", 1),
        ("千葉県 文化財", 1),
        ("Chiba", 2),
        ("自治体標準ods", 2),
        ("ﾄｲﾚ", 0),
    ],
)
def test_a_search_finds_words_of_either_language_however_they_are_typed(
    client: FlaskClient, words: str, count: int, lang: str
) -> None:
    page = client.get("/", query_string={"q": words, "lang": lang}).text
    assert page.count('<li class="card">') == count
    assert ('class="empty"' in page) == (count == 0)


def test_a_change_without_a_cell_is_shown_with_its_row(client: FlaskClient) -> None:
    page = client.get(f"/dataset/{WIFI}?lang=ja").text
    changes = page[page.index('<section id="changes">') : page.index('<section id="fields">')]
    rows = re.findall(r"<tr><td>(.*?)</td><td>(.*?)</td>", changes)
    assert all(place for place, _ in rows)
    assert any(re.fullmatch(r"\d+", place) for place, _ in rows)
    assert any(re.fullmatch(r"[A-Z]+\d+", place) for place, _ in rows)


def test_a_page_lists_each_of_its_sections(client: FlaskClient) -> None:
    page = client.get(f"/dataset/{WIFI}?lang=ja").text
    assert set(re.findall(r'<section id="(\w+)"', page)) == set(re.findall(r'href="#(\w+)"', page)) - {"main"}


def test_the_addresses_of_a_withdrawn_dataset_say_why_it_is_gone(client: FlaskClient, project: Path) -> None:
    shown = client.get(f"/api/3/action/package_show?id={WIFI}").get_json()["result"]
    addresses = [f"/dataset/{WIFI}", f"/dataset/{shown['id']}", *(item["url"] for item in shown["resources"])]
    run("push", "public_wireless_lan", "--withdraw", "12行目に<個人情報>", "--project", str(project))
    for address in addresses:
        gone = client.get(address, headers={"Accept-Language": "ja"})
        assert gone.status_code == 410
        assert "理由: 12行目に&lt;個人情報&gt;" in gone.text
        assert "Content-Security-Policy" in gone.headers
    assert WIFI not in client.get("/").text
    run("push", "public_wireless_lan", "--restore", "--project", str(project))
    assert [client.get(address, buffered=True).status_code for address in addresses] == [200] * len(addresses)
