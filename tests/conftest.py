"""What many tests need: the folder of real files, a real CKAN, a browser; skipped or required, never in silence."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
REQUIRED = frozenset(filter(None, os.environ.get("ODKIT_REQUIRE", "").split(",")))


@dataclass(frozen=True)
class RealCkan:
    """A CKAN that the tests may write to, with a sysadmin's token."""

    url: str
    token: str


def missing(what: str, reason: str) -> None:
    """Skip a test for want of `what`; fail it where ODKIT_REQUIRE names it."""
    if what in REQUIRED:
        pytest.fail(f"ODKIT_REQUIRE asks for {what}, but {reason}")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real municipal files and reference facts."""
    folder = Path(os.environ.get("ODKIT_SHARED", ""))
    if not os.environ.get("ODKIT_SHARED") or not (ROOT / folder / "real").is_dir():
        missing("shared", "ODKIT_SHARED names no folder with real files")
    return (ROOT / folder).resolve()


@pytest.fixture(scope="session")
def real_ckan() -> RealCkan:
    """A real CKAN, from ODKIT_TEST_CKAN_URL and ODKIT_TEST_CKAN_TOKEN."""
    url, token = os.environ.get("ODKIT_TEST_CKAN_URL", ""), os.environ.get("ODKIT_TEST_CKAN_TOKEN", "")
    if not (url and token):
        missing("ckan", "ODKIT_TEST_CKAN_URL and ODKIT_TEST_CKAN_TOKEN are not set")
    return RealCkan(url.rstrip("/"), token)


@pytest.fixture(scope="session")
def chromium() -> tuple[str, str]:
    """The paths of chromium and its driver."""
    browser, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not (browser and driver):
        missing("browser", "chromium and chromedriver are not installed")
    return str(browser), str(driver)


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test depends on the language or the tokens of whoever runs it."""
    for name in list(os.environ):
        if name == "ODKIT_LANG" or name.startswith("ODKIT_TOKEN_"):
            monkeypatch.delenv(name)
