"""A Score as people act on it: what is to be mended, what first, and where. For the terminal and for pages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from odkit.model import CriterionResult, Evidence, Outcome, Score
from odkit.score.words import check_name, check_reason, check_text


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One thing to mend, with all its places. `level` is the stage it keeps out of reach, None for advice;
    `number` is what the drawn cells point at, `count` how many places there are in all.
    """

    number: int
    id: str
    title: str
    message: str
    why: str
    fix: str
    places: tuple[Evidence, ...]
    count: int
    level: int | None

    @property
    def replaces(self) -> bool:
        """What is expected is a text to put in the place of the one there, not a count or a format."""
        return self.id in REPLACING


CELL_OF_TEXT = re.compile(r"R\d+C\d")
REPLACING = frozenset({"1-3", "1-5", "1-10", "1-13", "geo", "schema"})


def findings(score: Score, lang: str) -> list[Finding]:
    """What is 要修正, each cause once: first what keeps a stage out of reach, lowest stage first, then advice."""
    failed = [check for check in score.checks if check.outcome is Outcome.FAIL]
    ordered = sorted(failed, key=lambda check: 9 if check.level is None else check.level)
    return [_finding(score, check, number, lang) for number, check in enumerate(ordered, 1)]


def _finding(score: Score, check: CriterionResult, number: int, lang: str) -> Finding:
    return Finding(
        number=number,
        id=check.id,
        title=check_name(check.id, lang),
        message=check_text(check, lang, "message", score),
        why=check_reason(check.id, lang),
        fix=check_text(check, lang, "fix", score),
        places=check.evidence,
        count=int(check.details.get("count", len(check.evidence))),
        level=check.level,
    )


def counts_columns(score: Score) -> bool:
    """A finding is placed by numbers of rows and columns (``R2C3``), as in a text file: to be explained to people."""
    failed = (item for check in score.checks if check.outcome is Outcome.FAIL for item in check.evidence)
    return any(CELL_OF_TEXT.match(item.range) for item in failed if not item.sheet)


def others(score: Score, outcome: Outcome, lang: str) -> list[tuple[str, str]]:
    """The checks with another outcome: what they are called, and what there is to say."""
    wanted = [check for check in score.checks if check.outcome is outcome]
    return [(check_name(check.id, lang), _said(score, check, lang)) for check in wanted]


def _said(score: Score, check: CriterionResult, lang: str) -> str:
    """Words of a check that is not 要修正; most say no more than their name."""
    telling = check.id in ALWAYS_TELLING or check.details.get("kind") or check.outcome is Outcome.FAIL
    plain = check.outcome is Outcome.NOT_APPLICABLE or not telling
    return "" if plain else check_text(check, lang, "message", score)


ALWAYS_TELLING = frozenset({"licence", "access", "schema"})


def counts(scores: Sequence[Score]) -> list[tuple[int | None, int]]:
    """How many scores there are at each stage, highest first, then those that are 未判定; no average, no ranking."""
    found = Counter(score.level for score in scores)
    return [(level, found[level]) for level in (5, 4, 3, 2, 1, 0, None) if found[level]]


def causes(scores: Sequence[Score], lang: str) -> list[tuple[str, int]]:
    """What is to be mended over many files, one cause a line: most files first, what caps a stage before advice."""
    found: Counter[str] = Counter()
    capping: set[str] = set()
    for score in scores:
        failed = [check for check in score.checks if check.outcome is Outcome.FAIL]
        found.update(check.id for check in failed)
        capping |= {check.id for check in failed if check.level is not None}
    ordered = sorted(found, key=lambda id_: (id_ not in capping, -found[id_], id_))
    return [(check_name(id_, lang), found[id_]) for id_ in ordered]


def place_of(item: Evidence) -> str:
    """The address of a finding: ``一覧!C5``, ``R3C2``; empty where it is about the whole file."""
    return f"{item.sheet}!{item.range}" if item.sheet and item.range else item.range or item.sheet
