"""The rules of a plan, declared in one file: how groups are judged, marks, directions, what people have settled."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from pathlib import Path

from odkit.errors import DeclarationError
from odkit.indicators.words import same_mark, same_words
from odkit.project import data_file
from odkit.project.declare import read_toml

DEFAULT = ("vocab", "indicator", "ict-strategy.toml")
INTERIM, PROGRESS = "interim", "progress"
MORE, LESS = "more", "less"
STATUS, TREND, MARK, KIND = "status", "trend", "mark", "kind"
EXPECTED = {
    "settled": ("an indicator of [indicators]", "[indicators] にある指標の番号"),
    "progress": ("steps from the highest to the lowest", "大きい順に並んだ境"),
    "goals": ("a regular expression", "正規表現"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """A mark of the progress rate: given from `at_least` per cent on."""

    at_least: Fraction
    mark: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Indicator:
    """What is declared of an indicator. `units` are different spellings of one unit."""

    direction: str
    units: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class Settled:
    """What a person decided where the calculation cannot know, for one fiscal year."""

    indicator: str
    year: int
    item: str
    value: str
    reason: str
    basis: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Rules:
    """The rules of one plan. `trends` has the keys better, same, worse, actual; `statuses` reached, missed,
    unknown, stopped; `published` maps the spellings of a published table to statuses.
    """

    title: str
    basis: str
    groups: Mapping[str, str]
    trends: Mapping[str, str]
    steps: tuple[Step, ...]
    same_mark: str
    worse_mark: str
    good: Fraction
    statuses: Mapping[str, str]
    published: Mapping[str, str]
    indicators: Mapping[str, Indicator]
    goals: tuple[tuple[re.Pattern[str], str], ...] = ()
    counted: Mapping[str, Fraction] = field(default_factory=dict)
    settled: tuple[Settled, ...] = ()

    def goal_sense(self, text: str) -> str:
        """How a goal in words is judged: ``improve``, ``same``, or "" where no rule says."""
        plain = same_words(text)
        return next((sense for pattern, sense in self.goals if pattern.fullmatch(plain)), "")

    def spellings(self, item: str) -> Mapping[str, str]:
        """What may stand in a table for a status, trend or mark, as marks are compared -> the rules' own mark."""
        if item == STATUS:
            known = {**{word: word for word in self.statuses.values()}, **self.published}
        elif item == TREND:
            arrows = [self.trends[side] for side in ("better", "same", "worse")]
            known = {shown: shown for arrow in arrows for shown in (arrow, self.trends["actual"].format(trend=arrow))}
        else:
            known = {mark: mark for mark in (*(step.mark for step in self.steps), self.same_mark, self.worse_mark)}
        return {same_mark(spelling): mark for spelling, mark in known.items()}

    def mark(self, rate: Fraction) -> Step:
        """The step that a progress rate (per cent) reaches; the lowest where it reaches none."""
        return next((step for step in self.steps if rate >= step.at_least), self.steps[-1])

    def decision(self, indicator: str, year: int, item: str) -> Settled | None:
        """What was settled about one item of an indicator in a year."""
        wanted = (indicator, year, item)
        return next((one for one in self.settled if (one.indicator, one.year, one.item) == wanted), None)


@cache
def default_rules() -> Rules:
    """The rules that ship with odkit: 千葉県ICT利活用戦略."""
    return load_rules(data_file(*DEFAULT), DEFAULT[-1])


def load_rules(path: Path, shown: str) -> Rules:
    """Read a file of rules; raises DeclarationError with file and path where it is wrong."""
    declared = read_toml(path, shown, "indicator-rules")
    progress, interim = declared["progress"], dict(declared["interim"])
    steps = [Step(at_least=Fraction(str(item["at_least"])), mark=item["mark"]) for item in progress["steps"]]
    if steps != sorted(steps, key=lambda step: -step.at_least):
        raise _bad(shown, "progress.steps", [item["at_least"] for item in progress["steps"]])
    rules = Rules(
        title=declared["title"],
        basis=declared["basis"],
        groups=declared["groups"],
        trends=declared["trend"],
        steps=tuple(steps),
        same_mark=progress["same"],
        worse_mark=progress["worse"],
        good=Fraction(str(progress["good"])),
        published=interim.pop("published"),
        statuses=interim,
        indicators={
            key: Indicator(direction=item["direction"], units=frozenset(item.get("units", ())))
            for key, item in declared["indicators"].items()
        },
        goals=tuple(_goal(item, number, shown) for number, item in enumerate(declared.get("goals", ()))),
        counted={word: Fraction(str(count)) for word, count in declared.get("counted", {}).items()},
        settled=tuple(Settled(**item) for item in declared.get("settled", ())),
    )
    for number, item in enumerate(rules.settled):
        if item.indicator not in rules.indicators:
            raise _bad(shown, f"settled.{number}.indicator", item.indicator)
    return rules


def _goal(item: Mapping[str, str], number: int, shown: str) -> tuple[re.Pattern[str], str]:
    try:
        return re.compile(item["pattern"]), item["sense"]
    except re.error as error:
        raise _bad(shown, f"goals.{number}.pattern", item["pattern"]) from error


def _bad(shown: str, path: str, value: object) -> DeclarationError:
    expected = EXPECTED[path.partition(".")[0]]
    return DeclarationError(
        "project.bad-value", file=shown, path=path, value=value, expected=expected[0], expected_ja=expected[1]
    )
