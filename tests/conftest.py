"""What many tests need: the folder of real files, a real CKAN, a browser; skipped or required, never in silence."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import requests
from hypothesis import HealthCheck, settings

from odkit.model import CleanTable, SourceTable

Account = Callable[[SourceTable, CleanTable], None]
NOT_PUBLISHED = ("clean.left-out", "clean.empty-column", "clean.joined-column")
ROOT = Path(__file__).resolve().parent.parent
# No test reads the key store of whoever runs it; subprocesses inherit this.
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
# How long an example takes says something of the machine and what else it does.
settings.register_profile("odkit", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("odkit")
# What runs in the background of a script has Ctrl-C switched off; tests press it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
REQUIRED = frozenset(filter(None, os.environ.get("ODKIT_REQUIRE", "").split(",")))


@dataclass(frozen=True)
class RealCkan:
    """A CKAN that the tests may write to, with a sysadmin's token."""

    url: str
    token: str = field(repr=False)
    previews: bool
    """Whether one of its plugins makes previews of files."""


def missing(what: str, reason: str) -> None:
    """Skip a test for want of `what`; fail it where ODKIT_REQUIRE names it."""
    if what in REQUIRED:
        pytest.fail(f"ODKIT_REQUIRE asks for {what}, but {reason}")
    pytest.skip(reason)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell how many fault points the tests of pushes have tried, whichever process they ran in."""
    passed = terminalreporter.stats.get("passed", [])
    tried = [value for report in passed for name, value in report.user_properties if name == "fault points"]
    if tried:
        terminalreporter.section("fault points tried")
        for what, count in sorted(tried):
            terminalreporter.write_line(f"{count:4d} {what}")
        terminalreporter.write_line(f"{sum(count for _, count in tried):4d} in all, each put right by one clean run")


def pytest_make_parametrize_id(val: object) -> str | None:
    """Files go by their place: some hold the time they were made, and names must be the same in all workers."""
    return "file" if isinstance(val, bytes) and len(val) > 20 else None


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
    url = url.rstrip("/")
    status = requests.get(f"{url}/api/3/action/status_show", timeout=60).json()
    return RealCkan(url, token, any(name.endswith("_view") for name in status["result"]["extensions"]))


@pytest.fixture(scope="session")
def chromium() -> tuple[str, str]:
    """The paths of chromium and its driver."""
    browser, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not (browser and driver):
        missing("browser", "chromium and chromedriver are not installed")
    return str(browser), str(driver)


@pytest.fixture(scope="session")
def engines() -> str:
    """A Python with other people's RDF engines (the dependency group of that name), from ODKIT_TEST_ENGINES."""
    python = os.environ.get("ODKIT_TEST_ENGINES", "")
    if not python:
        missing("engines", "ODKIT_TEST_ENGINES names no Python with morph-kgc, pyoxigraph and csvw")
    return python


@contextmanager
def served(project: Path) -> Iterator[str]:
    """Runs ``odkit serve`` over a project on a free port; gives its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "odkit", "serve", "--project", str(project), "--port", str(port)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as server:
        try:
            url = f"http://127.0.0.1:{port}"
            wait_for(url)
            yield url
        finally:
            server.terminate()


def wait_for(url: str) -> None:
    """Until the server answers; a minute at most."""
    for _ in range(300):
        try:
            requests.get(url, timeout=5).raise_for_status()
        except requests.ConnectionError:
            time.sleep(0.2)
        else:
            return
    pytest.fail(f"{url} did not answer")


@pytest.fixture(scope="session")
def serving() -> Callable[[Path], AbstractContextManager[str]]:
    """Serves a project's embedded portal as staff would: ``with serving(folder) as url``."""
    return served


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test depends on the language or the tokens of whoever runs it."""
    for name in list(os.environ):
        if name == "ODKIT_LANG" or name.startswith("ODKIT_TOKEN_"):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def account() -> Account:
    """Check that every source cell is published as it was, changed by the ledger's steps, or reported."""
    return check_account


def check_account(source: SourceTable, table: CleanTable) -> None:
    """Follow each published cell back to its source cell, and each source column to where it went."""
    steps: dict[tuple[int | None, str], list[tuple[str, str]]] = {}
    for change in table.changes:
        steps.setdefault((change.where.row, change.where.field), []).append((change.before, change.after))
    assert len(table.rows) == len(source.rows)
    for index, row in enumerate(table.rows):
        for match, value in zip(table.matches, row, strict=True):
            current = "" if match.column is None else source.rows[index][match.column - source.first_column]
            for before, after in steps.pop((source.row_numbers[index], match.name), []):
                assert before == current != after
                current = after
            assert current == value
    assert not steps
    published = [match.column for match in table.matches if match.column]
    omitted = [issue.where.column for issue in table.issues if issue.code in NOT_PUBLISHED and issue.where.column]
    width = len(source.headings)
    assert sorted([*published, *omitted]) == list(range(source.first_column, source.first_column + width))
