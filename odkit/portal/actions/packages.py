"""Actions about datasets."""

from __future__ import annotations

import json
from typing import Any

from odkit.portal.actions.call import Action, Call, package_of, page_of, text_of
from odkit.portal.errors import NotAuthorized, ValidationFailed
from odkit.portal.query import organization_named
from odkit.portal.revise import apply_updates, filtered, parsed_revision, unmatched
from odkit.portal.search import MAX_ROWS, searched
from odkit.portal.store import Record, StoredPackage
from odkit.portal.values import as_text


def package_create(call: Call, data: Record) -> Record:
    """Create a dataset with its resources. The name of a deleted dataset is free: that one is then called by its id."""
    call.require_user("create packages")
    holder = call.transaction.package(str(data.get("name") or ""))
    if holder and holder.body["state"] == "deleted" and holder.body["name"] == data["name"]:
        call.transaction.put_package(StoredPackage(holder.body | {"name": holder.id}, holder.resources))
    return call.shown(call.store(data))


def package_show(call: Call, data: Record) -> Record:
    """A dataset by id or name, whole."""
    package = package_of(call, text_of(data, "id", "name_or_id"))
    if not call.may_read(package):
        raise NotAuthorized(call.user, f"read package {package.id}")
    return call.shown(package)


def package_list(call: Call, data: Record) -> list[Any]:
    """The names of the public datasets, sorted."""
    bodies = [package.body for package in call.transaction.packages()]
    return page_of(data, [body["name"] for body in bodies if body["state"] == "active" and not body["private"]])


def current_package_list_with_resources(call: Call, data: Record) -> list[Any]:
    """The public datasets, whole, the one changed last first; at most a thousand, from `offset` on."""
    asked = {"rows": data.get("limit") or MAX_ROWS, "start": data.get("offset"), "sort": "metadata_modified desc"}
    found: list[Any] = package_search(call, asked)["results"]
    return found


def package_search(call: Call, data: Record) -> Record:
    """The datasets that a query finds, with facets; private and draft ones only for users who ask for them."""
    # Datasets of others need not be read to find those of one organisation: a run asks so for each publisher.
    named = organization_named(as_text(data.get("fq")) or "")
    owner = call.transaction.organization(named) if named else None
    found = call.transaction.packages(owner["id"] if owner else "") if owner or not named else []
    return searched([call.shown(package) for package in found if call.may_read(package)], data)


def package_update(call: Call, data: Record) -> Record:
    """Replace a dataset: what is not named is emptied, except name, organisation and resources (as in CKAN 2.12)."""
    key = data.get("id") or data.get("name")
    if not key:
        raise ValidationFailed({"id": "Missing value"})
    current = _editable(call, str(key), "Package was not found.")
    return call.shown(call.store(data, current))


def package_patch(call: Call, data: Record) -> Record:
    """Change the named fields of a dataset; a list given replaces the whole list."""
    current = _editable(call, text_of(data, "id"))
    wanted = call.shown(current)
    del wanted["metadata_modified"]
    return call.shown(call.store(wanted | data, current))


def package_revise(call: Call, data: Record) -> Record:
    """Change a dataset that still is what the caller thinks it is, files included, in one step."""
    revision = parsed_revision({**data, **call.uploads})
    key = revision.match.get("id") or revision.match.get("name")
    if not key:
        raise ValidationFailed({"match__id": "Missing value"})
    current = _editable(call, str(key))
    shown = call.shown(current)
    if wrong := unmatched(shown, revision.match):
        raise ValidationFailed({"match": wrong})
    del shown["metadata_modified"]
    # What is shown may hold parts of what is stored: a copy is changed. It is plain JSON.
    wanted = filtered(json.loads(json.dumps(shown)), revision.filters)
    apply_updates(wanted, revision)
    package = call.store(wanted, current)
    answer: Record = filtered({"package": call.shown(package)}, revision.include)
    return {name: value for name, value in answer.items() if value}


def package_resource_reorder(call: Call, data: Record) -> Record:
    """Put the named resources first, in the order given; the others follow as they stand."""
    current = _editable(call, text_of(data, "id"))
    wanted = call.shown(current)
    del wanted["metadata_modified"]
    items = {item["id"]: item for item in wanted["resources"]}
    order = data.get("order")
    if not isinstance(order, list):
        raise ValidationFailed({"order": "Must be a list of resource"})
    if len(set(order)) != len(order):
        raise ValidationFailed({"order": "Must supply unique resource_ids"})
    for key in order:
        if key not in items:
            raise ValidationFailed({"order": f"resource_id {key} can not be found"})
    wanted["resources"] = [*(items.pop(key) for key in order), *items.values()]
    call.store(wanted, current)
    return {"id": data["id"], "order": [item["id"] for item in wanted["resources"]]}


def package_delete(call: Call, data: Record) -> None:
    """Mark a dataset deleted: the public sees it no longer, publishers still do. Its time stays as it was."""
    current = _editable(call, text_of(data, "id"))
    call.transaction.put_package(StoredPackage(current.body | {"state": "deleted"}, current.resources))


def _editable(call: Call, key: str, not_found: str = "") -> StoredPackage:
    """The dataset with this id or name, for somebody who may change it."""
    package = package_of(call, key, not_found)
    call.require_user(f"edit package {package.id}")
    return package


PACKAGE_ACTIONS = {
    "package_create": Action(package_create, writes=True),
    "package_show": Action(package_show),
    "package_list": Action(package_list),
    "current_package_list_with_resources": Action(current_package_list_with_resources),
    "package_search": Action(package_search),
    "package_update": Action(package_update, writes=True),
    "package_patch": Action(package_patch, writes=True),
    "package_revise": Action(package_revise, writes=True),
    "package_resource_reorder": Action(package_resource_reorder, writes=True),
    "package_delete": Action(package_delete, writes=True),
}
