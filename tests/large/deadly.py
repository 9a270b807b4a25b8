"""Work whose process is killed at some of the names; prints what became of all.

Usage: deadly.py WAY JOBS MARKS NAME…; WAY says how processes start: fork, or server where there is a second thread.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from odkit.errors import OdkitError, SourceError
from odkit.schedule import Outcome, run_in_processes


class Asking:
    """Asks its process to end while it is taken away."""

    def __del__(self) -> None:
        signal.raise_signal(signal.SIGTERM)


def work(marks: Path, names: Sequence[str]) -> list[Outcome]:
    """Killed at ``always`` every time, at ``once`` the first time; ``after-x`` takes until x is worked on.

    ``asked`` is asked to end the first time, in the middle of taking an object away, and goes on for ever if it may.

    An error tells that a name was worked on.
    """
    for name in names:
        first = not (marks / name).exists()
        (marks / name).touch()
        if name.startswith("always") or (name.startswith("once") and first):
            os.kill(os.getpid(), signal.SIGKILL)
        if name.startswith("asked") and first:
            Asking()
        while name.startswith("asked") and first:
            time.sleep(0.01)
        while name.startswith("after-") and not (marks / name.removeprefix("after-")).exists():
            time.sleep(0.01)
    return [SourceError("read.empty-file", file=name) for name in names]


def told(outcome: Outcome) -> str:
    assert isinstance(outcome, OdkitError)
    return outcome.details.get("file") or f"{outcome.code} {outcome.details['dataset']}"


def main() -> None:
    way, jobs, marks, *names = sys.argv[1:]
    if way == "server":
        threading.Thread(target=threading.Event().wait, daemon=True).start()
    batches = [names[start : start + 2] for start in range(0, len(names), 2)]
    for outcomes in run_in_processes(partial(work, Path(marks)), batches, int(jobs)):
        sys.stdout.write("".join(f"{told(outcome)}\n" for outcome in outcomes))


if __name__ == "__main__":
    main()
