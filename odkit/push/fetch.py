"""Downloads of other people's files: bounded, hashed on the way, whole or not there, not repeated without need."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import requests
from requests import exceptions as faults

from odkit.errors import PortalRefused, PortalRetry
from odkit.push.guarded import NotPublicError
from odkit.push.patience import patiently
from odkit.push.rules import Rules
from odkit.push.wire import BUSY, CHUNK, TIMEOUT, USER_AGENT, origin, seconds_asked, up_to

UNCHANGED = 304
REFUSALS = {401: "push.pull-forbidden", 403: "push.pull-forbidden", 404: "push.pull-gone", 410: "push.pull-gone"}
"""Status -> the code that says in words what it means; others are ``push.pull-failed``."""

FAULTS: tuple[tuple[type[Exception], str], ...] = (
    (faults.TooManyRedirects, "push.pull-redirects"),
    (faults.SSLError, "push.pull-certificate"),
    (ValueError, "push.pull-bad-address"),
)
"""What requests raises where no answer comes -> the code; all else is ``push.pull-no-connection``."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Fetched:
    """A file as it came: `etag` is what the server calls this version, "" where it says nothing."""

    sha256: str
    bytes: int
    etag: str = ""
    media_type: str = ""


@dataclass
class Fetcher:
    """Downloads for one portal over a guarded `session`; `most_bytes` is the largest file it takes."""

    portal_url: str
    session: requests.Session
    rules: Rules
    most_bytes: int

    def fetch(self, address: str, target: Path, *, uploaded: bool, etag: str = "") -> Fetched | None:
        """Download `address` to `target`, which appears when it is whole; None where the server still has `etag`.

        The address of a file that the portal itself keeps (`uploaded`) is taken on the portal's own host. Raises
        PortalRefused (``push.pull-…``, by the reason) where there is no such file or it is too large, PortalRetry.
        """
        url = self._address(address, uploaded=uploaded)
        return patiently(self.rules, lambda: self._fetch(url, target, etag))

    def _address(self, address: str, *, uploaded: bool) -> str:
        try:
            home, there = urlsplit(self.portal_url), urlsplit(urljoin(f"{self.portal_url}/", address.strip()))
        except ValueError:
            return address
        return there._replace(scheme=home.scheme, netloc=home.netloc).geturl() if uploaded else there.geturl()

    def _fetch(self, url: str, target: Path, etag: str) -> Fetched | None:
        headers = {"User-Agent": USER_AGENT, **({"If-None-Match": etag} if etag else {})}
        with self._faults(url), self.session.get(url, headers=headers, timeout=TIMEOUT, stream=True) as response:
            if response.status_code in BUSY:
                pause = seconds_asked(response.headers.get("Retry-After", ""))
                raise PortalRetry("push.busy", url=origin(url), status=response.status_code, pause=pause)
            if response.status_code == UNCHANGED:
                return None
            if not response.ok:
                code = REFUSALS.get(response.status_code, "push.pull-failed")
                raise PortalRefused(code, file=plain_address(url), status=response.status_code)
            return self._saved(response, target, url)

    def _saved(self, response: requests.Response, target: Path, url: str) -> Fetched:
        digest, size, part = hashlib.sha256(), 0, target.with_name(f"{target.name}.part")
        with part.open("wb") as file:
            for chunk in up_to(response.iter_content(CHUNK), self.most_bytes):
                file.write(chunk)
                digest.update(chunk)
                size += len(chunk)
        if size > self.most_bytes:
            part.unlink()
            raise PortalRefused("push.pull-too-large", file=plain_address(url), most=f"{self.most_bytes:,}")
        part.replace(target)
        media_type = response.headers.get("Content-Type", "").partition(";")[0].strip()
        return Fetched(
            sha256=digest.hexdigest(), bytes=size, etag=response.headers.get("ETag", ""), media_type=media_type
        )

    @contextmanager
    def _faults(self, url: str) -> Iterator[None]:
        """Turns what requests raises into what the caller does next, without addresses that may hold a secret."""
        try:
            yield
        except faults.Timeout as error:
            raise PortalRetry("push.timeout", url=origin(url)) from error
        except (faults.ChunkedEncodingError, faults.ContentDecodingError) as error:
            raise PortalRetry("push.broken-off", url=origin(url)) from error
        except (faults.RequestException, ValueError) as error:
            raise PortalRefused(code_of(error), file=plain_address(url)) from error


def code_of(error: Exception) -> str:
    """What kept a file from coming."""
    if isinstance(getattr(error.args[0], "reason", None) if error.args else None, NotPublicError):
        return "push.pull-internal"
    return next((code for kind, code in FAULTS if isinstance(error, kind)), "push.pull-no-connection")


def plain_address(url: str) -> str:
    """An address as it may be shown: without its query and credentials, which may hold a secret."""
    return url.partition("?")[0].rpartition("@")[2]
