"""A line to a real CKAN that fails as told, and a public reader who looks after every call that was carried out."""

from __future__ import annotations

import pickle
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import requests

if TYPE_CHECKING:
    from odkit.model import Package
    from tests.conftest import RealCkan

PAUSE = 1.2
"""Seconds that a slow answer takes: longer than the clients here wait."""

HEADERS_OF_A_HOP = frozenset(
    {"connection", "content-length", "content-encoding", "transfer-encoding", "host", "date", "server"}
)
NOT_FORWARDED = {
    "reset-before": None,
    "429": (429, b"slow down"),
    "502": (502, b"<html>Bad gateway</html>"),
    "500": (500, b"<html>Internal error</html>"),
    "html": (200, b"<html>Maintenance</html>"),
}
FORWARDED = ("reset-after", "slow", "truncated")
KINDS = (*NOT_FORWARDED, *FORWARDED)


@dataclass
class Answer:
    """What CKAN answered, to be passed on."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass
class Line:
    """A reverse proxy in front of `upstream`. Call number `at` fails in the way of `kind`; `calls` are all so far."""

    upstream: str
    at: int = 0
    kind: str = ""
    calls: list[str] = field(default_factory=list)
    after_write: Callable[[], None] = lambda: None
    on_fault: Callable[[], None] | None = None
    url: str = ""

    READS = frozenset(
        {
            "package_show",
            "organization_show",
            "license_list",
            "package_search",
            "status_show",
            "organization_list_for_user",
        }
    )

    @property
    def writes(self) -> list[str]:
        """The calls that change something."""
        return [name for name in self.calls if name not in self.READS and not name.startswith("GET ")]

    def fail(self, at: int, kind: str) -> None:
        """Fail call number `at` (from 1, counted from now on)."""
        self.calls.clear()
        self.at, self.kind = at, kind

    def mend(self) -> None:
        """Fail no more."""
        self.calls.clear()
        self.at = 0

    def forward(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
        """Ask CKAN."""
        kept = {name: value for name, value in headers.items() if name.lower() not in HEADERS_OF_A_HOP}
        with requests.request(
            method, self.upstream + path, headers=kept, data=body, timeout=60, allow_redirects=False
        ) as got:
            answer = Answer(got.status_code, dict(got.headers), got.content)
        if method == "POST" and path.rpartition("/")[2] not in self.READS:
            self.after_write()
        return answer


class Handler(BaseHTTPRequestHandler):
    """One connection through the line."""

    protocol_version = "HTTP/1.1"
    line: Line

    def pass_on(self) -> None:
        line = self.line
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        line.calls.append(self.path.rpartition("/")[2] if self.command == "POST" else f"GET {self.path}")
        failing = len(line.calls) == line.at
        if failing and line.on_fault and line.kind in NOT_FORWARDED:
            line.on_fault()
        if failing and line.kind in NOT_FORWARDED:
            self.refuse(line.kind)
            return
        answer = line.forward(self.command, self.path, dict(self.headers), body)
        if failing and line.on_fault:
            line.on_fault()
        if failing and line.kind == "slow":
            time.sleep(PAUSE)
        if failing and line.kind == "reset-after":
            self.reset()
            return
        self.send(answer, half=failing and line.kind == "truncated")

    do_GET = do_POST = pass_on  # noqa: N815 - the names that http.server calls

    def refuse(self, kind: str) -> None:
        """Answer instead of CKAN, or not at all."""
        told = NOT_FORWARDED[kind]
        if told is None:
            self.reset()
        else:
            self.send(Answer(told[0], {"Content-Type": "text/html", "Retry-After": "0"}, told[1]))

    def send(self, answer: Answer, *, half: bool = False) -> None:
        """Pass an answer on, or its first half and then nothing."""
        with suppress(ConnectionError):
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                if name.lower() not in HEADERS_OF_A_HOP:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body[: len(answer.body) // 2] if half else answer.body)
        if half:
            self.reset()

    def reset(self) -> None:
        """Cut the connection so that the other side gets a reset."""
        self.close_connection = True
        self.wfile.flush()
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        return


class QuietServer(ThreadingHTTPServer):
    """A client that goes away in the middle is what these tests are about."""

    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        return


@contextmanager
def opened(upstream: str) -> Iterator[Line]:
    """A line to `upstream` on a free port of this machine."""
    line = Line(upstream)
    server = QuietServer(("127.0.0.1", 0), type("Bound", (Handler,), {"line": line}))
    line.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield line
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass
class Reader:
    """The public: looks at a dataset without a token and notes what should never be seen."""

    url: str
    name: str
    packages: tuple[Package, ...]
    wrong: list[str] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)
    """The hashes of the files that were seen at the last look."""

    def look(self) -> None:
        """A dataset that is seen has all files of one of the packages, with their bytes."""
        self.seen = []
        with requests.Session() as session:
            self._look(session)

    def _look(self, session: requests.Session) -> None:
        answer = session.get(f"{self.url}/api/3/action/package_show", params={"id": self.name}, timeout=60)
        if answer.status_code != 200:
            return
        resources = answer.json()["result"]["resources"]
        self.seen = [item["odkit_sha256"] for item in resources]
        if self.seen not in [[item.sha256 for item in package.resources] for package in self.packages]:
            self.wrong.append(f"files {self.seen}")
        for item in resources:
            if sha256(session.get(item["url"], timeout=60).content).hexdigest() != item["odkit_sha256"]:
                self.wrong.append(item["url"])


@pytest.fixture
def line(real_ckan: RealCkan) -> Iterator[Line]:
    with opened(real_ckan.url) as made:
        yield made


@pytest.fixture
def reader() -> type[Reader]:
    return Reader


@pytest.fixture
def pickled(tmp_path: Path) -> Callable[[Package], Path]:
    """Puts a package where another process finds it."""

    def write(package: Package) -> Path:
        path = tmp_path / "package.pickle"
        path.write_bytes(pickle.dumps(package))
        return path

    return write


@pytest.fixture
def points(record_property: Callable[[str, object], None]) -> Callable[[str, int], None]:
    """Notes how many fault points a test has tried: they are told at the end of all tests."""

    def tell(what: str, count: int) -> None:
        record_property("fault points", (what, count))

    return tell
