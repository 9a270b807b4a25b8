"""An interruption that comes where nothing can be raised, in a `__del__`, ends the work all the same."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable, Iterator

import pytest

from odkit.depot.ending import Ending
from odkit.errors import Terminated
from odkit.interruption import interruption_heard

unix = pytest.mark.skipif(sys.platform == "win32", reason="signals of Windows end a process at once")
LONG = 20.0
"""Seconds that work takes that nobody interrupts."""


class Struck:
    """Sends its process a signal while it is taken away."""

    def __init__(self, number: signal.Signals) -> None:
        self.number = number

    def __del__(self) -> None:
        signal.raise_signal(self.number)


class Faulty:
    def __del__(self) -> None:
        raise ValueError("lost")


@pytest.fixture(autouse=True)
def by_default() -> Iterator[None]:
    before = {
        number: signal.signal(number, handler)
        for number, handler in ((signal.SIGTERM, signal.SIG_DFL), (signal.SIGINT, signal.default_int_handler))
    }
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def struck_at_work(number: signal.Signals) -> None:
    Struck(number)
    until = time.monotonic() + LONG
    while time.monotonic() < until:
        time.sleep(0.01)


def struck_waiting(number: signal.Signals) -> None:
    Struck(number)
    time.sleep(LONG)


@unix
@pytest.mark.parametrize("struck", [struck_at_work, struck_waiting])
@pytest.mark.parametrize(("number", "kind"), [(signal.SIGINT, KeyboardInterrupt), (signal.SIGTERM, Terminated)])
def test_what_was_lost_comes_again(
    number: signal.Signals,
    kind: type[KeyboardInterrupt],
    struck: Callable[[signal.Signals], None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    began = time.monotonic()
    with pytest.raises(kind) as raised, interruption_heard(), Ending():
        struck(number)
    assert type(raised.value) is kind
    assert time.monotonic() - began < LONG
    assert capsys.readouterr().err == ""


@unix
def test_the_end_of_the_block_does_not_miss_it() -> None:
    def run() -> None:
        with Ending():
            Struck(signal.SIGTERM)

    with interruption_heard(), pytest.raises(Terminated):
        run()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_what_else_is_lost_is_told_as_before() -> None:
    told: list[BaseException | None] = []
    before, sys.unraisablehook = sys.unraisablehook, lambda lost: told.append(lost.exc_value)
    try:
        with interruption_heard():
            Faulty()
        assert [str(error) for error in told] == ["lost"]
    finally:
        sys.unraisablehook = before
