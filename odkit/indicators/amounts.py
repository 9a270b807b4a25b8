"""The one amount that a value cell stands for when it is compared: a number with its unit, or words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from odkit.indicators.cells import ValuePart, parse_value
from odkit.indicators.periods import last_day
from odkit.indicators.words import phrase_sense

PERCENT = "%"
BOUNDED = frozenset({"at-least", "at-most"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Amount:
    """What a cell says, for a comparison. `number` is None where it has none or none that is certain.

    `sense` says what words in its place mean (``increase``, ``pending`` …), ``ambiguous`` where digits could not be
    settled; `remark` is a sentence beside the number, `bounded` says that the number is only a limit (5人以上).
    """

    text: str
    number: Fraction | None = None
    unit: str = ""
    period: str = ""
    sense: str = ""
    remark: str = ""
    bounded: bool = False
    kinds: frozenset[str] = frozenset()

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
    """The sum of a list of organisations; none where a name has no number of its own."""
    if len(parts) < 2 or not all("item" in part.kinds for part in parts):
        return None
    numbers = [Fraction(part.number) if part.number else counted.get(part.qualifiers[-1]) for part in parts]
    known = [number for number in numbers if number is not None]
    return _of(text, parts[0], sum(known, Fraction(0)), "") if len(known) == len(numbers) else None


def _latest(text: str, parts: Sequence[ValuePart]) -> Amount | None:
    """The last of several values that each have a time of their own, in one unit."""
    if not all(part.period for part in parts) or len({part.unit for part in parts}) != 1:
        return None
    ordered = sorted(parts, key=lambda part: last_day(part.period))
    ends = {last_day(part.period) for part in parts}
    return _of(text, ordered[-1]) if len(ends) == len(parts) else None
