"""Ctrl-C and SIGTERM are never lost.

They can come while an object is taken away (`__del__`, the end of a generator nobody holds any more). Python lets
nothing be raised there: it prints what was raised, and goes on with the work that was to end.
"""

from __future__ import annotations

import signal
import sys
import time
from _thread import get_ident, interrupt_main, start_new_thread
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from odkit.errors import Terminated

SOON = 0.005
"""Seconds until it comes again: the object is gone by then, or it is lost and comes once more."""


@contextmanager
def interruption_heard() -> Iterator[None]:
    """As long as the block, an interruption that was lost comes again; of what else is lost, Python tells as before."""
    before = sys.unraisablehook
    hear_interruption()
    try:
        yield
    finally:
        sys.unraisablehook = before


def hear_interruption() -> None:
    """The same to the end of the process."""
    sys.unraisablehook = partial(_hear, sys.unraisablehook)


def _hear(before: Callable[[sys.UnraisableHookArgs], object], lost: sys.UnraisableHookArgs) -> None:
    if issubclass(lost.exc_type, KeyboardInterrupt):
        renew = lost.exc_value.renew if isinstance(lost.exc_value, Terminated) else None
        # What is raised in here would be lost as well: it is left to a thread.
        start_new_thread(_come_again, (get_ident(), renew))
    else:
        before(lost)


def _come_again(main: int, renew: Callable[[], None] | None) -> None:
    time.sleep(SOON)
    while _is_told(main):
        time.sleep(SOON)
    number = signal.SIGTERM if renew else signal.SIGINT
    if renew is not None:
        renew()
    if not callable(signal.getsignal(number)):
        return  # who would have been interrupted is done
    if sys.platform == "win32":
        interrupt_main(number)
    else:
        # A real one: the main thread may be waiting for the system.
        signal.pthread_kill(main, number)


def _is_told(main: int) -> bool:
    """Whether the main thread is still in `_hear`."""
    frame = sys._current_frames().get(main)  # noqa: SLF001 - the documented way to look at another thread
    while frame is not None:
        if frame.f_code is _hear.__code__:
            return True
        frame = frame.f_back
    return False
