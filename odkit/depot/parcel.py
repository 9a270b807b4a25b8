"""Files as they travel: many small ones in one object, a large one in an object of its own.

The list of them, with sizes and digests, goes another way than the store. Nothing that comes out of the store is
opened before it has been compared with the list, and what is in it decides nothing: no name, no size.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from odkit.depot.place import Depot

FULL = 8 << 20
"""Bytes from which on a file has an object of its own, and an object takes no further files."""
NAME = re.compile("[0-9a-f]{64}(-[0-9a-f]{16})?")


@dataclass(frozen=True, slots=True)
class Item:
    """A file: its path below a folder, with slashes, its size and its sha256."""

    path: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Bundle:
    """An object of the store: the bytes of its items, one after the other."""

    name: str
    items: tuple[Item, ...]


Parcel = tuple[Bundle, ...]


def pack(depot: Depot, folder: Path, paths: Iterable[str], sent: set[str], mark: str = "") -> Parcel:
    """Put files below `folder` into the depot, under their digest and a `mark`; what was `sent` before stays there.

    Raises UsageError where the store cannot be worked with, OSError where a file cannot be read.
    """
    return tuple(_sent(depot, files, sent, mark) for files in _gathered(folder, dict.fromkeys(paths)))


def unpack(depot: Depot, parcel: Parcel, folder: Path) -> None:
    """Fetch the files of a parcel into an empty folder.

    Raises UsageError where one of them is not what the parcel says, or would not lie in the folder.
    """
    paths = [item.path for bundle in parcel for item in bundle.items]
    twice = next((path for path in paths if paths.count(path) > 1), None) if len(set(paths)) < len(paths) else None
    if twice is not None:
        raise depot.damaged(twice)
    for bundle in parcel:
        if not NAME.fullmatch(bundle.name):
            raise depot.damaged(bundle.name)
        for item in bundle.items:
            if not _is_inside(folder, item):
                raise depot.damaged(item.path)
        pieces = depot.pieces(bundle.name, sum(item.bytes for item in bundle.items))
        for item, digest in zip(bundle.items, _written(pieces, bundle.items, folder), strict=True):
            if digest != item.sha256:
                raise depot.damaged(item.path)


Files = Sequence[tuple[str, Path, bytes | None]]
"""Path below the folder, place, and the content of small ones."""


def _gathered(folder: Path, paths: Iterable[str]) -> Iterator[Files]:
    small: list[tuple[str, Path, bytes | None]] = []
    weight = 0
    for path in paths:
        place = folder / path
        if place.stat().st_size >= FULL:
            yield ((path, place, None),)
            continue
        data = place.read_bytes()
        small.append((path, place, data))
        weight += len(data)
        if weight >= FULL:
            yield tuple(small)
            small, weight = [], 0
    if small:
        yield tuple(small)


def _sent(depot: Depot, files: Files, sent: set[str], mark: str) -> Bundle:
    items = tuple(_item(path, place, data) for path, place, data in files)
    whole = b"".join(data for _, _, data in files if data is not None)
    large = next((place for _, place, data in files if data is None), None)
    digest = items[0].sha256 if large else hashlib.sha256(whole).hexdigest()
    name = f"{digest}-{mark}" if mark else digest
    if name not in sent:
        if large:
            depot.put_file(name, large)
        else:
            depot.put(name, whole)
        sent.add(name)
    return Bundle(name, items)


def _item(path: str, place: Path, data: bytes | None) -> Item:
    if data is not None:
        return Item(path, len(data), hashlib.sha256(data).hexdigest())
    with place.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return Item(path, file.tell(), digest)


def _written(pieces: Iterator[bytes], items: Sequence[Item], folder: Path) -> Iterator[str]:
    """Write the items out of the bytes of all of them; their digests."""
    left = memoryview(b"")
    for item in items:
        place, digest, missing = folder / item.path, hashlib.sha256(), item.bytes
        place.parent.mkdir(parents=True, exist_ok=True)
        with place.open("xb") as file:
            while missing:
                left = left or memoryview(next(pieces))
                part, left = left[:missing], left[missing:]
                missing -= len(part)
                file.write(part)
                digest.update(part)
        yield digest.hexdigest()


def _is_inside(folder: Path, item: Item) -> bool:
    """Whether the path stays in the folder, by the rules of any system."""
    pure = PurePosixPath(item.path)
    plain = item.bytes >= 0 and not pure.is_absolute() and pure.parts and not {"..", "."} & set(pure.parts)
    if not plain or "\0" in item.path:
        return False
    return (folder / item.path).resolve().is_relative_to(folder.resolve()) and str(pure) == item.path
