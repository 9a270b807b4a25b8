"""Addresses on the web: what servers answer, well and badly, over loopback HTTP."""

from __future__ import annotations

import gzip
import json
import socket
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from odkit.model import CriterionResult, Outcome, Score
from odkit.score import fetch as fetching
from odkit.score import score_target
from odkit.score.fetch import Limits, fetch
from odkit.score.hosts import is_public, is_public_host, is_web_address
from odkit.score.target import score_url

if TYPE_CHECKING:
    from tests.score.conftest import Answer, Site

TABLE = "名称,住所\nA館,市川市\nB館,船橋市\n"
SOON = Limits(attempts=1, seconds=5)


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "PAUSE", 0.0)


def check(found: Score, id_: str) -> CriterionResult:
    return next(item for item in found.checks if item.id == id_)


def access(found: Score) -> tuple[int | None, Outcome, str]:
    result = check(found, "access")
    return found.level, result.outcome, result.details.get("kind", "")


@pytest.mark.parametrize(
    ("path", "body", "headers", "level"),
    [
        ("/data.csv", TABLE, {}, 3),
        ("/data.csv?v=2", TABLE, {"Content-Type": "application/octet-stream"}, 3),
        ("/download/7", TABLE, {"Content-Disposition": 'attachment; filename="data.csv"'}, 3),
        ("/download/8", TABLE, {"Content-Disposition": "attachment; filename*=UTF-8''%E8%A1%A8.csv"}, 3),
        ("/download/9", TABLE, {}, 3),
        ("/data.csv", gzip.compress(TABLE.encode()), {"Content-Encoding": "gzip"}, 3),
        ("/data.csv.gz", gzip.compress(TABLE.encode()), {"Content-Type": "application/gzip"}, 3),
    ],
)
def test_a_file_that_is_served(site: Site, path: str, body: str | bytes, headers: dict[str, str], level: int) -> None:
    found = score_target(site.serve(path, body, headers=headers), "CC BY 4.0")
    assert (access(found), found.target) == ((level, Outcome.PASS, ""), site.url + path)


@pytest.mark.parametrize(
    ("body", "status", "headers", "expected"),
    [
        ("not here", 404, {}, (0, Outcome.FAIL, "status")),
        ("gone", 410, {}, (0, Outcome.FAIL, "status")),
        ("", 200, {}, (0, Outcome.FAIL, "empty")),
        (
            "<html><title>ページが見つかりません</title></html>",
            200,
            {"Content-Type": "text/html"},
            (0, Outcome.FAIL, "html"),
        ),
        ('{"success": false, "error": {"message": "Not found"}}', 200, {}, (0, Outcome.FAIL, "answer")),
        ("later", 503, {}, (None, Outcome.UNDETERMINED, "later")),
        ("slow down", 429, {}, (None, Outcome.UNDETERMINED, "later")),
        ("", 302, {"Location": "file:///etc/passwd"}, (None, Outcome.UNDETERMINED, "no-redirect")),
        ("", 302, {"Location": "http://169.254.169.254/latest/"}, (None, Outcome.UNDETERMINED, "no-redirect")),
        ("", 302, {"Location": "http://[fe80::1]/"}, (None, Outcome.UNDETERMINED, "no-redirect")),
        ("", 302, {"Location": "gopher://127.0.0.1/1"}, (None, Outcome.UNDETERMINED, "no-redirect")),
        ("", 302, {"Location": "/data.csv"}, (None, Outcome.UNDETERMINED, "no-redirect")),
    ],
)
def test_what_goes_wrong(
    site: Site, body: str, status: int, headers: dict[str, str], expected: tuple[int | None, Outcome, str]
) -> None:
    found = score_target(site.serve("/data.csv", body, status, headers), "CC BY 4.0")
    assert access(found) == expected
    assert found.format_level == (0 if expected[0] == 0 else None)


@pytest.mark.parametrize(
    ("name", "body", "status"),
    [
        ("/data.csv", "<html><title>Not Found</title><p>x</p></html>", 404),
        ("/data.csv", "not here", 403),
        ("/data.csv", "later", 503),
        ("/data.json", "<a href='/'>here</a", 410),
        ("/data.csv", "<html><title>ページが見つかりません</title><p>x</p></html>", 200),
        ("/data.xlsx", "<html><form><input type=password></form></html>", 200),
        ("/data.json", '{"error": "no such key"}', 200),
    ],
)
def test_of_an_error_nothing_is_to_be_mended_but_the_way(site: Site, name: str, body: str, status: int) -> None:
    found = score_target(site.serve(name, body, status), "CC BY 4.0")
    assert {item.id for item in found.checks if item.outcome in (Outcome.FAIL, Outcome.UNDETERMINED)} == {"access"}
    assert found.format_level in (0, None)


@pytest.mark.parametrize(
    ("headers", "kind"), [({"Content-Encoding": "gzip"}, "no-coding"), ({"Content-Length": "999"}, "no-cut-off")]
)
def test_data_that_does_not_arrive_whole(site: Site, headers: dict[str, str], kind: str) -> None:
    found = score_target(site.serve("/data.csv", TABLE, headers=headers), "CC BY 4.0")
    assert access(found) == (None, Outcome.UNDETERMINED, kind)


def test_the_licence_that_a_server_states(site: Site) -> None:
    link = '<https://a.lg.jp/x>; rel="up", <https://creativecommons.org/licenses/by/4.0/>; rel="license"'
    url = site.serve("/data.csv", TABLE, headers={"Link": link})
    assert (score_target(url).level, score_target(url, "CC BY-NC 4.0").level) == (3, 0)
    assert score_target(site.serve("/data.csv", TABLE, headers={"Link": "<"})).level == 0


def test_a_failure_is_tried_once_more(site: Site) -> None:
    answers = iter([site.answer(status=503), site.answer(TABLE)])
    site.answers["/data.csv"] = lambda _: next(answers)
    assert score_target(site.url + "/data.csv", "CC0").level == 3
    assert site.asked == ["/data.csv"] * 2


def test_the_wrong_content_type_is_told(site: Site) -> None:
    found = score_target(site.serve("/data.csv", TABLE, Content_Type="text/html; charset=utf-8"), "CC0")
    result = check(found, "format-mismatch")
    assert (found.level, result.outcome, result.evidence[0].value) == (3, Outcome.FAIL, "text/html≠csv")


def test_a_redirect_to_the_file(site: Site) -> None:
    site.serve("/files/a1b2", TABLE)
    found = fetch(site.serve("/data.csv", status=301, Location="/files/a1b2"), SOON)
    assert (found.status, found.name, found.url) == (200, "data.csv", site.url + "/files/a1b2")


def test_nobody_answers(unused_port: int) -> None:
    found = score_url(f"http://127.0.0.1:{unused_port}/a.csv", "CC0", limits=SOON)
    assert access(found) == (None, Outcome.UNDETERMINED, "no-connect")


@pytest.mark.parametrize("url", ["http://no-such-host.invalid/a.csv", "http://[::1/a.csv", "http://"])
def test_addresses_that_lead_nowhere(url: str) -> None:
    assert fetch(url, SOON).failure in ("connect", "name")


def test_an_answer_without_end_is_cut_off(site: Site) -> None:
    site.serve("/big.csv", gzip.compress(b"0" * 3_000_000), Content_Encoding="gzip")
    assert fetch(site.url + "/big.csv", Limits(size=1_000_000)).failure == "too-large"
    assert fetch(site.serve("/a.csv", "a" * 100_000), Limits(seconds=0)).failure == "timeout"


def test_an_answer_that_drips_is_cut_off_in_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=drip, args=(listening,), daemon=True).start()
        begun = time.monotonic()
        found = fetch(f"http://127.0.0.1:{listening.getsockname()[1]}/a.csv", Limits(seconds=0.3, attempts=1))
    assert found.failure == "timeout"
    assert time.monotonic() - begun < 3


def drip(listening: socket.socket) -> None:
    """An answer without end, of which a byte comes at a time."""
    connection = listening.accept()[0]
    with connection, suppress(OSError):
        connection.recv(1 << 16)
        connection.sendall(b"HTTP/1.0 200 OK\r\nContent-Type: text/csv\r\n\r\n")
        for _ in range(200):
            connection.sendall(b"a")
            time.sleep(0.05)


def test_an_etag_is_asked_with(site: Site) -> None:
    site.answers["/a.csv"] = lambda headers: (
        site.answer(status=304) if headers.get("If-None-Match") == '"7"' else site.answer("a,b\n1,2\n", ETag='"7"')
    )
    first = fetch(site.url + "/a.csv", SOON)
    again = fetch(site.url + "/a.csv", SOON, first.etag)
    assert (first.etag, again.status, again.data) == ('"7"', 304, b"")


def test_no_credentials_of_this_user_go_out(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login a password b\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(netrc))
    seen: list[dict[str, str]] = []

    def remember(headers: dict[str, str]) -> Answer:
        seen.append(headers)
        return site.answer(TABLE)

    site.answers["/a.csv"] = remember
    fetch(site.url + "/a.csv", SOON)
    assert "Authorization" not in seen[0]
    assert seen[0]["User-Agent"].startswith("odkit/")


@pytest.mark.parametrize(
    "target", ["http://127.0.0.1:{port}/secret", "http://localhost:{port}/secret", "http://[::1]/"]
)
def test_a_public_server_cannot_send_us_inside(site: Site, target: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The test's own server stands for a public one: only what it redirects to is judged by its true address."""
    monkeypatch.setattr(fetching, "_public_peer", lambda _response, url: url.endswith("/data.csv"))
    site.serve("/secret", "inside")
    address = target.format(port=site.url.rpartition(":")[2])
    found = fetch(site.serve("/data.csv", status=302, Location=address), SOON)
    assert (found.failure, found.data, "/secret" in site.asked) == ("redirect", b"", False)


def test_a_name_that_changes_its_mind_is_found_out(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """DNS rebinding: the name looked public, the machine that answered is not."""
    monkeypatch.setattr(fetching, "is_public_host", lambda _: True)
    monkeypatch.setattr(fetching, "_public_peer", lambda _response, url: url.endswith("/data.csv"))
    site.serve("/secret", "inside")
    found = fetch(site.serve("/data.csv", status=302, Location="/secret"), SOON)
    assert (found.failure, found.data) == ("redirect", b"")


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2001:4860:4860::8888", True),
        ("127.0.0.1", False),
        ("10.0.0.1", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.1", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:10.0.0.1", False),
        ("2002:0a00:0001::1", False),
        ("nonsense", False),
    ],
)
def test_public_addresses(address: str, public: bool) -> None:
    assert is_public(address) is public


def test_hosts_and_addresses() -> None:
    assert not is_public_host("http://localhost/")
    assert not is_public_host("http://2130706433/")
    assert is_web_address("HTTPS://a.lg.jp/x")
    assert not any(map(is_web_address, ["data.csv", "file:///a", "ftp://a/b", "http:", "C:\\a.csv", "http://[x"]))


def test_a_package_on_the_web(site: Site) -> None:
    descriptor: dict[str, Any] = {
        "licenses": [{"name": "CC-BY-4.0"}],
        "resources": [{"path": "a.csv"}, {"path": "b.pdf"}, {"path": "file:///etc/passwd"}],
    }
    site.serve("/p/a.csv", TABLE)
    site.serve("/p/b.pdf", "%PDF-1.4 /Font")
    found = score_target(site.serve("/p/datapackage.json", json.dumps(descriptor)))
    stages = {site.url + "/p/a.csv": 3, site.url + "/p/b.pdf": 1}
    assert (found.level, dict(found.resources), found.target) == (3, stages, site.url + "/p/datapackage.json")


METADATA = {
    "@context": "http://www.w3.org/ns/csvw",
    "url": "data.csv",
    "tableSchema": {
        "aboutUrl": "https://a.lg.jp/id/{name}",
        "columns": [{"name": "name", "titles": "名称", "propertyUrl": "http://schema.org/name"}, {"titles": "住所"}],
    },
}


def test_metadata_that_a_server_or_a_package_names(site: Site) -> None:
    site.serve("/p/data.csv-metadata.json", json.dumps(METADATA))
    link = '<data.csv-metadata.json>; rel="describedby"; type="application/csvm+json"'
    url = site.serve("/p/data.csv", TABLE, headers={"Link": link})
    assert score_target(url, "CC0").level == 4
    site.serve("/p/data.csv", TABLE)
    assert score_target(url, "CC0").level == 3
    resources = [{"path": "data.csv"}, {"path": "data.csv-metadata.json"}]
    descriptor = {"licenses": [{"name": "CC0-1.0"}], "resources": resources, "odkit:stage": {}}
    assert score_target(site.serve("/p/datapackage.json", json.dumps(descriptor))).level == 4


@pytest.mark.parametrize("link", ["file:///etc/passwd", "http://169.254.169.254/x", "gone.json", ""])
def test_metadata_that_lead_nowhere(site: Site, link: str) -> None:
    url = site.serve("/data.csv", TABLE, headers={"Link": f'<{link}>; rel="describedby"'})
    assert score_target(url, "CC0").level == 3


def test_the_shared_cases_over_http(shared: Path, site: Site) -> None:
    """The 36 cases, served as their expectation says: status and content type."""
    for case in json.loads((shared / "cases" / "expected.json").read_text(encoding="utf-8")):
        data = (shared / "cases" / "files" / case["file"]).read_bytes()
        kind = {"Content-Type": case["content_type"]} if case["content_type"] else {}
        found = score_target(site.serve(f"/{case['file']}", data, case["http"], kind), case["license"] or "")
        assert (found.level, found.format_level) == (case["level"], case["format_level"]), case["id"]
        for flag in set(case["flag"]) & {item.id for item in found.checks}:
            assert check(found, flag).outcome is Outcome.FAIL, (case["id"], flag)
