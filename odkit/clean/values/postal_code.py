"""Postal codes: seven digits without a hyphen."""

from __future__ import annotations

import re

from odkit.clean.values.base import Cleaned, narrow, settled, unsettled

FORM = re.compile(r"〒?\s*([0-9]{3})\s*[-‐‑‒–—―−ー─]?\s*([0-9]{4})")


def clean_postal_code(source: str) -> Cleaned:
    """``〒272-8501`` and ``２７２－８５０１`` become 2728501."""
    if len(source) == len("272-8501") and source[3] == "-" and source.isascii():
        digits = source[:3] + source[4:]  # the usual spelling, of which a table has as many as rows
        if digits.isdigit():
            return Cleaned(digits, "postal-code")
    found = FORM.fullmatch(narrow(source))
    return settled(source, found[1] + found[2], "postal-code") if found else unsettled(source, "clean.postal-code")
