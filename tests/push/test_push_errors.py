"""What goes wrong on the way to a portal, met on a real line: a server on this machine that answers as told."""

from __future__ import annotations

import json
import re
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import requests

from odkit import messages
from odkit.errors import PortalError, PortalRefused, PortalRetry, PortalStop
from odkit.push import Fetcher, Portal, connect, wire
from odkit.push.rules import Rules
from odkit.push.upload import FilePart
from odkit.push.wire import seconds_asked

TOKEN = "top-secret"
Handler = type[BaseHTTPRequestHandler]


class Server:
    """A server that gives every request the same answer, and remembers what it was asked."""

    def __init__(self) -> None:
        self.status, self.body, self.headers = 200, b"", {"Content-Type": "application/json"}
        self.asked: list[tuple[str, str, dict[str, str]]] = []
        self.before: Callable[[socket.socket], None] = lambda _: None
        self.http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.http.server_address[1]}"

    def _handler(self) -> Handler:
        outer = self

        class Answers(BaseHTTPRequestHandler):
            def answer(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                outer.asked.append((self.command, self.path, dict(self.headers)))
                outer.before(self.connection)
                self.send_response(outer.status)
                for name, value in {**outer.headers, "Content-Length": str(len(outer.body))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(outer.body)

            do_GET = do_POST = answer  # noqa: N815 - the names that http.server calls

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
                return

        return Answers


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    thread = threading.Thread(target=made.http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield made
    made.http.shutdown()
    made.http.server_close()
    thread.join()


@pytest.fixture
def portal(server: Server) -> Iterator[Portal]:
    with connect(server.url + "/", TOKEN, rules=Rules(pause=0.01)) as opened:
        yield opened


def refusal(kind: str, **error: object) -> bytes:
    return json.dumps({"success": False, "error": {"__type": kind, **error}}).encode()


def failing(portal: Portal, *parts: FilePart) -> PortalError:
    with pytest.raises(PortalError) as caught:
        portal.write("package_create", {"name": "x"}, subject="x", parts=parts)
    for lang in messages.LANGUAGES:
        assert TOKEN not in caught.value.text(lang)
    return caught.value


@pytest.mark.parametrize(
    ("status", "body", "kind", "code"),
    [
        (429, b"slow down", PortalRetry, "push.busy"),
        (502, b"<html>Bad gateway</html>", PortalRetry, "push.busy"),
        (503, b"", PortalRetry, "push.busy"),
        (504, b"", PortalRetry, "push.busy"),
        (500, b"<html>Internal error</html>", PortalRetry, "push.server-error"),
        (500, refusal("Search Index Error", message="down"), PortalRetry, "push.server-error"),
        (413, b"<html>Too large</html>", PortalRefused, "push.too-large"),
        (200, b"<html>Welcome</html>", PortalStop, "push.not-ckan"),
        (200, b'{"success": true}', PortalStop, "push.not-ckan"),
        (200, b'{"success": true, "result": [1]}', PortalStop, "push.not-ckan"),
        (200, b"[]", PortalStop, "push.not-ckan"),
        (200, b"", PortalStop, "push.not-ckan"),
        (404, b"<html>Not here</html>", PortalStop, "push.not-ckan"),
        (400, b'"Bad request: Action name not known: package_create"', PortalStop, "push.not-ckan"),
        (401, b"Proxy says no", PortalStop, "push.not-ckan"),
        (404, refusal("Not Found Error", message="Not found"), PortalRefused, "push.not-found"),
        (409, refusal("Validation Error", match=["metadata_modified"]), PortalRetry, "push.changed-meanwhile"),
        (409, refusal("Validation Error", owner_org=["Unknown"]), PortalRefused, "push.owner-org"),
        (409, refusal("Validation Error", title=["Missing value"]), PortalRefused, "push.invalid"),
    ],
)
def test_answers(server: Server, portal: Portal, status: int, body: bytes, kind: type[PortalError], code: str) -> None:
    server.status, server.body = status, body
    error = failing(portal)
    assert (type(error), error.code) == (kind, code)
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("Access denied: User  not authorized to create packages", "push.bad-token"),
        ("Access denied: User None not authorized to create organizations", "push.bad-token"),
        ("Access denied: ユーザ  にはパッケージ作成権限がありません", "push.bad-token"),
        ("Access denied: User chiba not authorized to add dataset to this organization", "push.not-allowed"),
        ("Access denied: ユーザ chiba にはパッケージ作成権限がありません", "push.not-allowed"),
        ("Access denied", "push.not-allowed"),
    ],
)
def test_refused_people(server: Server, portal: Portal, message: str, code: str) -> None:
    server.status, server.body = 403, refusal("Authorization Error", message=message)
    assert failing(portal).code == code


def test_problems_are_told_with_their_place(server: Server, portal: Portal) -> None:
    nested = {"name": ["Too short", "Bad"], "resources": [{}, {"format": ["Unknown"]}], "extras": "Twice"}
    server.status, server.body = 409, refusal("Validation Error", **nested)
    problems = "name: Too short, Bad; resources.1.format: Unknown; extras: Twice"
    assert failing(portal).details == {"subject": "x", "problems": problems}


def a_file(folder: Path, size: int = 1234) -> FilePart:
    path = folder / "data.csv"
    path.write_bytes(b"0" * size)
    return FilePart("upload", "data.csv", path, size, "text/csv")


@pytest.mark.parametrize(
    "errors",
    [{"upload": ["File upload too large"]}, {"resources": [{}, {"upload": ["File upload too large"]}]}],
)
def test_a_file_too_large(server: Server, portal: Portal, tmp_path: Path, errors: dict[str, object]) -> None:
    server.status, server.body = 409, refusal("Validation Error", **errors)
    error = failing(portal, a_file(tmp_path))
    assert (error.code, error.details) == ("push.too-large", {"subject": "x", "file": "data.csv", "bytes": "1,234"})


def test_another_fault_of_an_upload(server: Server, portal: Portal, tmp_path: Path) -> None:
    server.status, server.body = 409, refusal("Validation Error", upload=["Unsupported upload type"])
    assert failing(portal, a_file(tmp_path)).code == "push.invalid"


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_write_does_not_follow_a_redirect(server: Server, portal: Portal, status: int) -> None:
    server.status = status
    server.headers["Location"] = "https://user:pw@ckan.example.jp/api/action/package_create?x=1"
    error = failing(portal)
    assert (error.code, error.details["location"]) == ("push.redirected", "https://ckan.example.jp")
    assert len(server.asked) == 1


def test_a_redirect_to_no_address(server: Server, portal: Portal) -> None:
    server.status = 302
    server.headers["Location"] = "http://["
    error = failing(portal)
    assert (error.code, error.details["location"]) == ("push.redirected", "?")


def test_what_is_sent(server: Server, portal: Portal) -> None:
    server.body = b'{"success": true, "result": {"id": "1"}}'
    assert portal.write("package_create", {"name": "x"}, subject="x") == {"id": "1"}
    command, path, headers = server.asked[0]
    assert (command, path) == ("POST", "/api/action/package_create")
    assert headers["Authorization"] == TOKEN
    assert headers["User-Agent"].startswith("odkit/")
    assert "X-Ckan-Api-Key" not in {name.title() for name in headers}


def test_netrc_does_not_replace_the_token(
    server: Server, portal: Portal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login someone password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    server.body = b'{"success": true, "result": {}}'
    portal.write("package_create", {"name": "x"}, subject="x")
    with connect(server.url) as anonymous:
        anonymous.write("package_create", {"name": "x"}, subject="x")
    assert [headers.get("Authorization") for _, _, headers in server.asked] == [TOKEN, None]


def test_an_endless_answer_is_not_ckans(server: Server, portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "LARGEST_ANSWER", 1000)
    server.body = b" " * 200_000
    assert failing(portal).code == "push.not-ckan"


def test_a_portal_that_does_not_answer(server: Server, portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "TIMEOUT", (1, 0.05))
    released = threading.Event()

    def wait(_: socket.socket) -> None:
        released.wait(5)

    server.before = wait
    assert failing(portal).code == "push.timeout"
    released.set()


def test_a_line_that_is_cut(server: Server, portal: Portal) -> None:
    def cut(connection: socket.socket) -> None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.shutdown(socket.SHUT_RDWR)

    server.before = cut
    assert failing(portal).code == "push.broken-off"


def test_nobody_there() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        with connect(url, TOKEN) as portal:
            error = failing(portal)
    assert (type(error), error.code) == (PortalStop, "push.unreachable")


@pytest.mark.parametrize(
    "url", ["", "ckan.example.jp", "ftp://ckan.example.jp", "https://", "http://[", "https://me:pw@ckan.jp"]
)
def test_no_address(url: str) -> None:
    with pytest.raises(PortalStop) as caught:
        connect(url, TOKEN)
    assert caught.value.code == "push.bad-address"
    assert "pw" not in caught.value.text("en")


def test_a_download_goes_to_the_portal_with_the_token(server: Server, portal: Portal) -> None:
    """The portal's own settings may name another host: the token goes to the portal all the same."""
    server.body = b"abc"
    digest = portal.sha256("https://elsewhere.example.jp/dataset/d/resource/r/download/data.csv?x=1", 3)
    assert digest == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    command, path, headers = server.asked[0]
    assert (command, path) == ("GET", "/dataset/d/resource/r/download/data.csv?x=1")
    assert headers["Authorization"] == TOKEN


def test_a_download_that_fails(server: Server, portal: Portal) -> None:
    server.status, server.body = 404, b"Not found"
    assert portal.sha256("/x", 3) == ""
    server.status = 503
    asked = len(server.asked)
    with pytest.raises(PortalRetry):
        portal.sha256("/x", 3)
    assert len(server.asked) == asked + portal.rules.attempts


def test_a_download_that_is_too_long_ends_early() -> None:
    read: list[int] = []

    def chunks() -> Iterator[bytes]:
        for number in range(100):
            read.append(number)
            yield b"12345678"

    wire.hash_up_to(chunks(), 10)
    assert read == [0, 1]


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        *(("5", "5"), (" 70 ", "70"), ("", ""), ("soon", ""), ("-1", ""), ("1.5", ""), ("５", "")),
        *(("9999999", ""), ("Wed, 21 Oct 2015 07:28:00 GMT", "0"), ("Wed, 99 Oct 2015 07:28:00 GMT", "")),
    ],
)
def test_how_long_a_portal_asks_to_be_left_alone(header: str, seconds: str) -> None:
    assert seconds_asked(header) == seconds


def test_a_portal_that_asks_to_be_left_alone_until_a_time() -> None:
    assert 29 <= int(seconds_asked(formatdate(time.time() + 30, usegmt=True))) <= 31


def test_a_busy_portal_is_left_alone_as_long_as_it_asks(server: Server, portal: Portal, tmp_path: Path) -> None:
    """Longer than a run waits: told at once, whether it was a write, a look at a file, or a pull."""
    server.status, server.headers = 503, {"Content-Type": "text/html", "Retry-After": "90"}
    session = requests.Session()
    fetcher = Fetcher(server.url, session, Rules(pause=0.01), 1 << 20)
    calls: list[Callable[[], object]] = [
        lambda: portal.write("package_create", {}, subject="d"),
        lambda: portal.sha256(f"{server.url}/data.csv", 9),
        lambda: fetcher.fetch(f"{server.url}/data.csv", tmp_path / "data.csv", uploaded=True),
    ]
    for number, call in enumerate(calls, start=1):
        with pytest.raises(PortalRetry) as caught:
            call()
        assert (caught.value.code, caught.value.details["pause"], len(server.asked)) == ("push.busy", "90", number)
    session.close()


def entries(lang: str) -> dict[str, dict[str, str]]:
    return {code: entry for code, entry in messages.catalogue(lang).items() if code.startswith("push.")}


def placeholders(entry: dict[str, str]) -> list[set[str]]:
    return [set(re.findall(r"\{(\w+)\}", entry[part])) for part in ("message", "fix") if part in entry]


def test_every_message_is_told_in_both_languages_and_explained() -> None:
    """Same entries, same details; an entry with a way out has a help page."""
    japanese, english = (
        {k: v for k, v in messages.catalogue(lang).items() if k.startswith("push.")} for lang in messages.LANGUAGES
    )
    assert list(japanese) == list(english)
    root = Path(messages.__file__).parent.parent / "help"
    for code, entry in japanese.items():
        assert entry.keys() == english[code].keys()
        assert set().union(*placeholders(entry)) == set().union(*placeholders(english[code])), code
        for lang in messages.LANGUAGES if "fix" in entry else ():
            page = (root / lang / f"{code}.md").read_text(encoding="utf-8")
            assert page.startswith("# ")
            assert 8 <= len(page.splitlines()) <= 20
