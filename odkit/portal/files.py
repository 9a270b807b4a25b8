"""The portal's files on disk, by what they hold: ``files/<2 digits>/<SHA-256>``.

An address that names its content cannot serve half a file or the wrong one: a new version is another file, and the
switch from old to new is the database's commit. Names given by clients never reach the disk.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Protocol

CHUNK = 1 << 20
STALE = 24 * 3600.0  # seconds after which an unfinished file is given up


class Stream(Protocol):
    """What bytes are read from."""

    def read(self, size: int, /) -> bytes:
        """The next bytes, `size` at most; empty at the end."""


class TooLarge(Exception):
    """A file is longer than the portal takes."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that has arrived and is not part of the portal yet. `name` is the client's, `size` in bytes."""

    name: str
    path: Path
    digest: str
    size: int


@dataclass(frozen=True, slots=True)
class Files:
    """The folder of files. `receive` may run at any time; `place` and `remove` only inside a write transaction."""

    folder: Path

    def receive(self, stream: Stream, name: str, limit: int) -> Upload:
        """Copy a stream into the folder under a passing name, and hash it on the way.

        The caller sweeps before, and removes the passing file when it is not placed. Raises `TooLarge` past `limit`
        bytes.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=self.folder, suffix=".part", delete=False) as target:
            path = Path(target.name)
            try:
                digest, size = _copied(stream, target, limit)
                os.fsync(target.fileno())
            except BaseException:
                target.close()
                path.unlink(missing_ok=True)
                raise
        return Upload(name, path, digest, size)

    def place(self, upload: Upload) -> None:
        """Make an upload part of the portal: after this `path(upload.digest)` is whole, or was so before."""
        target = self.path(upload.digest)
        if target.exists() and self.size(upload.digest) == upload.size:  # a shorter one was damaged: replaced
            upload.path.unlink()
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        upload.path.replace(target)

    def path(self, digest: str) -> Path:
        """Where the file with this SHA-256 is, if the portal holds it."""
        return self.folder / digest[:2] / digest

    def size(self, digest: str) -> int:
        """The bytes of the file with this SHA-256 as it lies there; 0 where it is lost."""
        try:
            return self.path(digest).stat().st_size
        except OSError:
            return 0

    def sizes(self) -> dict[str, int]:
        """`size` of all files that are there, in one pass over the folder."""
        found: dict[str, int] = {}
        for folder in _entries(self.folder):
            if folder.is_dir():
                for item in _entries(folder.path):
                    with suppress(OSError):  # gone meanwhile
                        found[item.name] = item.stat().st_size
        return found

    def sweep(self) -> None:
        """Delete what a process that was killed left behind: passing files that nobody can still be writing."""
        for path in self.folder.glob("*.part"):
            with suppress(OSError):
                if time.time() - path.stat().st_mtime > STALE:
                    path.unlink()

    def remove(self, digest: str) -> None:
        """Delete a file that nothing refers to; one that a reader keeps open (Windows) stays behind, harmless."""
        with suppress(OSError):
            self.path(digest).unlink()


def _entries(folder: str | Path) -> Iterator[os.DirEntry[str]]:
    """What is in a folder; nothing where there is none."""
    with suppress(FileNotFoundError, NotADirectoryError), os.scandir(folder) as entries:
        yield from entries


def _copied(stream: Stream, target: IO[bytes], limit: int) -> tuple[str, int]:
    """Copy a stream; its SHA-256 and length."""
    digest, size = hashlib.sha256(), 0
    while chunk := stream.read(CHUNK):
        size += len(chunk)
        if size > limit:
            raise TooLarge
        digest.update(chunk)
        target.write(chunk)
    target.flush()
    return digest.hexdigest(), size
