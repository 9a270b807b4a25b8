"""Tools side by side: each run is a process of its own, the tools take turns, the median of their runs counts."""

from __future__ import annotations

import json
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
Words = Sequence[str]
Medians = dict[str, dict[str, float]]
"""Tool -> what `once` says of a run."""


def python(*words: object, interpreter: str = sys.executable) -> list[str]:
    """A command of this Python, or another: ``python("-m", "odkit")``; a script is one of this folder."""
    first, *others = map(str, words)
    return [interpreter, str(FOLDER / first) if first.endswith(".py") else first, *others]


def having(libraries: Iterable[str], interpreter: str) -> set[str]:
    """Those of the libraries that a Python has."""
    program = "import sys; from importlib.util import find_spec; print(*filter(find_spec, sys.argv[1:]))"
    done = subprocess.run([interpreter, "-c", program, *libraries], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def once(words: Words, cwd: Path | None = None) -> dict[str, float]:
    """One run: ``seconds`` on the clock, ``cpu`` of all processors, ``mib``; what its last line tells goes before."""
    start = time.perf_counter()
    with (
        tempfile.TemporaryFile("w+") as complaints,
        subprocess.Popen(words, cwd=cwd, stdout=subprocess.PIPE, stderr=complaints, text=True) as process,
    ):
        told = process.stdout.read() if process.stdout else ""
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - start
        if process.returncode not in (0, 2):  # 2: what a person typed wrongly, which has a speed of its own
            complaints.seek(0)
            sys.exit(f"{' '.join(words)} failed:\n{complaints.read()}")
    last = told.strip().rpartition("\n")[2]
    found: dict[str, float] = json.loads(last) if last.startswith('{"') else {}
    return {"seconds": seconds, "cpu": usage.ru_utime + usage.ru_stime, "mib": usage.ru_maxrss / 1024, **found}


def in_turns(tools: Mapping[str, Words], times: int, cwd: Path | None = None) -> Medians:
    """The medians of some runs of each tool, taken in turns."""
    runs: dict[str, list[dict[str, float]]] = {name: [] for name in tools}
    for _ in range(times):
        for name, words in tools.items():
            runs[name].append(once(words, cwd))
    return {
        name: {key: statistics.median(run[key] for run in found) for key in found[0]} for name, found in runs.items()
    }


def peak() -> float:
    """MiB that this process, or one that it has waited for, took at most."""
    return max(_own_peak(), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) / 1024


def _own_peak() -> int:
    """KiB. What Linux counts for a process begins with what its parent had; the program's own stands in /proc."""
    status = Path("/proc/self/status")
    found = re.search(r"VmHWM:\s*(\d+) kB", status.read_text()) if status.exists() else None
    return int(found[1]) if found else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


class Watch:
    """What this process spends from now on: of the processor, so that what else the machine does hardly counts."""

    def __init__(self) -> None:
        self._start = time.process_time()

    def tell(self, **more: float) -> None:
        """The last line of a run, for `once`."""
        print(json.dumps({"seconds": time.process_time() - self._start, "mib": peak(), **more}))


def cores() -> int:
    """The processors that this run may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
