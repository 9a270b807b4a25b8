"""When a value holds: Japanese dates in a value cell -> ISO 8601 (a day, a month, a year, or first/last day).

A fiscal year (年度) is the span from 1 April to 31 March. A bare era year before 実績 is one too, as results of
governments are counted by fiscal year; a bare 年 is a calendar year.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from functools import cache

from odkit.project import eras

SPAN = re.compile("[~～〜]|から")


@cache
def _pattern() -> re.Pattern[str]:
    names = sorted({name for era in eras() for name in (era.name, era.short, era.letter)}, key=len, reverse=True)
    era = "|".join(map(re.escape, names))
    return re.compile(
        rf"(?:(?P<era>{era})(?P<number>元|[0-9]{{1,2}})|(?P<western>[0-9]{{4}}))"
        r"(?P<unit>年度|年)?(?:(?<=年)(?P<month>[0-9]{1,2})月(?:(?P<day>[0-9]{1,2})日|(?P<end>末))?)?"
    )


def read_period(text: str) -> tuple[str, str] | None:
    """The period that a text begins with in ISO form, and the rest of the text; None where it begins with none.

    ``令和2年12月末現在`` gives ``("2020-12-31", "現在")``. A date that the calendar or the era does not have is none.
    """
    first = _read_one(text)
    if first is None:
        return None
    span = SPAN.match(first[1])
    second = _read_one(first[1][span.end() :]) if span else None
    if span is None:
        return first
    if second is None:
        return None
    return f"{first[0].split('/')[0]}/{second[0].split('/')[-1]}", second[1]


def _read_one(text: str) -> tuple[str, str] | None:
    found = _pattern().match(text)
    if not found:
        return None
    rest = text[found.end() :]
    year = _year(found)
    if found["unit"] == "年度" or (not found["unit"] and rest.startswith("実績")):
        return f"{year:04}-04-01/{year + 1:04}-03-31", rest
    if not found["unit"] or rest[:1].isdigit():
        return None
    iso = _iso(year, found)
    return (iso, rest) if iso else None


def _year(found: re.Match[str]) -> int:
    if found["western"]:
        return int(found["western"])
    number = 1 if found["number"] == "元" else int(found["number"])
    start = next(era.start.year for era in eras() if found["era"] in (era.name, era.short, era.letter))
    return start + number - 1


def _iso(year: int, found: re.Match[str]) -> str:
    if not found["month"]:
        return f"{year:04}"
    month = int(found["month"])
    if not 1 <= month <= 12:
        return ""
    last = monthrange(year, month)[1]
    if found["end"]:
        return date(year, month, last).isoformat()
    if not found["day"]:
        return f"{year:04}-{month:02}"
    day = int(found["day"])
    return date(year, month, day).isoformat() if 1 <= day <= last else ""
