"""How far an indicator has come, by the rules of its plan: trend, progress rate, mark or status, each with its rule."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction

from odkit.indicators.amounts import Amount, read_amount
from odkit.indicators.periods import last_day
from odkit.indicators.results import ACTUAL, EXPECTED, Entry, Result, Verdict, one_line, percent
from odkit.indicators.rules import INTERIM, KIND, LESS, MARK, STATUS, TREND, Indicator, Rules
from odkit.indicators.words import same_words

BETTER, SAME, WORSE = "better", "same", "worse"
YEAR_END = re.compile("年度末|(?<![0-9])0?3月")
SPANS = frozenset({"per-month", "per-year"})
NOTHING_TO_COMPARE = frozenset({"stopped", "pending", "none", "ditto"})


def evaluate(entries: Iterable[Entry], rules: Rules, year: int, *, measured: bool = False) -> tuple[Result, ...]:
    """Judge the indicators of one fiscal year. Nothing that was published is looked at: only cells and rules.

    `measured` says that the column holds measured values throughout.
    """
    return tuple(_result(entry, rules, year, measured=measured) for entry in entries)


def _result(entry: Entry, rules: Rules, year: int, *, measured: bool) -> Result:
    declared = rules.indicators.get(entry.key)
    value = read_amount(entry.value, rules.counted)
    bare = Result(
        entry=entry,
        year=year,
        judged=rules.groups.get(entry.group, ""),
        direction=declared.direction if declared else "",
        baseline=read_amount(entry.baseline, rules.counted),
        value=value,
        interim=read_amount(entry.interim, rules.counted),
        target=read_amount(entry.target, rules.counted),
        kind=_settle(_kind(value, year, measured=measured), rules, entry, year, KIND),
        trend=Verdict(),
        mark=Verdict(),
        status=Verdict(),
    )
    if declared is None:
        unknown = Verdict(rule="no-direction")
        return replace(bare, trend=unknown, mark=unknown, status=unknown)
    return _judged(bare, declared, rules)


def _judged(bare: Result, declared: Indicator, rules: Rules) -> Result:
    entry, year = bare.entry, bare.year
    side = _side(bare, declared, rules)
    trend = _settle(_trend(side, bare.kind, rules), rules, entry, year, TREND)
    rate = _rate(bare, declared) if side.value == BETTER else None
    mark, status = Verdict(), Verdict()
    if bare.judged == INTERIM:
        status = _settle(_status(bare, side, declared, rules), rules, entry, year, STATUS)
    else:
        mark = _settle(_mark(bare, side, rate, declared, rules), rules, entry, year, MARK)
    return replace(bare, trend=trend, mark=mark, status=status, rate=rate)


def _settle(found: Verdict, rules: Rules, entry: Entry, year: int, item: str) -> Verdict:
    decision = rules.decision(entry.key, year, item)
    if decision is None or decision.value == found.value:
        return found
    details = {"reason": decision.reason, "basis": decision.basis}
    return Verdict(value=decision.value, rule="settled", details=details, derived=found, settled=decision)


def _kind(value: Amount, year: int, *, measured: bool) -> Verdict:
    """A value of a day before the year's end was measured; without a day, or for its end, it is expected."""
    if measured and "forecast" not in value.kinds:
        return Verdict(value=ACTUAL, rule="heading-actual")
    if "forecast" not in value.kinds and value.period:
        details = {"period": value.period}
        if last_day(value.period) < date(year + 1, 3, 31):
            return Verdict(value=ACTUAL, rule="dated", details=details)
        return Verdict(value=EXPECTED, rule="dated-end", details=details)
    if "actual" in value.kinds:
        return Verdict(value=ACTUAL, rule="said-actual")
    if "as-of" in value.kinds and "forecast" not in value.kinds and not YEAR_END.search(same_words(value.text)):
        return Verdict(value=ACTUAL, rule="said-as-of")
    return Verdict(value=EXPECTED, rule="undated")


def _side(bare: Result, declared: Indicator, rules: Rules) -> Verdict:
    """Whether the value is better or worse than the baseline, or the same."""
    before, after = bare.baseline, bare.value
    if before.number is None or after.number is None:
        return _side_of_words(bare, rules)
    if why := _incomparable(before, after, declared):
        return why
    gain = _gain(before, after, declared)
    rule = BETTER if gain > 0 else SAME if gain == 0 else WORSE
    return Verdict(value=rule, rule=rule, details=_compared(before, after))


def _side_of_words(bare: Result, rules: Rules) -> Verdict:
    before, after, target = (same_words(item.text) for item in (bare.baseline, bare.value, bare.target))
    details = {"before": bare.baseline.text, "after": bare.value.text}
    senses = {bare.baseline.sense, bare.value.sense}
    if senses & NOTHING_TO_COMPARE:
        return Verdict(rule="nothing", details=details)
    if before == after:
        return Verdict(value=SAME, rule="same-words", details=details)
    if after == target and rules.goal_sense(bare.target.text) == "same":
        return Verdict(value=BETTER, rule="goal-words", details=details)
    return Verdict(rule="ambiguous" if "ambiguous" in senses else "words", details=details)


def goal_is_against(bare: Result) -> bool:
    """Whether the final target asks for the opposite of the declared direction: one of the two is wrong."""
    opposite = "increase" if bare.direction == LESS else "decrease"
    if bare.target.sense == opposite:
        return True
    start, goal = bare.baseline.plain_number, bare.target.plain_number
    if start is None or goal is None or bare.baseline.plain_unit != bare.target.plain_unit:
        return False
    return start < goal if bare.direction == LESS else start > goal


def _incomparable(before: Amount, after: Amount, declared: Indicator) -> Verdict | None:
    details = _compared(before, after)
    if before.exact is None or after.exact is None:
        return Verdict(rule="bounded", details=details)
    return None if _of_one_unit(before, after, declared) else Verdict(rule="units", details=details)


def _of_one_unit(before: Amount, after: Amount, declared: Indicator) -> bool:
    """Whether two numbers count the same; one without a unit is in that of the other, unless it is a change."""
    spans = [one.kinds & SPANS for one in (before, after)]
    if all(spans) and not spans[0] & spans[1]:
        return False  # 年4回 and 月6回
    units = {before.unit, after.unit}
    if units <= declared.units or ("" in units and before.change == after.change):
        return True
    # 月14時間 and 14時間/月 differ only in how they are written.
    plain = {re.sub("/[年月]$", "", one.plain_unit) if all(spans) else one.plain_unit for one in (before, after)}
    return len(plain) == 1


def _gain(before: Amount, after: Amount, declared: Indicator) -> Fraction:
    scale = len({before.unit, after.unit} - {""}) > 1
    numbers = [(one.plain_number if scale else one.number) or Fraction(0) for one in (before, after)]
    change = numbers[1] - numbers[0]
    return -change if declared.direction == LESS else change


def _compared(before: Amount, after: Amount) -> dict[str, str]:
    return {"before": one_line(before.text), "after": one_line(after.text)}


def _trend(side: Verdict, kind: Verdict, rules: Rules) -> Verdict:
    """The arrow, in brackets where a measured value stands in; settled where that was settled."""
    if not side.value:
        return side
    shown = _arrow(side.value, kind, rules)
    if kind.settled is None:
        return replace(side, value=shown)
    derived = kind.derived or kind
    without = replace(side, value=_arrow(side.value, derived, rules))
    return replace(side, value=shown, derived=without, settled=kind.settled)


def _arrow(side: str, kind: Verdict, rules: Rules) -> str:
    """The arrow; brackets mark a measured value among expected ones, so a column of measured ones has none."""
    arrow = rules.trends[side]
    alone = kind.value == ACTUAL and kind.rule != "heading-actual"
    return rules.trends["actual"].format(trend=arrow) if alone else arrow


def _rate(bare: Result, declared: Indicator) -> Fraction | None:
    """(value - baseline) / (target - baseline) x 100, where all three are numbers and the target lies ahead."""
    start, now, goal = bare.baseline.exact, bare.value.exact, bare.target.number
    if start is None or now is None or goal is None:
        return None
    if any(
        _incomparable(bare.baseline, other, declared) for other in (bare.value, replace(bare.target, bounded=False))
    ):
        return None
    way = _gain(bare.baseline, bare.target, declared)
    return _gain(bare.baseline, bare.value, declared) / way * 100 if way > 0 else None


def _mark(bare: Result, side: Verdict, rate: Fraction | None, declared: Indicator, rules: Rules) -> Verdict:
    if not side.value:
        return side
    if side.value == SAME:
        return replace(side, value=rules.same_mark)
    if side.value == WORSE:
        return replace(side, value=rules.worse_mark)
    if rate is not None:
        step = rules.mark(rate)
        details = {**side.details, "target": one_line(bare.target.text), "rate": percent(rate)}
        return Verdict(value=step.mark, rule="rate", details={**details, "at_least": percent(step.at_least)})
    return _mark_without_rate(bare, side, declared, rules)


def _mark_without_rate(bare: Result, side: Verdict, declared: Indicator, rules: Rules) -> Verdict:
    """A better value and a goal that gives no rate: a goal in words, or one that the baseline had met already."""
    details = {**side.details, "target": one_line(bare.target.text)}
    if goal_is_against(bare):
        return Verdict(rule="goal-against", details=details)
    if bare.target.number is not None:
        if why := _incomparable(bare.value, replace(bare.target, bounded=False), declared):
            return why
        return Verdict(rule="goal-behind", details=details)
    if rules.goal_sense(bare.target.text) == "improve":
        return Verdict(value=rules.steps[0].mark, rule="goal-improve", details=details)
    if side.rule == "goal-words":
        return Verdict(value=rules.steps[0].mark, rule="goal-words", details=details)
    return Verdict(rule="goal-unknown", details=details)


def _status(bare: Result, side: Verdict, declared: Indicator, rules: Rules) -> Verdict:
    says = rules.statuses
    details = {"after": one_line(bare.value.text), "target": one_line(bare.interim.text)}
    if bare.value.sense == "stopped":
        return Verdict(value=says["stopped"], rule="stopped", details=details)
    if bare.value.sense in ("pending", "none"):
        return Verdict(value=says["unknown"], rule="pending", details=details)
    if bare.interim.number is not None and bare.value.number is not None:
        return _against_number(bare, declared, says, details)
    if rules.goal_sense(bare.interim.text) == "improve" and side.value:
        reached = says["reached" if side.value == BETTER else "missed"]
        return Verdict(value=reached, rule="interim-improve", details={**side.details, **details})
    if rules.goal_sense(bare.interim.text) == "same" and same_words(bare.interim.text) == same_words(bare.value.text):
        return Verdict(value=says["reached"], rule="goal-words", details=details)
    return Verdict(rule="ambiguous" if bare.value.sense == "ambiguous" else "goal-unknown", details=details)


def _against_number(bare: Result, declared: Indicator, says: Mapping[str, str], details: dict[str, str]) -> Verdict:
    surely = "at-most" if declared.direction == LESS else "at-least"
    if surely in bare.value.kinds and _gain(bare.interim, bare.value, declared) >= 0 and not bare.interim.remark:
        # 500人以上 reaches 500人, whatever it is exactly.
        bare = replace(bare, value=replace(bare.value, bounded=False))
    if why := _incomparable(bare.value, replace(bare.interim, bounded=False), declared):
        return replace(why, details={**_compared(bare.interim, bare.value), **details})
    if _gain(bare.interim, bare.value, declared) < 0:
        return Verdict(value=says["missed"], rule="interim-number", details=details)
    if bare.interim.remark:
        # The number is reached, but the goal says more than a number: only people can tell.
        return Verdict(rule="interim-words", details={**details, "words": bare.interim.remark})
    return Verdict(value=says["reached"], rule="interim-number", details=details)
