"""Days: Gregorian dates checked, era dates and Excel serial numbers turned into them."""

from __future__ import annotations

import re
from datetime import date, timedelta

from odkit.project import Era

LAST_SERIAL = 60000
PHANTOM_LEAP_DAY = 60
OLD_CALENDAR_ENDS = date(1873, 1, 1)
ERAS_CHANGE_AT_MIDNIGHT = 1989
KANJI_DIGITS = "〇一二三四五六七八九"
KANJI_NUMBER = re.compile(f"[{KANJI_DIGITS}十]+(?=[年月日])")
TENS = re.compile(f"([{KANJI_DIGITS[2:]}]?)十([{KANJI_DIGITS[1:]}]?)")


def gregorian(year: int, month: int, day: int) -> date | None:
    """The day, or None where the calendar has none such."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def in_era(era: Era, eras: tuple[Era, ...], year: int, month: int, day: int) -> date | None:
    """The day of an era's year; None where it does not exist or lies outside the era.

    Until 昭和 the day of change belongs to both eras. Before 1873 the months were those of the old calendar,
    which do not carry over.
    """
    found = gregorian(era.start.year + year - 1, month, day)
    if year < 1 or found is None or found < era.start or found < OLD_CALENDAR_ENDS:
        return None
    following = [item.start for item in eras if item.start > era.start]
    if not following:
        return found
    end = min(following)
    shared = end.year < ERAS_CHANGE_AT_MIDNIGHT
    return found if found < end or (shared and found == end) else None


def from_serial(serial: int) -> date | None:
    """The day that Excel (1900 system) numbers `serial`, 1 to 60000; None for 60, a 29 February 1900 that never was."""
    if not 1 <= serial <= LAST_SERIAL or serial == PHANTOM_LEAP_DAY:
        return None
    return date(1899, 12, 31 if serial < PHANTOM_LEAP_DAY else 30) + timedelta(days=serial)


def arabic(text: str) -> str:
    """The text with the kanji numbers of a date in digits: 昭和六十年三月二十一日, 一九六五年."""
    return KANJI_NUMBER.sub(lambda found: _digits(found[0]), text)


def _digits(number: str) -> str:
    """A number below 100 (二十一), or one written digit by digit (一九六五); anything else stays as it is."""
    tens = TENS.fullmatch(number)
    if tens:
        ten, one = (KANJI_DIGITS.find(part) if part else -1 for part in tens.groups())
        return str((ten if ten > 0 else 1) * 10 + max(one, 0))
    return number if "十" in number else "".join(str(KANJI_DIGITS.index(digit)) for digit in number)
