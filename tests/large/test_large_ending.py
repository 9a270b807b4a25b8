"""SIGTERM while a store is used, and which addresses of schedulers are called."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from odkit.cli import main
from odkit.depot import depot_at, depot_in
from odkit.depot.ending import Ending
from odkit.depot.place import Depot
from odkit.errors import OdkitError, Terminated, UsageError
from odkit.schedule.contact import scheduler_at

unix = pytest.mark.skipif(sys.platform == "win32", reason="SIGTERM ends a process of Windows at once")


@pytest.fixture(autouse=True)
def by_default() -> Iterator[None]:
    before = signal.signal(signal.SIGTERM, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGTERM, before)


def no_words(error: OdkitError) -> None:
    raise AssertionError(error)


@pytest.mark.parametrize(
    "address",
    ["tcp://10.0.0.1:8786", "TLS://host.lan:1", "ws://h:80", "wss://h:443", "ucx://h:8786", "tcp://[::1]:9", "h:8786"],
)
def test_addresses_of_schedulers_are_taken(address: str) -> None:
    assert scheduler_at(address) == address


@pytest.mark.parametrize(
    "address",
    [
        *(
            "nonsense",
            "http://h:8787/status",
            "/home/x/scheduler.json",
            "tcp://h",
            "tcp://h:0",
            "tcp://h:65536",
            "tcp://:1",
        ),
        *("tcp://h:1/x", "tcp://h:1 ", "C:\\scheduler.json", "tcp://::1:8786", "inproc://h/1/2"),
        *("tcp://user:geheim@h:1", "tcp://user:x@geheim@h:1", "tcp://geheim@h:1", "u:geheim@h:1", "//u:x//geheim@h:1"),
        *("tcp://h:1?token=geheim", "tcp://h:1#geheim", "tcp://u:geheim@ h:1", "tcp://u:x://geheim@h:1"),
    ],
)
def test_other_addresses_are_told_without_secrets(address: str) -> None:
    with pytest.raises(UsageError) as told:
        scheduler_at(address)
    assert told.value.code == "cli.scheduler-address"
    assert all(
        "geheim" not in told.value.text(lang) and "tcp://host:port" in told.value.text(lang) for lang in ("ja", "en")
    )


@unix
def test_sigterm_ends_the_run_and_clears_up(tmp_path: Path) -> None:
    def run() -> None:
        with depot_at((tmp_path / "share").as_uri(), no_words) as depot:
            depot.put("a", b"1")
            signal.raise_signal(signal.SIGTERM)

    with pytest.raises(Terminated):
        run()
    assert not any((tmp_path / "share").rglob("*"))
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


@unix
def test_it_does_so_while_the_run_begins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def begin(depot: Depot) -> None:
        depot.put("open", b"1")
        signal.raise_signal(signal.SIGTERM)

    monkeypatch.setattr(Depot, "begin", begin)
    with pytest.raises(Terminated), depot_at((tmp_path / "share").as_uri(), no_words):
        pytest.fail("it begins")
    assert not any((tmp_path / "share").rglob("*"))


@unix
def test_clearing_up_is_not_cut_short() -> None:
    done = []

    def run() -> None:
        with Ending() as ending:
            ending.hold()
            signal.raise_signal(signal.SIGTERM)
            done.append("cleared")

    with pytest.raises(Terminated):
        run()
    assert done == ["cleared"]


@unix
def test_a_second_one_is_passed_over() -> None:
    done = []

    def run() -> None:
        with Ending():
            try:
                signal.raise_signal(signal.SIGTERM)
            finally:
                signal.raise_signal(signal.SIGTERM)
                done.append("cleared")

    with pytest.raises(Terminated):
        run()
    assert done == ["cleared"]


def test_a_handler_of_others_is_left_alone() -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    with Ending():
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_IGN
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_IGN


def test_outside_the_main_thread_nothing_is_changed() -> None:
    seen: list[object] = []

    def work() -> None:
        with Ending():
            seen.append(signal.getsignal(signal.SIGTERM))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [signal.SIG_DFL]


def test_of_a_shared_folder_nothing_stays(tmp_path: Path) -> None:
    told: list[OdkitError] = []
    with depot_in(tmp_path / "parts", told.append) as depot:
        depot.put("a", b"1")
        assert [path.name for path in (tmp_path / "parts").rglob("a")] == ["a"]
    assert list(tmp_path.iterdir()) == []
    with depot_in(tmp_path / "parts", told.append):
        (tmp_path / "parts" / "of another run").mkdir()
    assert [path.name for path in (tmp_path / "parts").iterdir()] == ["of another run"]
    assert told == []


@pytest.mark.parametrize("option", ["--scheduler", "--store"])
def test_an_address_that_is_empty_is_not_passed_over(
    option: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["publish", "--project", str(tmp_path), option, "", "--lang", "en"])
    assert ended.value.code == 2
    assert '""' in capsys.readouterr().err
