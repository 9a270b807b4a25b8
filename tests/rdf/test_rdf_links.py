"""The link check: three states, politely, dated, remembered; over a real server."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from odkit.rdf.links import LinkState, check_links, links_of, load_states, save_states

TODAY = date(2026, 11, 21)
ANSWERS = {"/here": 200, "/gone": 404, "/removed": 410, "/busy": 503, "/secret": 403, "/moved": 302, "/no-head": 405}


class Server(BaseHTTPRequestHandler):
    asked: list[tuple[str, str, str]] = []  # noqa: RUF012 - one server per test run

    def do_HEAD(self) -> None:
        self.asked.append((self.command, self.path, self.headers["User-Agent"]))
        status = 200 if self.path == "/no-head" and self.command == "GET" else ANSWERS[self.path]
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "/here")
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_HEAD  # noqa: N815 - the names that http.server wants

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@pytest.fixture
def server() -> Iterator[str]:
    Server.asked.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Server) as made:
        thread = threading.Thread(target=made.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{made.server_port}"
        made.shutdown()
        thread.join()


def test_three_states(server: str) -> None:
    waits: list[float] = []
    found = list(check_links({server + path for path in ANSWERS}, {}, TODAY, waits.append))
    assert {item.address.removeprefix(server): (item.state, item.status) for item in found} == {
        "/here": ("alive", "200"),
        "/moved": ("alive", "200"),
        "/no-head": ("alive", "200"),
        "/gone": ("dead", "404"),
        "/removed": ("dead", "410"),
        "/busy": ("unknown", "503"),
        "/secret": ("unknown", "403"),
    }
    assert {item.checked for item in found} == {TODAY}
    assert waits == [1.0] * (len(ANSWERS) - 1)
    assert all(agent.startswith("odkit/") for _, _, agent in Server.asked)


def test_a_server_that_is_not_there_says_nothing_about_its_pages(server: str) -> None:
    port = int(server.rpartition(":")[2])
    (found,) = check_links([f"http://127.0.0.1:{port}1/x"], {}, TODAY, lambda _: None)
    assert found.state == "unknown"


@pytest.mark.parametrize(("state", "days", "again"), [("alive", 29, False), ("alive", 30, True), ("unknown", 0, True)])
def test_what_is_fresh_is_not_asked_again(server: str, state: str, days: int, *, again: bool) -> None:
    address = server + "/here"
    before = LinkState(address=address, state=state, status="200", checked=TODAY - timedelta(days=days))
    (found,) = check_links([address], {address: before}, TODAY, lambda _: None)
    assert (found == before) is not again
    assert bool(Server.asked) is again


def test_states_are_remembered(tmp_path: Path) -> None:
    file = tmp_path / ".odkit" / "links.csv"
    assert load_states(file) == {}
    item = LinkState(address="https://uedayou.net/loa/千葉県柏市", state="alive", status="200", checked=TODAY)
    save_states(file, [item])
    assert load_states(file) == {item.address: item}


def test_links_are_the_addresses_of_others_data() -> None:
    lines = """\
<https://opendata.pref.chiba.lg.jp/id/1> <http://purl.org/dc/terms/spatial> <http://data.e-stat.go.jp/lod/sac/C12203> .
<https://opendata.pref.chiba.lg.jp/id/1> <http://schema.org/url> <https://www.city.ichikawa.lg.jp/a.html> .
<https://opendata.pref.chiba.lg.jp/id/1> <http://purl.org/dc/terms/isPartOf> <https://opendata.pref.chiba.lg.jp/id/x> .
<https://opendata.pref.chiba.lg.jp/id/1> <http://www.w3.org/2000/01/rdf-schema#label> "<a> <b> <http://c.jp/d> ." .
"""
    assert links_of([lines.encode()]) == {"http://data.e-stat.go.jp/lod/sac/C12203"}
