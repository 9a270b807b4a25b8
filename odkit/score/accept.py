"""Findings that a publisher accepts: they stay in the report, with the reason, and are no longer 要修正.

A stage of the scale is not a matter of taste: what keeps a stage out of reach can be explained, not accepted away.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import PurePath

from odkit.model import Accepted, CriterionResult, Evidence, Outcome


def accept(target: str, checks: Sequence[CriterionResult], wanted: Sequence[Accepted]) -> tuple[CriterionResult, ...]:
    """The checks of a file with what is accepted marked; one whose findings all are becomes 合格."""
    mine = [item for item in wanted if not item.file or fnmatchcase(PurePath(target).name, item.file)]
    if not mine:
        return tuple(checks)
    return tuple(_accepted(check, [item for item in mine if item.check == check.id]) for check in checks)


def _accepted(check: CriterionResult, wanted: Sequence[Accepted]) -> CriterionResult:
    if not wanted or check.outcome is not Outcome.FAIL:
        return check
    evidence = tuple(replace(item, accepted=_reason(item, wanted)) for item in check.evidence)
    open_ones = [item for item in evidence if not item.accepted]
    unseen = int(check.details.get("count", "0")) > len(evidence) and any(item.range or item.value for item in wanted)
    if check.level is not None or open_ones or unseen:
        # What is still open comes first: the words of a check name its first place.
        ordered = (*open_ones, *(item for item in evidence if item.accepted))
        return replace(check, evidence=ordered)
    details = {**check.details, "kind": "accepted", "reason": wanted[0].reason}
    return replace(check, outcome=Outcome.PASS, evidence=evidence, details=details)


def _reason(item: Evidence, wanted: Sequence[Accepted]) -> str:
    place = f"{item.sheet}!{item.range}".removeprefix("!")
    return next(
        (one.reason for one in wanted if one.range in ("", item.range, place) and one.value in ("", item.value)),
        "",
    )
