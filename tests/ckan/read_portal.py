"""Reads a CKAN portal with ckanapi alone: ``read_portal.py URL ORGANIZATION`` prints what the organisation publishes.

This is the script of the acceptance test "the same script reads both portals": it knows nothing of odkit, has no
token, and no word in it depends on which portal it reads. It prints one JSON document, sorted, with everything that
the portal says of the organisation's datasets, and the SHA-256 of every file it downloads. Left out is only what two
portals cannot have in common: their own ids, the times at which they wrote, and from a file's address all but its
last part. Extras are a set to CKAN, which lists them as its database happens to (2.12: by the length of the key, so
that no order can be asked of it): they are printed by key. Files keep their order.
"""

from __future__ import annotations

import hashlib
import json
import sys
from typing import Any
from urllib.request import urlopen

import ckanapi

IDS = {"id", "creator_user_id", "owner_org", "package_id"}
TIMES = {"created", "last_modified", "metadata_created", "metadata_modified"}


def without_ids_and_times(value: Any) -> Any:
    """A portal's answer without its ids and times, at any depth."""
    if isinstance(value, dict):
        kept = {name: item for name, item in value.items() if name not in IDS | TIMES}
        return {name: without_ids_and_times(item) for name, item in kept.items()}
    return [without_ids_and_times(item) for item in value] if isinstance(value, list) else value


def read_resource(resource: dict[str, Any]) -> dict[str, Any]:
    """A file as the portal describes it, and what its address gives."""
    with urlopen(resource["url"], timeout=60) as response:
        content, media_type = response.read(), response.headers.get_content_type()
    return {
        **without_ids_and_times(resource),
        "url": resource["url"].rpartition("/")[2],
        "downloaded": {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest(), "type": media_type},
    }


def read_dataset(portal: ckanapi.RemoteCKAN, name: str) -> dict[str, Any]:
    """A dataset and all its files."""
    shown = portal.action.package_show(id=name)
    resources = [read_resource(resource) for resource in shown["resources"]]
    extras = sorted(shown["extras"], key=lambda extra: str(extra["key"]))
    return {**without_ids_and_times(shown), "extras": extras, "resources": resources}


def main(url: str, organization: str) -> None:
    """Print the organisation's datasets."""
    with ckanapi.RemoteCKAN(url, user_agent="read-portal/1.0") as portal:
        listed = portal.action.package_search(fq=f"organization:{organization}", rows=1000, sort="name asc")
        names = [item["name"] for item in listed["results"]]
        content = {"count": listed["count"], "datasets": [read_dataset(portal, name) for name in names]}
    sys.stdout.write(json.dumps(content, ensure_ascii=True, indent=2, sort_keys=True) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
