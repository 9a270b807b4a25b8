"""The portal as a web application: the Action API and the files. The pages are a blueprint of their own."""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, Response, current_app, request

from odkit.portal.actions import ACTIONS, Action, Call
from odkit.portal.dcat import catalogue
from odkit.portal.downloads import download
from odkit.portal.errors import ActionError, BadRequest
from odkit.portal.incoming import MAX_JSON, received_data, received_files
from odkit.portal.store import Record, Store

MAX_UPLOAD = 100 << 20
JSON_TYPE = "application/json;charset=utf-8"
MAX_UPLOADS = 8  # files of full size that one call may carry

api = Blueprint("api", __name__)


@dataclass(frozen=True, slots=True)
class Portal:
    """What the application serves. `tokens` maps a token to its user's name; it is nowhere but in memory.

    `site_url` is the address people and links use, without a slash at its end; `max_upload_bytes` holds per file.
    """

    store: Store
    site_url: str
    tokens: Mapping[str, str] = field(default_factory=dict, repr=False)
    max_upload_bytes: int = MAX_UPLOAD

    def user(self, token: str) -> str:
        """The user with this token, empty for none. Takes as long for a wrong token as for a right one."""
        given = token.encode()
        matches = [name for known, name in self.tokens.items() if hmac.compare_digest(known.encode(), given)]
        return matches[0] if matches and token else ""


def create_app(
    folder: Path, *, site_url: str, tokens: Mapping[str, str] | None = None, max_upload_bytes: int = MAX_UPLOAD
) -> Flask:
    """The portal kept in `folder`, which is made when first needed.

    `tokens` maps tokens to user names: who holds one may write everything; without one everybody may read what is
    public. The pages find the portal with `portal_of(app)`.
    """
    app = Flask(__name__, static_folder=None)
    app.extensions["odkit-portal"] = Portal(Store(folder), site_url.rstrip("/"), dict(tokens or {}), max_upload_bytes)
    app.config["MAX_CONTENT_LENGTH"] = MAX_UPLOADS * max_upload_bytes + MAX_JSON
    app.register_blueprint(api)
    return app


def portal_of(app: Flask) -> Portal:
    """The portal that an application serves."""
    portal: Portal = app.extensions["odkit-portal"]
    return portal


def current_user(portal: Portal) -> str:
    """The user of the current request by its Authorization header, empty for anonymous."""
    return portal.user(request.headers.get("Authorization", ""))


@api.route("/api/action/<name>", methods=["GET", "POST"])
@api.route("/api/3/action/<name>", methods=["GET", "POST"])
def act(name: str) -> Response:
    """Carry out one action and answer in CKAN's envelope."""
    portal = portal_of(current_app)
    envelope = {"help": f"{portal.site_url}/api/3/action/help_show?name={name}"}
    try:
        result = _result(portal, name)
    except BadRequest as error:
        return _json(f"Bad request: {error.message}", error.status)
    except ActionError as error:
        return _json(envelope | {"error": error.body(), "success": False}, error.status)
    return _json(envelope | {"success": True, "result": result}, 200)


@api.get("/api")
@api.get("/api/3")
def version() -> Response:
    """The version of the API that an address speaks."""
    return _json({"version": 3 if request.path.endswith("3") else 1}, 200)


@api.get("/catalog.jsonld")
def dcat() -> Response:
    """The public catalogue as DCAT."""
    portal = portal_of(current_app)
    with portal.store.reading() as transaction:
        call = Call(transaction, "", portal.site_url, portal.store.files)
        bodies = (package for package in transaction.packages() if call.may_read(package))
        record = catalogue(portal.site_url, [call.shown(package) for package in bodies])
    return Response(json.dumps(record, ensure_ascii=False), 200, content_type="application/ld+json")


@api.get("/dataset/<package_id>/resource/<resource_id>/download")
@api.get("/dataset/<package_id>/resource/<resource_id>/download/<path:_name>")
def file(package_id: str, resource_id: str, _name: str = "") -> Response:
    """The file of a resource."""
    portal = portal_of(current_app)
    return download(portal.store, current_user(portal), package_id, resource_id)


def _result(portal: Portal, name: str) -> Any:
    action = ACTIONS.get(name)
    if action is None:
        raise BadRequest(f"Action name not known: {name}")
    if action.writes and request.method != "POST":
        raise BadRequest("JSON Error: Invalid request. Please use POST method for your request")
    user = current_user(portal)
    data = received_data(request, MAX_UPLOADS * portal.max_upload_bytes if user else 0)
    if not action.writes:
        with portal.store.reading() as transaction:
            return action.run(Call(transaction, user, portal.site_url, portal.store.files), data)
    return _written(portal, action, data, user)


def _written(portal: Portal, action: Action, data: Record, user: str) -> Any:
    """Run an action that writes. Files of strangers are not even stored: the action refuses them anyway."""
    files = portal.store.files
    if not user:
        with portal.store.writing() as transaction:
            return action.run(Call(transaction, "", portal.site_url, files), data)
    with received_files(request, files, portal.max_upload_bytes) as uploads, portal.store.writing() as transaction:
        return action.run(Call(transaction, user, portal.site_url, files, uploads), data)


def _json(body: Any, status: int) -> Response:
    return Response(json.dumps(body, ensure_ascii=False), status, content_type=JSON_TYPE)
