"""SIGTERM (of ``timeout``, systemd, Slurm) ends a run as Ctrl-C does, so that nothing half-made is left."""

from __future__ import annotations

import signal
import threading
from types import FrameType
from typing import Self

from odkit.errors import Terminated


class Ending:
    """As long as the block, SIGTERM raises Terminated, once; later ones are passed over, as senders send several.

    Only in the main thread, and only where SIGTERM would end the process at once: who has a handler, keeps it.
    """

    def __init__(self) -> None:
        self._taken = self._asked = self._raised = self._held = False

    def __enter__(self) -> Self:
        main = threading.current_thread() is threading.main_thread()
        if main and signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
            signal.signal(signal.SIGTERM, self._note)
            self._taken = True
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self._taken and threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
        if self._asked and (kind is None or not self._raised):
            raise Terminated

    def hold(self) -> None:
        """From now on it is put off to the end of the block: what is done now is what it would be ended for."""
        self._held = True

    def _note(self, _number: int, _frame: FrameType | None) -> None:
        self._asked = True
        if not (self._held or self._raised):
            self._raised = True
            raise Terminated(self._renew)

    def _renew(self) -> None:
        self._raised = False
