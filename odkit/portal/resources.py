"""What the resources of a dataset become when somebody writes them.

A resource keeps what CKAN keeps when a write does not name it (name, format, hash, size, times, its file) and loses
what CKAN loses (description, media type, fields of its own). Its id and, for a file, its address are for good.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import uuid4

from odkit.portal.files import Upload
from odkit.portal.formats import guessed_type, munged_filename, spelled_format
from odkit.portal.store import Record, StoredPackage, StoredResource, Transaction
from odkit.portal.values import as_flag, as_link, as_text, as_uuid, objects

KEPT_TEXT = ("cache_last_updated", "cache_url", "last_modified", "name", "url_type")
LOST_TEXT = ("description", "mimetype", "mimetype_inner", "resource_type")
DERIVED = frozenset({"package_id", "position", "upload", "metadata_modified"})
ID_TAKEN = {"id": ["Resource id already exists."]}


@dataclass(slots=True)
class _Pass:
    """One walk over the resources of a dataset."""

    transaction: Transaction
    before: Mapping[str, StoredResource]
    touched: str
    now: str
    seen: set[str] = field(default_factory=set)


def stored_resources(
    transaction: Transaction, current: StoredPackage | None, wanted: Mapping[str, Any], touched: str, now: str
) -> tuple[tuple[StoredResource, ...], list[Record]]:
    """The resources after a write, and what is wrong with each (an empty mapping: nothing).

    Without a list of resources the dataset keeps those it has. Raises `IntegrityFailed` where it is no list of objects.
    """
    if "resources" not in wanted:
        return (current.resources if current else ()), []
    before = {item.body["id"]: item for item in current.resources} if current else {}
    walk = _Pass(transaction, before, touched, now)
    items = objects(wanted, "resources")
    errors = [_errors(walk, item) for item in items]
    return (() if any(errors) else tuple(_stored(walk, item) for item in items)), errors


def _errors(walk: _Pass, item: Mapping[str, Any]) -> Record:
    """What is wrong with one resource."""
    size = item.get("size")
    if _whole_number(size) is None and size not in (None, ""):
        return {"size": ["Invalid integer"]}
    if not item.get("id"):
        return {}
    key = as_uuid(item["id"])
    if key is None:
        return {"id": ["Invalid id provided"]}
    elsewhere = key not in walk.before and walk.transaction.package_of(key) is not None
    doubled = key in walk.seen
    walk.seen.add(key)
    return ID_TAKEN if elsewhere or doubled else {}


def _stored(walk: _Pass, item: Mapping[str, Any]) -> StoredResource:
    """One resource after the write; its metadata_modified moves only when something else did."""
    key = str(item.get("id") or uuid4())
    before = walk.before.get(key)
    old = before.body if before else {}
    digest = before.digest if before else ""
    body = _body(item, old, walk.now) | {"id": key}
    upload = item.get("upload")
    if isinstance(upload, Upload):
        body |= _upload_fields(upload, item, walk.now)
        digest = upload.digest
    elif body["url_type"] == "upload":
        body["url"] = munged_filename(str(item.get("url") or "").rsplit("/", 1)[-1])
    else:
        body["url"], digest = as_link(as_text(item.get("url")) or ""), ""
    unchanged = StoredResource(body | {"metadata_modified": old.get("metadata_modified", walk.now)}, digest)
    same = unchanged == before and key != walk.touched and not isinstance(upload, Upload)
    return unchanged if same else replace(unchanged, body=body | {"metadata_modified": walk.now})


def _body(item: Mapping[str, Any], old: Record, now: str) -> Record:
    """The fields of one resource but id, address and metadata_modified."""
    own = {name: value for name, value in item.items() if name not in DERIVED}
    return own | {
        **{name: as_text(item.get(name, old.get(name))) for name in KEPT_TEXT},
        **{name: as_text(item.get(name)) for name in LOST_TEXT},
        "created": as_text(item.get("created")) or old.get("created") or now,
        "datastore_active": as_flag(item.get("datastore_active", old.get("datastore_active", False))),
        "format": spelled_format(as_text(item.get("format", old.get("format"))) or ""),
        "hash": as_text(item.get("hash", old.get("hash"))) or "",
        "size": _whole_number(item.get("size", old.get("size"))),
        "state": "active",
    }


def _upload_fields(upload: Upload, item: Mapping[str, Any], now: str) -> Record:
    """What an arriving file settles: address, size, time; format and media type where the caller names none."""
    name = munged_filename(upload.name)
    spelled, media_type = guessed_type(name)
    settled: Record = {"url": name, "url_type": "upload", "size": upload.size, "last_modified": now}
    guesses = {"format": spelled, "mimetype": media_type}
    return settled | {field: guess for field, guess in guesses.items() if field not in item}


def _whole_number(value: object) -> int | None:
    """A size as an integer; None where it is none."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return int(value)
    except (ValueError, OverflowError):
        return None
