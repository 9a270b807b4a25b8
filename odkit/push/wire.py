"""HTTP as a portal needs it: time limits, no redirected writes, streamed files, bounded answers, and faults named by
what to do next.

Proxies and private certificates are those of the environment (``HTTPS_PROXY``, ``REQUESTS_CA_BUNDLE``).
"""

from __future__ import annotations

import hashlib
import math
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult, urlsplit

import requests
from requests import exceptions as faults
from urllib3.exceptions import ProtocolError

from odkit import __version__
from odkit.errors import PortalRetry, PortalStop
from odkit.push.upload import Form

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from odkit.push.upload import FilePart

TIMEOUT = (10, 120)
"""Seconds to connect, and to wait for the next bytes."""

LARGEST_ANSWER = 64 * 2**20
"""Bytes of an action's answer. A dataset with a thousand resources takes about one MiB."""

USER_AGENT = f"odkit/{__version__}"
BUSY = frozenset({429, 502, 503, 504})
CHUNK = 2**16
LONGEST_PAUSE_DIGITS = 6


@dataclass(frozen=True)
class Answer:
    """What ckanapi reads of a response."""

    status_code: int
    text: str


class TokenAuth(requests.auth.AuthBase):
    """Sends the token, and keeps requests from putting an entry of ``.netrc`` in its place."""

    def __init__(self, token: str) -> None:
        self._token = token

    @property
    def anonymous(self) -> bool:
        """Whether there is none."""
        return not self._token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """The request, with the token if there is one."""
        if self._token:
            request.headers["Authorization"] = self._token
        return request

    def __repr__(self) -> str:
        return "TokenAuth(…)"


@dataclass
class Wire:
    """Stands in for a session towards ckanapi (which calls `post`), and downloads. One per thread."""

    url: str
    auth: TokenAuth
    session: requests.Session = field(repr=False)
    status: int = 0
    date: float | None = None

    def post(self, url: str, **request: Any) -> Answer:
        """Post once, without following redirects; the time limits are ours. `status` and `date` keep the answer's.

        Files are a sequence of `FilePart`: they are streamed. Raises PortalRetry for a passing fault, PortalStop
        where no answer comes, or a redirect.
        """
        self.status = 0
        parts: Sequence[FilePart] = request.pop("files", None) or ()
        if not parts:
            return self._post(url, request)
        texts = {name.decode(): value.decode() for name, value in request["data"].items()}
        with Form(texts, parts) as form:
            headers = {**request["headers"], "Content-Type": form.content_type}
            return self._post(url, {**request, "data": form, "headers": headers})

    def _post(self, url: str, request: dict[str, Any]) -> Answer:
        request.update(timeout=TIMEOUT, allow_redirects=False, stream=True, auth=self.auth)
        with self._faults(), self.session.post(url, **request) as response:
            self.status = response.status_code
            self.date = _moment(response.headers.get("Date", ""))
            self._check(response)
            return Answer(response.status_code, self._bounded(response, LARGEST_ANSWER).decode("utf-8", "replace"))

    def sha256(self, address: str, limit: int) -> str:
        """Hash the file at `address` (its path on this portal); "" where it cannot be had.

        Reading ends soon after `limit` bytes: a longer file has another hash anyway.
        """
        with self._faults(), self._download(address) as response:
            return hash_up_to(response.iter_content(CHUNK), limit) if response.ok else ""

    def content(self, address: str, limit: int) -> bytes:
        """The file at `address` (its path on this portal); empty where there is none of up to `limit` bytes."""
        with self._faults(), self._download(address) as response:
            body = b"".join(up_to(response.iter_content(CHUNK), limit)) if response.ok else b""
        return body if len(body) <= limit else b""

    def _download(self, address: str) -> requests.Response:
        """Ask for a file of this portal. The token goes to the portal only, wherever its settings say it stands."""
        home, there = urlsplit(self.url), parted(address)
        url = there._replace(scheme=home.scheme, netloc=home.netloc).geturl()
        headers = {"User-Agent": USER_AGENT, "Cache-Control": "no-cache"}
        response = self.session.get(url, headers=headers, timeout=TIMEOUT, stream=True, auth=self.auth)
        if response.status_code in BUSY:
            response.close()
            raise self._busy(response)
        if response.status_code >= 500:
            response.close()
            name = there.path.rpartition("/")[2]
            raise PortalRetry("push.server-error", url=self.url, subject=name, action="download")
        return response

    def _busy(self, response: requests.Response) -> PortalRetry:
        pause = seconds_asked(response.headers.get("Retry-After", ""))
        return PortalRetry("push.busy", url=self.url, status=response.status_code, pause=pause)

    def _check(self, response: requests.Response) -> None:
        """Raise for the answers that carry no CKAN's words."""
        if response.status_code in BUSY:
            raise self._busy(response)
        if response.is_redirect or 300 <= response.status_code < 400:
            raise PortalStop("push.redirected", url=self.url, location=origin(response.headers.get("Location", "")))

    def _bounded(self, response: requests.Response, limit: int) -> bytes:
        """The body, as long as it has a size that an action's answer can have."""
        body = b"".join(up_to(response.iter_content(CHUNK), limit))
        if len(body) > limit:
            raise PortalStop("push.not-ckan", url=self.url, status=response.status_code)
        return body

    @contextmanager
    def _faults(self) -> Iterator[None]:
        """Turns what requests raises into what the caller does next, without its texts: they may quote a header."""
        try:
            yield
        except faults.Timeout as error:
            raise PortalRetry("push.timeout", url=self.url) from error
        except faults.RequestException as error:
            if isinstance(error, faults.ChunkedEncodingError) or _broken_off(error):
                raise PortalRetry("push.broken-off", url=self.url) from error
            raise PortalStop("push.unreachable", url=self.url) from error
        except ValueError as error:
            # requests reads the address of a redirect even where it is not to follow it.
            raise PortalStop("push.redirected", url=self.url, location="?") from error


def _broken_off(error: faults.RequestException) -> bool:
    """Whether a connection that stood was cut: the portal may have done what was asked."""
    return isinstance(error, faults.ConnectionError) and isinstance(error.args[:1] and error.args[0], ProtocolError)


def _moment(date: str) -> float | None:
    """The time of a ``Date`` header in seconds, None where it is none."""
    try:
        return parsedate_to_datetime(date).timestamp()
    except (ValueError, OverflowError):
        return None


def seconds_asked(retry_after: str) -> str:
    """The seconds that a ``Retry-After`` header asks for, as a number or until a time; "" where it asks for none."""
    asked = retry_after.strip()
    if asked.isascii() and asked.isdigit():
        return asked if len(asked) < LONGEST_PAUSE_DIGITS else ""
    moment = _moment(asked)
    return "" if moment is None else str(max(0, math.ceil(moment - time.time())))


def hash_up_to(chunks: Iterable[bytes], limit: int) -> str:
    """The SHA-256 of `chunks`, read no further than the chunk that passes `limit` bytes."""
    digest = hashlib.sha256()
    for chunk in up_to(chunks, limit):
        digest.update(chunk)
    return digest.hexdigest()


def up_to(chunks: Iterable[bytes], limit: int) -> Iterator[bytes]:
    """The chunks, ended by the one that passes `limit` bytes: whoever reads them can tell that there is more."""
    size = 0
    for chunk in chunks:
        yield chunk
        size += len(chunk)
        if size > limit:
            return


def origin(address: str) -> str:
    """The scheme and host of an address, without its path, query and credentials."""
    parts = parted(address)
    return f"{parts.scheme}://{parts.hostname}" if parts.hostname else ""


def parted(address: str) -> SplitResult:
    """The parts of an address; all empty where it cannot be one (``http://[``)."""
    try:
        return urlsplit(address)
    except ValueError:
        return urlsplit("")
