"""What a dataset becomes when somebody writes it: CKAN's rules over all its fields, then one comparison.

`revised_package` is where every write of a dataset or a resource ends. A write that changes nothing leaves
metadata_modified alone, as CKAN 2.12 does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from odkit.portal.errors import ValidationFailed
from odkit.portal.records import is_moment, moment
from odkit.portal.resources import stored_resources
from odkit.portal.store import Record, StoredPackage, Transaction
from odkit.portal.values import (
    as_flag,
    as_text,
    as_uuid,
    email_errors,
    extras_errors,
    objects,
    package_name_errors,
    stored_extras,
    tag_error,
)

TEXT_FIELDS = ("author", "author_email", "license_id", "maintainer", "maintainer_email", "notes", "url", "version")
STATES = ("active", "draft", "deleted")


@dataclass(frozen=True, slots=True)
class Write:
    """One write of a dataset: what is there (None: a new one), what is wanted, who wants it.

    `touched` is the id of a resource that counts as changed whatever it holds. A metadata_modified in `wanted` is
    taken as it is, as CKAN does for its sysadmins: callers who want the clock leave it out.
    """

    transaction: Transaction
    current: StoredPackage | None
    wanted: Mapping[str, Any]
    user_id: str
    touched: str = ""


def revised_package(write: Write) -> StoredPackage:
    """The dataset after the write, not stored yet. Raises `ValidationFailed` with everything that is wrong."""
    current, wanted = write.current, write.wanted
    tags, extras = objects(wanted, "tags"), objects(wanted, "extras")
    now = moment(current.body["metadata_modified"] if current else "")
    errors = _name_errors(write) | _owner_errors(write) | _field_errors(wanted, tags, extras)
    resources, resource_errors = stored_resources(write.transaction, current, wanted, write.touched, now)
    if any(resource_errors):
        errors["resources"] = resource_errors
    if errors:
        raise ValidationFailed(errors)
    body = _body(write) | {"tags": sorted({str(as_text(tag["name"])) for tag in tags}), "extras": stored_extras(extras)}
    given = as_text(wanted.get("metadata_modified"))
    if given:
        body["metadata_modified"] = given
    if current and body == current.body and resources == current.resources:
        return current
    return StoredPackage(body | {"metadata_modified": given or now}, resources)


def _body(write: Write) -> Record:
    """The dataset's own fields but tags and extras, with the times it has so far."""
    before = write.current.body if write.current else {}
    wanted, created = write.wanted, moment()
    name = str(wanted.get("name") or before["name"])
    owner = write.transaction.organization(str(wanted.get("owner_org") or before["owner_org"])) or {}
    state = wanted.get("state", before.get("state", "active"))
    return {
        **{field: as_text(wanted.get(field)) for field in TEXT_FIELDS},
        "creator_user_id": before.get("creator_user_id", write.user_id),
        "id": before.get("id") or as_uuid(wanted.get("id")) or str(uuid4()),
        "metadata_created": before.get("metadata_created", created),
        "metadata_modified": before.get("metadata_modified", created),
        "name": name,
        "owner_org": owner["id"],
        "private": as_flag(wanted.get("private", before.get("private", False))),
        "state": state if state in STATES else "active",
        "title": as_text(wanted.get("title")) or name,
        "type": before.get("type") or as_text(wanted.get("type")) or "dataset",
    }


def _name_errors(write: Write) -> Record:
    """What is wrong with id and name."""
    current, wanted = write.current, write.wanted
    if current is None and wanted.get("id"):
        if not as_uuid(wanted["id"]):
            return {"id": ["Invalid id provided"]}
        if write.transaction.package(str(wanted["id"])):
            return {"id": ["Dataset id already exists"]}
    name = as_text(wanted.get("name")) or (current.body["name"] if current else "")
    if not name:
        return {"name": ["Missing value"]}
    errors = package_name_errors(name)
    holder = None if errors else write.transaction.package(name)
    if holder and (current is None or holder.id != current.id):
        errors = ["That URL is already in use."]
    return {"name": errors} if errors else {}


def _owner_errors(write: Write) -> Record:
    """What is wrong with the organisation; a dataset that has one keeps it when none is named."""
    key = write.wanted.get("owner_org")
    if not key and (write.current is None or key == ""):
        return {"owner_org": ["An organization must be provided"]}
    if key and write.transaction.organization(str(key)) is None:
        return {"owner_org": ["Organization does not exist"]}
    return {}


def _field_errors(wanted: Mapping[str, Any], tags: list[Record], extras: list[Record]) -> Record:
    """What is wrong with tags, extras and the fields that stand alone."""
    errors = extras_errors(extras)
    wrong = list(filter(None, map(tag_error, tags)))
    if wrong:
        errors["tags"] = wrong
    for field in ("author_email", "maintainer_email"):
        if messages := email_errors(as_text(wanted.get(field))):
            errors[field] = messages
    if len(as_text(wanted.get("version")) or "") > 100:
        errors["version"] = ["Version must be a maximum of 100 characters long"]
    if not is_moment(wanted.get("metadata_modified")):
        errors["metadata_modified"] = ["Date format incorrect"]
    return errors
