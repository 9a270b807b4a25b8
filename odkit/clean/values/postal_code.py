"""Postal codes: seven digits without a hyphen."""

from __future__ import annotations

import re
from collections.abc import Collection

from odkit.clean.values.base import Cleaned, code_text, settled, unsettled

FORM = re.compile(r"〒?\s*([0-9]{3})\s*[-‐‑‒–—―−ー─]?\s*([0-9]{4})")


USUAL, SIGN = len("272-8501"), len("272")
ALL_USUAL = re.compile("(?:[0-9]{3}-[0-9]{4}\n)*+")


def clean_usual_postal_codes(values: Collection[str]) -> dict[str, str]:
    """Those of some values that are spelt ``272-8501``, all at once: a table may have as many of them as rows."""
    text = "\n".join((*values, ""))
    if len(text) != (USUAL + 1) * len(values) or not ALL_USUAL.fullmatch(text):
        values = [value for value in values if len(value) == USUAL and value[SIGN] == "-"]
        text = "\n".join((*values, ""))
        if not ALL_USUAL.fullmatch(text):
            return {}
    return dict(zip(values, text.replace("-", "").split("\n"), strict=False))


def clean_postal_code(source: str) -> Cleaned:
    """``〒272-8501``, ``２７２－８５０１`` and ``2728501.0`` become 2728501."""
    text, rule = code_text(source)
    found = FORM.fullmatch(text)
    if not found:
        return unsettled(source, "clean.postal-code")
    return settled(source, found[1] + found[2], rule if rule == "point-zero" else "postal-code")
