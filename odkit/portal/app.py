"""The portal as a web application: the Action API and the files. The pages are a blueprint of their own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, Response, current_app, request

from odkit.portal.actions import Call
from odkit.portal.arrivals import MAX_JSON
from odkit.portal.dcat import catalogue
from odkit.portal.desk import MAX_UPLOAD, Portal, answered
from odkit.portal.downloads import download
from odkit.portal.files import Upload
from odkit.portal.incoming import received_data, received_files
from odkit.portal.store import Record, Store

JSON_TYPE = "application/json;charset=utf-8"

api = Blueprint("api", __name__)


def create_app(
    folder: Path, *, site_url: str, tokens: Mapping[str, str] | None = None, max_upload_bytes: int = MAX_UPLOAD
) -> Flask:
    """The portal kept in `folder`, which is made when first needed.

    `tokens` maps tokens to user names: who holds one may write everything; without one everybody may read what is
    public. The pages find the portal with `portal_of(app)`.
    """
    app = Flask(__name__, static_folder=None)
    portal = Portal(Store(folder), site_url.rstrip("/"), dict(tokens or {}), max_upload_bytes)
    app.extensions["odkit-portal"] = portal
    app.config["MAX_CONTENT_LENGTH"] = portal.max_bytes + MAX_JSON
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
    status, told = answered(portal, name, _OverHttp(portal, current_user(portal), request.method == "POST"))
    return _json(told, status)


@dataclass(slots=True)
class _OverHttp:
    """The current request, as a call."""

    portal: Portal
    user: str
    posted: bool

    def data(self) -> Record:
        return received_data(request, self.portal.max_bytes if self.user else 0)

    def uploads(self) -> AbstractContextManager[Mapping[str, Upload]]:
        return received_files(request, self.portal.store.files, self.portal.max_upload_bytes)


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


def _json(body: Any, status: int) -> Response:
    return Response(json.dumps(body, ensure_ascii=False), status, content_type=JSON_TYPE)
