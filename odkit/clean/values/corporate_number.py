"""法人番号: thirteen digits, the first one a check digit."""

from __future__ import annotations

import re

from odkit.clean.values.base import Cleaned, code_text, settled, unsettled

FORM = re.compile("[0-9]{13}")


def check_digit(base12: str) -> str:
    """The check digit of twelve digits: 9 − (Σ digit × weight mod 9), weights 1, 2, 1, 2 … from the right."""
    total = sum(map(int, base12)) + sum(map(int, base12[::2]))
    return str(9 - total % 9)


def clean_corporate_number(source: str) -> Cleaned:
    """A number whose check digit is right; a wrong one, or Excel's ``4.00E+12``, cannot be repaired."""
    text, rule = code_text(source)
    text = text.replace("-", "")
    if FORM.fullmatch(text) and check_digit(text[1:]) == text[0]:
        return settled(source, text, rule)
    return unsettled(source, "clean.corporate-number")
