"""Days of the week: the characters 月火水木金土日 in that order."""

from __future__ import annotations

import re

from odkit.clean.values.base import Cleaned, narrow, settled, unsettled

WEEK = "月火水木金土日"
WORD = re.compile("曜日?")
SPAN = re.compile(f"([{WEEK}])(?:[~～〜\\-ー−‐―–]|から|至)([{WEEK}])(?:まで)?")
SEPARATORS = re.compile(r"[・、,，/／;\s]|及び|および|と")
EVERY_DAY = frozenset({"毎日", "全日", "全曜日"})


def clean_weekdays(source: str) -> Cleaned:
    """Weekdays from lists and spans (月～金, 土曜・日曜, 毎日). 祝日 and conditions do not fit and stay as they are."""
    text = WORD.sub("", narrow(source))
    if text in EVERY_DAY:
        text = WEEK
    days = set(SEPARATORS.sub("", SPAN.sub(_span, text)))
    if not days or not days <= set(WEEK):
        return unsettled(source, "clean.weekdays")
    return settled(source, "".join(day for day in WEEK if day in days), "weekdays")


def _span(found: re.Match[str]) -> str:
    first, last = WEEK.index(found[1]), WEEK.index(found[2])
    return (WEEK + WEEK)[first : last + 1 if last >= first else last + 8]
