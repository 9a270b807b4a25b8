"""Days of the week: the characters 月火水木金土日 in that order."""

from __future__ import annotations

import re

from odkit.clean.values.base import Cleaned, narrow, settled, unsettled

WEEK = "月火水木金土日"
DAYS = frozenset(WEEK)
CIRCLED = str.maketrans("㈪㈫㈬㈭㈮㈯㈰", WEEK)
WORD = re.compile("曜日?")
SPAN = re.compile(f"([{WEEK}])(?:[~～〜\\-ー−‐―–]|から|至)([{WEEK}])(?:まで)?")
SEPARATORS = re.compile(r"[・、,，/／;\s]|及び|および|と")
EVERY_DAY = frozenset({"毎日", "全日", "全曜日", "無休", "年中無休"})
BUT = re.compile(r"(?:毎日\()?(?P<closed>[^()]+?)(?:以外|を?除く)(?:毎日|全日)?\)?")
CLOSED = re.compile(r"(?P<open>[^()]+)\((?P<closed>[^()]+?)は?(?:定休|休館|休業|休園|休所|休み|休)日?\)")


def clean_weekdays(source: str) -> Cleaned:
    """Weekdays from lists and spans (月～金, 土曜・日曜), 毎日 and 月曜日以外.

    平日, 祝日 and conditions say more than weekdays can hold: they stay as they are.
    """
    days = _days(narrow(source).translate(CIRCLED))
    if not days:
        return unsettled(source, "clean.weekdays")
    return settled(source, "".join(day for day in WEEK if day in days), "weekdays")


def _days(text: str) -> set[str]:
    """The days that a text names for certain; none where it says anything else."""
    if set(text) <= DAYS:
        return set(text)
    if text in EVERY_DAY:
        return set(WEEK)
    text = WORD.sub("", text)
    if but := BUT.fullmatch(text):
        closed = _listed(but["closed"])
        return set(DAYS - closed) if closed else closed
    if both := CLOSED.fullmatch(text):
        days, closed = _listed(both["open"]), _listed(both["closed"])
        # The brackets repeat what the days say already, or the cell contradicts itself.
        return days if closed == DAYS - days else set()
    return _listed(text)


def _listed(text: str) -> set[str]:
    days = set(SEPARATORS.sub("", SPAN.sub(_span, text)))
    return days if days <= DAYS else set()


def _span(found: re.Match[str]) -> str:
    first, last = WEEK.index(found[1]), WEEK.index(found[2])
    return (WEEK + WEEK)[first : last + 1 if last >= first else last + 8]
