"""What every action is given, and the look-ups and permissions that all of them share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from odkit.portal.datasets import Write, revised_package
from odkit.portal.errors import NotAuthorized, NotFound, ValidationFailed, missing
from odkit.portal.files import Files, Upload
from odkit.portal.records import derived_id, shown_package
from odkit.portal.store import Record, StoredPackage, Transaction


@dataclass(frozen=True, slots=True)
class Call:
    """One call of an action: who calls (empty: anonymous), within which transaction, with which files."""

    transaction: Transaction
    user: str
    site_url: str
    files: Files
    uploads: Mapping[str, Upload] = field(default_factory=dict)

    def require_user(self, what: str, name: str = "") -> None:
        """Let only known users on. `name` is how CKAN calls an anonymous caller in this message."""
        if not self.user:
            raise NotAuthorized(name, what)

    def shown(self, package: StoredPackage) -> Record:
        """A dataset as the API shows it."""
        return shown_package(self.transaction, self.site_url, package, self.files)

    def may_read(self, package: StoredPackage) -> bool:
        """Whether the caller may see a dataset: anybody what is public and active, users everything."""
        return bool(self.user) or (package.body["state"] == "active" and not package.body["private"])

    def store(
        self, wanted: Mapping[str, Any], current: StoredPackage | None = None, touched: str = ""
    ) -> StoredPackage:
        """Write a dataset and take in the files that come with it; a write that changes nothing is none."""
        write = Write(self.transaction, current, wanted, derived_id("user", self.user), touched)
        package = revised_package(write)
        if package is not current:
            arrived = {upload.digest: upload for upload in self.uploads.values()}
            for digest in {resource.digest for resource in package.resources} & set(arrived):
                self.files.place(arrived[digest])
            self.transaction.put_package(package)
        return package


@dataclass(frozen=True, slots=True)
class Action:
    """An action and whether it writes: then it takes POST only and one write transaction."""

    run: Callable[[Call, Record], Any]
    writes: bool = False


def text_of(data: Mapping[str, Any], name: str, error_name: str = "") -> str:
    """A required text of the caller's data. Raises `ValidationFailed` where it is missing or no text."""
    value = data.get(name)
    if value in (None, ""):
        raise missing(error_name or name)
    if not isinstance(value, str):
        raise ValidationFailed({error_name or name: ["Must be a string"]})
    return value


def number_of(data: Mapping[str, Any], name: str, default: int) -> int:
    """A whole number of the caller's data, also as text. Raises `ValidationFailed` for anything else."""
    value = data.get(name)
    if value in (None, ""):
        return default
    try:
        return int(value) if not isinstance(value, bool | list | dict) else int("")
    except ValueError:
        raise ValidationFailed({name: ["Invalid integer"]}) from None


def page_of(data: Mapping[str, Any], items: list[Any]) -> list[Any]:
    """The part of a list that limit and offset ask for."""
    offset = max(number_of(data, "offset", 0), 0)
    limit = number_of(data, "limit", len(items)) or len(items)
    return items[offset : offset + max(limit, 0)]


def package_of(call: Call, key: str, not_found: str = "") -> StoredPackage:
    """The dataset with this id or name. Raises `NotFound`."""
    package = call.transaction.package(key)
    if package is None:
        raise NotFound(not_found)
    return package
