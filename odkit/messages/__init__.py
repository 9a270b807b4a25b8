"""What people read, by code: ``messages/<lang>/<stage>.toml``. Code and identifiers stay English.

A code is ``<stage>.<name>``; its entry has `message` (what happened, where) and `fix` (the way out), with ``{name}``
for the details.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

LANGUAGES = ("ja", "en")
_FOLDER = Path(__file__).parent
_Entry = dict[str, str]


@cache
def catalogue(lang: str) -> dict[str, _Entry]:
    """All entries of one language: code -> {"message": …, "fix": …}."""
    stages = sorted(path.stem for path in (_FOLDER / lang).glob("*.toml"))
    return {f"{stage}.{name}": entry for stage in stages for name, entry in _stage(lang, stage).items()}


@cache
def _stage(lang: str, stage: str) -> dict[str, _Entry]:
    """The entries of one stage by their names: a command reads only the files that it speaks from."""
    path = _FOLDER / lang / f"{stage}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def text(code: str, lang: str, details: Mapping[str, str] | None = None, part: str = "message") -> str:
    """One part of an entry with its details filled in; empty where the entry has no such part."""
    stage, _, name = code.partition(".")
    return _stage(lang, stage)[name].get(part, "").format_map(details or {})


def sentence(code: str, lang: str, details: Mapping[str, str] | None = None) -> str:
    """The message, and on a line of its own the way out."""
    fix = text(code, lang, details, "fix")
    return text(code, lang, details) + (f"\n  → {fix}" if fix else "")
