"""What a heading is called: its normal form, the names and variants of a standard's columns, and what it claims."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from odkit.model import TableSchema

JOINT = "／"
"""Joins the parts of a heading that stands over several rows."""

BLANKS = re.compile("[\\s\u200b\ufeff]")
LONG_SOUND = re.compile("(?<=[ァ-ヴーぁ-ん])[―—−](?=[ァ-ヴーぁ-ん])")
NUMBERING = re.compile(r"^\d+\.")
LEFT_OUT = ""
CONFIDENCE = {"normalised": 0.99, "alias": 0.95}
"""How sure a heading's name alone is; what is declared or the very same is certain."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A heading's claim on a column: `rank` 0 is the strongest, `how` and `confidence` as in `ColumnMatch`."""

    rank: int
    how: str
    target: str
    confidence: float = 1.0


@lru_cache(8192)
def normalise(heading: str) -> str:
    """A heading's key: brackets and kana of one width, no spaces, no line breaks, no leading number."""
    text = LONG_SOUND.sub("ー", unicodedata.normalize("NFKC", BLANKS.sub("", heading)))
    return NUMBERING.sub("", text).casefold()


def keys(heading: str) -> tuple[str, ...]:
    """What a heading may be known by, normalised.

    所在地／緯度 may be the whole name with a joint (所在地_緯度), or the last part alone.
    """
    if JOINT not in heading:
        return (normalise(heading),)
    return (normalise(heading), normalise(heading.replace(JOINT, "_")), normalise(heading.rpartition(JOINT)[2]))


class Names:
    """What a heading can mean, compiled for one standard and one declaration."""

    def __init__(self, schema: TableSchema, declared: Mapping[str, str], aliases: Mapping[str, str]) -> None:
        self.columns = frozenset(schema.names)
        self.declared = {normalise(heading): target for heading, target in declared.items()} | dict(declared)
        self.normalised = {normalise(name): name for name in reversed(schema.names)}
        known = self.columns | {LEFT_OUT}
        self.aliases = {normalise(heading): target for heading, target in aliases.items() if target in known}

    def claim(self, heading: str) -> Claim | None:
        """The strongest claim of a heading; None where it means nothing to the standard."""
        key = normalise(heading)
        if not key:
            return None
        for form in (heading, key):
            if form in self.declared:
                return Claim(0, "declared", self.declared[form])
        if heading in self.columns:
            return Claim(1, "exact", heading)
        return next(self._variants(heading), None)

    @property
    def spellings(self) -> Mapping[str, str]:
        """Every normalised name and known variant of a column, with the column."""
        return {key: target for key, target in self.aliases.items() if target} | self.normalised

    def _variants(self, heading: str) -> Iterator[Claim]:
        for key in keys(heading):
            if key in self.normalised:
                yield Claim(2, "normalised", self.normalised[key], CONFIDENCE["normalised"])
            if key in self.aliases:
                yield Claim(3, "alias", self.aliases[key], CONFIDENCE["alias"])
