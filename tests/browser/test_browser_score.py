"""The scoring page in chromium without scripts: real files chosen, reports read, mended files taken away."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from itertools import pairwise
from pathlib import Path

import openpyxl
import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select, WebDriverWait

pytestmark = pytest.mark.browser
WIDTHS = (1280, 390)
ROOT = Path(__file__).resolve().parents[2]
WORKBOOK = ROOT / "datapackages" / "120006" / "public_wireless_lan" / "公衆無線LAN一覧_R6.3.31.xlsx"
TABLE = '市町村別人口,,\n市町村,人口,面積\n市川市,"491,000人",57\n船橋市,"645,000人",86\n'


def look(browser: Chrome, url: str, width: int) -> None:
    metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    browser.get(url)


def hand_in(browser: Chrome, file: Path, licence: str = "CC-BY-4.0", code: str = "") -> None:
    """Choose a file and press the button, as a person does."""
    browser.find_element(By.NAME, "file").send_keys(str(file))
    Select(browser.find_element(By.NAME, "licence")).select_by_value(licence)
    browser.find_element(By.NAME, "code").send_keys(code)
    browser.find_element(By.CSS_SELECTOR, ".hand-in button").click()
    WebDriverWait(browser, 60).until(lambda opened: opened.find_elements(By.ID, "report"))


def widest(browser: Chrome) -> int:
    size = browser.execute_cdp_cmd("Page.getLayoutMetrics", {})
    return int(size["cssContentSize"]["width"])


def taken(browser: Chrome, kind: str, folder: Path) -> Path:
    """Press the button of a mended file, and wait until it is there and whole: Chromium makes its name first."""
    folder.mkdir()
    behaviour = {"behavior": "allow", "downloadPath": str(folder)}
    browser.execute_cdp_cmd("Browser.setDownloadBehavior", behaviour)
    browser.find_element(By.CSS_SELECTOR, f"button[formaction*='/score/{kind}']").click()
    for _ in range(300):
        found = [path for path in folder.iterdir() if path.suffix == f".{kind}" and path.stat().st_size]
        if found and not list(folder.glob("*.crdownload")):
            return found[0]
        time.sleep(0.1)
    return pytest.fail(f"no {kind} arrived")


@pytest.mark.parametrize("width", WIDTHS)
def test_a_cp932_csv(browser: Chrome, site: str, width: int, tmp_path: Path) -> None:
    source = tmp_path / "人口.csv"
    source.write_bytes(TABLE.encode("cp932"))
    look(browser, f"{site}/score?lang=ja", width)
    hand_in(browser, source)
    assert browser.find_element(By.CSS_SELECTOR, ".stage-now").text.split()[:2] == ["段階", "2"]
    assert "表題" in browser.find_element(By.CSS_SELECTOR, ".step").text
    marked = [cell.text.split() for cell in browser.find_elements(By.CSS_SELECTOR, "td.marked")]
    assert ["市町村別人口", "1"] in marked
    assert ["491,000人", "2"] in marked
    assert "段階3に必要" in browser.find_element(By.CSS_SELECTOR, ".needs").text
    assert widest(browser) <= width
    csv = taken(browser, "csv", tmp_path / "taken")
    assert csv.read_bytes().startswith(b"\xef\xbb\xbf" + "市町村,人口,面積".encode())
    assert csv.name == "人口.csv"


@pytest.mark.parametrize("width", WIDTHS)
def test_a_workbook(browser: Chrome, site: str, width: int, tmp_path: Path) -> None:
    look(browser, f"{site}/score?lang=en", width)
    hand_in(browser, WORKBOOK, code="120006")
    assert browser.find_element(By.CSS_SELECTOR, ".stage-now").text.split()[:2] == ["Stage", "2"]
    assert widest(browser) <= width
    package = taken(browser, "zip", tmp_path / "zip")
    with zipfile.ZipFile(package) as files:
        assert {"data.csv", "data.ttl", "datapackage.json", "score.json"} <= set(files.namelist())
        assert json.loads(files.read("score.json"))["after"]["level"] == 5
    book = openpyxl.load_workbook(taken(browser, "xlsx", tmp_path / "xlsx"))
    assert len(book.sheetnames) == 3


def test_the_catalogue_leads_to_the_page_and_nothing_runs(browser: Chrome, site: str) -> None:
    browser.get(f"{site}/?lang=ja")
    browser.find_element(By.LINK_TEXT, "ファイルを診断").click()
    assert browser.find_element(By.TAG_NAME, "h1").text == "ファイルを診断"
    assert browser.find_elements(By.TAG_NAME, "script") == []
    names = {item.get_attribute("name") for item in browser.find_elements(By.CSS_SELECTOR, "label input, label select")}
    assert names == {"file", "licence", "code"}


def test_formulas_and_markup_stay_text(browser: Chrome, site: str, tmp_path: Path) -> None:
    evil = "<img src=x onerror=alert(1)>"
    source = tmp_path / "x.csv"
    source.write_text(f'名称,備考\n{evil},"=HYPERLINK(""http://a"")"\n{evil}　,b\nC　,c\n', encoding="utf-8")
    browser.get(f"{site}/score?lang=ja")
    hand_in(browser, source)
    assert browser.find_elements(By.CSS_SELECTOR, "#report img") == []
    assert evil in browser.find_element(By.ID, "report").text
    assert "'=HYPERLINK" in taken(browser, "csv", tmp_path / "taken").read_text(encoding="utf-8-sig")


def test_the_published_portal_is_at_the_fifth_stage(site: str) -> None:
    """`odkit score --portal` over the portal that `odkit serve` shows."""
    words = [sys.executable, "-m", "odkit", "score", "--portal", site, "--json"]
    done = subprocess.run(words, capture_output=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr.decode()
    found = json.loads(done.stdout)
    assert found["stages"] == {"千葉県": {"5": 3}}
    assert all(item["score"]["resources"] for item in found["datasets"])


def test_pages_have_names_for_everything(browser: Chrome, site: str, tmp_path: Path) -> None:
    """Each field has a label, each table headings, the page a language; headings do not skip a level."""
    source = tmp_path / "a.csv"
    source.write_bytes(TABLE.encode("cp932"))
    browser.get(f"{site}/score?lang=ja")
    hand_in(browser, source)
    assert browser.find_element(By.TAG_NAME, "html").get_attribute("lang") == "ja"
    for table in browser.find_elements(By.TAG_NAME, "table"):
        assert table.find_elements(By.CSS_SELECTOR, "thead th[scope=col]")
        assert table.find_elements(By.CSS_SELECTOR, "tbody th[scope=row]")
    levels = [int(item.tag_name[1]) for item in browser.find_elements(By.CSS_SELECTOR, "h1,h2,h3,h4")]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_a_report_of_many_files_as_one_page(browser: Chrome, tmp_path: Path, shared: Path) -> None:
    report = tmp_path / "report.html"
    words = [sys.executable, "-m", "odkit", "score", str(shared / "cases" / "files"), "--licence", "CC-BY-4.0"]
    subprocess.run([*words, "--html", str(report)], capture_output=True, check=True, cwd=ROOT)
    for width in WIDTHS:
        look(browser, report.as_uri(), width)
        assert widest(browser) <= width
    assert len(browser.find_elements(By.TAG_NAME, "article")) == 36
    ids = [item.get_attribute("id") for item in browser.find_elements(By.CSS_SELECTOR, "[id]")]
    assert len(ids) == len(set(ids))
    targets = {str(item.get_attribute("href")).partition("#")[2] for item in browser.find_elements(By.TAG_NAME, "a")}
    assert targets <= set(ids)


def test_serve_needs_no_published_data(
    browser: Chrome, tmp_path: Path, serving: Callable[[Path], AbstractContextManager[str]]
) -> None:
    (tmp_path / "publish.toml").write_bytes((ROOT / "publish.toml").read_bytes())
    (tmp_path / "datapackages").mkdir()
    with serving(tmp_path) as url:
        browser.get(f"{url}/score?lang=en")
        assert browser.find_element(By.TAG_NAME, "h1").text == "Score a file"
