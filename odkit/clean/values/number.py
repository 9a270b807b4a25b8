"""Numbers: decimal digits with a point, no separators, a leading minus."""

from __future__ import annotations

import re

from odkit.clean.values.base import Cleaned, narrow, settled, unsettled

NEGATIVE = re.compile(r"^[△▲−‐–－]\s*(?=[\d.])")
PLAIN = re.compile(r"[+-]?(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.[0-9]+)?")
EXPONENT = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?[eE][+-]?[0-9]+")
WHOLE = re.compile(r"\.0+$")


def clean_number(source: str) -> Cleaned:
    """A number without thousands separators; every digit of the source stays, ``1.50`` too."""
    text = NEGATIVE.sub("-", narrow(source))
    if PLAIN.fullmatch(text):
        return settled(source, text.replace(",", ""), "number")
    # Excel writes long numbers as 4.00E+12 and drops their digits for good.
    return unsettled(source, "clean.exponent" if EXPONENT.fullmatch(text) else "clean.number")


def clean_integer(source: str) -> Cleaned:
    """A whole number; ``3.0`` is 3, ``3.5`` is a person's to settle."""
    cleaned = clean_number(source)
    text = WHOLE.sub("", cleaned.value)
    if cleaned.issue:
        return cleaned
    return unsettled(source, "clean.number") if "." in text else settled(source, text, "number")
