"""Builds datasets in child processes that are killed on the way, for each line ``ROOT OPERATION SECONDS NAME``.

A child kills itself before its operation number so and so on files, or after so many seconds (0: not at all). Its exit
code and the number of operations that it came to are answered on stdout.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path

from odkit.cache import installed
from odkit.many import prepare_batch

ON_FILES = frozenset({"open", "os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.scandir", "shutil.rmtree"})


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def work(root: Path, operation: int, seconds: float, names: list[str]) -> int:
    """The operations on files that building takes, where it comes to an end."""
    count = 0

    def counted(event: str, _: object) -> None:
        nonlocal count
        if event in ON_FILES:
            count += 1
            if count == operation:
                die()

    sys.addaudithook(counted)
    if seconds:
        threading.Timer(seconds, die).start()
    prepare_batch(root, installed(), names)
    return count


def main() -> None:
    installed()
    for line in sys.stdin:
        root, operation, seconds, *names = line.split()
        receive, send = os.pipe()
        child = os.fork()
        if not child:
            os.write(send, str(work(Path(root), int(operation), float(seconds), names)).encode())
            os._exit(0)
        os.close(send)
        _, status = os.waitpid(child, 0)
        count = os.read(receive, 100).decode() or "0"
        os.close(receive)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)} {count}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
