"""Kills a worker of a cluster while pieces of a table are under way. Usage: strikes.py SCHEDULER WHOM READY

WHOM is ``builder``, who puts the table together, ``helper`` or ``nobody``; READY a file that says that it waits.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

from distributed import Client

BUILDING, PIECE = "odkit-dataset", "odkit-piece"


def main() -> None:
    """Ends with 1 where no other worker gets a piece in two minutes."""
    scheduler, whom, ready = sys.argv[1:]
    deadline = time.monotonic() + 120
    with Client(scheduler) as client:
        client.wait_for_workers(2)
        pids = client.run(os.getpid)
        Path(ready).touch()
        while time.monotonic() < deadline:
            doing = client.processing()
            builders = {worker for worker, keys in doing.items() if any(key.startswith(BUILDING) for key in keys)}
            busy = {worker for worker, keys in doing.items() if any(key.startswith(PIECE) for key in keys)}
            if builders and busy - builders:
                if whom != "nobody":
                    os.kill(pids[min(builders if whom == "builder" else busy - builders)], signal.SIGKILL)
                return
            time.sleep(0.01)
    sys.exit(1)


if __name__ == "__main__":
    main()
