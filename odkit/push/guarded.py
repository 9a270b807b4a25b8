"""A session for addresses that strangers wrote: it reaches the portal and public hosts, nothing inside a network.

The check is made on the connection, after the name is resolved and before a byte is sent, at every redirect: neither
a redirect nor a name that changes its address gets round it. A proxy of the environment is trusted to guard itself.
"""

from __future__ import annotations

import socket
from ipaddress import ip_address
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import NewConnectionError

MOST_REDIRECTS = 5


def guarded_session(portal_url: str, session: requests.Session | None = None) -> requests.Session:
    """A session for downloads from the portal at `portal_url` and from wherever it points to.

    `session` answers for the portal's own addresses (an embedded portal, say). No cookies, tokens or ``.netrc``
    entries go along; bodies are not packed, so that none unfolds without end.
    """
    made = session or requests.Session()
    home = f"{portal_url.rstrip('/')}/"
    own = made.get_adapter(home)
    made.mount("http://", GuardedAdapter())
    made.mount("https://", GuardedAdapter())
    made.mount(home, own)
    made.auth = _no_credentials
    made.max_redirects = MOST_REDIRECTS
    made.headers["Accept-Encoding"] = "identity"
    return made


def _no_credentials(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Stands where requests would look into ``.netrc``."""
    return request


class NotPublicError(NewConnectionError):
    """An address leads into a network that is not everyone's."""


class GuardedAdapter(HTTPAdapter):
    """Connects to public addresses only."""

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        """Make the pools, with connections that look where they went."""
        super().init_poolmanager(*args, **options)
        manager: PoolManager = self.poolmanager
        manager.pool_classes_by_scheme = {"http": _HttpPool, "https": _HttpsPool}


def _public(connection: HTTPConnection, made: socket.socket) -> socket.socket:
    """`made`, if it leads to a public address; raises NotPublicError."""
    if not ip_address(made.getpeername()[0].partition("%")[0]).is_global:
        made.close()
        raise NotPublicError(connection, "not a public address")
    return made


class _Http(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return _public(self, super()._new_conn())


class _Https(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return _public(self, super()._new_conn())


class _HttpPool(HTTPConnectionPool):
    ConnectionCls = _Http


class _HttpsPool(HTTPSConnectionPool):
    ConnectionCls = _Https
