"""The portal without a socket and with one: requests sees the same."""

from __future__ import annotations

import io
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import requests
from ckanapi import RemoteCKAN
from flask import Flask, Response, jsonify, redirect, request

from odkit.portal import embedded_session

SITE = "http://portal.example:8710"


@pytest.fixture
def echo() -> Flask:
    """An application that tells what it was sent."""
    app = Flask("echo")

    @app.route("/echo", methods=["GET", "POST", "HEAD"])
    def tell() -> Response:
        files = {name: [file.filename, file.read().decode()] for name, file in request.files.items()}
        return jsonify(
            method=request.method,
            url=request.url,
            args=request.args.to_dict(flat=False),
            form=request.form.to_dict(),
            files=files,
            body=request.get_data(as_text=True),
            type=request.headers.get("Content-Type"),
            token=request.headers.get("Authorization"),
        )

    @app.get("/away")
    def away() -> Any:
        return redirect("/echo?from=away")

    @app.get("/empty")
    def empty() -> Any:
        return "", 204

    @app.get("/binary")
    def binary() -> Response:
        return Response(bytes(range(256)), mimetype="application/octet-stream", headers={"X-Name": "値".encode().hex()})

    return app


@pytest.fixture
def session(echo: Flask) -> Iterator[requests.Session]:
    with embedded_session(echo, SITE) as session:
        yield session


def test_queries_and_headers_arrive(session: requests.Session) -> None:
    told = session.get(
        f"{SITE}/echo", params={"q": "人口", "a": ["1", "2"]}, headers={"Authorization": "t"}, timeout=5
    ).json()
    assert told["args"] == {"q": ["人口"], "a": ["1", "2"]}
    assert (told["method"], told["token"]) == ("GET", "t")
    assert told["url"].startswith(f"{SITE}/echo?")


def test_json_arrives(session: requests.Session) -> None:
    told = session.post(f"{SITE}/echo", json={"名": "値"}, timeout=5).json()
    assert told["type"] == "application/json"
    assert told["body"] == '{"\\u540d": "\\u5024"}'


@pytest.mark.parametrize("body", [b"abc", "abc", io.BytesIO(b"abc"), iter([b"a", b"bc"])])
def test_bodies_of_every_kind_arrive(session: requests.Session, body: Any) -> None:
    assert session.post(f"{SITE}/echo", data=body, timeout=5).json()["body"] == "abc"


def test_files_arrive(session: requests.Session) -> None:
    told = session.post(
        f"{SITE}/echo", data={"名": "値"}, files={"upload": ("表.csv", io.BytesIO(b"a\r\n1\r\n"))}, timeout=5
    ).json()
    assert told["form"] == {"名": "値"}
    assert told["files"] == {"upload": ["表.csv", "a\r\n1\r\n"]}


def test_answers_are_whole(session: requests.Session) -> None:
    binary = session.get(f"{SITE}/binary", timeout=5)
    assert binary.content == bytes(range(256))
    assert (binary.status_code, binary.reason, binary.headers["x-name"]) == (200, "OK", "e580a4")
    assert binary.url == f"{SITE}/binary"
    head = session.head(f"{SITE}/echo", timeout=5)
    assert (head.status_code, head.content) == (200, b"")
    assert int(head.headers["Content-Length"]) > 0
    empty = session.get(f"{SITE}/empty", timeout=5)
    assert (empty.status_code, empty.content) == (204, b"")
    missing = session.get(f"{SITE}/no-such", timeout=5)
    assert missing.status_code == 404
    with pytest.raises(requests.HTTPError):
        missing.raise_for_status()


def test_answers_can_be_streamed(session: requests.Session) -> None:
    with session.get(f"{SITE}/binary", stream=True, timeout=5) as answer:
        assert b"".join(answer.iter_content(100)) == bytes(range(256))


def test_redirects_are_followed(session: requests.Session) -> None:
    answer = session.get(f"{SITE}/away", timeout=5)
    assert answer.json()["args"] == {"from": ["away"]}
    assert [step.status_code for step in answer.history] == [302]


def test_only_the_portals_own_address_is_inside(echo: Flask) -> None:
    with embedded_session(echo, "http://127.0.0.1:1") as session, pytest.raises(requests.ConnectionError):
        session.get("http://127.0.0.1:2/echo", timeout=5)


SERVE = """
import sys
from pathlib import Path
from odkit.portal import create_app, serve
serve(create_app(Path(sys.argv[1]), site_url=sys.argv[2], tokens={"t": "u"}), port=int(sys.argv[3]))
"""


@pytest.fixture
def served(tmp_path: Path) -> Iterator[str]:
    """A portal on a port of its own, in a process of its own."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    with subprocess.Popen([sys.executable, "-c", SERVE, str(tmp_path / "portal"), url, str(port)]) as process:
        try:
            wait_for(port)
            yield url
        finally:
            process.terminate()


def wait_for(port: int) -> None:
    """Return as soon as somebody listens."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port), timeout=5):
            return
        time.sleep(0.05)
    pytest.fail("the portal did not start")


def test_the_same_portal_answers_on_a_port(served: str) -> None:
    with RemoteCKAN(served, apikey="t") as api:
        api.action.organization_create(name="org")
        api.action.package_create(name="data", owner_org="org")
        made = api.call_action(
            "resource_create", {"package_id": "data"}, files={"upload": ("a.csv", io.BytesIO(b"a\n1\n"))}
        )
        with requests.get(made["url"], timeout=5) as answer:
            assert answer.content == b"a\n1\n"
            assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_an_address_may_be_typed_as_it_is_read(served: str) -> None:
    with RemoteCKAN(served, apikey="t") as api:
        api.action.organization_create(name="org")
        api.action.package_create(name="data", owner_org="org", title="公衆トイレ一覧")
    host, port = served.removeprefix("http://").split(":")
    for query, count in (("q=トイレ", 1), ("q=駅", 0), ("q=%E3%83%88%E3%82%A4%E3%83%AC", 1)):
        with socket.create_connection((host, int(port)), timeout=5) as line:  # curl encodes nothing
            line.sendall(f"GET /api/3/action/package_search?{query} HTTP/1.0\r\nHost: {host}\r\n\r\n".encode())
            answer = line.makefile("rb").read()
        assert answer.startswith(b"HTTP/1.0 200")
        assert f'"count": {count}'.encode() in answer
