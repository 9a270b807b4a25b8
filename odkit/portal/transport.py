"""The portal without a socket: a transport for requests that calls the application in this process.

`odkit publish` and the tests talk to the embedded portal with the same client code as to any CKAN.
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from requests import PreparedRequest, Response, Session
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict
from requests.utils import get_encoding_from_headers
from urllib3 import HTTPHeaderDict, HTTPResponse
from werkzeug.test import EnvironBuilder, run_wsgi_app

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


MEASURES = frozenset({"Content-Length", "Transfer-Encoding"})
"""Headers about the way a body travels, which here is whole."""


class WsgiAdapter(BaseAdapter):
    """Sends requests to a WSGI application. Bodies are whole, in both directions; timeouts have no meaning here."""

    def __init__(self, app: WSGIApplication) -> None:
        super().__init__()
        self.app = app

    def send(self, request: PreparedRequest, *_args: object, **_options: object) -> Response:
        """The application's answer to a request; how to connect (timeout, proxies …) does not matter."""
        iterable, status, headers = run_wsgi_app(self.app, _environ(request), buffered=True)
        return _response(request, status, list(headers.items()), b"".join(iterable))

    def close(self) -> None:
        """Nothing is kept open."""


def embedded_session(app: WSGIApplication, url: str) -> Session:
    """A session in which every address below `url` is answered by `app`; all others go out as usual."""
    session = Session()
    session.mount(url.rstrip("/") + "/", WsgiAdapter(app))
    return session


def _environ(request: PreparedRequest) -> dict[str, object]:
    """A WSGI environment that says what the request says."""
    parts = urlsplit(request.url or "")
    builder = EnvironBuilder(
        path=parts.path,
        query_string=parts.query,
        base_url=f"{parts.scheme}://{parts.netloc}/",
        method=request.method or "GET",
        headers=[(name, value) for name, value in request.headers.items() if name not in MEASURES],
        # The builder measures what it is given: the real body, which may be a stream, takes this one's place.
        input_stream=BytesIO(),
    )
    try:
        environ = builder.get_environ()
    finally:
        builder.close()
    stream, size = _body(request)
    return {**environ, "wsgi.input": stream, "CONTENT_LENGTH": str(size)}


def _body(request: PreparedRequest) -> tuple[Any, int]:
    """The body of a request to read, whatever the session was given, and its size in bytes.

    What can be read already, with a size that is known, is read where it is wanted and never whole in memory.
    """
    body: Any = request.body
    length = request.headers.get("Content-Length", "")
    if hasattr(body, "read") and length:
        return body, int(length)
    if body is None or isinstance(body, str | bytes):
        whole = body.encode() if isinstance(body, str) else body or b""
    else:
        whole = bytes(body.read()) if hasattr(body, "read") else b"".join(body)
    return BytesIO(whole), len(whole)


def _response(request: PreparedRequest, status: str, headers: list[tuple[str, str]], body: bytes) -> Response:
    code, _, reason = status.partition(" ")
    response = Response()
    response.status_code, response.reason = int(code), reason
    response.headers = CaseInsensitiveDict(headers)
    response.encoding = get_encoding_from_headers(response.headers)
    response.raw = HTTPResponse(
        BytesIO(body),
        headers=HTTPHeaderDict(headers),
        status=int(code),
        reason=reason,
        preload_content=False,
        request_method=request.method,
    )
    response.url, response.request = request.url or "", request
    return response
