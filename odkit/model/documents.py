"""What answers at an address of our own vocabulary."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One word or code, for a person: `name` is what stands behind the ``#`` of its address."""

    name: str
    label: str
    label_en: str
    description: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """What one address says: the words or codes on it, and its `files`, media type -> content."""

    title: str
    title_en: str
    entries: tuple[Entry, ...]
    files: Mapping[str, bytes]
