"""The bytes of a source: a file on disk, read again whenever they are asked for, or a member of an archive."""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from odkit.errors import SourceError, UsageError

BLOCK = 1 << 16
"""Bytes read at a time."""
_HEAD = 4 << 10
SMALL = 1 << 18
"""Bytes of a file that is kept in memory once it was read: it is looked at some ten times."""


class Payload:
    """Bytes that can be read more than once; a file must stay as it is in between.

    `location` is the file's name as people know it. A small file is read from disk once.
    """

    def __init__(self, location: str, source: Path | bytes) -> None:
        self.location = location
        self._source = source
        self._stamp = None if isinstance(source, bytes) else _stamp(source.stat())

    @classmethod
    def of_file(cls, path: Path, location: str) -> Payload:
        """The bytes of a file. Raises `UsageError` where there is none, or it cannot be read."""
        try:
            if path.is_dir():  # asked first: Windows would call reading a folder a lack of permission
                raise UsageError("read.folder", file=location)
            payload = cls(location, path)
            if payload.size <= SMALL:
                return cls(location, payload.data())
            payload.head()
        except FileNotFoundError as error:
            raise UsageError("read.missing-file", file=location) from error
        except OSError as error:
            raise UsageError("read.unreadable", file=location, reason=error.strerror or "") from error
        return payload

    @property
    def size(self) -> int:
        """The number of bytes."""
        return len(self._source) if isinstance(self._source, bytes) else self._source.stat().st_size

    def open(self) -> BinaryIO:
        """A stream from the first byte on. Raises `SourceError` ``read.changed`` where the file is another by now."""
        if isinstance(self._source, bytes):
            return io.BytesIO(self._source)  # shares the bytes
        try:
            stream = self._source.open("rb")
        except FileNotFoundError as error:
            raise SourceError("read.changed", file=self.location) from error
        if _stamp(os.fstat(stream.fileno())) != self._stamp:
            stream.close()
            raise SourceError("read.changed", file=self.location)
        return stream

    def blocks(self) -> Iterator[bytes]:
        """The bytes, `BLOCK` at a time."""
        if isinstance(self._source, bytes) and len(self._source) <= BLOCK:
            if self._source:
                yield self._source
            return
        with self.open() as stream:
            while block := stream.read(BLOCK):
                yield block

    def head(self) -> bytes:
        """The first bytes: enough to tell what they are."""
        if isinstance(self._source, bytes):
            return self._source[:_HEAD]
        with self.open() as stream:
            return stream.read(_HEAD)

    def data(self) -> bytes:
        """All of them."""
        if isinstance(self._source, bytes):
            return self._source
        with self.open() as stream:
            return stream.read()

    def sha256(self) -> str:
        """Their SHA-256, in hexadecimal digits."""
        digest = hashlib.sha256()
        for block in self.blocks():
            digest.update(block)
        return digest.hexdigest()


def _stamp(found: os.stat_result) -> tuple[int, int]:
    """What tells that a file was written to: its size and the time of its last change."""
    return found.st_size, found.st_mtime_ns
