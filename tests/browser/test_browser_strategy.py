"""The pages of indicators and inventory in a real browser: nothing sticks out, light and dark, wide and narrow."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from selenium.webdriver import Chrome

WORKBOOK = Path(__file__).resolve().parents[2] / "datapackages/120006/ict-indicators/令和2年度_進捗状況一覧.xlsx"


@pytest.fixture(scope="module")
def pages(project: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The addresses of both pages, made by the commands over a published project."""
    folder = tmp_path_factory.mktemp("pages")
    inventory = folder / "inventory.html"
    for words in (("indicators", WORKBOOK, "-o", folder), ("inventory", "--project", project, "-o", inventory)):
        done = subprocess.run([sys.executable, "-m", "odkit", *map(str, words)], capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()
    return {"indicators": (folder / "index.html").as_uri(), "inventory": inventory.as_uri()}


@pytest.mark.browser
@pytest.mark.parametrize("name", ["indicators", "inventory"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_sticks_out(browser: Chrome, pages: dict[str, str], name: str, scheme: str, width: int) -> None:
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    try:
        browser.get(pages[name])
        whole = browser.execute_cdp_cmd("Page.getLayoutMetrics", {})["cssContentSize"]
        assert whole["width"] <= width
        assert browser.find_element("css selector", "h1").is_displayed()
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


@pytest.mark.browser
@pytest.mark.parametrize("name", ["indicators", "inventory"])
def test_the_pages_can_be_printed(browser: Chrome, pages: dict[str, str], name: str) -> None:
    browser.get(pages[name])
    assert len(browser.execute_cdp_cmd("Page.printToPDF", {"printBackground": True})["data"]) > 10_000
