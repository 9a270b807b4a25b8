"""Number formats: those that make a number a date, and those that Japanese Excel knows by number alone.

A file does not spell the latter out, and openpyxl lacks them. openpyxl is loaded where there is a workbook: it takes a
tenth of a second, and brings numpy along, whose threads would be in the way of processes (`odkit.schedule.processes`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib import import_module
from types import MappingProxyType
from typing import Any

from odkit.read.cells import Value

_ERA, _ERA_LONG = "[$-411]ge.m.d", '[$-411]ggge"年"m"月"d"日"'
_MONTH, _MONTH_DAY = 'yyyy"年"m"月"', 'm"月"d"日"'

JAPANESE_DATES = MappingProxyType(
    {27: _ERA, 28: _ERA_LONG, 29: _ERA_LONG, 30: "m/d/yy", 31: 'yyyy"年"m"月"d"日"', 32: 'h"時"mm"分"'}
    | {33: 'h"時"mm"分"ss"秒"', 34: _MONTH, 35: _MONTH_DAY, 36: _ERA}
    | {50: _ERA, 51: _ERA_LONG, 52: _MONTH, 53: _MONTH_DAY, 54: _ERA_LONG, 55: _MONTH, 56: _MONTH_DAY}
    | {57: _ERA, 58: _ERA_LONG}
)
"""Number -> format: dates and times."""

_ERA_OR_WEEKDAY = re.compile(r"g+e|a{3}")
_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^]]*\]')


def format_of(key: int, spelled: Mapping[int, str]) -> str:
    """The number format with the number `key`, in a file that spells out the formats `spelled`."""
    return spelled.get(key) or JAPANESE_DATES.get(key) or _formats().BUILTIN_FORMATS.get(key, "General")


@lru_cache(maxsize=1024)
def is_date(number_format: str) -> bool:
    """Whether numbers with this format are dates or times; openpyxl misses eras and weekdays that stand alone."""
    return _formats().is_date_format(number_format) or bool(_ERA_OR_WEEKDAY.search(_LITERAL.sub("", number_format)))


def dated(number: float, number_format: str, *, starts_1904: bool) -> Value:
    """The date or time that a serial number means; the number itself where it is out of the calendar."""
    times = _times()
    calendar = times.CALENDAR_MAC_1904 if starts_1904 else times.CALENDAR_WINDOWS_1900
    try:
        moment: Value = times.from_excel(number, calendar, timedelta=_formats().is_timedelta_format(number_format))
    except (OverflowError, ValueError):
        return number
    return moment


@cache
def _formats() -> Any:
    return import_module("openpyxl.styles.numbers")


@cache
def _times() -> Any:
    return import_module("openpyxl.utils.datetime")
