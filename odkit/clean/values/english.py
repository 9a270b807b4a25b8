"""Text in English: letters, digits and signs in half-width."""

from __future__ import annotations

from odkit.clean.values.base import Cleaned, narrow, settled


def clean_english(source: str) -> Cleaned:
    """``Ｉｃｈｉｋａｗａ　Ｃｉｔｙ`` becomes ``Ichikawa City``; a name is never translated or spelt in letters here."""
    return settled(source, narrow(source), "half-width")
