"""Names for files and packages that strangers named: plain, unique, and safe in any folder on any system."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

LONGEST = 100
FORBIDDEN = re.compile(r'[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069<>:"/\\|?*]')
RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)


def is_plain(name: str) -> bool:
    """Whether `name` can be a file's name as it stands: no folder, no hidden or reserved name, nothing odd in it."""
    return name == plain_name(name)


def plain_name(name: str, otherwise: str = "file") -> str:
    """`name` without folders and without what a system would stumble on; `otherwise` where nothing is left."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    kept = FORBIDDEN.sub("_", last).strip(" ").lstrip(".").rstrip(". ")
    if RESERVED.fullmatch(kept):
        kept = f"_{kept}"
    stem, dot, suffix = kept.rpartition(".")
    if len(kept) > LONGEST and len(suffix) <= 10:
        kept = f"{stem[: LONGEST - len(suffix) - 1]}{dot}{suffix}"
    # A surrogate that stands alone is in no file system.
    return kept[:LONGEST].encode("utf-8", "replace").decode() or otherwise


def unique(name: str, taken: Iterable[str]) -> str:
    """`name`, with a number where `taken` has it already (capitals and small letters are the same)."""
    used = {item.casefold() for item in taken}
    stem, dot, suffix = name.rpartition(".") if "." in name else (name, "", "")
    number, made = 1, name
    while made.casefold() in used:
        number += 1
        made = f"{stem}-{number}{dot}{suffix}"
    return made


def slug(text: str, otherwise: str) -> str:
    """`text` as the name of a package or resource: lower-case ASCII letters, digits, ``-``, ``_`` and ``.``."""
    kept = re.sub(r"[^a-z0-9_.-]+", "-", text.casefold()).strip("-.")
    return kept[:LONGEST] or otherwise
