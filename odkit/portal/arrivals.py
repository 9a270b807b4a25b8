"""What arrives with a call, whichever way it comes: JSON from strangers, and files on their way to the portal."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from odkit.portal.errors import BadRequest, ValidationFailed
from odkit.portal.files import Files, Stream, TooLarge, Upload
from odkit.portal.plain import parsed, plain
from odkit.portal.store import Record

MAX_JSON = 16 << 20  # bytes of a JSON body, and of the texts of a form
FILE_FIELD = re.compile(r"upload\Z|update__resources__[^_]+__upload\Z")


def is_file_field(name: str) -> bool:
    """Whether a field of a form is one that takes a file."""
    return FILE_FIELD.match(name) is not None


@contextmanager
def kept_files(sent: Iterable[tuple[str, str, Stream]], files: Files, limit: int) -> Iterator[dict[str, Upload]]:
    """Files (field, name, content) by form field, on disk under passing names that are gone when the block ends.

    Raises `ValidationFailed` for a file of more than `limit` bytes.
    """
    uploads: dict[str, Upload] = {}
    files.sweep()
    try:
        for field, name, stream in sent:
            try:
                uploads[field] = files.receive(stream, name, limit)
            except TooLarge:
                raise too_large() from None
        yield uploads
    finally:
        for upload in uploads.values():
            upload.path.unlink(missing_ok=True)


def too_large() -> ValidationFailed:
    """The refusal of a call with too large a file, or with too much of everything."""
    return ValidationFailed({"upload": ["File upload too large"]})


def json_object(body: bytes) -> Record:
    """A JSON object from the body of a call; raises `BadRequest`."""
    try:
        data = parsed(body)
    except ValueError:
        raise BadRequest("JSON Error: Error decoding JSON data.") from None
    if not isinstance(data, dict):
        raise BadRequest(f"JSON Error: Request data JSON decoded to {data!r:.100} but it needs to be a dictionary.")
    return plain(data)
