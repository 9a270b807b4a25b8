"""Dates: ISO ``YYYY-MM-DD`` from Western dates, era dates of all eras and Excel serial numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from functools import cached_property, lru_cache

from odkit.clean.values.base import Cleaned, Cleaner, Facts, narrow, settled, unsettled
from odkit.clean.values.calendar import OLD_CALENDAR_ENDS, from_serial, gregorian, in_era
from odkit.model import Field, arabic
from odkit.project import Era

MONTH_DAY = r"(?P<month>[0-9]{1,2})\s*[月/.\-]\s*(?P<day>[0-9]{1,2})(?:\s*日)?"
WEEKDAY = r"(?:\s*[(]?(?P<weekday>[月火水木金土日])(?:曜日?)?(?:[・/、]祝日?)?[)]?)?"
END = rf"{WEEKDAY}(?:[ T]0{{1,2}}:00(?::00)?)?"
WESTERN = re.compile(
    rf"(?:西暦)?(?P<year>[0-9]{{4}})\s*(?:[(][^()]*[)])?\s*[年/.\-]\s*(?:[(][^()]*[)])?\s*{MONTH_DAY}{END}"
)
COMPACT = re.compile(r"(?P<year>(?:18|19|20)[0-9]{2})(?P<month>[0-9]{2})(?P<day>[0-9]{2})")
YEAR_LAST = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/((?:18|19|20)[0-9]{2})(?: 0{1,2}:00(?::00)?)?")
WESTERN_YEAR = r"(?:18|19|20|21)[0-9]{2}"
ABOUT = r"(?:年代|頃|ごろ|末|初め|初頭|前半|後半|[上中下初]旬|吉日|[春夏秋冬]|以前|以後|以降)"
PARTIAL = rf"(?:[(][^()]*[)])?\s*(?:年度?|[/.\-])?\s*(?:[0-9]{{1,2}}\s*月?)?{ABOUT}*"
SHORT_YEAR = re.compile(
    r"[0-9]{1,2}\s*[年/.\-]\s*[0-9]{1,2}\s*[月/.\-]\s*[0-9]{1,2}(?:\s*日)?|元年?|[0-9]{1,2}年度?(?:[0-9]{1,2}月)?"
)
PART = "[初前中後末]期"
AGES = "縄文|弥生|古墳|飛鳥|白鳳|奈良|平安|鎌倉|南北朝|室町|戦国|桃山|江戸|幕末|中世|近世"
AGE = rf"(?:{AGES})(?:時代|{PART}|{ABOUT}|$)|[0-9]世紀"
OLD_ERA = r"[^\W\d_]{2,4}(?:(?:元|[0-9]{1,2})年|年間|期)"
SQUARE_ERAS = str.maketrans({"㍾": "明治", "㍽": "大正", "㍼": "昭和", "㍻": "平成", "㋿": "令和"})
SERIAL = re.compile(r"([0-9]{1,5})(?:\.0+)?")
SURE_SERIAL = 10000
WEEKDAYS = "月火水木金土日"


class DatePatterns:
    """The spellings of dates for the eras of the vocabulary, compiled when one is needed."""

    def __init__(self, eras: tuple[Era, ...]) -> None:
        self.eras = eras
        self.names = {key: era for era in eras for key in (era.name, era.short, era.letter, era.letter.lower())}
        self.starts = tuple(self.names)
        self._name = "|".join(sorted(map(re.escape, self.names), key=len, reverse=True))
        self._modern = "|".join(era.name for era in eras)

    @cached_property
    def era(self) -> re.Pattern[str]:
        """A day of an era; it begins with one of the `starts`."""
        era_year = rf"(?P<era>{self._name})\s*[.]?\s*(?P<year>元|[0-9]{{1,2}})"
        return re.compile(rf"{era_year}\s*(?:[(][^()]*[)])?\s*[年/.\-]\s*(?:[(][^()]*[)])?\s*{MONTH_DAY}{END}")

    @cached_property
    def partial(self) -> re.Pattern[str]:
        """Less than a day: a year, a month of no year."""
        return re.compile(
            rf"(?:約|推定)?\s*(?:(?P<era>{self._name})\s*(?P<year>元|[0-9]{{1,2}})|{WESTERN_YEAR}){PARTIAL}"
            rf"|(?:{self._modern})(?:時代)?(?:{PART})?|[0-9]{{1,2}}月(?:[0-9]{{1,2}}日)?(?:[(][月火水木金土日][)])?"
        )

    @cached_property
    def old(self) -> re.Pattern[str]:
        """A time before the eras of today's calendar."""
        return re.compile(rf"(?:.*(?:{AGE})|(?!{self._modern}){OLD_ERA}).*")

    @cached_property
    def beside(self) -> re.Pattern[str]:
        """The year in brackets, as the other calendar counts it."""
        return re.compile(rf"[(]\s*(?:(?P<western>[0-9]{{4}})|(?P<era>{self._name})(?P<year>元|[0-9]{{1,2}}))年?\s*[)]")

    def era_of(self, found: re.Match[str]) -> tuple[Era, int]:
        """The era and the year in it that a match of `era` or `beside` names."""
        return self.names[found["era"]], 1 if found["year"] == "元" else int(found["year"])


def has_serial(values: Iterable[str]) -> bool:
    """Whether one of these is a number that can be nothing but an Excel serial date."""
    return any(found and int(found[1]) >= SURE_SERIAL for found in map(SERIAL.fullmatch, map(narrow, values)))


def compile_date(_field: Field, facts: Facts) -> Cleaner:
    """The cleaner of one date column.

    A number of five digits is an Excel serial date; a smaller one is a person's to settle, for 1965 may be a year.
    """
    return _cleaner(facts, among_serials=False)


def compile_date_among_serials(_field: Field, facts: Facts) -> Cleaner:
    """The same, in a column with Excel serial dates: beside them a smaller number is one too, if it can be no year.

    Years are 1868–2100: 23 alone is a date, 1965 is a person's to settle.
    """
    return _cleaner(facts, among_serials=True)


def _cleaner(facts: Facts, *, among_serials: bool) -> Cleaner:
    patterns = _patterns(facts.eras)

    def clean_date(source: str) -> Cleaned:
        text = _plain(source)
        return _read(source, text, patterns, among_serials=among_serials) or unsettled(source, _doubt(text, patterns))

    return clean_date


@lru_cache(8)
def _patterns(eras: tuple[Era, ...]) -> DatePatterns:
    return DatePatterns(eras)


def is_day(source: str, eras: tuple[Era, ...]) -> bool:
    """Whether the cleaner of a date column settles a value, in a column without Excel serial dates."""
    done = _read(source, _plain(source), _patterns(eras), among_serials=False)
    return done is not None and not done.issue


def _read(source: str, text: str, patterns: DatePatterns, *, among_serials: bool) -> Cleaned | None:
    """What becomes of a value that is written as a day; None for others."""
    if found := WESTERN.fullmatch(text) or COMPACT.fullmatch(text):
        day = gregorian(int(found["year"]), int(found["month"]), int(found["day"]))
        return _day(source, patterns, found, day, "date")
    if serial := SERIAL.fullmatch(text):
        return _serial(source, int(serial[1]), certain=among_serials)
    if text.startswith(patterns.starts) and (found := patterns.era.fullmatch(text)):
        return _of_era(source, patterns, found)
    if found := YEAR_LAST.fullmatch(text):
        return _year_last(source, *map(int, found.groups()))
    return None


def _plain(source: str) -> str:
    """The date as written in half-width, on one line, with kanji numbers in digits: ㍼六十年 -> 昭和60年."""
    text = narrow(source)
    return text if text.isascii() else arabic(text.replace("\n", "").translate(SQUARE_ERAS))


def _year_last(source: str, first: int, second: int, year: int) -> Cleaned:
    """4/13/2021 is in April, and so is 13/4/2021; 4/7/2021 may be in April or in July."""
    days = {day for day in (gregorian(year, first, second), gregorian(year, second, first)) if day}
    if len(days) > 1:
        return unsettled(source, "clean.date-ambiguous")
    return settled(source, days.pop().isoformat(), "date") if days else unsettled(source, "clean.date-impossible")


def _serial(source: str, serial: int, *, certain: bool) -> Cleaned:
    day = from_serial(serial)
    if day is None:
        return unsettled(source, "clean.date")
    maybe_year = 1868 <= serial <= 2100
    if serial >= SURE_SERIAL or (certain and not maybe_year):
        return settled(source, day.isoformat(), "excel-serial")
    return unsettled(source, "clean.date-ambiguous")


def _of_era(source: str, patterns: DatePatterns, found: re.Match[str]) -> Cleaned:
    era, year = patterns.era_of(found)
    if _is_old(era, year):
        return unsettled(source, "clean.date-old")
    day = in_era(era, patterns.eras, year, int(found["month"]), int(found["day"]))
    return _day(source, patterns, found, day, "era-date")


def _is_old(era: Era, year: int) -> bool:
    """Whether the months of an era's year are those of the old calendar."""
    return era.start.year + year - 1 < OLD_CALENDAR_ENDS.year


def _day(source: str, patterns: DatePatterns, found: re.Match[str], day: date | None, rule: str) -> Cleaned:
    if day is None or not _agrees(patterns, found, day):
        return unsettled(source, "clean.date-impossible")
    return settled(source, day.isoformat(), rule)


def _doubt(text: str, patterns: DatePatterns) -> str:
    """The issue of a text that is no day: what kind of answer a person can give."""
    if found := patterns.partial.fullmatch(text):
        is_old = found["era"] and _is_old(*patterns.era_of(found))
        return "clean.date-old" if is_old else "clean.date-partial"
    if SHORT_YEAR.fullmatch(text):
        return "clean.date-ambiguous"
    return "clean.date-old" if patterns.old.fullmatch(text) else "clean.date"


def _agrees(patterns: DatePatterns, found: re.Match[str], day: date) -> bool:
    """Whether the weekday and the year in brackets, where written, are those of the day."""
    if found[0].isascii() and "(" not in found[0]:
        return True
    weekday = found.groupdict().get("weekday")
    if weekday and WEEKDAYS[day.weekday()] != weekday:
        return False
    for beside in patterns.beside.finditer(found[0]):
        if beside["western"]:
            year = int(beside["western"])
        else:
            era, number = patterns.era_of(beside)
            year = era.start.year + number - 1
        if year != day.year:
            return False
    return True
