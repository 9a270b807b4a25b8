"""The address of an uploaded file: what the portal serves, and how a browser may treat it.

An uploaded file is a stranger's: it never runs as a page of this site. Its type is never guessed (nosniff), it is
sandboxed, and only types that hold no scripts are shown in place.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

from flask import Response, abort, send_file
from werkzeug.exceptions import NotFound

from odkit.portal.desk import found_file
from odkit.portal.formats import SHOWN_IN_PLACE
from odkit.portal.store import Record, Store, StoredResource

MEDIA_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+\Z", re.ASCII)
ATTEMPTS = 3
SAFETY = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Cache-Control": "no-cache",
}


def download(store: Store, user: str, package_id: str, resource_id: str) -> Response:
    """The file of a resource, with ETag, Last-Modified, ranges and conditional answers.

    Its name in the address does not matter, as in CKAN. 403 for a private or deleted dataset without a user, 404 for
    what is not there, also for a resource that is only a link.
    """
    for _ in range(ATTEMPTS):
        resource = _resource(store, user, package_id, resource_id)
        try:
            return _answer(store, resource)
        except FileNotFoundError:
            continue  # replaced between the look-up and the opening: look again
    raise NotFound


def _resource(store: Store, user: str, package_id: str, resource_id: str) -> StoredResource:
    found = found_file(store, user, package_id, resource_id)
    if isinstance(found, int):
        abort(found)
    return found


def _answer(store: Store, resource: StoredResource) -> Response:
    body, digest = resource.body, resource.digest
    if not digest:
        abort(404)
    given = body["mimetype"] or ""
    media_type = given if MEDIA_TYPE.match(given) else "application/octet-stream"
    answer = send_file(
        store.files.path(digest),
        mimetype=media_type,
        download_name=body["url"],
        as_attachment=media_type not in SHOWN_IN_PLACE,
        etag=digest,
        last_modified=_moment(body),
        conditional=True,
    )
    # Flask would add charset=utf-8 to text, which is a guess: many CSV files here are Shift_JIS.
    if "Content-Type" in answer.headers:
        answer.headers["Content-Type"] = media_type
    answer.headers.update(SAFETY)
    return answer


def _moment(body: Record) -> datetime | None:
    try:
        return datetime.fromisoformat(body["last_modified"] or "").replace(tzinfo=UTC)
    except ValueError:
        return None
