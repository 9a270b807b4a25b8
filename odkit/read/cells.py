"""A spreadsheet's values -> text: the digits as written, dates in ISO form, what a person sees where that matters."""

from __future__ import annotations

import datetime as dt
import re
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

Value = str | float | bool | dt.datetime | dt.date | dt.time | dt.timedelta | None
"""What a cell may hold, as openpyxl and calamine hand it over (`float` stands for `int` too)."""

_EXACT = 15
"""Significant digits that Excel keeps; more are noise of the binary form."""
_LITERALS = re.compile(r'"[^"]*"|\\.|_.|\*.')
_CONDITION = re.compile(r"\[(<=|<|>=|>|=)(\d+)\]")
_CODE = re.compile(r"[0-]*0[0-]*0[0-]*")


def as_text(value: Value, number_format: str = "General") -> str:
    """Spell one value.

    Integers without ``.0``; other numbers with up to 15 significant digits; ``0.865`` as ``0.0%`` is 86.5%; codes as
    ``000000`` keep their zeros; dates are ``2024-03-31``, at another hour than midnight ``2024-03-31T09:30``; times
    ``09:30``, with seconds where there are any; booleans TRUE and FALSE; None is empty.
    """
    match value:
        case None | str():
            return value or ""
        case bool():
            return "TRUE" if value else "FALSE"
        case int() | float():
            return _formatted(value, number_format)
        case _:
            return _in_time(value)


def _in_time(value: dt.date | dt.time | dt.timedelta) -> str:
    match value:
        case dt.timedelta():
            return _duration(value)
        case dt.time():
            return _time(value)
        case dt.datetime():
            return _moment(value)
        case dt.date():
            return value.isoformat()


def is_rounded(value: Value, text: str) -> bool:
    """Whether `text` is a percentage with fewer digits than the stored number."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not text.endswith("%"):
        return False
    return Decimal(text[:-1]) != Decimal(plain_number(value)) * 100


def plain_number(value: float) -> str:
    """A number's digits: 12.0 -> 12, 0.1 + 0.2 -> 0.3, 1e20 -> 1E+20."""
    if isinstance(value, int) or (value.is_integer() and abs(value) < 10**_EXACT):
        return str(int(value))
    exact = repr(value)
    digits = len(exact.partition("e")[0].lstrip("-0.").replace(".", ""))
    return (exact if digits <= _EXACT else f"{value:.{_EXACT}g}").upper()


def _formatted(value: float, number_format: str) -> str:
    if number_format == "General":
        return plain_number(value)
    section = _section(number_format, value)
    if "%" in section:
        return _percentage(value, section)
    if _CODE.fullmatch(section) and value >= 0 and float(value).is_integer():
        return _code(str(int(value)), section)
    return plain_number(value)


@lru_cache(maxsize=512)
def _sections(number_format: str) -> tuple[tuple[str, str, str], ...]:
    """Each section of a number format: its condition (operator, bound) and its digits without literals."""
    kept = _LITERALS.sub(lambda match: "-" if match[0] in {r"\-", '"-"'} else "", number_format)
    found = []
    for part in kept.split(";"):
        condition = _CONDITION.search(part)
        operator, bound = (condition[1], condition[2]) if condition else ("", "")
        found.append((operator, bound, re.sub(r"\[[^\]]*\]", "", part).strip()))
    return tuple(found)


def _section(number_format: str, value: float) -> str:
    """The digits part that applies to `value`; Excel's 郵便番号 is ``[<=999]000;[<=9999]000-00;000-0000``."""
    sections = _sections(number_format)
    for operator, bound, digits in sections:
        if not operator or _holds(value, operator, float(bound)):
            return digits
    return sections[-1][2]


def _holds(value: float, operator: str, bound: float) -> bool:
    return {
        "<": value < bound,
        "<=": value <= bound,
        ">": value > bound,
        ">=": value >= bound,
        "=": value == bound,
    }[operator]


def _percentage(value: float, section: str) -> str:
    decimals = re.search(r"\.([0#?]+)", section)
    kept = decimals[1].count("0") if decimals else 0
    most = len(decimals[1]) if decimals else 0
    number = (Decimal(plain_number(value)) * 100).quantize(Decimal(1).scaleb(-most), rounding=ROUND_HALF_UP)
    whole, _, fraction = f"{number:f}".partition(".")
    fraction = fraction[:kept] + fraction[kept:].rstrip("0")
    return f"{whole}.{fraction}%" if fraction else f"{whole}%"


def _code(digits: str, section: str) -> str:
    """Fill digits into ``000-0000`` from the right; digits too many stand at the front."""
    rest = list(digits.zfill(section.count("0")))
    filled = [rest.pop() if char == "0" else char for char in reversed(section)]
    return "".join(rest) + "".join(reversed(filled))


def _moment(value: dt.datetime) -> str:
    whole = _whole_second(value)
    date = whole.date().isoformat()
    return date if whole.time() == dt.time() else f"{date}T{_clock(whole)}"


def _time(value: dt.time) -> str:
    return _clock(_whole_second(dt.datetime.combine(dt.date(2000, 1, 1), value)))


def _clock(moment: dt.datetime) -> str:
    return moment.strftime("%H:%M:%S" if moment.second else "%H:%M")


def _whole_second(moment: dt.datetime) -> dt.datetime:
    """Spreadsheets keep times as fractions of a day, a few microseconds off."""
    return (moment + dt.timedelta(microseconds=500_000)).replace(microsecond=0)


def _duration(value: dt.timedelta) -> str:
    """Hours may exceed 24 (25:30)."""
    seconds = round(value.total_seconds())
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    hours, minutes = divmod(seconds // 60, 60)
    return f"{sign}{hours:02}:{minutes:02}" + (f":{seconds % 60:02}" if seconds % 60 else "")
