"""Addresses of schedulers: which are taken, and how others are shown."""

from __future__ import annotations

import re

from odkit.errors import UsageError

FORM = re.compile(
    r"(?:(?:tcp|tls|wss?|ucxx?)://)?(?:[^\s/@:?#\[\]]+|\[[0-9a-f:.]+(?:%\w+)?\]):(?P<port>[0-9]{1,5})", re.IGNORECASE
)
PORTS = range(1, 1 << 16)
QUERY = re.compile(r"[?#].*", re.DOTALL)


def scheduler_at(address: str) -> str:
    """`address`, where it is of the form of a scheduler's: Dask waits long for others, and ends with a traceback.

    Raises UsageError where it is not, or where it holds a user or a password: Dask has no use for them.
    """
    found = FORM.fullmatch(address)
    if not found or int(found["port"]) not in PORTS:
        raise UsageError("cli.scheduler-address", address=_shown(address))
    return address


def _shown(address: str) -> str:
    # Up to the last @: a password may have any character in it.
    before, at, host = address.rpartition("@")
    scheme, mark, _ = before.partition("://")
    return (f"{scheme}{mark}***@" if mark else "***@" if at else "") + QUERY.sub("?…", host)
