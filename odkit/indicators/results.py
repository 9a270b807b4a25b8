"""An indicator as a table has it, and what became of it: findings, each with the rule that gave it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from odkit.indicators.amounts import Amount
from odkit.indicators.rules import INTERIM, Settled
from odkit.model import Where

EXPECTED, ACTUAL = "見込値", "実績値"


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One indicator as a table of one fiscal year has it, every cell as written.

    `status`, `trend` and `mark` are what was published; `note` explains in words; `where` is its place.
    """

    key: str
    group: str
    topic: str = ""
    measure: str = ""
    name: str = ""
    baseline: str = ""
    value: str = ""
    interim: str = ""
    target: str = ""
    status: str = ""
    trend: str = ""
    mark: str = ""
    note: str = ""
    where: Where = field(default_factory=lambda: Where(file=""))


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """One finding: its value ("" where none can be given), the rule that gave it and what the rule looked at.

    `settled` is a person's decision that took the place of `derived`, what the calculation gave.
    """

    value: str = ""
    rule: str = ""
    details: Mapping[str, str] = field(default_factory=dict)
    derived: Verdict | None = None
    settled: Settled | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """An indicator evaluated. `rate` is the progress rate in per cent, None where it cannot be calculated."""

    entry: Entry
    year: int
    judged: str
    direction: str
    baseline: Amount
    value: Amount
    interim: Amount
    target: Amount
    kind: Verdict
    trend: Verdict
    mark: Verdict
    status: Verdict
    rate: Fraction | None = None

    @property
    def outcome(self) -> Verdict:
        """What its group is judged by: the status of a flagship indicator, the mark of the others."""
        return self.status if self.judged == INTERIM else self.mark


def one_line(text: str) -> str:
    """A cell on one line."""
    return " ".join(text.split())


def percent(rate: Fraction) -> str:
    """A rate with at most one decimal, cut off: 49.99 is not shown as 50."""
    tenths = abs(int(rate * 10))
    return ("-" if rate < 0 and tenths else "") + f"{tenths // 10}" + (f".{tenths % 10}" if tenths % 10 else "")
