"""A CKAN portal, typed: the only module that imports ckanapi. A portal's refusals become `odkit.errors` exceptions."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Self

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
from odkit.push.interrupt import after_this_call
from odkit.push.near import Desk, Near
from odkit.push.patience import patiently
from odkit.push.rules import Rules
from odkit.push.wire import USER_AGENT, TokenAuth, Wire, parted

if TYPE_CHECKING:
    from odkit.push.journal import Journal
    from odkit.push.upload import FilePart

Json = Mapping[str, object]

NAMELESS = re.compile(r"(?:User|ユーザー?) (?:None)? ?(?=not |には)")
"""CKAN puts the user's name into its refusals, in the portal's language: a wrong token leaves it empty."""

ITSELF_ALONE = {f"include_{part}": False for part in ("users", "groups", "tags", "followers", "dataset_count")}
"""An organisation without its members and what else takes a portal three times as long to gather."""

LONGEST_PROBLEM = 500
PAGE, MOST_FORESEEN = 250, 100_000


class Portal:
    """One CKAN portal at `url`, spoken to as the owner of a token. Not for several threads at once.

    Every method raises PortalStop (nothing will go through), PortalRefused (not this dataset) or PortalRetry
    (a passing fault); see help pages push.*. What only reads is tried again after a passing fault, a write is not:
    whether a repeat is safe is known to who writes. `rules` say what a push may do here. As a context manager it
    closes its connections and ends its journal.
    """

    def __init__(self, wire: Wire, rules: Rules, journal: Journal | None) -> None:
        self.url = wire.url
        self.rules = rules
        self._wire = wire
        self._journal = journal
        self._ckan = RemoteCKAN(wire.url, user_agent=USER_AGENT, session=wire)
        self._licences: tuple[Json, ...] | None = None
        self._organizations: dict[str, Json] = {}
        self._roles: Mapping[str, str] | None = None
        self._extensions: frozenset[str] | None = None
        self._fields: Mapping[str, bool] | None = None
        self._foreseen: dict[str, Json] = {}
        self._written = -math.inf

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
        return patiently(self.rules, lambda: self._call(action, data, subject=subject))

    def show(self, name: str) -> Json | None:
        """The dataset called `name`, as ``package_show`` gives it; None where there is none."""
        return self._found("package_show", name)

    def foresee(self, organization: str) -> None:
        """Ask for all datasets of an organisation at once: `foreseen` then knows them.

        A portal that does not answer such a question is asked dataset by dataset, as ever.
        """
        with suppress(PortalError):
            for item in self._datasets(organization, include_private=True):
                self._foreseen[str(item.get("name"))] = item

    def names(self, organization: str) -> list[str]:
        """The names of all public datasets of an organisation, sorted."""
        return sorted(str(item.get("name")) for item in self._datasets(organization, include_private=False))

    def _datasets(self, organization: str, *, include_private: bool) -> Iterator[Json]:
        """All datasets of an organisation, page by page."""
        data = {"fq": f'organization:"{organization}"', "include_private": include_private, "rows": PAGE}
        for start in range(0, MOST_FORESEEN, PAGE):
            page = {**data, "start": start, "sort": "name asc"}
            found = self.read("package_search", page, subject=organization)
            results = found.get("results") if isinstance(found, Mapping) else None
            listed = [item for item in results if isinstance(item, Mapping)] if isinstance(results, list) else []
            yield from listed
            if len(listed) < PAGE:
                return

    def foreseen(self, name: str) -> Json | None:
        """The dataset called `name` as the index had it, told once. An index may lag: no ground for a write."""
        return self._foreseen.pop(name, None)

    def organization(self, name: str) -> Json | None:
        """The organisation called `name`, None where there is none. One that was found is not asked for again."""
        if name not in self._organizations:
            found = self._found("organization_show", name, **ITSELF_ALONE)
            if found is None:
                return None
            self._organizations[name] = found
        return self._organizations[name]

    def may_publish_for(self, organization: str) -> bool:
        """Whether the token's owner may publish for an organisation, as far as the portal tells.

        It tells nobody who it takes a token for: to one that it does not know it lists nothing.
        """
        roles = self.roles()
        return not roles or organization in roles

    def roles(self) -> Mapping[str, str]:
        """The organisations that the token's owner may publish for, each with their role. Asked for once."""
        if self._roles is None:
            result = self.read("organization_list_for_user", {"permission": "create_dataset"}, subject=self.url)
            listed = [item for item in result if isinstance(item, Mapping)] if isinstance(result, list) else []
            self._roles = {str(item.get("name")): str(item.get("capacity")) for item in listed}
        return self._roles

    def fields(self) -> Mapping[str, bool]:
        """The fields of a dataset where the portal has a schema of its own (ckanext-scheming): name -> required.

        Empty where it has none. Asked for once.
        """
        if self._fields is None:
            listed: list[Json] = []
            if "scheming_datasets" in self.extensions():
                schema = self.read("scheming_dataset_schema_show", {"type": "dataset"}, subject=self.url)
                found = schema.get("dataset_fields") if isinstance(schema, Mapping) else None
                listed = [item for item in found if isinstance(item, Mapping)] if isinstance(found, list) else []
            self._fields = {str(item.get("field_name")): bool(item.get("required")) for item in listed}
        return self._fields

    def clock_difference(self) -> float | None:
        """How many seconds the portal's clock is ahead of this machine's, None where it has not told the time."""
        return None if self._wire.date is None else self._wire.date - time.time()

    def licences(self) -> tuple[Json, ...]:
        """The licences the portal knows: mappings with ``id``, ``title``, ``url``. Asked for once."""
        if self._licences is None:
            result = self.read("license_list", {}, subject=self.url)
            items = result if isinstance(result, list) else []
            self._licences = tuple(item for item in items if isinstance(item, Mapping))
        return self._licences

    def extensions(self) -> frozenset[str]:
        """The names of the portal's plugins. Asked for once."""
        if self._extensions is None:
            status = self.status()
            listed = status.get("extensions")
            self._extensions = frozenset(map(str, listed)) if isinstance(listed, list) else frozenset()
        return self._extensions

    def status(self) -> Json:
        """What the portal says of itself: ``ckan_version``, ``extensions`` …"""
        result = self.read("status_show", {}, subject=self.url)
        if not isinstance(result, Mapping):
            raise self._not_ckan()
        return result

    def write(self, action: str, data: Json, *, subject: str, parts: Sequence[FilePart] = ()) -> Json:
        """As `command`, for an action that answers with what it has made."""
        result = self.command(action, data, subject=subject, parts=parts)
        if not isinstance(result, Mapping):
            raise self._not_ckan()
        return result

    def command(self, action: str, data: Json, *, subject: str, parts: Sequence[FilePart] = ()) -> Any:
        """Call an action that changes something, once; `subject` names what is changed, in a refusal and the journal.

        With files the values of `data` must be text: they travel in a form.
        """
        wait = self._written + self.rules.interval - time.monotonic()
        if wait > 0:
            time.sleep(wait)
        with after_this_call():
            self._tell(action, subject, "sent")
            try:
                result = self._call(action, data, subject=subject, parts=parts)
            except PortalError as error:
                self._tell(action, subject, error.code)
                raise
            finally:
                self._written = time.monotonic()
            self._tell(action, subject, "done")
        return result

    def sha256(self, address: str, limit: int) -> str:
        """The SHA-256 of the file the portal serves at `address`, "" where it serves none. See `Wire.sha256`."""
        return patiently(self.rules, lambda: self._wire.sha256(address, limit))

    def content(self, address: str, limit: int) -> bytes:
        """The file the portal serves at `address`, empty where it serves none of up to `limit` bytes."""
        return patiently(self.rules, lambda: self._wire.content(address, limit))

    def _tell(self, action: str, subject: str, outcome: str) -> None:
        if self._journal is not None:
            self._journal.tell(action=action, subject=subject, outcome=outcome)

    def _found(self, action: str, name: str, **wishes: bool) -> Json | None:
        """What a ``_show`` action gives, None where it finds nothing."""
        try:
            found = self.read(action, {"id": name, **wishes}, subject=name)
        except PortalRefused as refusal:
            if refusal.code != "push.not-found":
                raise
            return None
        if not isinstance(found, Mapping):
            raise self._not_ckan()
        return found

    def _call(self, action: str, data: Json, *, subject: str, parts: Sequence[FilePart] = ()) -> Any:
        """Call an action once and give its result, or one of our exceptions."""
        try:
            return self._ckan.call_action(action, dict(data), files=parts)
        except (CKANAPIError, ServerIncompatibleError, KeyError) as error:
            raise self._named(error, action, subject, parts) from error

    def _named(self, error: Exception, action: str, subject: str, parts: Sequence[FilePart]) -> PortalError:
        """The exception that tells the caller what to do next."""
        if isinstance(error, NotAuthorized):
            return self._forbidden(error, action, subject)
        if isinstance(error, ValidationError):
            return _invalid(error.error_dict, subject, parts)
        if isinstance(error, NotFound):
            return PortalRefused("push.not-found", url=self.url, subject=subject)
        if self._wire.status == 413:
            return _too_large(subject, parts)
        if self._wire.status >= 500 or isinstance(error, SearchIndexError):
            return PortalRetry("push.server-error", url=self.url, subject=subject, action=action)
        return self._not_ckan()

    def _forbidden(self, error: NotAuthorized, action: str, subject: str) -> PortalError:
        """A token that the portal does not know ends the run; one that may not write here, this dataset.

        The public, who has no token, may look at what is public.
        """
        if action == "package_show" and self._wire.auth.anonymous:
            return PortalRefused("push.not-public", url=self.url, subject=subject)
        if NAMELESS.search(str(error)):
            return PortalStop("push.bad-token", url=self.url)
        return PortalRefused("push.not-allowed", url=self.url, subject=subject, action=action)

    def _not_ckan(self) -> PortalStop:
        return PortalStop("push.not-ckan", url=self.url, status=self._wire.status)


def connect(
    url: str,
    token: str = "",
    *,
    session: requests.Session | None = None,
    desk: Desk | None = None,
    rules: Rules | None = None,
    journal: Journal | None = None,
) -> Portal:
    """The portal at `url` (``https://…``, up to where ``/api`` would follow), for the owner of `token`.

    `session` replaces our own `requests.Session`; leaving the portal closes it. A portal in this process answers over
    its `desk`. Nothing is sent yet. Raises PortalStop where `url` is no web address or `token` cannot be one.
    """
    url = url.strip().rstrip("/")
    parts = parted(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or "@" in parts.netloc or parts.query:
        raise PortalStop("push.bad-address", url=url if "@" not in url else "…")
    token = token.strip()
    if not (token.isascii() and re.fullmatch(r"[!-~]*", token)):
        raise PortalStop("push.bad-token", url=url)
    wire = Near(url, token, desk) if desk else Wire(url, TokenAuth(token), session or requests.Session())
    return Portal(wire, rules or Rules(), journal)


def _invalid(errors: Json, subject: str, parts: Sequence[FilePart]) -> PortalError:
    """What a ValidationError of CKAN means: its fields tell."""
    if "match" in errors:
        return PortalRetry("push.changed-meanwhile", dataset=subject)
    problems = "; ".join(_problems(errors))[:LONGEST_PROBLEM]
    if parts and "upload" in problems and "too large" in problems:
        return _too_large(subject, parts)
    if "owner_org" in errors:
        return PortalRefused("push.owner-org", subject=subject, problems=problems)
    return PortalRefused("push.invalid", subject=subject, problems=problems)


def _too_large(subject: str, parts: Sequence[FilePart]) -> PortalRefused:
    """The portal does not say which file it means: the largest is over the limit in any case."""
    largest = max(parts, key=lambda part: part.size, default=None)
    name, size = (largest.name, largest.size) if largest else ("", 0)
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
