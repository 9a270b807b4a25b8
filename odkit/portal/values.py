"""CKAN's rules for single values: names, tags, extras, e-mail addresses, links. Pure functions, CKAN's wording.

A rule returns the messages of what is wrong (none: the value is fine) or the value as CKAN stores it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from odkit.portal.errors import IntegrityFailed, ValidationFailed
from odkit.portal.plain import parsed
from odkit.portal.store import Record

RESERVED_NAMES = frozenset({"new", "edit", "search"})
NAME = re.compile(r"[a-z0-9_-]*\Z")
TAG = re.compile(r"[\w \-.]*\Z")
SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
LABEL = r"[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
EMAIL = re.compile(rf"[a-zA-Z0-9.!#$%&'*+/=?^_`{{|}}~-]+@{LABEL}(?:\.{LABEL})*\Z")
MIN_LENGTH, MAX_LENGTH = 2, 100
TRUE_WORDS = frozenset({"true", "yes", "t", "y", "1"})

SCHEMA_FIELDS = frozenset(
    {
        "author",
        "author_email",
        "extras",
        "id",
        "license_id",
        "maintainer",
        "maintainer_email",
        "metadata_created",
        "metadata_modified",
        "name",
        "notes",
        "owner_org",
        "private",
        "resources",
        "state",
        "tags",
        "title",
        "type",
        "url",
        "version",
    }
)


def as_text(value: object) -> str | None:
    """A value as CKAN stores it in a text field: numbers and lists become JSON text, null stays null."""
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)


def as_flag(value: object) -> bool:
    """A yes or no, also as text; what is neither counts as no."""
    return value is True or str(value).strip().lower() in TRUE_WORDS


def as_uuid(value: object) -> str | None:
    """The value if it is a UUID in its usual form, else None."""
    try:
        UUID(str(value))
    except ValueError:
        return None
    return str(value) if len(str(value)) == 36 else None


def as_link(value: str) -> str:
    """A resource's address: one without a scheme gets ``http://``, as CKAN does."""
    link = value.strip()
    return link if not link or SCHEME.match(link) else "http://" + link.lstrip("/")


def name_errors(name: str) -> list[str]:
    """What is wrong with the name of a dataset or an organisation: at most one message."""
    if name in RESERVED_NAMES:
        return ["That name cannot be used"]
    if len(name) < MIN_LENGTH:
        return ["Must be at least 2 characters long"]
    if len(name) > MAX_LENGTH:
        return ["Name must be a maximum of 100 characters long"]
    if not NAME.match(name):
        return ["Must be purely lowercase alphanumeric (ascii) characters and these symbols: -_"]
    return []


def package_name_errors(name: str) -> list[str]:
    """What is wrong with a dataset's name; CKAN says a wrong length twice."""
    return name_errors(name) + length_errors("Name", name)


def length_errors(what: str, value: str) -> list[str]:
    """The message of a name or tag outside 2 to 100 characters."""
    if len(value) < MIN_LENGTH:
        return [f'{what} "{value}" length is less than minimum {MIN_LENGTH}']
    if len(value) > MAX_LENGTH:
        return [f'{what} "{value}" length is more than maximum {MAX_LENGTH}']
    return []


def tag_error(tag: Mapping[str, Any]) -> str:
    """What is wrong with a tag, all in one sentence; empty where it is fine."""
    name = as_text(tag.get("name"))
    if not name:
        return "Missing value"
    wrong = length_errors("Tag", name)
    if not TAG.match(name):
        wrong.append(
            f'Tag "{name}" can only contain alphanumeric characters, spaces (" "), hyphens ("-"), '
            'underscores ("_") or dots (".")'
        )
    return ", ".join(wrong)


def extras_errors(extras: Sequence[Mapping[str, Any]]) -> Record:
    """What is wrong with extras: under ``extras`` one mapping per extra, under ``extras_validation`` a doubled key."""
    each = [_extra_errors(extra) for extra in extras]
    errors: Record = {"extras": each} if any(each) else {}
    keys = [as_text(extra.get("key")) for extra in extras]
    doubled = next((key for index, key in enumerate(keys) if key and key in keys[:index]), None)
    return errors | ({"extras_validation": [f'Duplicate key "{doubled}"']} if doubled else {})


def _extra_errors(extra: Mapping[str, Any]) -> Record:
    if not extra.get("key"):
        return {"key": ["Missing value"]}
    if as_text(extra["key"]) in SCHEMA_FIELDS:
        return {"key": ["There is a schema field with the same name"]}
    return {} if "value" in extra else {"value": ["Missing value"]}


def stored_extras(extras: Sequence[Mapping[str, Any]]) -> list[Record]:
    """Extras as stored: key and value as text, in order of the key."""
    pairs = [{"key": as_text(extra["key"]), "value": as_text(extra["value"]) or ""} for extra in extras]
    return sorted(pairs, key=lambda pair: str(pair["key"]))


def email_errors(value: str | None) -> list[str]:
    """What is wrong with an e-mail address; none at all is fine."""
    return [] if not value or EMAIL.match(value) else [f"Email {value} is not a valid format"]


def objects(data: Mapping[str, Any], field: str) -> list[Record]:
    """The list of objects under `field`, empty where there is none. Raises `IntegrityFailed` for another shape."""
    value = data.get(field, [])
    if isinstance(value, list) and all(isinstance(item, dict) for item in value):
        return value
    raise IntegrityFailed(f"Only lists of dicts can be placed against subschema ('{field}',), not {type(value)}")


def text_list(data: Mapping[str, Any], name: str) -> list[str]:
    """A list of texts under `name`, also as JSON text. Raises `ValidationFailed` for what is no list."""
    value = data.get(name) or []
    try:
        items = parsed(value) if isinstance(value, str) else value
    except ValueError:
        raise ValidationFailed({name: ["Could not parse as valid JSON", "Not a list"]}) from None
    if not isinstance(items, list):
        raise ValidationFailed({name: ["Not a list"]})
    return [str(item) for item in items]
