"""Writing the files of a package: whole, in one form, never half."""

from __future__ import annotations

import csv
import hashlib
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from odkit.errors import UsageError
from odkit.jsonfile import json_bytes
from odkit.model import Resource, Row

BLOCK = 1 << 20
PATIENCE = 120.0
"""Seconds to wait for another process that builds the same package."""


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Row], encoding: str) -> int:
    """Write a CSV as Excel and RFC 4180 want it (comma, CRLF, quotes where needed); returns the number of rows."""
    count = 0
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        for count, row in enumerate(rows, 1):  # noqa: B007 - the count is wanted after the loop
            writer.writerow(row)
    return count


def write_json(path: Path, content: object) -> None:
    """Write JSON as people diff it: UTF-8, two spaces, the given order of keys, a line end at the end."""
    path.write_bytes(json_bytes(content))


def describe_file(path: Path, template: Resource) -> Resource:
    """The template with the size and sha256 of the file that now stands at `path`."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
            size += len(block)
    return Resource(
        key=template.key,
        path=path.name,
        title=template.title,
        title_en=template.title_en,
        format=template.format,
        media_type=template.media_type,
        bytes=size,
        sha256=digest.hexdigest(),
        rows=template.rows,
    )


@contextmanager
def exclusive(lock: Path) -> Iterator[None]:
    """The right to work on a dataset: one process at a time holds the file `lock`.

    Raises UsageError where another holds it for more than `PATIENCE` seconds; a process that dies lets it go.
    """
    lock.parent.mkdir(parents=True, exist_ok=True)
    held = FileLock(lock, timeout=PATIENCE)
    try:
        held.acquire()
    except Timeout as error:
        raise UsageError("package.busy", dataset=lock.stem.replace("_", "/", 1)) from error
    try:
        yield
    finally:
        held.release()


@contextmanager
def staged_folder(final: Path) -> Iterator[Path]:
    """A folder to build in that takes the place of `final` when the block ends well, and vanishes when it does not."""
    staging = final.with_name(f".{final.name}.new")
    retired = final.with_name(f".{final.name}.old")
    for leftover in (staging, retired):
        shutil.rmtree(leftover, ignore_errors=True)
    staging.mkdir(parents=True)
    try:
        yield staging
        if final.exists():
            final.rename(retired)
        staging.rename(final)
    finally:
        for leftover in (staging, retired):
            shutil.rmtree(leftover, ignore_errors=True)
