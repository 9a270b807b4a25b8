"""A published project, served as staff would serve it, and a real browser."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from selenium.webdriver import Chrome, ChromeOptions, ChromeService

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of this project, published on its embedded portal."""
    root = tmp_path_factory.mktemp("served")
    shutil.copy(ROOT / "publish.toml", root)
    shutil.copytree(ROOT / "datapackages/120006", root / "datapackages/120006")
    done = subprocess.run(
        [sys.executable, "-m", "odkit", "publish", "--project", root], capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    return root


@pytest.fixture(scope="session")
def site(project: Path, serving: Callable[[Path], AbstractContextManager[str]]) -> Iterator[str]:
    """The address of ``odkit serve`` over that project."""
    with serving(project) as url:
        yield url


@pytest.fixture(scope="session")
def browser(chromium: tuple[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    """Headless chromium without scripts: the pages have to work without them."""
    options = ChromeOptions()
    options.binary_location, driver = chromium
    profile = tmp_path_factory.mktemp("profile")
    for argument in (
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--hide-scrollbars",
        f"--user-data-dir={profile}",
    ):
        options.add_argument(argument)
    options.add_experimental_option("prefs", {"profile.managed_default_content_settings.javascript": 2})
    opened = Chrome(options=options, service=ChromeService(driver))
    yield opened
    opened.quit()
