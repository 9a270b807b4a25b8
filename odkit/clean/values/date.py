"""Dates: ISO ``YYYY-MM-DD`` from Western dates, era dates of all eras and Excel serial numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from odkit.clean.values.base import Cleaned, Cleaner, Facts, narrow, settled, unsettled
from odkit.clean.values.calendar import arabic, from_serial, gregorian, in_era
from odkit.model import Field
from odkit.project import Era

MONTH_DAY = r"(?P<month>[0-9]{1,2})\s*[月/.\-]\s*(?P<day>[0-9]{1,2})日?"
END = r"(?:\s*[(]?(?P<weekday>[月火水木金土日])(?:曜日?)?[)]?)?(?:[ T]0{1,2}:00(?::00)?)?"
WESTERN = re.compile(
    rf"(?:西暦)?(?P<year>[0-9]{{4}})\s*(?:[(][^()]*[)])?\s*[年/.\-]\s*(?:[(][^()]*[)])?\s*{MONTH_DAY}{END}"
)
COMPACT = re.compile(r"(?P<year>(?:18|19|20)[0-9]{2})(?P<month>[0-9]{2})(?P<day>[0-9]{2})")
PARTIAL = r"(?:[(][^()]*[)])?\s*(?:年度?|[/.\-])?\s*(?:[0-9]{1,2}\s*月?)?(?:頃|ごろ|末)?"
WESTERN_YEAR = r"(?:18|19|20|21)[0-9]{2}"
SERIAL = re.compile("[0-9]{1,5}")
SURE_SERIAL = 10000
WEEKDAYS = "月火水木金土日"


class DatePatterns:
    """The spellings of dates, compiled once for the eras of the vocabulary."""

    def __init__(self, eras: tuple[Era, ...]) -> None:
        self.eras = eras
        self.names = {key: era for era in eras for key in (era.name, era.short, era.letter, era.letter.lower())}
        name = "|".join(sorted(map(re.escape, self.names), key=len, reverse=True))
        era_year = rf"(?P<era>{name})\s*[.]?\s*(?P<year>元|[0-9]{{1,2}})"
        self.era = re.compile(rf"{era_year}\s*(?:[(][^()]*[)])?\s*[年/.\-]\s*(?:[(][^()]*[)])?\s*{MONTH_DAY}{END}")
        self.partial = re.compile(rf"(?:(?:{name})\s*(?:元|[0-9]{{1,2}})|{WESTERN_YEAR}){PARTIAL}")
        self.beside = re.compile(
            rf"[(]\s*(?:(?P<western>[0-9]{{4}})|(?P<era>{name})(?P<year>元|[0-9]{{1,2}}))年?\s*[)]"
        )

    def era_of(self, found: re.Match[str]) -> tuple[Era, int]:
        """The era and the year in it that a match of `era` or `beside` names."""
        return self.names[found["era"]], 1 if found["year"] == "元" else int(found["year"])


def has_serial(values: Iterable[str]) -> bool:
    """Whether one of these is a number that can be nothing but an Excel serial date."""
    numbers = (value for value in map(narrow, values) if SERIAL.fullmatch(value))
    return any(int(value) >= SURE_SERIAL for value in numbers)


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
    patterns = DatePatterns(facts.eras)

    def clean_date(source: str) -> Cleaned:
        text = arabic(narrow(source).replace("\n", ""))
        if SERIAL.fullmatch(text):
            return _serial(source, int(text), certain=among_serials)
        found = patterns.era.fullmatch(text)
        if found:
            era, year = patterns.era_of(found)
            day = in_era(era, patterns.eras, year, int(found["month"]), int(found["day"]))
        else:
            found = WESTERN.fullmatch(text) or COMPACT.fullmatch(text)
            day = gregorian(int(found["year"]), int(found["month"]), int(found["day"])) if found else None
        if found is None:
            return unsettled(source, "clean.date-partial" if patterns.partial.fullmatch(text) else "clean.date")
        if day is None or not _agrees(patterns, found, day):
            return unsettled(source, "clean.date-impossible")
        return settled(source, day.isoformat(), "era-date" if "era" in found.groupdict() else "date")

    return clean_date


def _serial(source: str, serial: int, *, certain: bool) -> Cleaned:
    day = from_serial(serial)
    if day is None:
        return unsettled(source, "clean.date")
    maybe_year = 1868 <= serial <= 2100
    if serial >= SURE_SERIAL or (certain and not maybe_year):
        return settled(source, day.isoformat(), "excel-serial")
    return unsettled(source, "clean.date-ambiguous")


def _agrees(patterns: DatePatterns, found: re.Match[str], day: date) -> bool:
    """Whether the weekday and the year in brackets, where written, are those of the day."""
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
