"""A portal that means harm: paths, redirects, sizes, hashes. What it sends stays in its folder or does not stay."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from requests import exceptions as faults

from odkit import messages
from odkit.errors import PortalError, PortalRefused
from odkit.model import Issue
from odkit.push import Fetcher, Pulled, Rules, connect, guarded_session, pull
from odkit.push.fetch import code_of
from odkit.push.names import LONGEST, is_plain, plain_name, unique

DATA = b"ID\r\n1\r\n"
Pages = dict[str, tuple[int, dict[str, str], bytes]]


@dataclass
class Portal:
    """A server with a dataset ``d`` and the pages that a test gives it."""

    http: ThreadingHTTPServer
    pages: Pages = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.http.server_address[1]}"

    def page(self, path: str, body: bytes, status: int = 200, headers: Mapping[str, str] | None = None) -> str:
        self.pages[path] = (status, dict(headers or {}), body)
        return f"{self.url}{path}"

    def dataset(self, *resources: dict[str, object], name: str = "d") -> None:
        shown = {"id": "i", "name": name, "title": "題", "resources": resources, "extras": [], "tags": []}
        self.page("/api/action/package_show", json.dumps({"success": True, "result": shown}).encode())

    def published(self, path: str = "data.csv", **entry: object) -> None:
        """A dataset as odkit's, whose only table has this path in the descriptor."""
        told = {"name": "data", "path": path, "hash": f"sha256:{sha256(DATA).hexdigest()}", **entry}
        descriptor = json.dumps({"resources": [told]}).encode()
        self.dataset(
            resource("data", self.page("/f/data.csv", DATA), DATA),
            resource("datapackage", self.page("/f/datapackage.json", descriptor), descriptor),
        )

    def pull(self, root: Path, most: int = 1 << 20) -> Pulled:
        with guarded_session(self.url) as session, connect(self.url) as portal:
            return pull("d", portal, Fetcher(self.url, session, Rules(pause=0.01), most), root)


def resource(key: str, url: str, content: bytes) -> dict[str, object]:
    digest = sha256(content).hexdigest()
    return {"id": key, "url": url, "url_type": "upload", "odkit_key": key, "odkit_sha256": digest, "format": "CSV"}


def link(url: str, name: str = "", kind: str = "CSV") -> dict[str, object]:
    return {"id": url, "url": url, "name": name, "format": kind}


@pytest.fixture
def portal() -> Iterator[Portal]:
    class Answers(BaseHTTPRequestHandler):
        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            made.asked.append((self.path, dict(self.headers)))
            status, headers, body = made.pages.get(self.path, (404, {}, b""))
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = answer  # noqa: N815 - the names that http.server calls

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    server.daemon_threads = True
    made = Portal(server)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield made
    server.shutdown()
    server.server_close()
    thread.join()


def everything(root: Path) -> set[str]:
    return {path.relative_to(root).as_posix() for path in root.rglob("*")}


@pytest.mark.parametrize(
    "path",
    ["../evil.csv", "/etc/passwd", "a/b.csv", "..\\evil.csv", ".bashrc", "CON", "datapackage.json", "", "a\x00b"],
)
def test_a_path_out_of_the_folder(portal: Portal, tmp_path: Path, path: str) -> None:
    portal.published(path)
    with pytest.raises(PortalRefused) as caught:
        portal.pull(tmp_path / "a" / "pulled")
    assert caught.value.code == "push.pull-descriptor"
    assert not any("evil" in name or "bashrc" in name for name in everything(tmp_path))
    assert not (tmp_path / "a" / "pulled" / "d").exists()


@pytest.mark.parametrize(
    "descriptor",
    [b"", b"[]", b"{}", b'{"resources": {}}', b'{"resources": [1]}', b'{"resources": []}', b"[" * 100_000, b"\xff"],
)
def test_a_descriptor_that_is_none(portal: Portal, tmp_path: Path, descriptor: bytes) -> None:
    portal.dataset(
        resource("data", portal.page("/f/data.csv", DATA), DATA),
        resource("datapackage", portal.page("/f/datapackage.json", descriptor), descriptor),
    )
    with pytest.raises(PortalRefused) as caught:
        portal.pull(tmp_path)
    assert caught.value.code == "push.pull-descriptor"


def test_a_descriptor_with_another_hash(portal: Portal, tmp_path: Path) -> None:
    portal.published(hash="sha256:" + "0" * 64)
    with pytest.raises(PortalRefused) as caught:
        portal.pull(tmp_path)
    assert caught.value.code == "push.pull-descriptor"


def test_a_damaged_file_does_not_replace_the_good_one(portal: Portal, tmp_path: Path) -> None:
    portal.published()
    got = portal.pull(tmp_path)
    (got.folder / "data.csv").unlink()
    portal.page("/f/data.csv", b"<html>not found</html>")
    with pytest.raises(PortalRefused) as caught:
        portal.pull(tmp_path)
    assert caught.value.code == "push.pull-hash"
    assert (got.folder / "datapackage.json").exists()
    assert "<html>" not in "".join(path.read_text() for path in got.folder.iterdir())


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "127.1", "2130706433", "[::ffff:127.0.0.1]"])
def test_no_way_into_the_network_by_a_link(portal: Portal, tmp_path: Path, host: str) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as inside:
        port = inside.server_address[1]
        portal.dataset(link(f"http://{host}:{port}/secret.csv"), link(portal.page("/a.csv", DATA)))
        got = portal.pull(tmp_path)
    # The server inside listens on 127.0.0.1 alone: nobody answers on the machine's other address.
    code = "push.pull-no-connection" if host == "[::1]" else "push.pull-internal"
    assert [issue.code for issue in got.issues] == [code]
    assert [path.name for path in got.folder.iterdir() if path.suffix == ".csv"] == ["a.csv"]


@pytest.mark.parametrize("uploaded", [True, False])
def test_no_way_into_the_network_by_a_redirect(portal: Portal, tmp_path: Path, uploaded: bool) -> None:
    reached: list[str] = []

    class Inside(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            reached.append(self.path)

    with ThreadingHTTPServer(("127.0.0.1", 0), Inside) as inside:
        thread = threading.Thread(target=inside.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        location = f"http://localhost:{inside.server_address[1]}/meta-data"
        item = link(portal.page("/a.csv", b"", 302, {"Location": location}))
        portal.dataset({**item, **({"url_type": "upload"} if uploaded else {})})
        with pytest.raises(PortalRefused) as caught:
            portal.pull(tmp_path)
        inside.shutdown()
        thread.join()
    assert (caught.value.code, reached) == ("push.pull-nothing", [])


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://a.example.jp/x", "javascript:1", "http://[", "data:,x"])
def test_only_web_addresses(portal: Portal, tmp_path: Path, url: str) -> None:
    portal.dataset(link(url), link(portal.page("/a.csv", DATA)))
    assert [issue.code for issue in portal.pull(tmp_path).issues] == ["push.pull-bad-address"]


def said(issue: Issue, lang: str) -> str:
    return messages.text(issue.code, lang, issue.facts)


@pytest.mark.parametrize(
    ("status", "code", "words"),
    [
        (404, "gone", "is not there any more, says its server (HTTP 404)"),
        (410, "gone", "is not there any more, says its server (HTTP 410)"),
        (401, "forbidden", "is not given to everybody, says its server (HTTP 401)"),
        (403, "forbidden", "is not given to everybody, says its server (HTTP 403)"),
        (500, "failed", "its server answers with an error (HTTP 500)"),
        (418, "failed", "its server answers with an error (HTTP 418)"),
    ],
)
def test_a_refusal_is_said_in_words(portal: Portal, tmp_path: Path, status: int, code: str, words: str) -> None:
    portal.dataset(link(portal.page("/no.csv?key=s3cret", b"", status)), link(portal.page("/a.csv", DATA)))
    (issue,) = portal.pull(tmp_path).issues
    assert issue.code == f"push.pull-{code}"
    assert words in said(issue, "en")
    assert "/no.csv" in said(issue, "ja")
    assert "s3cret" not in said(issue, "ja") + said(issue, "en")


def test_a_server_that_is_not_there_is_said_in_words(portal: Portal, tmp_path: Path) -> None:
    portal.dataset(link("http://nowhere.invalid/list.csv"), link(portal.page("/a.csv", DATA)))
    (issue,) = portal.pull(tmp_path).issues
    assert issue.code == "push.pull-no-connection"
    assert (
        said(issue, "ja")
        == "ファイル http://nowhere.invalid/list.csv を受け取れません。置いてあるサーバーにつながりません。"
    )
    assert "there is no connection to its server" in said(issue, "en")


def test_an_address_that_leads_in_circles(portal: Portal, tmp_path: Path) -> None:
    portal.dataset(link(portal.page("/r.csv", b"", 302, {"Location": "/r.csv"})), link(portal.page("/a.csv", DATA)))
    assert [issue.code for issue in portal.pull(tmp_path).issues] == ["push.pull-redirects"]


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (faults.SSLError("certificate verify failed"), "push.pull-certificate"),
        (faults.ProxyError("no proxy"), "push.pull-no-connection"),
        (faults.InvalidSchema("ftp"), "push.pull-bad-address"),
        (faults.RequestException(), "push.pull-no-connection"),
    ],
)
def test_what_requests_raises_has_its_words(fault: Exception, code: str) -> None:
    assert code_of(fault) == code


def test_too_large_a_file_is_not_kept(portal: Portal, tmp_path: Path) -> None:
    portal.dataset(link(portal.page("/big.csv", b"0" * 200_000)), link(portal.page("/a.csv", DATA)))
    got = portal.pull(tmp_path, most=1000)
    assert [issue.code for issue in got.issues] == ["push.pull-too-large"]
    assert "1,000 バイトより大きい" in said(got.issues[0], "ja")
    assert sorted(path.name for path in got.folder.iterdir()) == ["a.csv", "datapackage.json"]


def test_a_page_is_not_taken_for_data(portal: Portal, tmp_path: Path) -> None:
    """Resource not found, says the page, with 200: what was wanted is a table."""
    page = portal.page("/gone.csv", b"<html>Sorry</html>", headers={"Content-Type": "text/html; charset=utf-8"})
    portal.dataset(link(page), link(page, "Page", "HTML"))
    got = portal.pull(tmp_path)
    assert [issue.code for issue in got.issues] == ["push.pull-page"]
    again = portal.pull(tmp_path)
    assert (got.action, again.action, len(again.issues)) == ("pulled", "unchanged", 1)


@pytest.mark.parametrize(
    ("url", "name", "saved"),
    [
        ("/x/..%2F..%2Fevil.csv", "", "%2F..%2Fevil.csv"),
        ("/x/.bashrc", "", "file.csv"),
        ("/x/datapackage.json", "", "datapackage-2.json"),
        ("/x/con.csv", "", "_con.csv"),
        ("/get?id=1", "../../名簿", "名簿.csv"),
        ("/get?id=2", "", "file.csv"),
    ],
)
def test_names_of_files(portal: Portal, tmp_path: Path, url: str, name: str, saved: str) -> None:
    portal.dataset(link(portal.page(url, DATA), name))
    got = portal.pull(tmp_path / "pulled")
    assert {path.name for path in got.folder.iterdir()} - {"datapackage.json"} == {saved}
    assert everything(tmp_path) == {"pulled"} | {f"pulled/{name}" for name in everything(tmp_path / "pulled")}


def test_the_name_of_a_dataset_makes_no_path(portal: Portal, tmp_path: Path) -> None:
    portal.dataset(link(portal.page("/a.csv", DATA)), name="../../outside")
    assert portal.pull(tmp_path / "a" / "pulled").folder == tmp_path / "a" / "pulled" / "outside"


def test_no_credentials_go_along(portal: Portal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login someone password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    portal.dataset(link(portal.page("/a.csv", DATA, headers={"Set-Cookie": "a=b"})), link(portal.page("/b.csv", DATA)))
    portal.pull(tmp_path / "pulled")
    assert [
        name for _, headers in portal.asked for name in headers if name in {"Authorization", "X-CKAN-API-Key"}
    ] == []


@given(st.text())
def test_a_plain_name_is_one_name(name: str) -> None:
    made = plain_name(name)
    assert made
    assert is_plain(made)
    assert len(made) <= LONGEST
    assert (Path("/folder") / made).resolve().parent == Path("/folder")
    assert made not in {".", ".."}


@given(st.lists(st.sampled_from(["a.csv", "A.csv", "a-2.csv", "b", "B"]), max_size=8))
def test_names_do_not_meet(names: list[str]) -> None:
    taken: list[str] = []
    for name in names:
        taken.append(unique(name, taken))
    assert len({name.casefold() for name in taken}) == len(names)


def test_a_pull_that_breaks_off_goes_on_where_it_was(portal: Portal, tmp_path: Path) -> None:
    portal.published()
    page = portal.pages.pop("/f/data.csv")
    with pytest.raises(PortalError):
        portal.pull(tmp_path)
    assert not (tmp_path / "d").exists()
    portal.pages["/f/data.csv"] = page
    portal.asked.clear()
    assert portal.pull(tmp_path).action == "pulled"
    assert [path for path, _ in portal.asked] == ["/api/action/package_show", "/f/data.csv"]
