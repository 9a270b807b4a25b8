"""Addresses of stores: which are taken, and how they are shown."""

from __future__ import annotations

import re

from odkit.errors import UsageError

SCHEME = re.compile(r"([a-z][a-z0-9+.-]*)://(.+)", re.IGNORECASE)
SECRET = re.compile(r"(//[^/@\s:]*):[^@\s]*@")
QUERY = re.compile(r"\?\S*")
OF_ONE_PROCESS = frozenset({"memory", "data"})
LOCAL = frozenset({"file", "local"})


def checked(address: str) -> str:
    """`address`, where it may be that of a store.

    Raises UsageError where it is none, where no other machine could open it, and where it holds a password.
    """
    found = SCHEME.fullmatch(address)
    scheme, rest = (found[1].lower(), found[2]) if found else ("", "")
    if SECRET.search(address) or "?" in address:
        raise UsageError("cli.store-secret", address=shown(address))
    relative = scheme in LOCAL and not rest.startswith("/")
    if not rest.strip("/") or scheme in OF_ONE_PROCESS or relative or "::" in address:
        raise UsageError("cli.store-address", address=shown(address))
    return address


def shown(text: str) -> str:
    """A text, a message of a driver say, without the passwords and the queries of its addresses."""
    return QUERY.sub("?…", SECRET.sub(r"\1:***@", text))
