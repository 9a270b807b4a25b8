"""A form with files as a stream: a file goes from the disk to the portal block by block, never whole in memory."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import IO, Self

from odkit.errors import PortalRefused

BLOCK = 1 << 16


@dataclass(frozen=True)
class FilePart:
    """A file to send: the form `field` it goes in, its ASCII file name, where it lies, its size and media type."""

    field: str
    name: str
    path: Path
    size: int
    media_type: str


class Form:
    """The body of a ``multipart/form-data`` request, read like a file. `len` tells its bytes before any is read.

    As a context manager it opens and closes the files; OSError where one cannot be read. The boundary is a hash of
    all texts, the files' hashes among them: nothing random, and no file can hold it.
    """

    def __init__(self, fields: Mapping[str, str], parts: Sequence[FilePart]) -> None:
        told = (*fields, *fields.values(), *(f"{part.field} {part.name} {part.size}" for part in parts))
        self.boundary = f"odkit-{sha256(chr(0).join(told).encode()).hexdigest()[:40]}"
        self.len = 0
        self._fields, self._parts = fields, parts
        self._stack = ExitStack()
        self._pieces: deque[tuple[IO[bytes], int]] = deque()

    @property
    def content_type(self) -> str:
        """The media type that goes with this body."""
        return f"multipart/form-data; boundary={self.boundary}"

    def __enter__(self) -> Self:
        for name, value in self._fields.items():
            self._add_text(f"{self._head(name)}\r\n\r\n{value}\r\n")
        for part in self._parts:
            self._add_text(
                f'{self._head(part.field)}; filename="{part.name}"\r\nContent-Type: {part.media_type}\r\n\r\n'
            )
            self._add(self._stack.enter_context(part.path.open("rb")), part.size)
            self._add_text("\r\n")
        self._add_text(f"--{self.boundary}--\r\n")
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def __iter__(self) -> Iterator[bytes]:
        while block := self.read(BLOCK):
            yield block

    def read(self, size: int = -1) -> bytes:
        """The next bytes, `size` at most (a negative size: all that are left); empty at the end.

        Raises PortalRefused where a file has become shorter than it was when the plan was made.
        """
        if size < 0:
            return b"".join(self)
        while self._pieces:
            stream, left = self._pieces.popleft()
            block = stream.read(min(size, left))
            if left and not block:
                raise PortalRefused("push.file-changed", file=Path(getattr(stream, "name", "")).name)
            if left > len(block):
                self._pieces.appendleft((stream, left - len(block)))
            if block:
                return block
        return b""

    def _head(self, field: str) -> str:
        return f'--{self.boundary}\r\nContent-Disposition: form-data; name="{field}"'

    def _add_text(self, text: str) -> None:
        content = text.encode()
        self._add(BytesIO(content), len(content))

    def _add(self, stream: IO[bytes], size: int) -> None:
        self._pieces.append((stream, size))
        self.len += size
