"""An address on the web -> what is served there. The only module of this stage that uses the network, when asked to.

Bounded in bytes, time and redirects. A redirect from a public host to a machine of the own network is refused, before
a request goes there and again by the address that was connected to.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import requests
import urllib3.exceptions
from requests.utils import get_environ_proxies, parse_header_links, select_proxy

from odkit import __version__
from odkit.score.gather import Served
from odkit.score.hosts import is_link_local, is_public, is_public_host, is_web_address

SIZE_LIMIT = 256 << 20
"""Bytes of an answer, unpacked."""
CONNECT_TIMEOUT, READ_TIMEOUT, TOTAL_TIMEOUT = 10.0, 30.0, 300.0
REDIRECTS = 8
ATTEMPTS = 2
PAUSE = 0.5
CHUNK = 1 << 16
MOVED = frozenset({301, 302, 303, 307, 308})
FILE_NAME = re.compile(r"filename\*=(?:UTF-8|utf-8)''([^;\s]+)|filename=\"([^\"]+)\"|filename=([^;\s]+)")
HEADERS = {"User-Agent": f"odkit/{__version__} (score)", "Accept": "*/*", "Accept-Encoding": "gzip, deflate"}


class _Refused(Exception):
    """An answer that is not taken; its text is one of the words of `Fetched.failure`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """How much a request may take: bytes, seconds in all, and how often it is tried."""

    size: int = SIZE_LIMIT
    seconds: float = TOTAL_TIMEOUT
    attempts: int = ATTEMPTS


USUAL: Limits = Limits()


@dataclass(frozen=True, kw_only=True, slots=True)
class Fetched:
    """What an address gave. `status` 0: no answer; `failure` says why (``name``, ``connect``, ``timeout``, ``tls``,
    ``redirect``, ``too-large``, ``cut-off``, ``coding``), `name` is the file's, `etag` what a later request can
    ask with.
    """

    url: str
    name: str
    data: bytes = b""
    status: int = 0
    content_type: str = ""
    failure: str = ""
    etag: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    def served(self, licence: str) -> Served:
        """What the score needs to know of the way the bytes came; the server may state the licence (RFC 8288)."""
        return Served(
            licence=licence or self.linked("license"),
            status=self.status,
            content_type=self.content_type,
            failure=self.failure,
        )

    def linked(self, relation: str) -> str:
        """The address that the server gives for what stands in a relation to the file; empty where it names none."""
        links = next((value for name, value in self.headers.items() if name.lower() == "link"), "")
        found = (link["url"] for link in parse_header_links(links) if relation in link.get("rel", "").lower().split())
        return next(found, "")


def fetch(url: str, limits: Limits = USUAL, etag: str = "") -> Fetched:
    """What `url` serves, tried again where it fails; never raises. With `etag` the answer may be 304, without data.

    The address itself may be on the own network, for somebody typed it; what it redirects to may then be too.
    A link-local address, where clouds keep their keys, is never followed.
    """
    deadline = time.monotonic() + limits.seconds
    with requests.Session() as session:
        # No credentials of this user (netrc) go out, and no cookies are kept; the proxy of the environment is used.
        session.trust_env = False
        session.headers.update(HEADERS | ({"If-None-Match": etag} if etag else {}))
        found = _attempt(session, url, limits, deadline)
        for _ in range(limits.attempts - 1):
            if 200 <= found.status < 400 or found.failure in ("redirect", "too-large"):
                break
            time.sleep(PAUSE)
            found = _attempt(session, url, limits, deadline)
    return found


def _attempt(session: requests.Session, url: str, limits: Limits, deadline: float) -> Fetched:
    named = Fetched(url=url, name=_base_name(url))
    try:
        return _followed(session, url, limits, deadline)
    except _Refused as error:
        return _failed(named, str(error))
    except requests.exceptions.SSLError:
        return _failed(named, "tls")
    except requests.exceptions.Timeout:
        return _failed(named, "timeout")
    except ValueError:  # an address that is none; what requests raises for it is a ValueError too
        return _failed(named, "name")
    except (requests.exceptions.RequestException, OSError):
        return _failed(named, "connect" if is_web_address(url) else "name")


def _failed(found: Fetched, failure: str) -> Fetched:
    return Fetched(url=found.url, name=found.name, failure=failure)


def _followed(session: requests.Session, url: str, limits: Limits, deadline: float) -> Fetched:
    """The answer at the end of the redirects."""
    place, public = url, False  # whether a machine on the internet has had a say in where we are
    for _ in range(REDIRECTS + 1):
        with _answer(session, place) as response:
            here = _public_peer(response, place)
            if public and not here:  # the name led elsewhere than when it was looked up
                raise _Refused("redirect")
            public = public or here
            if response.status_code not in MOVED or "Location" not in response.headers:
                return _taken(url, place, response, limits, deadline)
            target = urljoin(place, response.headers["Location"])
        if not is_web_address(target) or is_link_local(target) or (public and not _may_follow(target)):
            raise _Refused("redirect")
        place = target
    raise _Refused("redirect")


def _may_follow(target: str) -> bool:
    """Through a proxy names are not resolved here; the proxy's own rules hold then."""
    return bool(_proxy(target)) or is_public_host(target)


def _proxy(url: str) -> str:
    return str(select_proxy(url, get_environ_proxies(url)) or "")


def _answer(session: requests.Session, url: str) -> requests.Response:
    return session.get(
        url,
        stream=True,
        allow_redirects=False,
        timeout=(CONNECT_TIMEOUT, READ_TIMEOUT),
        proxies=dict(get_environ_proxies(url)),
        verify=os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE") or True,
    )


def _public_peer(response: requests.Response, url: str) -> bool:
    """The machine that answered is on the internet: by the connection itself, else by its name."""
    if _proxy(url):
        return is_public_host(url)
    with suppress(AttributeError, OSError, IndexError):
        connection: Any = response.raw.connection
        return is_public(str(connection.sock.getpeername()[0]))
    return is_public_host(url)


def _taken(url: str, place: str, response: requests.Response, limits: Limits, deadline: float) -> Fetched:
    data = b"" if response.status_code == 304 else b"".join(_body(response, limits.size, deadline))
    return Fetched(
        url=place,
        name=_file_name(response, url),
        data=data,
        status=response.status_code,
        content_type=response.headers.get("Content-Type", ""),
        etag=response.headers.get("ETag", ""),
        headers=dict(response.headers),
    )


def _body(response: requests.Response, limit: int, deadline: float) -> Iterator[bytes]:
    """The body in pieces, unpacked; refused past `limit` bytes or `deadline`."""
    size = 0
    for piece in _arriving(response):
        size += len(piece)
        if size > limit:
            raise _Refused("too-large")
        if time.monotonic() > deadline:
            raise _Refused("timeout")
        yield piece


def _arriving(response: requests.Response) -> Iterator[bytes]:
    """What has come so far, unpacked, as it comes; `iter_content` waits for a whole piece, a byte a second or not."""
    try:
        while piece := response.raw.read1(CHUNK, decode_content=True):
            yield piece
    except urllib3.exceptions.TimeoutError as error:
        raise _Refused("timeout") from error
    except urllib3.exceptions.DecodeError as error:
        raise _Refused("coding") from error
    except urllib3.exceptions.HTTPError as error:
        raise _Refused("cut-off") from error


def _file_name(response: requests.Response, url: str) -> str:
    """The name that the server gives the file, else that of the address asked for, else of where it led."""
    stated = FILE_NAME.search(response.headers.get("Content-Disposition", ""))
    given = _plain_name(unquote(next(filter(None, stated.groups()), ""))) if stated else ""
    names = [given, _base_name(url), _base_name(str(response.url))]
    return next((name for name in names if PurePosixPath(name).suffix), next(filter(None, names), "index"))


def _base_name(url: str) -> str:
    try:
        return _plain_name(unquote(urlsplit(url).path))
    except ValueError:
        return ""


def _plain_name(text: str) -> str:
    """The last part of a path, without control characters; a label, never a place on disk."""
    last = re.split(r"[/\\]", text)[-1]
    return "".join(char for char in last if char.isprintable())[:200]
