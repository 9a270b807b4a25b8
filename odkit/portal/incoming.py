"""An HTTP request becomes the data of a call: JSON, a form with files, or a query string, with CKAN's refusals."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Request
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import RequestEntityTooLarge

from odkit.portal.errors import BadRequest, ValidationFailed
from odkit.portal.files import Files, TooLarge, Upload
from odkit.portal.plain import parsed, plain
from odkit.portal.store import Record

MAX_JSON = 16 << 20  # bytes of a JSON body, and of the texts of a form
FILE_FIELD = re.compile(r"upload\Z|update__resources__[^_]+__upload\Z")


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
            raise _too_large() from None
    request.max_content_length = MAX_JSON
    try:
        body = request.get_data()
    except RequestEntityTooLarge:
        raise BadRequest("JSON Error: Request data is too large") from None
    return _object(body) if body else {}


@contextmanager
def received_files(request: Request, files: Files, limit: int) -> Iterator[dict[str, Upload]]:
    """The files of a call by form field, on disk under passing names that are gone when the block ends.

    Raises `ValidationFailed` for a file of more than `limit` bytes.
    """
    uploads: dict[str, Upload] = {}
    try:
        for field, part in request.files.items():
            if FILE_FIELD.match(field) and part.filename:
                uploads[field] = _received(part, files, limit)
        yield uploads
    finally:
        for upload in uploads.values():
            upload.path.unlink(missing_ok=True)


def _received(part: FileStorage, files: Files, limit: int) -> Upload:
    try:
        return files.receive(part.stream, part.filename or "", limit)
    except TooLarge:
        raise _too_large() from None


def _too_large() -> ValidationFailed:
    return ValidationFailed({"upload": ["File upload too large"]})


def _object(body: bytes) -> Record:
    """A JSON object from a request's body."""
    try:
        data = parsed(body)
    except ValueError:
        raise BadRequest("JSON Error: Error decoding JSON data.") from None
    if not isinstance(data, dict):
        raise BadRequest(f"JSON Error: Request data JSON decoded to {data!r:.100} but it needs to be a dictionary.")
    return plain(data)
