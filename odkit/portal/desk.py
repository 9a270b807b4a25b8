"""Where calls of the API are answered, whichever way they come: over HTTP (`odkit.portal.app`) or in this process."""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from odkit.portal.actions import ACTIONS, Action, Call
from odkit.portal.arrivals import MAX_JSON, is_file_field, json_object, kept_files, too_large
from odkit.portal.errors import ActionError, BadRequest
from odkit.portal.files import Stream, Upload
from odkit.portal.plain import plain
from odkit.portal.store import OpenStore, Record, Store, StoredResource

MAX_UPLOAD = 100 << 20
MAX_UPLOADS = 8  # files of full size that one call may carry
FORBIDDEN, GONE = 403, 404

Sent = tuple[str, str, int, Stream]
"""A file that is sent: the field of the form, its name, its bytes, and what they are read from."""


@dataclass(frozen=True, slots=True)
class Portal:
    """What is served. `tokens` maps a token to its user's name; it is nowhere but in memory.

    `site_url` is the address people and links use, without a slash at its end; `max_upload_bytes` holds per file.
    """

    store: Store
    site_url: str
    tokens: Mapping[str, str] = field(default_factory=dict, repr=False)
    max_upload_bytes: int = MAX_UPLOAD

    @property
    def max_bytes(self) -> int:
        """Bytes of all files that one call may carry."""
        return MAX_UPLOADS * self.max_upload_bytes

    def user(self, token: str) -> str:
        """The user with this token, empty for none. Takes as long for a wrong token as for a right one."""
        given = token.encode()
        matches = [name for known, name in self.tokens.items() if hmac.compare_digest(known.encode(), given)]
        return matches[0] if matches and token else ""


class Asked(Protocol):
    """A call as it has come, not looked at yet. `posted`: it may write."""

    user: str
    posted: bool

    def data(self) -> Record:
        """The caller's data; raises `ActionError`."""

    def uploads(self) -> AbstractContextManager[Mapping[str, Upload]]:
        """The files that come along, as long as the block lasts; raises `ActionError`."""


def answered(portal: Portal, name: str, asked: Asked) -> tuple[int, Any]:
    """Carry out one action: CKAN's status and what CKAN answers, mostly its envelope."""
    envelope = {"help": f"{portal.site_url}/api/3/action/help_show?name={name}"}
    try:
        result = _result(portal, name, asked)
    except BadRequest as error:
        return error.status, f"Bad request: {error.message}"
    except ActionError as error:
        return error.status, envelope | {"error": error.body(), "success": False}
    return 200, envelope | {"success": True, "result": result}


def _result(portal: Portal, name: str, asked: Asked) -> Any:
    action = ACTIONS.get(name)
    if action is None:
        raise BadRequest(f"Action name not known: {name}")
    if action.writes and not asked.posted:
        raise BadRequest("JSON Error: Invalid request. Please use POST method for your request")
    data = asked.data()
    if not action.writes:
        with portal.store.reading() as transaction:
            return action.run(Call(transaction, asked.user, portal.site_url, portal.store.files), data)
    return _written(portal, action, data, asked)


def _written(portal: Portal, action: Action, data: Record, asked: Asked) -> Any:
    """Run an action that writes. Files of strangers are not even stored: the action refuses them anyway."""
    files = portal.store.files
    if not asked.user:
        with portal.store.writing() as transaction:
            return action.run(Call(transaction, "", portal.site_url, files), data)
    with asked.uploads() as uploads, portal.store.writing() as transaction:
        return action.run(Call(transaction, asked.user, portal.site_url, files, uploads), data)


@dataclass(slots=True)
class _Here:
    """A call from this process: `body` is JSON, or the texts of a form with files beside."""

    portal: Portal
    user: str
    body: bytes | Mapping[str, str]
    files: Sequence[Sent]
    posted: bool = True

    def data(self) -> Record:
        if isinstance(self.body, bytes):
            if len(self.body) > MAX_JSON:
                raise BadRequest("JSON Error: Request data is too large")
            return json_object(self.body) if self.body else {}
        size = sum(len(value.encode()) for value in self.body.values())
        if size > MAX_JSON or sum(size for _, _, size, _ in self.files) > (self.portal.max_bytes if self.user else 0):
            raise too_large()
        return plain(dict(self.body))

    def uploads(self) -> AbstractContextManager[Mapping[str, Upload]]:
        sent = ((name, file_name, stream) for name, file_name, _, stream in self.files if is_file_field(name))
        return kept_files(sent, self.portal.store.files, self.portal.max_upload_bytes)


class Desk:
    """The portal for a caller in this process: the same actions and rules, and no web application in between."""

    def __init__(self, portal: Portal) -> None:
        self._portal = portal

    def answer(
        self, name: str, token: str, body: bytes | Mapping[str, str], files: Sequence[Sent] = ()
    ) -> tuple[int, str]:
        """Status and text of the answer to a call that was posted."""
        user = self._portal.user(token)
        status, told = answered(self._portal, name, _Here(self._portal, user, body, files))
        return status, json.dumps(told, ensure_ascii=False)

    def file(self, token: str, package_id: str, resource_id: str) -> Path | None:
        """Where the file of a resource is, None where this caller gets none."""
        found = found_file(self._portal.store, self._portal.user(token), package_id, resource_id)
        digest = "" if isinstance(found, int) else found.digest
        return self._portal.store.files.path(digest) if digest else None


def found_file(store: Store, user: str, package_id: str, resource_id: str) -> StoredResource | int:
    """The resource whose file a caller asks for; else the status that says why there is none."""
    with store.reading() as transaction:
        found = transaction.file_of(package_id, resource_id)
    if found is None:
        return GONE
    package, resource = found
    if not user and (package["private"] or package["state"] != "active"):
        return FORBIDDEN
    return resource


@contextmanager
def desk_in(folder: Path, *, site_url: str, tokens: Mapping[str, str]) -> Iterator[Desk]:
    """The desk of the portal kept in `folder`, which is made when first needed. See `odkit.portal.app.create_app`."""
    # As long as somebody is connected, SQLite does not put its log away after each call.
    with OpenStore.opened(folder) as store:
        yield Desk(Portal(store, site_url.rstrip("/"), dict(tokens)))
