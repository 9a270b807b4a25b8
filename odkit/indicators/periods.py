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

SPAN = re.compile(r"\s?(?:[~～〜]|から|-)\s?")
HALVES = {"上": ("{0:04}-04-01", "{0:04}-09-30"), "下": ("{0:04}-10-01", "{1:04}-03-31")}
MONTH_ALONE = re.compile("(?P<month>[0-9]{1,2})月(?P<end>末)?")


@cache
def _pattern() -> re.Pattern[str]:
    names = sorted({name for era in eras() for name in (era.name, era.short, era.letter)}, key=len, reverse=True)
    era = "|".join(map(re.escape, names))
    return re.compile(
        rf"(?:(?P<era>{era})(?P<number>元|[0-9]{{1,2}})|(?P<western>[0-9]{{4}}))"
        r"(?:(?P<unit>年度|年)(?P<half>(?<=度)[上下](?=半?期))?(?P<close>(?<=度)末)?"
        r"(?:(?<=年)(?P<month>[0-9]{1,2})月(?:(?P<day>[0-9]{1,2})日|(?P<end>末))?)?"
        r"|(?P<mark>[./-])(?P<month2>[0-9]{1,2})(?:(?P=mark)(?P<day2>[0-9]{1,2})|(?P<end2>末))?)?"
    )


def read_period(text: str) -> tuple[str, str] | None:
    """The period that a text begins with in ISO form, and the rest of the text; None where it begins with none.

    ``令和2年12月末現在`` gives ``("2020-12-31", "現在")``. A date that the calendar or the era does not have is none.
    """
    first = _read_one(text)
    if first is None:
        return None
    span = SPAN.match(first[1])
    if span is None:
        return first
    later = first[1][span.end() :]
    second = _read_one(later) or _same_year(first[0], later)
    if second is None:
        return None
    start, end = _first_day(first[0]), _last_day(second[0])
    return (f"{start}/{end}", second[1]) if start <= end else None


def last_day(period: str) -> date:
    """The last day that a period of this module reaches: of ``2020-12`` the 31st."""
    year, month, day = ([*map(int, _last_day(period).split("-")), 0, 0])[:3]
    month = month or 12
    return date(year, month, day or monthrange(year, month)[1])


def fiscal_year(day: date) -> int:
    """The fiscal year that a day belongs to."""
    return day.year - (day.month < 4)


def year_span(year: int) -> str:
    """A fiscal year in ISO form."""
    return f"{year:04}-04-01/{year + 1:04}-03-31"


def year_name(year: int, lang: str) -> str:
    """A fiscal year as people call it: ``令和2年度``, ``fiscal 2020``."""
    if lang != "ja":
        return f"fiscal {year}"
    era = [item for item in eras() if item.start.year <= year][-1]
    number = year - era.start.year + 1
    return f"{era.name}{'元' if number == 1 else number}年度"


def _same_year(first: str, text: str) -> tuple[str, str] | None:
    """The end of ``令和2年4月～12月``: a later month of the same year."""
    found = MONTH_ALONE.match(text)
    if not found or not re.fullmatch("[0-9]{4}-[0-9]{2}", first):
        return None
    month = int(found["month"])
    if not int(first[5:]) < month <= 12:
        return None
    day = f"-{monthrange(int(first[:4]), month)[1]:02}" if found["end"] else ""
    return f"{first[:4]}-{month:02}{day}", text[found.end() :]


def _first_day(period: str) -> str:
    return period.partition("/")[0]


def _last_day(period: str) -> str:
    return period.rpartition("/")[2]


def _read_one(text: str) -> tuple[str, str] | None:
    found = _pattern().match(text)
    if not found:
        return None
    rest = text[found.end() :]
    if rest[:1].isdigit():
        return None
    year = _year(found)
    if found["unit"] == "年度" or (not found["unit"] and not found["mark"] and rest.startswith("実績")):
        return _fiscal(found, year), rest.removeprefix("半期").removeprefix("期") if found["half"] else rest
    iso = _iso(found, year)
    return (iso, rest) if iso else None


def _fiscal(found: re.Match[str], year: int) -> str:
    """A fiscal year, one of its halves, or its last day."""
    if found["close"]:
        return f"{year + 1:04}-03-31"
    if found["half"]:
        return "/".join(part.format(year, year + 1) for part in HALVES[found["half"]])
    return year_span(year)


def _year(found: re.Match[str]) -> int:
    if found["western"]:
        return int(found["western"])
    number = 1 if found["number"] == "元" else int(found["number"])
    start = next(era.start.year for era in eras() if found["era"] in (era.name, era.short, era.letter))
    return start + number - 1


def _iso(found: re.Match[str], year: int) -> str:
    if not found["month"] and not found["month2"]:
        return f"{year:04}" if found["unit"] == "年" else ""
    month = int(found["month"] or found["month2"])
    if not 1 <= month <= 12:
        return ""
    last = monthrange(year, month)[1]
    if found["end"] or found["end2"]:
        return date(year, month, last).isoformat()
    day = int(found["day"] or found["day2"] or 0)
    if not day:
        # 3.5 may be a number: 令和3.5 is a month, 2020.5 is not certain.
        return f"{year:04}-{month:02}" if not (found["western"] and found["mark"] == ".") else ""
    return date(year, month, day).isoformat() if day <= last else ""
