"""What the values of a column say about its meaning: how many of them the cleaner of a meaning settles.

A share is given by the rule of succession, (fitting + 1) / (distinct + 2): the chance that the next value fits too. One
value proves little (0.67), nine say 0.91, and nothing is ever certain. Values count once each, whatever their order.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache
from itertools import filterfalse, islice
from typing import NamedTuple

from odkit.clean.check import compile_check
from odkit.clean.coordinates import LATITUDES, LONGITUDES, Limits
from odkit.clean.personal import looks_like_address
from odkit.clean.plain import compile_plain
from odkit.clean.values import CLEANERS, Facts, compile_cleaner, evidence
from odkit.clean.values.base import narrow, tidy
from odkit.clean.values.code_municipality import is_code
from odkit.clean.values.date import is_day
from odkit.clean.values.enum import NO, YES
from odkit.model import Field, SourceTable
from odkit.project import Era

Values = tuple[str, ...]
"""The distinct values of a column, sorted, without blank ones."""

Says = Callable[[str], bool]

SAMPLE_ROWS = 1000
FIRST_ROWS = 200
"""Rows that show whether a column holds what its heading says."""
SAMPLE_CELLS = 500_000
"""A table of ten thousand columns is judged by fewer rows."""

WEIGHED = 100
"""More distinct values than these make a share no surer than 0.99."""

SPECIFIC = (
    *("url", "email", "phone", "corporate_number", "latitude", "longitude", "date", "time", "postal_code"),
    *("prefecture", "weekdays", "code_municipality", "city", "kana"),
)
"""Meanings whose values hardly anything else looks like, the surest first."""

LOUD = frozenset({"url", "email", "phone", "corporate_number", "latitude", "longitude", "date", "time"})
"""Those that no name, place, number or word is ever taken for."""

FREE = frozenset({"text", "longtext", "multi", "id", "enum"})
"""Meanings that anything may be written for; words of a list are checked one by one."""

TAKES_ALL = frozenset({"name", "kana", "english", "address", "prefecture", "city", "town", "block", "government_name"})
"""Meanings whose cleaner settles nearly every text: that it does says nothing."""

COORDINATES = frozenset({"latitude", "longitude"})
NOTHING_SAID = 0.5
LIKELY = 0.8
UNFIT = 0.2
FEW = 10

CORPORATE = 13
"""Digits of a corporate number."""
SIGN = re.compile("[0-9０-９@＠]|://")
"""Nothing that is `LOUD` is without one of these."""
WORDS = re.compile("[市町村区郡県府館課]|[A-Za-zＡ-Ｚａ-ｚ]{5}")
"""Nothing that is `LOUD` has one of these, but for mail, the web and what stands in brackets."""
ANY_WORDS = re.compile("[@＠:：(（]")
"""Beside one of these anything may stand."""
KANA = re.compile("[ァ-ヴー・ぁ-ん]")
LETTERS = re.compile("[A-Za-z一-龯々]")
NUMERAL = re.compile(r"[+-]?[0-9.,]*")
WHOLE = re.compile("-?(?:0|[1-9][0-9]*)")
DECIMALS = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
PRECISE = re.compile(r"[0-9]+\.[0-9]{3,}")


class Candidate(NamedTuple):
    """A meaning, or a column of a standard, and how sure it is (0 to 1)."""

    name: str
    confidence: float


def sample(source: SourceTable, places: Iterable[int], most: int = SAMPLE_ROWS) -> Mapping[int, Values]:
    """The distinct values of some columns in the first rows of a table, by place in its rows."""
    return {place: distinct(cells) for place, cells in first_cells(source, places, most).items()}


def first_cells(source: SourceTable, places: Iterable[int], most: int) -> Mapping[int, Sequence[str]]:
    """The cells of some columns in the first rows of a table, by place in its rows."""
    wanted = tuple(places)
    if not wanted:
        return {}
    rows = islice(source.rows, min(most, max(1, SAMPLE_CELLS // len(wanted))))
    columns = list(zip(*rows, strict=True))
    return {place: columns[place] if columns else () for place in wanted}


def distinct(values: Iterable[str]) -> Values:
    """The distinct values of a column, sorted, without blank ones."""
    return tuple(sorted(filter(str.strip, set(values))))


def thinned(values: Values) -> Values:
    """As many of the values as are worth weighing, from all over their order."""
    return values[:: -(-len(values) // WEIGHED) or 1]


def few(values: Values) -> Values:
    """Some ten or twenty of the values, from all over their order."""
    return values[:: len(values) // FEW or 1]


def column_meanings(values: Iterable[str], facts: Facts) -> tuple[Candidate, ...]:
    """What a column's values look like, the surest meaning first; empty for a column without values.

    A plain number speaks for a number alone, unless it has a check digit or the decimals of a place in Japan: 7 digits
    may be anything besides a postal code. ``text`` stands among the candidates, for what says nothing. A meaning that
    none of a few values has is not looked for in the others.
    """
    seen = thinned(distinct(values))
    if not seen:
        return ()
    probes, first = _probes_of(facts), few(seen)
    found = [
        Candidate(meaning, share(sum(map(says, seen)), len(seen)))
        for meaning, says in probes.items()
        if any(map(says, first))
    ]
    return tuple(sorted([*found, Candidate("text", NOTHING_SAID)], key=lambda item: -item.confidence))


def _may_be_loud(values: Sequence[str], facts: Facts) -> bool:
    """Whether `column_meanings` may give a meaning that is `LOUD` and likely: a few values tell of most columns."""
    enough = _enough(len(values))
    if enough > len(values):
        return False
    # One misfit more than a likely meaning may have.
    most = len(values) - enough
    if next(islice(filter(is_worded, values), most, None), None) is not None:
        return False
    return any(next(islice(filterfalse(says, values), most, None), None) is None for says in _loud_probes(facts))


def is_worded(value: str) -> bool:
    """Whether it is plain at a glance that a value is nothing `LOUD`; others may be none for all that."""
    return WORDS.search(value) is not None and not ANY_WORDS.search(value)


@cache
def _enough(total: int) -> int:
    """The fewest of some values (100 at most) that make a meaning likely; one more where not all of them do."""
    return next((fitting for fitting in range(total + 1) if share(fitting, total) >= LIKELY), total + 1)


def _loud_probes(facts: Facts) -> Iterator[Says]:
    probes = _probes_of(facts)
    return (probes[meaning] for meaning in SPECIFIC if meaning in LOUD)


def _probes_of(facts: Facts) -> Mapping[str, Says]:
    return _probes(facts.eras, facts.prefectures, frozenset(item.name for item in facts.municipalities.values()))


def share(fitting: int, total: int) -> float:
    """The chance that the next value fits too, by the rule of succession."""
    return (fitting + 1) / (total + 2)


def _are_unfit(values: Values, field: Field, facts: Facts) -> bool:
    """Whether nearly all values are none that a field may hold; a few that are end the search."""
    fits = compile_fit(field, facts, has_evidence=evidence(field, values))
    enough = next(fit for fit in range(1, len(values) + 1) if len(values) - fit < (1 - UNFIT) * len(values))
    return next(islice(filter(fits, values), enough - 1, None), None) is None


def unfit_values(values: Sequence[str], field: Field, facts: Facts) -> list[str]:
    """The values that a field's cleaner does not settle, or that break the field's type or constraints."""
    fits = compile_fit(field, facts, has_evidence=evidence(field, values))
    return [value for value in values if not fits(value)]


def compile_fit(field: Field, facts: Facts, *, has_evidence: bool) -> Says:
    """The test whether a field's cleaner settles a value and the result keeps the field's type and constraints."""
    clean, check = compile_cleaner(field, facts, has_evidence=has_evidence), compile_check(field)

    def fits(value: str) -> bool:
        cleaned = clean(value)
        return not (cleaned.issue or check(cleaned.value))

    return fits


def may_contradict(cells: Sequence[str], field: Field) -> bool:
    """Whether a column can hold what a field does not, told by all its cells at a glance."""
    if field.meaning in TAKES_ALL:
        return SIGN.search("\n".join(cells)) is not None
    unlike = compile_plain(field)
    return unlike is None or bool(unlike(list(cells)))


def contradiction(values: Values, field: Field, facts: Facts) -> Candidate | None:
    """What the values surely are where that is not what a field holds; None where they may be right."""
    if field.meaning in FREE or not values:
        return None
    # Most columns are what they say: a few values tell.
    seen = thinned(values)
    first = few(seen)
    if field.meaning in TAKES_ALL:
        if sum(bool(SIGN.search(value)) for value in first) < LIKELY * len(first):
            return None
    elif not all(_are_unfit(part, field, facts) for part in (first, seen)):
        return None
    for looked_at in (first, seen):
        if not _may_be_loud(looked_at, facts):
            return None
        found = column_meanings(looked_at, facts)[0]
        same = found.name == field.meaning or {found.name, field.meaning} <= COORDINATES
        if same or found.name not in LOUD or found.confidence < LIKELY:
            return None
    return found


@cache
def _probes(eras: tuple[Era, ...], prefectures: tuple[str, ...], cities: frozenset[str]) -> Mapping[str, Says]:
    """A test per meaning: its cleaner settles the value, and the value is written as hardly anything else is."""
    clean_time, clean_postal_code = CLEANERS["time"], CLEANERS["postal_code"]
    is_url, is_email, is_corporate = map(_settles, ("url", "email", "corporate_number"))
    worded: dict[str, Says] = {
        # Told first by what no such value is without, in half or full width.
        "url": lambda value: (":" in value or "：" in value) and is_url(value),
        "email": lambda value: ("@" in value or "＠" in value) and is_email(value),
        "phone": _settles("phone"),
        "corporate_number": lambda value: len(value) >= CORPORATE and is_corporate(value),
        "latitude": lambda value: _is_degrees(value, LATITUDES),
        "longitude": lambda value: _is_degrees(value, LONGITUDES),
        "date": lambda value: _is_written(value) and is_day(value, eras),
        "time": lambda value: _is_written(value) and not clean_time(value).issue,
        "postal_code": lambda value: _is_written(value) and not clean_postal_code(value).issue,
        "prefecture": lambda value: tidy(value) in prefectures,
        "weekdays": _settles("weekdays"),
        "code_municipality": lambda value: is_code(narrow(value)),
        "city": lambda value: tidy(value) in cities,
        "kana": lambda value: KANA.search(tidy(value)) is not None and not LETTERS.search(narrow(value)),
    }
    plain: dict[str, Says] = {
        "flag": lambda value: tidy(value) in YES | NO,
        "integer": is_whole,
        "number": is_number,
        "address": looks_like_address,
    }
    return {meaning: worded[meaning] for meaning in SPECIFIC} | plain


def _settles(meaning: str) -> Says:
    clean = compile_cleaner(Field(name=meaning, title=meaning, meaning=meaning), Facts(municipalities={}, eras=()))
    return lambda value: not clean(value).issue


def _is_written(value: str) -> bool:
    """Whether a value has more than digits: 0900 and 2728501 may be codes."""
    return NUMERAL.fullmatch(narrow(value)) is None


def is_whole(value: str) -> bool:
    """Whether a value is a whole number and no code: 011002 has a zero that a number would lose."""
    cleaned = CLEANERS["integer"](value)
    return not cleaned.issue and WHOLE.fullmatch(cleaned.value) is not None


def is_number(value: str) -> bool:
    """Whether a value is a decimal number and no code."""
    cleaned = CLEANERS["number"](value)
    return not cleaned.issue and DECIMALS.fullmatch(cleaned.value) is not None


def _is_degrees(value: str, limits: Limits) -> bool:
    """Whether a value has the decimals of a place, and lies in Japan."""
    cleaned = CLEANERS["latitude"](value)
    precise = not cleaned.issue and PRECISE.fullmatch(cleaned.value) is not None
    return precise and limits[0] <= Decimal(cleaned.value) <= limits[1]
