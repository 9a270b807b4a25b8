"""Dates whose era stands in the heading alone: 「指定年月日（昭和）」 over 40.3.26."""

from __future__ import annotations

import re

from odkit.clean.values import Cleaned, Cleaner
from odkit.clean.values.base import narrow, settled
from odkit.project import Era

BARE = re.compile(r"(?:元|[0-9]{1,2})\s*[年/.\-]\s*[0-9]{1,2}\s*[月/.\-]\s*[0-9]{1,2}\s*日?")


def era_of_heading(heading: str, eras: tuple[Era, ...]) -> str:
    """The one era that a heading names; "" where it names none, or several."""
    named = [era.name for era in eras if era.name in heading]
    return named[0] if len(named) == 1 else ""


def with_era(clean: Cleaner, era: str) -> Cleaner:
    """A cleaner of dates that reads years of two digits as years of `era`."""

    def clean_bare(source: str) -> Cleaned:
        text = narrow(source)
        cleaned = clean(era + text) if BARE.fullmatch(text) else None
        return clean(source) if cleaned is None or cleaned.issue else settled(source, cleaned.value, "era-heading")

    return clean_bare
