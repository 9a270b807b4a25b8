"""Zip archives: how much one may unpack to, and the file inside that holds the table. Nothing is written to disk."""

from __future__ import annotations

import json
import zipfile
from io import BytesIO
from pathlib import PurePosixPath

from odkit.errors import SourceError
from odkit.read.blocks import which_table
from odkit.read.damage import damage_reported
from odkit.read.sniff import Kind, sniff

LARGEST = 512 << 20
"""Bytes that an archive may unpack to."""
_SMALL = 64 << 20
_DENSEST = 400
"""Times that an archive over `_SMALL` may grow when unpacked; real ones stay below 100."""
_MOST_MEMBERS = 10_000
_TEXT_NAMES = frozenset({".csv", ".tsv", ".txt", ".tab"})
_UTF8_NAME = 0x800


def guard(archive: zipfile.ZipFile, location: str) -> None:
    """Refuse an archive that unpacks to too much (`SourceError` ``read.too-large``), before any part is opened."""
    entries = archive.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if unpacked > LARGEST or unpacked > max(_SMALL, packed * _DENSEST) or len(entries) > _MOST_MEMBERS:
        raise SourceError("read.too-large", file=location, size=unpacked >> 20, limit=LARGEST >> 20)


def unpack(data: bytes, wanted: str, location: str) -> tuple[str, bytes]:
    """The name and bytes of the member with the table: the one named `wanted`, else the only one that holds one.

    A zip inside the zip is not opened. Raises `SourceError`: ``read.too-large``, ``read.broken-file``,
    ``read.no-member``, ``read.not-a-table`` where no member is a table, ``read.which-table`` where several are.
    """
    with damage_reported(location), zipfile.ZipFile(BytesIO(data)) as archive:
        guard(archive, location)
        members = {_name(entry): entry for entry in archive.infolist() if not entry.is_dir()}
        if wanted:
            return wanted, archive.read(_named(members, wanted, location))
        tables = [name for name, entry in members.items() if _is_table(name, archive.read(entry))]
        chosen = _only(tables, location)
        return chosen, archive.read(members[chosen])


def _name(entry: zipfile.ZipInfo) -> str:
    """A member's name; Japanese Windows writes cp932 and does not say so."""
    if entry.flag_bits & _UTF8_NAME:
        return entry.filename
    raw = entry.orig_filename.encode("cp437", errors="replace")
    for encoding in ("utf-8", "cp932"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return entry.filename


def _named(members: dict[str, zipfile.ZipInfo], wanted: str, location: str) -> zipfile.ZipInfo:
    if wanted not in members:
        raise SourceError("read.no-member", file=location, member=wanted, members=", ".join(sorted(members)[:50]))
    return members[wanted]


def _is_table(name: str, data: bytes) -> bool:
    """Whether a member's bytes are a table; for plain text only its name can say so (a .prj is text, too)."""
    path = PurePosixPath(name)
    if path.name.startswith(".") or "__MACOSX" in path.parts:
        return False
    try:
        kind = sniff(data, name)
    except SourceError:
        return False
    return path.suffix.lower() in _TEXT_NAMES if kind is Kind.TEXT else kind is not Kind.ZIP


def _only(tables: list[str], location: str) -> str:
    if not tables:
        raise SourceError("read.not-a-table", file=location, format="ZIP")
    if len(tables) > 1:
        raise which_table(location, [(f"member = {json.dumps(name, ensure_ascii=False)}", "") for name in tables])
    return tables[0]
