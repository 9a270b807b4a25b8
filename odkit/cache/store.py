"""Entries on disk, each under the digest of what it was made from. Any number of processes read and write at once."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkstemp
from typing import Any

from odkit.cache.frozen import thaw

PASSING = ".tmp"


@dataclass(frozen=True, slots=True)
class Store:
    """A folder of entries. One that is damaged is taken away when it is met, and reads as one that is not there."""

    folder: Path

    def get(self, key: str) -> Any:
        """The value under `key`, None where there is none that is whole."""
        path = self.place(key)
        try:
            return thaw(path.read_bytes())
        except OSError:
            return None
        except ValueError:
            with suppress(OSError):
                path.unlink()
            return None

    def put(self, key: str, frozen: bytes) -> None:
        """Keep a frozen value under `key`: whole or not at all, whoever else writes it, and wherever the process ends.

        What cannot be kept (a full disk, a folder of somebody else) is only work for a later run.
        """
        with suppress(OSError):
            write_whole(self.place(key), frozen)

    def entries(self) -> Iterator[Path]:
        """The files of all entries, and those that a killed process has left."""
        return (path for path in self.folder.glob("*/*") if path.is_file())

    def place(self, key: str) -> Path:
        """Where the entry of that key is, or would be."""
        return self.folder / key[:2] / key


def write_whole(path: Path, data: bytes) -> None:
    """Write a file that others see whole or not at all; raises OSError. A loss of power is found by its digest."""
    try:
        number, name = mkstemp(PASSING, dir=path.parent)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        number, name = mkstemp(PASSING, dir=path.parent)
    passing = Path(name)
    try:
        with os.fdopen(number, "wb") as file:
            file.write(data)
        passing.replace(path)
    except BaseException:
        passing.unlink()
        raise
