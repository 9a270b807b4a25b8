"""Ranges of the query language, ``[a TO b]``: dates with Solr's arithmetic (``NOW-7DAYS``), numbers, else texts."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

BOUND = r'"(?:[^"\\]|\\.)*"|[^\s"\]}]+'
RANGE = re.compile(rf"(?P<open>[\[{{])\s*(?P<low>{BOUND})\s+TO\s+(?P<high>{BOUND})\s*(?P<close>[\]}}])")
DATES = frozenset({"metadata_created", "metadata_modified"})
NUMBERS = frozenset({"num_resources", "num_tags"})
STEP = re.compile(r"([+-])(\d{1,6})(YEAR|MONTH|DAY|HOUR|MINUTE|SECOND)S?|/(YEAR|MONTH|DAY|HOUR|MINUTE|SECOND)S?")
SPANS = {"DAY": timedelta(days=1), "HOUR": timedelta(hours=1), "MINUTE": timedelta(minutes=1)}
FIRST = {"month": 1, "day": 1, "hour": 0, "minute": 0, "second": 0, "microsecond": 0}


def within(field: str, token: str) -> Callable[[str], bool]:
    """Whether a value of `field` lies in the range that `token` writes. Raises ValueError or OverflowError."""
    found = RANGE.fullmatch(token)
    if found is None:
        raise ValueError(token)
    read: Callable[[str], Any] = _date if field in DATES else int if field in NUMBERS else str
    low, high = (None if item == "*" else read(item.strip('"')) for item in found.group("low", "high"))
    with_low, with_high = found["open"] == "[", found["close"] == "]"

    def inside(value: str) -> bool:
        at = read(value)
        above = low is None or low < at or (with_low and low == at)
        return bool(above and (high is None or at < high or (with_high and high == at)))

    return inside


def _date(text: str) -> datetime:
    """A moment in UTC: ISO 8601 or ``NOW``, and what is added to it or cut off from it."""
    if text.startswith("NOW"):
        return _moved(datetime.now(UTC).replace(tzinfo=None), text[3:])
    date, _, steps = text.partition("Z")
    moment = datetime.fromisoformat(date)
    return _moved(moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment, steps)


def _moved(moment: datetime, steps: str) -> datetime:
    at = 0
    for step in STEP.finditer(steps):
        if step.start() != at:
            break
        at = step.end()
        sign, count, unit, start_of = step.groups()
        moment = _cut(moment, start_of) if start_of else _added(moment, int(sign + count), unit)
    if at < len(steps):
        raise ValueError(steps)
    return moment


def _cut(moment: datetime, unit: str) -> datetime:
    """The beginning of the year, day … that a moment is in."""
    units = ["year", *FIRST]
    smaller: dict[str, Any] = {name: FIRST[name] for name in units[units.index(unit.lower()) + 1 :]}
    return moment.replace(**smaller)


def _added(moment: datetime, count: int, unit: str) -> datetime:
    if unit == "SECOND":
        return moment + timedelta(seconds=count)
    if unit in SPANS:
        return moment + count * SPANS[unit]
    year, month = divmod(moment.year * 12 + moment.month - 1 + (count if unit == "MONTH" else 12 * count), 12)
    if not 1 <= year <= 9999:
        raise ValueError(count)
    return moment.replace(year=year, month=month + 1, day=min(moment.day, monthrange(year, month + 1)[1]))
