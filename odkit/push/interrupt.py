"""Ctrl-C, or SIGTERM where it ends a run as that does, waits for the answer to a write: what the portal has then is
known. A second one is at once.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def after_this_call() -> Iterator[None]:
    """Put an interrupt off to the end of the block; outside the main thread there is nothing to put off."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    asked: list[int] = []
    handlers = ((number, signal.getsignal(number)) for number in (signal.SIGINT, signal.SIGTERM))
    before = {number: handler for number, handler in handlers if callable(handler)}

    def note(number: int, _: FrameType | None) -> None:
        asked.append(number)
        signal.signal(number, before[signal.Signals(number)])

    for number in before:
        signal.signal(number, note)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    for first in asked[:1]:
        before[signal.Signals(first)](first, None)
