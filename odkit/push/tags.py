"""Tags as CKAN takes them: 2 to 100 letters, digits, spaces and ``- _ .`` of any script."""

from __future__ import annotations

import re
from collections.abc import Iterable

SHORTEST, LONGEST = 2, 100

_SEPARATORS = re.compile(r"[\s・･]+")
_ILLEGAL = re.compile(r"[^\w \-.]")


def legal_tag(tag: str) -> str:
    """`tag` as a portal takes it; "" where nothing is left that a portal would take.

    ``子育て・教育`` becomes ``子育て 教育``, ``防災/減災`` ``防災減災``; a tag of one character (``県``) is left out.
    """
    spaced = _SEPARATORS.sub(" ", tag)
    kept = re.sub(" +", " ", _ILLEGAL.sub("", spaced)).strip()[:LONGEST].strip()
    return kept if len(kept) >= SHORTEST else ""


def legal_tags(tags: Iterable[str]) -> tuple[str, ...]:
    """The tags that a portal takes, each once, in order."""
    return tuple(dict.fromkeys(filter(None, map(legal_tag, tags))))
