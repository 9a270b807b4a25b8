"""Times of day: ``HH:MM`` in 24 hours; 24:00 is the end of a day."""

from __future__ import annotations

import re
from decimal import Decimal

from odkit.clean.values.base import Cleaned, narrow, settled, unsettled

CLOCK = re.compile(
    r"(?P<half>午前|午後|AM|PM|am|pm)?\s*(?P<hour>[0-9]{1,2})[:：](?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2}))?"
)
WORDS = re.compile(r"(?P<half>午前|午後)?\s*(?P<hour>[0-9]{1,2})時\s*(?:(?P<minute>[0-9]{1,2})分|(?P<thirty>半))?")
DIGITS = re.compile(r"(?P<hour>[0-9]{2})(?P<minute>[0-9]{2})")
# A time of day that some program wrote out with the day that Excel calls 0.
DAY_ZERO = re.compile(r"(?:1899[-/]12[-/]3[01]|1900[-/]0?1[-/]00?)[ T]+(?=[0-9]{1,2}:)")
FRACTION = re.compile(r"0?\.[0-9]+")
MINUTES = 24 * 60


def clean_time(source: str) -> Cleaned:
    """A time from ``9:00``, ``９時３０分``, ``午後5時半``, ``0900`` or Excel's fraction of a day."""
    text = DAY_ZERO.sub("", narrow(source))
    text = "12:00" if text == "正午" else text
    if FRACTION.fullmatch(text):
        return _fraction(source, Decimal(text))
    found = CLOCK.fullmatch(text) or WORDS.fullmatch(text) or DIGITS.fullmatch(text)
    parts = found.groupdict() if found else {}
    hour = _hour(parts)
    minute = 30 if parts.get("thirty") else int(parts.get("minute") or 0)
    second = parts.get("second") or "00"
    if hour is None or minute > 59 or second > "59" or (hour == 24 and (minute or second != "00")):
        return unsettled(source, "clean.time")
    clock = f"{hour:02}:{minute:02}"
    return settled(source, clock if second == "00" else f"{clock}:{second}", "time")


def _hour(parts: dict[str, str | None]) -> int | None:
    if not parts.get("hour"):
        return None
    hour, half = int(parts["hour"] or 0), (parts.get("half") or "").lower()
    if not half:
        return hour if hour <= 24 else None
    # 午後12時 is noon to some and midnight to others.
    if hour > 11:
        return None
    return hour + 12 if half in ("午後", "pm") else hour


def _fraction(source: str, part: Decimal) -> Cleaned:
    minutes = part * MINUTES
    whole = round(minutes)
    if abs(minutes - whole) > Decimal("0.01") or whole >= MINUTES:
        return unsettled(source, "clean.time")
    return settled(source, f"{whole // 60:02}:{whole % 60:02}", "excel-serial")
