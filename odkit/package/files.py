"""Writing the files of a package: whole, in one form, never half."""

from __future__ import annotations

import codecs
import csv
import hashlib
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from io import FileIO
from itertools import chain, islice
from pathlib import Path

from filelock import FileLock, Timeout

from odkit.errors import UsageError
from odkit.jsonfile import json_bytes
from odkit.model import Resource, Row
from odkit.wholefile import write_all, write_file

BLOCK = 1 << 20
ROWS_PER_BLOCK = 512
UNNAMED = Resource(key="", path="", title="", title_en="", format="CSV", media_type="text/csv", bytes=0, sha256="")
PATIENCE = 120.0
"""Seconds to wait for another process that builds the same package."""


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Row], encoding: str) -> int:
    """Write a CSV as Excel and RFC 4180 want it (comma, CRLF, quotes where needed); returns the number of rows."""
    return write_table(path, header, rows, encoding).rows or 0


def write_table(
    path: Path, header: Sequence[str], rows: Iterable[Row], encoding: str, template: Resource = UNNAMED
) -> Resource:
    """Write a CSV as `write_csv` does; the template with its size, sha256 and number of rows."""
    encode, digest = codecs.getincrementalencoder(encoding)().encode, hashlib.sha256()
    size, count, lines = 0, -1, chain((header,), rows)
    with FileIO(path, "wb") as file:
        while batch := list(islice(lines, ROWS_PER_BLOCK)):
            data = encode(_as_csv(batch))
            digest.update(data)
            write_all(file, data)
            size += len(data)
            count += len(batch)
    return replace(template, path=path.name, bytes=size, sha256=digest.hexdigest(), rows=count)


def _as_csv(rows: Iterable[Sequence[str]]) -> str:
    quoted = csv.writer(_Echo()).writerow
    # The module looks at every character; most rows are nothing but their cells with commas between them.
    return "".join([line if (line := _plain_line(row)) else quoted(row) for row in rows])


def _plain_line(row: Sequence[str]) -> str:
    """A row none of whose cells needs quotes; empty for others. A lone empty cell would be a blank line without."""
    text = ",".join(row)
    if not text or '"' in text or "\n" in text or "\r" in text or text.count(",") >= len(row):
        return ""
    return f"{text}\r\n"


class _Echo:
    """A file that gives back what is written: so does the writer of csv then."""

    def write(self, text: str) -> str:
        """The text."""
        return text


def write_json(path: Path, content: object) -> None:
    """Write JSON as people diff it: UTF-8, two spaces, the given order of keys, a line end at the end."""
    write_file(path, json_bytes(content))


def write_described(path: Path, content: object, template: Resource, *, whole_numbers: bool = False) -> Resource:
    """Write JSON as `write_json` does; the template with its size and sha256. `whole_numbers`: see `json_bytes`."""
    data = json_bytes(content, whole_numbers=whole_numbers)
    write_file(path, data)
    return replace(template, path=path.name, bytes=len(data), sha256=hashlib.sha256(data).hexdigest())


def describe_file(path: Path, template: Resource) -> Resource:
    """The template with the size and sha256 of the file that now stands at `path`."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
            size += len(block)
    return replace(template, path=path.name, bytes=size, sha256=digest.hexdigest())


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
    """A folder to build in that takes the place of `final` when the block ends well, and vanishes when it does not.

    Whatever is interrupted in between, by Ctrl-C too, `final` is what it was or what it is to be, and alone.
    """
    staging = final.with_name(f".{final.name}.new")
    retired = final.with_name(f".{final.name}.old")
    _remove(retired)
    # An interruption comes when a call of the system returns: what is made is made inside.
    try:
        try:
            staging.mkdir(parents=True)
        except FileExistsError:
            _remove(staging)
            staging.mkdir(parents=True)
        yield staging
        if is_replaced := final.exists():
            final.rename(retired)
        staging.rename(final)
        if is_replaced:
            _remove(retired)
    except BaseException:
        _remove(staging)
        with suppress(OSError):  # there is none, or its successor has taken the place
            retired.rename(final)
        _remove(retired)
        raise


def _remove(path: Path) -> None:
    """Take away a folder, or a file where somebody has put one in its place, if there is any."""
    # Mostly there is none, and the system says so at once.
    try:
        path.unlink()
    except FileNotFoundError:
        return
    except OSError:
        if not path.is_dir():
            raise
        shutil.rmtree(path, ignore_errors=True)
