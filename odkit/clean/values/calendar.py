"""Days: Gregorian dates checked, era dates and Excel serial numbers turned into them."""

from __future__ import annotations

from datetime import date, timedelta

from odkit.project import Era

LAST_SERIAL = 60000
PHANTOM_LEAP_DAY = 60
OLD_CALENDAR_ENDS = date(1873, 1, 1)
ERAS_CHANGE_AT_MIDNIGHT = 1989


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
