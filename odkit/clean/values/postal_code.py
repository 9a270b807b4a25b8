"""Postal codes: seven digits without a hyphen."""

from __future__ import annotations

import re
from collections.abc import Collection

from odkit.clean.values.base import Cleaned, narrow, settled, unsettled

FORM = re.compile(r"〒?\s*([0-9]{3})\s*[-‐‑‒–—―−ー─]?\s*([0-9]{4})")


USUAL, SIGN, DIGITS = len("272-8501"), len("272"), 7


def clean_usual_postal_codes(values: Collection[str]) -> dict[str, str]:
    """Those of some values that are spelt ``272-8501``, all at once: a table may have as many of them as rows."""
    found = [value for value in values if len(value) == USUAL and value[SIGN] == "-"]
    after = "\n".join(found).replace("-", "")
    digits = after.replace("\n", "")
    if len(digits) != DIGITS * len(found) or not (digits.isascii() and digits.isdigit()):
        return {}
    return dict(zip(found, after.split("\n"), strict=True))


def clean_postal_code(source: str) -> Cleaned:
    """``〒272-8501`` and ``２７２－８５０１`` become 2728501."""
    found = FORM.fullmatch(narrow(source))
    return settled(source, found[1] + found[2], "postal-code") if found else unsettled(source, "clean.postal-code")
