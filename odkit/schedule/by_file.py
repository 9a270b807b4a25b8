"""How the results of a process come back to the one that started it, whenever it may be killed."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from pickle import dumps, loads
from tempfile import mkstemp
from typing import Any, Generic, TypeVar, cast

R = TypeVar("R")
SMALL = 2048
"""Bytes of a result that any pipe takes at once."""


@dataclass(frozen=True, slots=True)
class ByFile(Generic[R]):
    """Work whose large results come back in files of a `folder`.

    A process that is killed while it sends something larger than a pipe takes at once would leave its reader waiting
    for the rest for ever.
    """

    work: Callable[[Any], R]
    folder: Path

    def __call__(self, piece: Any) -> bytes:
        """The result, packed: itself, or the name of its file."""
        data = dumps(self.work(piece))
        if len(data) < SMALL:
            return data
        number, name = mkstemp(dir=self.folder)
        with os.fdopen(number, "wb") as file:
            file.write(data)
        return dumps(Path(name))

    def fetch(self, data: bytes) -> R:
        """The result; its file goes."""
        result: R | Path = loads(data)  # noqa: S301 - what our own process packed
        if not (isinstance(result, Path) and result.parent == self.folder):
            return cast("R", result)
        packed = result.read_bytes()
        result.unlink()
        return cast("R", loads(packed))  # noqa: S301 - as above
