"""Latitude and longitude: decimal degrees. Whether a place lies in Japan is seen from both (`coordinates.py`)."""

from __future__ import annotations

import re
from decimal import Decimal

from odkit.clean.values.base import Cleaned, narrow, settled, unsettled

SIDE = r"(?:北緯|東経|[NE])?\s*"
DECIMAL = re.compile(rf"{SIDE}(-?[0-9]{{1,3}}(?:\.[0-9]+)?)\s*[°゜º˚度]?\s*[NE]?")
SEXAGESIMAL = re.compile(
    rf"{SIDE}(?P<degrees>[0-9]{{1,3}})\s*[°゜º˚度]\s*(?P<minutes>[0-9]{{1,2}}(?P<part>\.[0-9]+)?)\s*[′'’‘´分]\s*"
    r"(?:(?P<seconds>[0-9]{1,2}(?:\.[0-9]+)?)\s*(?:[″\"”“秒]|''|′′|’’)\s*)?[NE]?"
)
SEPARATED = re.compile(
    rf"{SIDE}(?P<degrees>[0-9]{{2,3}})(?P<sign>[./: \-])(?P<minutes>[0-9]{{1,2}})(?P=sign)"
    r"(?P<seconds>[0-9]{1,2}(?:\.[0-9]+)?)(?P<part>)\s*[NE]?"
)
SIX_PLACES = Decimal("0.000001")


def clean_coordinate(source: str) -> Cleaned:
    """Decimal degrees as written; degrees, minutes and seconds become decimal degrees with six places.

    35.3617 is read as degrees, whatever was meant; 353617 may be anything.
    """
    text = narrow(source)
    plain = DECIMAL.fullmatch(text)
    if plain:
        return settled(source, plain[1], "number")
    found = SEXAGESIMAL.fullmatch(text) or SEPARATED.fullmatch(text)
    if not found:
        return unsettled(source, "clean.coordinate")
    minutes, seconds = Decimal(found["minutes"]), Decimal(found["seconds"] or 0)
    if minutes >= 60 or seconds >= 60 or (found["part"] and seconds):
        return unsettled(source, "clean.coordinate")
    degrees = Decimal(found["degrees"]) + minutes / 60 + seconds / 3600
    return settled(source, str(degrees.quantize(SIX_PLACES)), "degrees")
