"""Where a portal's token comes from: the environment, then the system's key store. Never a file of the project."""

from __future__ import annotations

import os

import keyring
from keyring.errors import KeyringError

SERVICE = "odkit"


def find_token(token_env: str) -> str:
    """The token that `token_env` (``ODKIT_TOKEN_120006``) names, in the environment or the key store.

    Returns "" where there is none, or no key store that works: the caller may then ask for it. Never raises.
    """
    return os.environ.get(token_env, "").strip() or _from_keyring(token_env)


def _from_keyring(name: str) -> str:
    """The key store's entry; a store that is absent, locked or broken holds nothing."""
    try:
        return (keyring.get_password(SERVICE, name) or "").strip()
    except (KeyringError, OSError, RuntimeError):
        return ""
