"""A CKAN portal, typed: the only module that imports ckanapi. A portal's refusals become `odkit.errors` exceptions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import requests
from ckanapi import RemoteCKAN
from ckanapi.errors import (
    CKANAPIError,
    NotAuthorized,
    NotFound,
    SearchIndexError,
    ServerIncompatibleError,
    ValidationError,
)

from odkit.errors import PortalError, PortalRefused, PortalRetry, PortalStop
from odkit.push.wire import USER_AGENT, TokenAuth, Wire, parted

Json = Mapping[str, object]

NAMELESS = re.compile(r"(?:User|ユーザー?) (?:None)? ?(?=not |には)")
"""CKAN puts the user's name into its refusals, in the portal's language: a wrong token leaves it empty."""

LONGEST_PROBLEM = 500


@dataclass(frozen=True)
class FilePart:
    """A file to send: the form `field` it goes in, its ASCII file name, bytes and media type."""

    field: str
    name: str
    content: bytes
    media_type: str


class Portal:
    """One CKAN portal at `url`, spoken to as the owner of a token. Not for several threads at once.

    Every method raises PortalStop (nothing will go through), PortalRefused (not this dataset) or PortalRetry
    (a passing fault); see help pages push.*. `create_organizations` says whether a push may create a publisher's
    organisation here. As a context manager it closes its connections.
    """

    def __init__(self, wire: Wire, *, create_organizations: bool = False) -> None:
        self.url = wire.url
        self.create_organizations = create_organizations
        self._wire = wire
        self._ckan = RemoteCKAN(wire.url, user_agent=USER_AGENT, session=wire)
        self._licences: tuple[Json, ...] | None = None

    def __repr__(self) -> str:
        return f"Portal({self.url!r})"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._wire.session.close()

    def address(self, name: str) -> str:
        """The page of the dataset called `name`."""
        return f"{self.url}/dataset/{name}"

    def read(self, action: str, data: Json, *, subject: str) -> Any:
        """The result of an action that changes nothing; `subject` names, in a refusal, what was asked about."""
        return self._call(action, data, subject=subject)

    def show(self, name: str) -> Json | None:
        """The dataset called `name`, as ``package_show`` gives it; None where there is none."""
        return self._found("package_show", name)

    def has_organization(self, name: str) -> bool:
        """Whether the organisation called `name` exists."""
        return self._found("organization_show", name) is not None

    def licences(self) -> tuple[Json, ...]:
        """The licences the portal knows: mappings with ``id``, ``title``, ``url``. Asked for once."""
        if self._licences is None:
            result = self._call("license_list", {}, subject=self.url)
            items = result if isinstance(result, list) else []
            self._licences = tuple(item for item in items if isinstance(item, Mapping))
        return self._licences

    def write(self, action: str, data: Json, *, subject: str, part: FilePart | None = None) -> Json:
        """Call an action that changes something; `subject` names, in a refusal, what was to be changed.

        With a file the values of `data` must be text: they travel in a form.
        """
        result = self._call(action, data, subject=subject, part=part)
        if not isinstance(result, Mapping):
            raise self._not_ckan()
        return result

    def sha256(self, address: str, limit: int) -> str:
        """The SHA-256 of the file the portal serves at `address`, "" where it serves none. See `Wire.sha256`."""
        return self._wire.sha256(address, limit)

    def _found(self, action: str, name: str) -> Json | None:
        """What a ``_show`` action gives, None where it finds nothing."""
        try:
            return self.write(action, {"id": name}, subject=name)
        except PortalRefused as refusal:
            if refusal.code != "push.not-found":
                raise
            return None

    def _call(self, action: str, data: Json, *, subject: str, part: FilePart | None = None) -> Any:
        """Call an action once and give its result, or one of our exceptions."""
        files = {part.field: (part.name, part.content, part.media_type)} if part else None
        try:
            return self._ckan.call_action(action, dict(data), files=files)
        except (CKANAPIError, ServerIncompatibleError, KeyError) as error:
            raise self._named(error, action, subject, part) from error

    def _named(self, error: Exception, action: str, subject: str, part: FilePart | None) -> PortalError:
        """The exception that tells the caller what to do next."""
        if isinstance(error, NotAuthorized):
            return self._forbidden(error, action, subject)
        if isinstance(error, ValidationError):
            return _invalid(error.error_dict, subject, part)
        if isinstance(error, NotFound):
            return PortalRefused("push.not-found", url=self.url, subject=subject)
        if self._wire.status == 413:
            return _too_large(subject, part)
        if self._wire.status >= 500 or isinstance(error, SearchIndexError):
            return PortalRetry("push.server-error", url=self.url, subject=subject, action=action)
        return self._not_ckan()

    def _forbidden(self, error: NotAuthorized, action: str, subject: str) -> PortalError:
        """A token that the portal does not know ends the run; one that may not write here, this dataset."""
        if NAMELESS.search(str(error)):
            return PortalStop("push.bad-token", url=self.url)
        return PortalRefused("push.not-allowed", url=self.url, subject=subject, action=action)

    def _not_ckan(self) -> PortalStop:
        return PortalStop("push.not-ckan", url=self.url, status=self._wire.status)


def connect(
    url: str, token: str = "", *, session: requests.Session | None = None, create_organizations: bool = False
) -> Portal:
    """The portal at `url` (``https://…``, up to where ``/api`` would follow), for the owner of `token`.

    `session` replaces our own `requests.Session`, for an embedded portal say; leaving the portal closes it. Nothing
    is sent yet. Raises PortalStop where `url` is no web address or `token` cannot be one.
    """
    url = url.strip().rstrip("/")
    parts = parted(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or "@" in parts.netloc or parts.query:
        raise PortalStop("push.bad-address", url=url if "@" not in url else "…")
    token = token.strip()
    if not (token.isascii() and re.fullmatch(r"[!-~]*", token)):
        raise PortalStop("push.bad-token", url=url)
    wire = Wire(url, TokenAuth(token), session or requests.Session())
    return Portal(wire, create_organizations=create_organizations)


def _invalid(errors: Json, subject: str, part: FilePart | None) -> PortalError:
    """What a ValidationError of CKAN means: its fields tell."""
    if "match" in errors:
        return PortalRetry("push.changed-meanwhile", dataset=subject)
    problems = "; ".join(_problems(errors))[:LONGEST_PROBLEM]
    if part and "upload" in errors and "too large" in problems:
        return _too_large(subject, part)
    if "owner_org" in errors:
        return PortalRefused("push.owner-org", subject=subject, problems=problems)
    return PortalRefused("push.invalid", subject=subject, problems=problems)


def _too_large(subject: str, part: FilePart | None) -> PortalRefused:
    name, size = (part.name, len(part.content)) if part else ("", 0)
    return PortalRefused("push.too-large", subject=subject, file=name, bytes=f"{size:,}")


def _problems(errors: object, path: str = "") -> list[str]:
    """Every message of a nested ValidationError, with the path of its field: ``resources.0.format: …``."""
    if isinstance(errors, Mapping):
        pairs = [(str(name), value) for name, value in errors.items() if name != "__type"]
    elif isinstance(errors, list) and any(isinstance(item, Mapping | list) for item in errors):
        pairs = [(str(number), value) for number, value in enumerate(errors)]
    else:
        words = ", ".join(map(str, errors)) if isinstance(errors, list) else str(errors)
        return [f"{path}: {words}"] if path else [words]
    return [line for name, value in pairs for line in _problems(value, f"{path}.{name}".lstrip("."))]
