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
PARTS_OF_YEAR = {
    "上": ("{0:04}-04-01", "{0:04}-09-30"),
    "下": ("{0:04}-10-01", "{1:04}-03-31"),
    "1": ("{0:04}-04-01", "{0:04}-06-30"),
    "2": ("{0:04}-07-01", "{0:04}-09-30"),
    "3": ("{0:04}-10-01", "{0:04}-12-31"),
    "4": ("{1:04}-01-01", "{1:04}-03-31"),
}
"""The halves and quarters of a fiscal year that begins in {0}."""
MONTH_ALONE = re.compile("(?P<next>翌年?)?(?P<month>[0-9]{1,2})月(?P<end>末)?")
FIRST_MONTH = re.compile(r"(?<=年)(?P<month>[0-9]{1,2})(?=\s?[~～〜-]\s?[0-9]{1,2}月)")


@cache
def era_names() -> str:
    """The names of the eras, long and short, as alternatives of a pattern."""
    names = sorted({name for era in eras() for name in (era.name, era.short, era.letter)}, key=len, reverse=True)
    return "|".join(map(re.escape, names))


@cache
def _years_pattern() -> re.Pattern[str]:
    """Two years of which only the last says what they are, or of which the last leaves out the era: 令和2～4年度."""
    year = rf"(?:(?P<era{{0}}>{era_names()})?(?P<number{{0}}>元|[0-9]{{{{1,2}}}})|(?P<western{{0}}>[0-9]{{{{4}}}}))"
    return re.compile(
        rf"{year.format(1)}(?P<unit1>年度|年)?{SPAN.pattern}{year.format(2)}(?P<unit>年度|年)(?![0-9末上下第])"
    )


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile(
        rf"(?:(?P<era>{era_names()})\s?(?P<number>元|[0-9]{{1,2}})|(?P<common>FY)?(?P<western>(?:1[89]|2[01])[0-9]{{2}}))"
        r"(?:(?P<unit>(?:事業|会計)?年度|年)"
        r"(?P<part>(?<=度)(?:[上下](?=半?期)|第?[1-4](?=四半期)))?(?P<close>(?<=[年度])末)?"
        r"(?:(?<=年)(?P<month>[0-9]{1,2})月(?:(?P<day>[0-9]{1,2})日|(?P<end>末))?)?"
        r"|(?P<mark>[./-])(?P<month2>[0-9]{1,2})(?:(?P=mark)(?P<day2>[0-9]{1,2})|(?P<end2>末))?)?"
    )


def read_period(text: str) -> tuple[str, str] | None:
    """The period that a text begins with in ISO form, and the rest of the text; None where it begins with none.

    ``令和2年12月末現在`` gives ``("2020-12-31", "現在")``. A date that the calendar or the era does not have is none.
    """
    text = FIRST_MONTH.sub(r"\g<month>月", text, count=1)
    first = _read_one(text)
    span = SPAN.match(first[1]) if first else None
    if first is None or span is None:
        return first or _years(text)
    later = first[1][span.end() :]
    second = _read_one(later) or _same_year(first[0], later)
    if second is None:
        return _years(text)
    start, end = _first_day(first[0]), _last_day(second[0])
    return (f"{start}/{end}", second[1]) if start <= end else None


def _years(text: str) -> tuple[str, str] | None:
    found = _years_pattern().match(text)
    if not found or (found["unit1"] or found["unit"]) != found["unit"]:
        return None
    first = _year_of(found["era1"], found["number1"], found["western1"])
    # The last year without an era is of the first one's: 令和2～4年度, 2020～22年度.
    last = _year_of(found["era2"] or found["era1"], found["number2"], found["western2"], first)
    if not first or not last or first > last:
        return None
    days = ("04-01", "03-31") if found["unit"] == "年度" else ("", "")
    period = f"{first:04}/{last:04}" if not days[0] else f"{first:04}-{days[0]}/{last + 1:04}-{days[1]}"
    return period, text[found.end() :]


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
    """The end of ``令和2年4月～12月``, a later month of the same year, or of ``令和2年4月～翌年3月``."""
    found = MONTH_ALONE.match(text)
    if not found or not re.fullmatch("[0-9]{4}-[0-9]{2}", first):
        return None
    year, month = int(first[:4]) + bool(found["next"]), int(found["month"])
    if not (0 if found["next"] else int(first[5:])) < month <= 12:
        return None
    day = f"-{monthrange(year, month)[1]:02}" if found["end"] else ""
    return f"{year:04}-{month:02}{day}", text[found.end() :]


def _first_day(period: str) -> str:
    return period.partition("/")[0]


def _last_day(period: str) -> str:
    return period.rpartition("/")[2]


def _read_one(text: str) -> tuple[str, str] | None:
    found = _pattern().match(text)
    if not found:
        return None
    rest = text[found.end() :]
    # 令和4年度123件: the year has ended before the number; R41 and 2020.51 have not.
    if rest[:1].isdigit() and found[0][-1].isdigit():
        return None
    year = _year_of(found["era"], found["number"], found["western"])
    if not year:
        return None
    bare = not found["unit"] and not found["mark"]
    if (found["unit"] or "").endswith("度") or (bare and (found["common"] or rest.startswith("実績"))):
        return _fiscal(found, year, rest)
    # 令和4年上半期 is January to June for some, April to September for others.
    iso = "" if re.match("[上下]半期|第?[1-4]四半期", rest) else _iso(found, year)
    return (iso, rest) if iso else None


def _fiscal(found: re.Match[str], year: int, rest: str) -> tuple[str, str]:
    """A fiscal year, one of its halves or quarters, or the last day of one of them."""
    if not found["part"]:
        return (f"{year + 1:04}-03-31" if found["close"] else year_span(year)), rest
    first, last = (day.format(year, year + 1) for day in PARTS_OF_YEAR[found["part"][-1]])
    after = re.sub("^(?:半期|四半期|期)", "", rest)
    closed = after.startswith("末")
    return (last if closed else f"{first}/{last}"), after.removeprefix("末")


def _year_of(era: str | None, number: str | None, western: str | None, first: int = 0) -> int:
    """The year that is meant; 0 for one that there is not. `first` is the year before it in a span."""
    if western:
        return int(western)
    count = 1 if number == "元" else int(number or 0)
    if not era:
        return first // 100 * 100 + count if first and count > 9 else 0
    start = next(item.start.year for item in eras() if era in (item.name, item.short, item.letter))
    # No era has had more than 64 years: 令和99年 is a slip of the pen.
    return start + count - 1 if 0 < count <= 64 else 0


def _iso(found: re.Match[str], year: int) -> str:
    if found["close"]:
        return f"{year:04}-12-31"
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
