"""A web server on a loopback port whose answers a test writes down: nothing is simulated below HTTP."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest


@dataclass(frozen=True)
class Answer:
    """What the server says to one path."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Site:
    """The server: `answers` by path (with its query), or by path alone; `asked` are the requests, in order."""

    url: str
    answers: dict[str, Answer | Callable[[dict[str, str]], Answer]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def serve(
        self, path: str, body: str | bytes = b"", status: int = 200, headers: dict[str, str] | None = None, **more: str
    ) -> str:
        """Put an answer at a path; the address it has then. Headers given by name have _ for -."""
        named = {name.replace("_", "-"): value for name, value in more.items()}
        self.answers[path] = Answer(body.encode() if isinstance(body, str) else body, status, (headers or {}) | named)
        return self.url + path

    @staticmethod
    def answer(body: str | bytes = b"", status: int = 200, **headers: str) -> Answer:
        """An answer for `answers`."""
        return Answer(body.encode() if isinstance(body, str) else body, status, headers)


@pytest.fixture
def unused_port() -> int:
    """A port of this machine on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def site() -> Iterator[Site]:
    """A fresh server on 127.0.0.1."""
    made = Site("")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            made.asked.append(self.path)
            answer = made.answers.get(self.path) or made.answers.get(urlsplit(self.path).path) or Answer(status=404)
            if callable(answer):
                answer = answer(dict(self.headers.items()))
            self.send_response(answer.status)
            for name, value in {"Content-Length": str(len(answer.body)), **answer.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name in the library
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield made
    server.shutdown()
    thread.join()
    server.server_close()
