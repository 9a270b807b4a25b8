"""An HTTP request becomes the data of a call: JSON, a form with files, or a query string, with CKAN's refusals."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager

from flask import Request
from werkzeug.exceptions import RequestEntityTooLarge

from odkit.portal.arrivals import MAX_JSON, is_file_field, json_object, kept_files, too_large
from odkit.portal.errors import BadRequest
from odkit.portal.files import Files, Upload
from odkit.portal.plain import plain
from odkit.portal.store import Record


def received_data(request: Request, max_files: int) -> Record:
    """The data of a call, beside files of at most `max_files` bytes in all.

    Raises `BadRequest` for what is no JSON object, `ValidationFailed` for too large a body.
    """
    if request.method in ("GET", "HEAD"):
        return plain(dict(request.args))
    request.max_form_memory_size = MAX_JSON
    request.max_content_length = MAX_JSON + max_files
    if request.mimetype in ("multipart/form-data", "application/x-www-form-urlencoded"):
        try:
            return plain(dict(request.form))
        except RequestEntityTooLarge:
            raise too_large() from None
    request.max_content_length = MAX_JSON
    try:
        body = request.get_data()
    except RequestEntityTooLarge:
        raise BadRequest("JSON Error: Request data is too large") from None
    return json_object(body) if body else {}


def received_files(request: Request, files: Files, limit: int) -> AbstractContextManager[Mapping[str, Upload]]:
    """The files of a call by form field, as long as the block lasts.

    Raises `ValidationFailed` for a file of more than `limit` bytes.
    """
    sent = (
        (name, part.filename, part.stream)
        for name, part in request.files.items()
        if is_file_field(name) and part.filename
    )
    return kept_files(sent, files, limit)
