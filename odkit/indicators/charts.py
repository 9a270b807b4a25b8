"""The small charts of the page as plain geometry: a line from baseline over this year's value to the target."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from odkit.indicators.results import Result
from odkit.indicators.rules import INTERIM, Rules
from odkit.indicators.totals import Statuses, Trends

WIDTH, HEIGHT = 208, 64
COLUMNS = (16, 104, 192)
TOP, BOTTOM = 12, 52
STRENGTHS = (1.0, 0.6, 0.35, 0.2)
GOOD, SLOW, FLAT, BAD = "good", "slow", "flat", "bad"


@dataclass(frozen=True, kw_only=True, slots=True)
class Chart:
    """Where the points stand, in pixels of WIDTH x HEIGHT; None for what has no number. `interim` stands above the
    value's place.
    """

    baseline: tuple[int, int] | None
    value: tuple[int, int] | None
    interim: tuple[int, int] | None
    target: tuple[int, int] | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Share:
    """A part of a bar of 100: its label, count, tone, start and width; `strength` tells parts of one tone apart."""

    label: str
    count: int
    tone: str
    start: float
    width: float
    strength: float


def chart(item: Result) -> Chart | None:
    """The chart of one indicator; None where it has fewer than two numbers in one unit."""
    amounts = {"baseline": item.baseline, "value": item.value, "interim": item.interim, "target": item.target}
    numbers = {name: number for name, amount in amounts.items() if (number := amount.plain_number) is not None}
    units = {amounts[name].plain_unit for name in numbers} - {""}
    if len(numbers) < 2 or (len(units) > 1 and item.rate is None):
        return None
    low, high = min(numbers.values()), max(numbers.values())
    places = dict(zip(("baseline", "value", "target"), COLUMNS, strict=True)) | {"interim": COLUMNS[1]}
    points = {name: (places[name], _height(number, low, high)) for name, number in numbers.items()}
    return Chart(**{name: points.get(name) for name in amounts})


def tone(item: Result, rules: Rules) -> str:
    """How good the news is: ``good``, ``slow``, ``flat`` or ``bad``."""
    value = item.outcome.value
    if item.judged == INTERIM:
        return {rules.statuses["reached"]: GOOD, rules.statuses["missed"]: BAD}.get(value, FLAT)
    if value == rules.worse_mark:
        return BAD
    marks = {step.mark: GOOD if step.at_least >= rules.good else SLOW for step in rules.steps}
    return marks.get(value, FLAT)


def shares(found: Statuses | Trends, results: Sequence[Result], rules: Rules) -> tuple[Share, ...]:
    """The bar of a group: its outcomes in the order of the rules, those that occur."""
    members = [item for item in results if item.entry.group == found.group]
    if isinstance(found, Statuses):
        order = [rules.statuses[name] for name in ("reached", "missed", "unknown", "stopped")]
    else:
        order = [*(step.mark for step in rules.steps), rules.same_mark, rules.worse_mark]
    made: list[Share] = []
    start = 0.0
    for label in (*order, ""):
        same = [item for item in members if item.outcome.value == label]
        if same:
            width = 100 * len(same) / len(members)
            kind = tone(same[0], rules)
            strength = STRENGTHS[min(sum(one.tone == kind for one in made), len(STRENGTHS) - 1)]
            share = Share(label=label or "?", count=len(same), tone=kind, start=start, width=width, strength=strength)
            made.append(share)
            start += width
    return tuple(made)


def _height(number: Fraction, low: Fraction, high: Fraction) -> int:
    if low == high:
        return (TOP + BOTTOM) // 2
    return round(BOTTOM - (number - low) / (high - low) * (BOTTOM - TOP))
