"""dcat.ttl: the catalogue record of a package, as Turtle."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from odkit.model import Origin, Package, Resource
from odkit.rdf import spelling
from odkit.rdf.formats import thing_blocks
from odkit.rdf.mould import OTHERS, Kin, Marks, Mould, kin_of, words_of
from odkit.rdf.record import dataset_record, is_standard, origin_of, package_record

_MOULDS = 32
_ORIGIN = 2
"""Words of the file that the package was made from: its name, and its digest."""


def record_turtle(package: Package, resources: Sequence[Resource], base_uri: str) -> bytes:
    """`package_record` as Turtle."""
    kin = kin_of(package.spec)
    if kin is None:
        return b"".join(thing_blocks(package_record(package, resources, base_uri), base_uri))
    origin, files = origin_of(package), tuple([replace(item, bytes=0, sha256="") for item in resources])
    mould = _mould(kin, files, base_uri, standard=is_standard(package), is_known=bool(origin.sha256))
    own = [word for item in resources for word in (str(item.bytes), item.sha256)]
    return mould.filled([*words_of(package.spec), *map(spelling.escape, (origin.location, origin.sha256, *own))])


@lru_cache(_MOULDS)
def _mould(kin: Kin, files: tuple[Resource, ...], base_uri: str, *, standard: bool, is_known: bool) -> Mould:
    """The record of packages of one kin with the same files, whose source `is_known` by its digest or not."""
    marks = Marks(kin, files, base_uri)
    places = [marks.of(OTHERS + number) for number in range(_ORIGIN + 2 * len(files))]
    location, digest, *own = places
    resources = [
        replace(item, bytes=int(size), sha256=sha256)
        for item, size, sha256 in zip(files, own[::2], own[1::2], strict=True)
    ]
    origin = Origin(location=location, sha256=digest if is_known else "")
    record = dataset_record(marks.spec(), origin, resources, base_uri, standard=standard)
    return Mould(b"".join(thing_blocks(record, base_uri)).decode(), marks)
