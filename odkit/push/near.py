"""A portal in this process: what would go over the line is handed over the desk. The rest of a push is the same."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import IO, Any, Protocol

import requests

from odkit.errors import PortalRefused
from odkit.push.upload import FilePart
from odkit.push.wire import CHUNK, Answer, TokenAuth, Wire, hash_up_to, parted, up_to

DOWNLOAD = ("dataset", "", "resource", "", "download", "")
"""The end of the address of a file: ids and its name stand between."""
ATTEMPTS = 3


class Whole:
    """A file that is read no further than was planned, and must not be shorter."""

    def __init__(self, stream: IO[bytes], part: FilePart) -> None:
        self._stream, self._part, self._left = stream, part, part.size

    def read(self, size: int) -> bytes:
        """The next bytes. Raises PortalRefused where the file has become shorter."""
        block = self._stream.read(min(size, self._left))
        if self._left and not block:
            raise PortalRefused("push.file-changed", file=self._part.path.name)
        self._left -= len(block)
        return block


class Desk(Protocol):
    """Answers calls as a portal does over HTTP; see `odkit.portal.desk`."""

    def answer(
        self, name: str, token: str, body: bytes | Mapping[str, str], files: Sequence[tuple[str, str, int, Whole]]
    ) -> tuple[int, str]:
        """Status and text of the answer to a call."""

    def file(self, token: str, package_id: str, resource_id: str) -> Path | None:
        """The file of a resource, None where there is none for this caller."""


class Near(Wire):
    """The line to a portal at `url` that is in this process."""

    def __init__(self, url: str, token: str, desk: Desk) -> None:
        super().__init__(url, TokenAuth(token), requests.Session())
        self._token, self._desk = token, desk

    def post(self, url: str, **request: Any) -> Answer:
        """As over a line; files are read as they would be sent."""
        self.status = 0
        parts: Sequence[FilePart] = request.pop("files", None) or ()
        body = request["data"]
        if parts:
            body = {name.decode(): value.decode() for name, value in body.items()}
        with ExitStack() as stack:
            files = [
                (part.field, part.name, part.size, Whole(stack.enter_context(part.path.open("rb")), part))
                for part in parts
            ]
            action = url.rpartition("/")[2]
            self.status, text = self._desk.answer(action, self._token, body, files)
        self.date = time.time()
        return Answer(self.status, text)

    def sha256(self, address: str, limit: int) -> str:
        """Hash what the portal would serve at `address`."""
        file = self._opened(address)
        if file is None:
            return ""
        with file:
            return hash_up_to(iter(lambda: file.read(CHUNK), b""), limit)

    def content(self, address: str, limit: int) -> bytes:
        """What the portal would serve at `address`."""
        file = self._opened(address)
        if file is None:
            return b""
        with file:
            body = b"".join(up_to(iter(lambda: file.read(CHUNK), b""), limit))
        return body if len(body) <= limit else b""

    def _opened(self, address: str) -> IO[bytes] | None:
        """The file of a resource, by the end of its address; None where the portal serves none."""
        steps = parted(address).path.split("/")[-len(DOWNLOAD) :]
        if len(steps) != len(DOWNLOAD) or steps[::2] != list(DOWNLOAD[::2]):
            return None
        for _ in range(ATTEMPTS):
            path = self._desk.file(self._token, steps[1], steps[3])
            if path is None:
                return None
            with suppress(FileNotFoundError):  # replaced meanwhile: it is another one by now
                return path.open("rb")
        return None
