"""The bytes of a file: in memory, or on disk and read in pieces whenever they are asked for."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

PIECE = 1 << 20
KEPT = 1 << 18
"""Bytes up to which a file is read once and stays in memory."""


class Blob:
    """Bytes that can be read more than once; a file must stay as it is in between."""

    def __init__(self, source: Path | bytes) -> None:
        self._source = source
        if isinstance(source, Path) and source.stat().st_size <= KEPT:
            self._source = source.read_bytes()

    @property
    def size(self) -> int:
        """The number of bytes."""
        return len(self._source) if isinstance(self._source, bytes) else self._source.stat().st_size

    def open(self) -> BinaryIO:
        """A stream from the first byte on."""
        return io.BytesIO(self._source) if isinstance(self._source, bytes) else self._source.open("rb")

    def pieces(self) -> Iterator[bytes]:
        """The bytes, `PIECE` at a time."""
        with self.open() as stream:
            while piece := stream.read(PIECE):
                yield piece

    def head(self, size: int) -> bytes:
        """The first bytes."""
        if isinstance(self._source, bytes):
            return self._source[:size]
        with self.open() as stream:
            return stream.read(size)

    def data(self) -> bytes:
        """All of them."""
        return self._source if isinstance(self._source, bytes) else self._source.read_bytes()

    def sha256(self) -> str:
        """Their SHA-256, in hexadecimal digits."""
        if isinstance(self._source, bytes):
            return hashlib.sha256(self._source).hexdigest()
        digest = hashlib.sha256()
        for piece in self.pieces():
            digest.update(piece)
        return digest.hexdigest()
