"""The words of value cells: what qualifiers mean, and what a cell without a number says (vocab/indicator/)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache

from odkit.project import data_file, read_csv

MARKS = str.maketrans({**dict.fromkeys("〇◯⚪", "○"), **dict.fromkeys("✕✖╳Xx", "×"), "⇒": "→", "➡": "→", "⇗": "↗"})
MARKS |= str.maketrans({"⇘": "↘", "\ufe0e": "", "\ufe0f": ""})
PER_MONTH, PER_YEAR = "/月", "/年"


@cache
def _table(name: str, value: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    rows = read_csv(data_file("vocab", "indicator", f"{name}.csv"))
    return tuple((re.compile(row["pattern"]), row[value]) for row in rows)


def qualifier_kinds(words: Sequence[str], unit: str) -> frozenset[str]:
    """The kinds of the qualifiers of a number: ``about``, ``cumulative``, ``per-month``, ``forecast`` …"""
    found = {kind for word in words for pattern, kind in _table("qualifiers", "kind") if pattern.search(word)}
    found |= {kind for end, kind in ((PER_MONTH, "per-month"), (PER_YEAR, "per-year")) if unit.endswith(end)}
    return frozenset(found)


def change_word(words: Sequence[str]) -> str:
    """``増`` or ``減`` where a number is a change (10%削減) and no level, else ""."""
    changes = [word for word in words if "change" in qualifier_kinds([word], "")]
    return "" if not changes else "減" if re.search("減|短縮", changes[-1]) else "増"


@cache
def _units() -> Mapping[str, str]:
    return {row["spelling"]: row["unit"] for row in read_csv(data_file("vocab", "indicator", "units.csv"))}


def same_unit(unit: str) -> str:
    """A unit in the form in which two are compared: ㎡ is m2, ヶ所 is か所, 名 is 人."""
    plain = unicodedata.normalize("NFKC", unit)
    return _units().get(plain, plain)


def phrase_sense(text: str) -> str:
    """What words in place of a number say: ``increase``, ``stopped``, ``pending``, ``none``, ``ditto``, or ""."""
    plain = same_words(text)
    return next((sense for pattern, sense in _table("phrases", "sense") if pattern.fullmatch(plain)), "")


def same_mark(text: str) -> str:
    """A mark in the form in which two are compared: 〇 and ◯ are ○, ✕ is ×, （↗） is (↗)."""
    return same_words(text).translate(MARKS)


def same_words(text: str) -> str:
    """A text in the form in which two cells are compared: widths, blanks and line breaks do not count."""
    dashes = re.sub("[‐‑–—―−－ｰー-]", "-", unicodedata.normalize("NFKC", text))
    return re.sub(r"\s+", "", dashes)
