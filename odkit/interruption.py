"""Ctrl-C and SIGTERM are never lost.

They can come while an object is taken away (`__del__`, the end of a generator nobody holds any more). Python lets
nothing be raised there: it prints what was raised, and goes on with the work that was to end.
"""

from __future__ import annotations

import sys
from _thread import interrupt_main
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from threading import Timer

from odkit.errors import Terminated

SIGINT, SIGTERM = 2, Terminated.exit_code - 128
"""As everywhere: the module that names them is not loaded yet when the command line begins."""
SOON = 0.01
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
    if not issubclass(lost.exc_type, KeyboardInterrupt):
        before(lost)
        return
    number = SIGINT
    if isinstance(lost.exc_value, Terminated):
        number = SIGTERM
        lost.exc_value.renew()
    # What is raised in here is lost as well: it is left to a thread.
    Timer(SOON, interrupt_main, (number,)).start()
