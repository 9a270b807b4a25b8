"""Totals per group, in the shape of the published summary, and the comparison with what was published."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from odkit.indicators.results import Result, Verdict
from odkit.indicators.rules import INTERIM, MARK, STATUS, TREND, Rules
from odkit.indicators.words import same_mark

AGREES, SETTLED, DIFFERS = "agrees", "settled", "differs"


@dataclass(frozen=True, kw_only=True, slots=True)
class Statuses:
    """The indicators of a group judged by their interim target, counted."""

    group: str
    reached: int
    missed: int
    unknown: int
    stopped: int
    unjudged: int

    @property
    def count(self) -> int:
        """All indicators of the group."""
        return self.reached + self.missed + self.unknown + self.stopped + self.unjudged


@dataclass(frozen=True, kw_only=True, slots=True)
class Trends:
    """The indicators of a group judged by progress, counted; `good` of the `better` have the rate that counts."""

    group: str
    better: int
    good: int
    same: int
    worse: int
    unjudged: int

    @property
    def count(self) -> int:
        """All indicators of the group."""
        return self.better + self.same + self.worse + self.unjudged


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One published item beside what was computed. `state`: ``agrees``, ``settled`` (a person's decision brought
    it about, `computed` is what the calculation gave) or ``differs``.
    """

    result: Result
    item: str
    published: str
    computed: str
    verdict: Verdict
    state: str


def totals(results: Sequence[Result], rules: Rules) -> tuple[Statuses | Trends, ...]:
    """The totals of what was computed, group by group in the order of the rules."""
    return _totals([(item, item.status.value, item.trend.value, item.mark.value) for item in results], rules)


def published_totals(results: Sequence[Result], rules: Rules) -> tuple[Statuses | Trends, ...]:
    """The totals of what the table says, in the same shape."""
    said = [
        (item, published(item, STATUS, rules), published(item, TREND, rules), published(item, MARK, rules))
        for item in results
    ]
    return _totals(said, rules)


def check(results: Iterable[Result], rules: Rules) -> tuple[Finding, ...]:
    """Each published status, trend and mark beside the computed one, in order."""
    return tuple(
        _finding(item, part, rules)
        for item in results
        for part in ((STATUS,) if item.judged == INTERIM else (TREND, MARK))
    )


def published(result: Result, item: str, rules: Rules) -> str:
    """What the table says about one item, in the marks and words of the rules where they know it."""
    text = str(getattr(result.entry, item))
    return rules.spellings(item).get(same_mark(text), text)


def _finding(result: Result, item: str, rules: Rules) -> Finding:
    verdict: Verdict = getattr(result, item)
    said = published(result, item, rules)
    state = DIFFERS if said != verdict.value else AGREES if verdict.settled is None else SETTLED
    computed = (verdict.derived or verdict).value
    return Finding(result=result, item=item, published=said, computed=computed, verdict=verdict, state=state)


Judged = tuple[Result, str, str, str]  # a result with its status, trend and mark


def _totals(judged: Sequence[Judged], rules: Rules) -> tuple[Statuses | Trends, ...]:
    made: list[Statuses | Trends] = []
    for group, method in rules.groups.items():
        members = [item for item in judged if item[0].entry.group == group]
        made.append(_statuses(group, members, rules) if method == INTERIM else _trends(group, members, rules))
    return tuple(made)


def _statuses(group: str, members: Sequence[Judged], rules: Rules) -> Statuses:
    found = [status for _, status, _, _ in members]
    counts = {name: found.count(word) for name, word in rules.statuses.items()}
    return Statuses(group=group, **counts, unjudged=len(found) - sum(counts.values()))


def _trends(group: str, members: Sequence[Judged], rules: Rules) -> Trends:
    sides = {
        spelling: side
        for side in ("better", "same", "worse")
        for spelling in (rules.trends[side], rules.trends["actual"].format(trend=rules.trends[side]))
    }
    found = [sides.get(trend, "") for _, _, trend, _ in members]
    good = {step.mark for step in rules.steps if step.at_least >= rules.good}
    return Trends(
        group=group,
        better=found.count("better"),
        good=sum(side == "better" and item[3] in good for side, item in zip(found, members, strict=True)),
        same=found.count("same"),
        worse=found.count("worse"),
        unjudged=found.count(""),
    )
