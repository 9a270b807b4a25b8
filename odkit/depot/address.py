"""Addresses of stores: which are taken, and how they are shown."""

from __future__ import annotations

import re

from odkit.errors import UsageError

SCHEME = re.compile(r"([a-z][a-z0-9+.-]*)://(.+)", re.IGNORECASE)
SECRET = re.compile(r"(//[^/\s:]*):\S*@")
"""Up to the last @: a password may have any character in it."""
QUERY = re.compile(r"\?\S*")
FRAGMENT = re.compile(r"(//[^\s#]*)#\S*")
PASSWORD = re.compile(r"^([^/:]*):.*@", re.DOTALL)
REST = re.compile(r"[?#].*", re.DOTALL)
OF_ONE_PROCESS = frozenset({"memory", "data"})
LOCAL = frozenset({"file", "local"})


def checked(address: str) -> str:
    """`address`, where it may be that of a store.

    Raises UsageError where it is none, where no other machine could open it, and where it holds a password.
    """
    found = SCHEME.fullmatch(address)
    scheme, rest = (found[1].lower(), found[2]) if found else ("", "")
    safe = _bare(shown(address))
    if safe != address:
        raise UsageError("cli.store-secret", address=safe)
    relative = scheme in LOCAL and not rest.startswith("/")
    if not rest.strip("/") or scheme in OF_ONE_PROCESS or relative or "::" in address:
        raise UsageError("cli.store-address", address=address)
    return address


def shown(text: str) -> str:
    """A text, a message of a driver say, without the passwords, queries and fragments of its addresses."""
    return FRAGMENT.sub(r"\1#…", QUERY.sub("?…", SECRET.sub(r"\1:***@", text)))


def _bare(address: str) -> str:
    """All of the text is one address, with blanks too: without its password, its query and its fragment."""
    scheme, mark, rest = address.partition("://") if "://" in address else ("", "", address)
    rest = PASSWORD.sub(r"\1:***@", rest)
    return REST.sub(lambda found: f"{found[0][0]}…", f"{scheme}{mark}{rest}")
