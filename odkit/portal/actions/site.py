"""Actions about the portal as a whole."""

from __future__ import annotations

from typing import Any

from odkit.portal.actions.call import Action, Call
from odkit.portal.licences import LICENCES
from odkit.portal.records import derived_id
from odkit.portal.store import Record

SPOKEN_VERSION = "2.12.0"  # the CKAN whose API this is; clients ask before they use package_revise


def status_show(call: Call, _data: Record) -> Record:
    """What the portal is and which CKAN's API it speaks."""
    return {
        "site_title": "odkit",
        "site_description": "",
        "site_url": call.site_url,
        "error_emails_to": "",
        "locale_default": "ja",
        "extensions": [],
        "ckan_version": SPOKEN_VERSION,
    }


def group_list(_call: Call, _data: Record) -> list[Any]:
    """The groups (themes) of the portal: there are none, its datasets are told apart by organisation and tags."""
    return []


def license_list(_call: Call, _data: Record) -> list[Record]:
    """The licences the portal knows, as text throughout."""
    return [licence.shown() for licence in LICENCES]


def tag_list(call: Call, data: Record) -> list[Any]:
    """The tags of what the public sees, as names or (all_fields) objects; `query` keeps those that contain it."""
    packages = [package for package in call.transaction.packages() if _is_public(package.body)]
    names = sorted({tag for package in packages for tag in package.body["tags"]})
    found = [name for name in names if str(data.get("query") or "").lower() in name.lower()]
    if not data.get("all_fields"):
        return found
    return [
        {"id": derived_id("tag", name), "name": name, "vocabulary_id": None, "display_name": name} for name in found
    ]


def _is_public(body: Record) -> bool:
    return body["state"] == "active" and not body["private"]


SITE_ACTIONS = {
    "status_show": Action(status_show),
    "group_list": Action(group_list),
    "license_list": Action(license_list),
    "tag_list": Action(tag_list),
}
