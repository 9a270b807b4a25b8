"""Actions about the resources of datasets: each is a write of the whole dataset, so that one set of rules holds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from odkit.portal.actions.call import Action, Call, package_of, text_of
from odkit.portal.errors import NotAuthorized, NotFound, ValidationFailed
from odkit.portal.resources import ID_TAKEN
from odkit.portal.store import Record, StoredPackage

Change = Callable[[list[Record]], list[Record]]


def resource_create(call: Call, data: Record) -> Record:
    """Append a resource to a dataset, with the file in ``upload``. The caller may choose its id (a UUID)."""
    key = text_of(data, "package_id")
    package = package_of(call, key)
    call.require_user(f"create resources on dataset {key}")
    item = _with_upload(call, data) | {"id": data.get("id") or str(uuid4())}
    if any(resource.body["id"] == item["id"] for resource in package.resources):
        # CKAN 2.12 takes this and leaves a dataset that can no longer be written.
        raise ValidationFailed(ID_TAKEN)
    return _written(call, package, item["id"], lambda items: [*items, item])


def resource_show(call: Call, data: Record) -> Record:
    """A resource by its id."""
    key = text_of(data, "id")
    package = call.transaction.package_of(key)
    if package is None:
        raise NotFound
    if not call.may_read(package):
        raise NotAuthorized(call.user, f"read resource {key}")
    return _shown(call, package, key)


def resource_update(call: Call, data: Record) -> Record:
    """Replace a resource's fields; its file stays where no new one comes."""
    package, key = _editable(call, data)
    item = _with_upload(call, data)
    return _written(call, package, key, lambda items: [item if old["id"] == key else old for old in items])


def resource_patch(call: Call, data: Record) -> Record:
    """Change the named fields of a resource. As in CKAN it counts as changed also where the values are the same."""
    package, key = _editable(call, data)
    item = _with_upload(call, data)
    return _written(
        call, package, key, lambda items: [old | item if old["id"] == key else old for old in items], touched=key
    )


def resource_delete(call: Call, data: Record) -> None:
    """Take a resource out of its dataset, whose metadata_modified stays (as in CKAN 2.12)."""
    package, key = _editable(call, data, "delete", "")
    left = tuple(resource for resource in package.resources if resource.body["id"] != key)
    call.transaction.put_package(StoredPackage(package.body, left))


def _editable(
    call: Call, data: Record, verb: str = "edit", not_found: str = "Resource was not found."
) -> tuple[StoredPackage, str]:
    """The dataset and the id of a resource, for somebody who may change it."""
    key = text_of(data, "id")
    package = call.transaction.package_of(key)
    if package is None:
        raise NotFound(not_found)
    call.require_user(f"{verb} resource {key}")
    return package, key


def _written(call: Call, package: StoredPackage, key: str, change: Change, touched: str = "") -> Record:
    """Write the dataset with its resources changed and show the one; its errors come without the dataset's."""
    wanted = call.shown(package)
    del wanted["metadata_modified"]
    wanted["resources"] = change(wanted["resources"])
    try:
        written = call.store(wanted, package, touched)
    except ValidationFailed as error:
        each: Any = error.errors.get("resources")
        raise ValidationFailed(next(filter(None, each)) if each else error.errors) from None
    return _shown(call, written, key)


def _shown(call: Call, package: StoredPackage, key: str) -> Record:
    return next(item for item in call.shown(package)["resources"] if item["id"] == key)


def _with_upload(call: Call, data: Record) -> Record:
    """The caller's fields with the file that came beside them."""
    upload = call.uploads.get("upload")
    return {**data, "upload": upload} if upload else dict(data)


RESOURCE_ACTIONS = {
    "resource_create": Action(resource_create, writes=True),
    "resource_show": Action(resource_show),
    "resource_update": Action(resource_update, writes=True),
    "resource_patch": Action(resource_patch, writes=True),
    "resource_delete": Action(resource_delete, writes=True),
}
