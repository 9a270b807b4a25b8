"""The catalogue and a dataset's page in chromium, on a desk and on a phone."""

from __future__ import annotations

from pathlib import Path

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select, WebDriverWait

pytestmark = pytest.mark.browser
WIFI = "120006_public_wireless_lan"
WIDTHS = (1280, 390)


def look(browser: Chrome, url: str, width: int) -> None:
    """Open a page in a window of exactly that width."""
    metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    browser.get(url)


def follow(browser: Chrome, by: str, target: str) -> None:
    """Click on something that leads to another page, and wait for that page."""
    here = browser.current_url
    browser.find_element(by, target).click()
    WebDriverWait(browser, 30).until(lambda opened: opened.current_url != here)


def text_of(browser: Chrome, selector: str) -> str:
    """The visible text of the first element."""
    return browser.find_element(By.CSS_SELECTOR, selector).text


def widest(browser: Chrome) -> int:
    """How wide the page's content is, in pixels; more than the window means scrolling sideways."""
    size = browser.execute_cdp_cmd("Page.getLayoutMetrics", {})
    return int(size["cssContentSize"]["width"])


@pytest.mark.parametrize("width", WIDTHS)
def test_the_catalogue_shows_all_datasets(browser: Chrome, site: str, width: int, tmp_path: Path) -> None:
    look(browser, f"{site}/?lang=ja", width)
    assert text_of(browser, "h1") == "データセット一覧"
    cards = browser.find_elements(By.CSS_SELECTOR, ".card")
    assert len(cards) == 3
    for card in cards:
        assert card.find_element(By.CSS_SELECTOR, ".stage").text.split() == ["★★★★★", "段階", "5"]
        assert "千葉県" in card.text
        assert "TTL" in card.text.upper() or "TURTLE" in card.text.upper()
        assert card.find_element(By.CSS_SELECTOR, ".reason").text
    assert widest(browser) <= width
    assert browser.save_screenshot(str(tmp_path / f"catalogue-{width}.png"))


@pytest.mark.parametrize("width", WIDTHS)
def test_a_dataset_page_shows_all_there_is(browser: Chrome, site: str, width: int) -> None:
    look(browser, f"{site}/dataset/{WIFI}?lang=ja", width)
    assert "公衆無線LAN" in text_of(browser, "h1")
    assert "段階 2" in text_of(browser, "#stage")
    assert len(browser.find_elements(By.CSS_SELECTOR, "#stage .reasons li")) == 10
    assert len(browser.find_elements(By.CSS_SELECTOR, "#files li")) == 10
    assert text_of(browser, "#preview th") == "全国地方公共団体コード"
    assert len(browser.find_elements(By.CSS_SELECTOR, "#preview tbody tr")) == 20
    assert browser.find_elements(By.CSS_SELECTOR, "#changes tbody tr")
    assert len(browser.find_elements(By.CSS_SELECTOR, "#fields tbody tr")) == 28
    assert "ic:" in text_of(browser, "#rdf pre")
    assert widest(browser) <= width


def test_the_pages_speak_english(browser: Chrome, site: str) -> None:
    look(browser, f"{site}/?lang=ja", 1280)
    follow(browser, By.LINK_TEXT, "English")
    assert text_of(browser, "h1") == "Datasets"
    follow(browser, By.PARTIAL_LINK_TEXT, "Public wireless LAN")
    assert "Stage 5" in text_of(browser, "#stage")
    assert browser.find_element(By.TAG_NAME, "html").get_attribute("lang") == "en"
    follow(browser, By.LINK_TEXT, "日本語")
    assert "公衆無線LAN" in text_of(browser, "h1")


def test_the_catalogue_is_searched_without_scripts(browser: Chrome, site: str) -> None:
    look(browser, f"{site}/?lang=ja", 1280)
    browser.find_element(By.NAME, "q").send_keys("文化財")
    follow(browser, By.CSS_SELECTOR, ".search button")
    assert [card.text for card in browser.find_elements(By.CSS_SELECTOR, ".card h2 a")] == [
        "千葉県 文化財一覧（サンプル）"
    ]
    Select(browser.find_element(By.NAME, "organization")).select_by_visible_text("千葉県")
    follow(browser, By.CSS_SELECTOR, ".search button")
    assert "3 件中 1 件" in text_of(browser, "[role=status]")


def test_a_page_that_is_not_there(browser: Chrome, site: str) -> None:
    look(browser, f"{site}/dataset/no_such_dataset?lang=ja", 1280)
    assert text_of(browser, "h1") == "そのページはありません"


def test_what_stands_in_a_row_is_at_one_height(browser: Chrome, site: str) -> None:
    look(browser, f"{site}/?lang=ja", 1280)
    assert len({label.rect["y"] for label in browser.find_elements(By.CSS_SELECTOR, ".search label")}) == 1
