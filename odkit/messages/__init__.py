"""What people read, by code: ``messages/<lang>/<stage>.toml``. Code and identifiers stay English.

A code is ``<stage>.<name>``; its entry has `message` (what happened, where) and `fix` (the way out), with ``{name}``
for the details.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

LANGUAGES = ("ja", "en")


@cache
def catalogue(lang: str) -> dict[str, dict[str, str]]:
    """All entries of one language: code -> {"message": …, "fix": …}."""
    entries: dict[str, dict[str, str]] = {}
    for file in sorted((files(__name__) / lang).iterdir(), key=lambda item: item.name):
        if file.name.endswith(".toml"):
            stage = file.name.removesuffix(".toml")
            parsed = tomllib.loads(file.read_text(encoding="utf-8"))
            entries.update({f"{stage}.{name}": entry for name, entry in parsed.items()})
    return entries


def text(code: str, lang: str, details: Mapping[str, str] | None = None, part: str = "message") -> str:
    """One part of an entry with its details filled in; empty where the entry has no such part."""
    return catalogue(lang)[code].get(part, "").format_map(details or {})


def sentence(code: str, lang: str, details: Mapping[str, str] | None = None) -> str:
    """The message, and on a line of its own the way out."""
    fix = text(code, lang, details, "fix")
    return text(code, lang, details) + (f"\n  → {fix}" if fix else "")
