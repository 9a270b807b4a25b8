"""Where tokens come from: the environment before the key store, and nothing breaks without either."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as NoKeyring
from keyring.errors import KeyringLocked

from odkit.errors import PortalStop
from odkit.push import connect, find_token

NAME = "ODKIT_TOKEN_120006"


class Store(KeyringBackend):
    """A key store in memory."""

    priority = -1.0  # never chosen by itself, for this module stays loaded while other tests run

    def get_password(self, service: str, username: str) -> str | None:
        return {("odkit", NAME): "stored"}.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        raise AssertionError("odkit stores no token")


class Locked(Store):
    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringLocked


class Broken(Store):
    def get_password(self, service: str, username: str) -> str | None:
        raise OSError("no bus")


Use = Callable[[Callable[[], KeyringBackend]], None]


@pytest.fixture
def use() -> Iterator[Use]:
    """Puts a key store in the place of the system's."""
    standing = keyring.get_keyring()
    yield lambda make: keyring.set_keyring(make())
    keyring.set_keyring(standing)


def test_the_environment_comes_first(monkeypatch: pytest.MonkeyPatch, use: Use) -> None:
    use(Store)
    monkeypatch.setenv(NAME, " given\n")
    assert find_token(NAME) == "given"


def test_the_key_store_comes_next(use: Use) -> None:
    use(Store)
    assert find_token(NAME) == "stored"
    assert find_token("ODKIT_TOKEN_121002") == ""


@pytest.mark.parametrize("store", [NoKeyring, Locked, Broken])
def test_a_key_store_that_does_not_work_holds_nothing(store: Callable[[], KeyringBackend], use: Use) -> None:
    use(store)
    assert find_token(NAME) == ""


def test_a_token_is_not_shown() -> None:
    with connect("https://ckan.example.jp", "top-secret") as portal:
        assert "top-secret" not in repr(portal) + repr(vars(portal))


@pytest.mark.parametrize("token", ["two words", "改行", "a\nb", "a\x00b"])
def test_what_cannot_be_a_token_is_refused_unsent(token: str) -> None:
    with pytest.raises(PortalStop) as caught:
        connect("https://ckan.example.jp", token)
    assert caught.value.code == "push.bad-token"
    assert token not in caught.value.text("ja") + caught.value.text("en")
