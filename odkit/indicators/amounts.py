"""The one amount that a value cell stands for when it is compared: a number with its unit, or words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from odkit.indicators.cells import ValuePart, parse_value
from odkit.indicators.periods import last_day
from odkit.indicators.words import change_word, phrase_sense, same_unit

PERCENT = "%"
SCALES = {"百万": 10**6, "千万": 10**7, "十億": 10**9, "百": 100, "千": 1000, "万": 10**4, "億": 10**8, "兆": 10**12}
BOUNDED = frozenset({"at-least", "at-most"})
SCALE = re.compile(f"(?:{'|'.join(SCALES)})(?=.)(?!葉|代|貨)")
NOT_ADDED = re.compile("%|割|分|倍|点|位|ポイント|.*/.*")
"""The units of shares, ranks and rates: their numbers do not add up to anything."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Amount:
    """What a cell says, for a comparison. `number` is None where it has none or none that is certain.

    `sense` says what words in its place mean (``increase``, ``pending`` …), ``ambiguous`` where digits could not be
    settled; `remark` is a sentence beside the number, `bounded` says that the number is only a limit (5人以上),
    `change` that it is no level but a change, and of which way (10%削減).
    """

    text: str
    number: Fraction | None = None
    unit: str = ""
    period: str = ""
    sense: str = ""
    remark: str = ""
    bounded: bool = False
    kinds: frozenset[str] = frozenset()
    change: str = ""

    @property
    def scale(self) -> int:
        """How many of the plain unit one of the unit is: 1000 for 千枚."""
        found = SCALE.match(self.unit)
        return SCALES[found[0]] if found else 1

    @property
    def plain_unit(self) -> str:
        """The unit as units are compared: without its scale, in one spelling, with the word of a change."""
        return same_unit(SCALE.sub("", self.unit)) + self.change

    @property
    def plain_number(self) -> Fraction | None:
        """The number in plain units: 405,823,000 for 405,823千枚."""
        return None if self.number is None else self.number * self.scale

    @property
    def exact(self) -> Fraction | None:
        """The number, unless it is only a limit."""
        return None if self.bounded else self.number


def read_amount(text: str, counted: Mapping[str, Fraction] | None = None) -> Amount:
    """The amount of one cell. `counted` gives names in a list of organisations their number (県 = 1)."""
    parts = parse_value(text)
    if not parts:
        return Amount(text=text, sense="none")
    if any(part.ambiguous for part in parts):
        return Amount(text=text, sense="ambiguous")
    if len(parts) == 1 and not parts[0].number:
        return Amount(text=text, sense=phrase_sense(text) or "words")
    main = [part for part in parts if "in-brackets" not in part.kinds]
    chosen = _one(text, main) or _ratio(text, main) or _total(text, main) or _listed(text, main, counted or {})
    return chosen or _latest(text, main) or Amount(text=text, sense="ambiguous")


def _of(text: str, part: ValuePart, number: Fraction | None = None, unit: str | None = None) -> Amount:
    return Amount(
        text=text,
        number=Fraction(part.number) if number is None else number,
        unit=part.unit if unit is None else unit,
        period=part.period,
        remark=part.remark,
        bounded=bool(part.kinds & BOUNDED),
        kinds=part.kinds,
        change=change_word(part.qualifiers),
    )


def _one(text: str, parts: Sequence[ValuePart]) -> Amount | None:
    return _of(text, parts[0]) if len(parts) == 1 and parts[0].number else None


def _ratio(text: str, parts: Sequence[ValuePart]) -> Amount | None:
    """A share of a whole, in per cent: 209/447."""
    if len(parts) != 2 or "numerator" not in parts[0].kinds or not Fraction(parts[1].number):
        return None
    return _of(text, parts[0], Fraction(parts[0].number) / Fraction(parts[1].number) * 100, PERCENT)


def _total(text: str, parts: Sequence[ValuePart]) -> Amount | None:
    """The total that stands beside its items; the reader has added them up."""
    return next((_of(text, part) for part in parts if "total" in part.kinds), None)


def _listed(text: str, parts: Sequence[ValuePart], counted: Mapping[str, Fraction]) -> Amount | None:
    """The sum of a list; none where a name has no number of its own, or where the items do not add up to one thing."""
    if len(parts) < 2 or not all("item" in part.kinds for part in parts):
        return None
    units = {part.unit for part in parts if part.number}
    # Months and years are not parts of a whole unless a total says so; rates never are.
    if any(re.search("[0-9]", part.qualifier) or NOT_ADDED.fullmatch(part.unit) for part in parts):
        return None
    worth = dict.fromkeys(units, Fraction(1)) if len(units) == 1 else counted
    numbers = [_worth(part, worth, counted) for part in parts]
    known = [number for number in numbers if number is not None]
    unit = units.pop() if len(units) == 1 and all(part.number for part in parts) else ""
    return _of(text, parts[0], sum(known, Fraction(0)), unit) if len(known) == len(numbers) else None


def _worth(part: ValuePart, worth: Mapping[str, Fraction], counted: Mapping[str, Fraction]) -> Fraction | None:
    if not part.number:
        return counted.get(part.qualifiers[-1])
    each = worth.get(part.unit)
    return None if each is None else Fraction(part.number) * each


def _latest(text: str, parts: Sequence[ValuePart]) -> Amount | None:
    """The last of several values that each have a time of their own, in one unit."""
    if not all(part.period for part in parts) or len({part.unit for part in parts}) != 1:
        return None
    ordered = sorted(parts, key=lambda part: last_day(part.period))
    ends = {last_day(part.period) for part in parts}
    return _of(text, ordered[-1]) if len(ends) == len(parts) else None
