"""Actions about organisations: the governments that publish."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from odkit.portal.actions.call import Action, Call, page_of, text_of
from odkit.portal.errors import NotAuthorized, NotFound, ValidationFailed
from odkit.portal.records import moment, shown_organization
from odkit.portal.store import Record
from odkit.portal.values import as_flag, as_text, as_uuid, extras_errors, name_errors, objects, stored_extras, text_list

TEXT_FIELDS = ("title", "description", "image_url")
SORT_FIELDS = ("name", "title", "package_count")


def organization_create(call: Call, data: Record) -> Record:
    """Create an organisation; its name is unique for good."""
    call.require_user("create organizations", "None")
    if data.get("id") and not as_uuid(data["id"]):
        raise ValidationFailed({"id": ["Invalid id provided"]})
    name = text_of(data, "name")
    key = str(data.get("id") or uuid4())
    _check(call, key, name, data)
    body = {
        "id": key,
        "name": name,
        **{field: as_text(data.get(field)) or "" for field in TEXT_FIELDS},
        "created": moment(),
        "extras": stored_extras(objects(data, "extras")),
        "type": "organization",
        "is_organization": True,
        "approval_status": "approved",
        "state": "active",
    }
    call.transaction.put_organization(body)
    return _shown(call, body)


def organization_show(call: Call, data: Record) -> Record:
    """An organisation by id or name, with its datasets where include_datasets asks for them."""
    body = _found(call, text_of(data, "id"))
    if body["state"] != "active" and not call.user:
        raise NotAuthorized("", f"read group {body['id']}")
    shown = _shown(call, body)
    if as_flag(data.get("include_datasets")):
        shown["packages"] = [
            call.shown(package) for package in call.transaction.packages(body["id"]) if _listed(call, package.body)
        ]
    return shown


def organization_list(call: Call, data: Record) -> list[Any]:
    """The active organisations by title: names, or objects (all_fields); `organizations` names the wanted ones."""
    wanted = text_list(data, "organizations")
    bodies = [body for body in call.transaction.organizations() if body["state"] == "active"]
    chosen = [body for body in bodies if not wanted or body["name"] in wanted]
    shown = [shown_organization(body, _count(call, body["id"])) for body in chosen]
    field, _, direction = (as_text(data.get("sort")) or "title asc").partition(" ")
    if field not in SORT_FIELDS:
        raise ValidationFailed({"message": f"Cannot sort by field `{field}`"})
    shown.sort(key=lambda item: item[field], reverse=direction == "desc")
    page = page_of(data, shown)
    return page if as_flag(data.get("all_fields")) else [item["name"] for item in page]


def organization_list_for_user(call: Call, _data: Record) -> list[Record]:
    """The organisations the caller may publish for: all of them here, none for anonymous."""
    bodies = call.transaction.organizations() if call.user else []
    shown = [shown_organization(body, _count(call, body["id"])) for body in bodies if body["state"] == "active"]
    return [item | {"capacity": "admin"} for item in shown]


def organization_patch(call: Call, data: Record) -> Record:
    """Change the named fields of an organisation."""
    before = _found(call, text_of(data, "id"))
    call.require_user(f"edit organization {before['id']}")
    name = as_text(data.get("name")) or before["name"]
    _check(call, before["id"], name, data)
    body = before | {field: as_text(data[field]) or "" for field in TEXT_FIELDS if field in data} | {"name": name}
    if "extras" in data:
        body["extras"] = stored_extras(objects(data, "extras"))
    if data.get("state") in ("active", "deleted"):
        body["state"] = data["state"]
    call.transaction.put_organization(body)
    return _shown(call, body)


def organization_delete(call: Call, data: Record) -> None:
    """Mark an organisation deleted; one that still has datasets is refused."""
    body = _found(call, text_of(data, "id"), "Group was not found.")
    call.require_user(f"delete organization {body['id']}")
    if any(package["state"] != "deleted" for package in call.transaction.bodies(body["id"])):
        raise ValidationFailed({"message": "Organization cannot be deleted while it still has datasets"})
    call.transaction.put_organization(body | {"state": "deleted"})


def _found(call: Call, key: str, not_found: str = "") -> Record:
    body = call.transaction.organization(key)
    if body is None:
        raise NotFound(not_found)
    return body


def _check(call: Call, key: str, name: str, data: Record) -> None:
    """Refuse a wrong or taken name and wrong extras."""
    errors = name_errors(name)
    holder = None if errors else call.transaction.organization(name)
    if holder and holder["id"] != key:
        errors = ["Group name already exists in database"]
    wrong: Record = extras_errors(objects(data, "extras")) | ({"name": errors} if errors else {})
    if wrong:
        raise ValidationFailed(wrong)


def _listed(call: Call, package: Record) -> bool:
    return package["state"] == "active" and (bool(call.user) or not package["private"])


def _count(call: Call, key: str) -> int:
    return sum(_listed(call, body) for body in call.transaction.bodies(key))


def _shown(call: Call, body: Record) -> Record:
    """An organisation as organization_show answers it; who may publish is not told."""
    return shown_organization(body, _count(call, body["id"])) | {"extras": body["extras"], "groups": [], "users": []}


ORGANIZATION_ACTIONS = {
    "organization_create": Action(organization_create, writes=True),
    "organization_show": Action(organization_show),
    "organization_list": Action(organization_list),
    "organization_list_for_user": Action(organization_list_for_user),
    "organization_patch": Action(organization_patch, writes=True),
    # CKAN 2.12 keeps what an update does not name, so that it is a patch.
    "organization_update": Action(organization_patch, writes=True),
    "organization_delete": Action(organization_delete, writes=True),
}
