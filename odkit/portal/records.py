"""How stored records look in answers: CKAN's field names, order and derived values."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from odkit.portal.files import Files
from odkit.portal.licences import licence_fields
from odkit.portal.store import Record, StoredPackage, StoredResource, Transaction

ORGANIZATION_FIELDS = (
    "id",
    "name",
    "title",
    "type",
    "description",
    "image_url",
    "created",
    "is_organization",
    "approval_status",
    "state",
)


def moment(after: str = "") -> str:
    """Now in UTC as CKAN writes it (microseconds, no zone), and always later than `after`."""
    now = datetime.now(UTC).replace(tzinfo=None)
    if after:
        now = max(now, datetime.fromisoformat(after) + timedelta(microseconds=1))
    return now.isoformat(timespec="microseconds")


def is_moment(value: object) -> bool:
    """Whether a value is a time as `moment` writes it, or none at all."""
    try:
        return value is None or value == "" or datetime.fromisoformat(str(value)).tzinfo is None
    except ValueError:
        return False


def derived_id(kind: str, name: str) -> str:
    """The id of something that is nothing but a name (a tag, a user): the same for the same name."""
    return str(uuid5(NAMESPACE_URL, f"odkit:{kind}:{name}"))


def shown_tag(name: str) -> Record:
    """A dataset's tag."""
    return {
        "display_name": name,
        "id": derived_id("tag", name),
        "name": name,
        "state": "active",
        "vocabulary_id": None,
    }


def resource_url(site_url: str, package_id: str, resource: Record) -> str:
    """A resource's address: its own link, or where the portal serves its file."""
    if resource.get("url_type") != "upload":
        return str(resource["url"])
    return f"{site_url}/dataset/{package_id}/resource/{resource['id']}/download/{resource['url']}"


def shown_resource(site_url: str, package_id: str, resource: StoredResource, position: int, files: Files) -> Record:
    """A resource as ``resource_show`` answers it. Of a file that is lost or cut off, the size is what is left."""
    placed: Record = {"package_id": package_id, "position": position}
    if resource.digest:
        placed["size"] = files.size(resource.digest)
    return resource.body | placed | {"url": resource_url(site_url, package_id, resource.body)}


def shown_package(transaction: Transaction, site_url: str, package: StoredPackage, files: Files) -> Record:
    """A dataset as ``package_show`` answers it, with its organisation and resources."""
    body = package.body
    owner = transaction.organization(body["owner_org"]) or {}
    return {
        **body,
        **licence_fields(body["license_id"]),
        "num_resources": len(package.resources),
        "num_tags": len(body["tags"]),
        "organization": {name: owner.get(name) for name in ORGANIZATION_FIELDS},
        "tags": [shown_tag(name) for name in body["tags"]],
        "resources": [
            shown_resource(site_url, package.id, resource, position, files)
            for position, resource in enumerate(package.resources)
        ],
        "groups": [],
        "relationships_as_subject": [],
        "relationships_as_object": [],
    }


def shown_organization(organization: Record, package_count: int) -> Record:
    """An organisation as ``organization_list`` shows it with all fields."""
    shown: dict[str, Any] = {name: organization[name] for name in ORGANIZATION_FIELDS}
    return shown | {
        "display_name": organization["title"] or organization["name"],
        "image_display_url": organization["image_url"],
        "num_followers": 0,
        "package_count": package_count,
    }
