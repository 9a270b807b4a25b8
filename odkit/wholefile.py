"""Files that are written whole, without what Python asks the system before it buffers."""

from __future__ import annotations

from io import FileIO
from pathlib import Path


def write_file(path: Path, data: bytes) -> None:
    """What ``path.write_bytes(data)`` does, with half the calls."""
    with FileIO(path, "wb") as file:
        write_all(file, data)


def write_all(file: FileIO, data: bytes) -> None:
    """Write all of `data`: the system may take less at a time."""
    written = file.write(data)
    while written < len(data):
        written += file.write(memoryview(data)[written:])
