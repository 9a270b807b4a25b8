"""Work whose process is killed at some of the names; prints what became of all. Usage: deadly.py JOBS MARKS NAME…"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from odkit.errors import OdkitError, SourceError
from odkit.schedule import Outcome, run_in_processes


def work(marks: Path, names: Sequence[str]) -> list[Outcome]:
    """Killed at ``always`` every time, at ``once`` the first time; an error tells that a name was worked on."""
    for name in names:
        first = not (marks / name).exists()
        (marks / name).touch()
        if name.startswith("always") or (name.startswith("once") and first):
            os.kill(os.getpid(), signal.SIGKILL)
    return [SourceError("read.empty-file", file=name) for name in names]


def told(outcome: Outcome) -> str:
    assert isinstance(outcome, OdkitError)
    return outcome.details.get("file") or f"{outcome.code} {outcome.details['dataset']}"


def main() -> None:
    jobs, marks, *names = sys.argv[1:]
    batches = [names[start : start + 2] for start in range(0, len(names), 2)]
    for outcomes in run_in_processes(partial(work, Path(marks)), batches, int(jobs)):
        sys.stdout.write("".join(f"{told(outcome)}\n" for outcome in outcomes))


if __name__ == "__main__":
    main()
