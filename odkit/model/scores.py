"""How machine-readable something is, and the evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Outcome(StrEnum):
    """What a check found: 合格 / 要修正 / 対象外 / 未判定."""

    PASS = "pass"
    FAIL = "fail"
    NOT_APPLICABLE = "not_applicable"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """Where a check found something: `range` in A1 form, rows of a text file as ``R3``."""

    sheet: str = ""
    range: str = ""
    value: str = ""
    expected: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class CriterionResult:
    """The outcome of one check. `level` is the stage that a failure keeps out of reach, None for advice."""

    id: str
    outcome: Outcome
    evidence: tuple[Evidence, ...] = ()
    level: int | None = None
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Score:
    """How machine-readable a target is: `level` 0–5 (None: 未判定) and `format_level`, what its format alone gives;
    `steps` says for each stage 1–5 whether it is reached and why (message code and details).
    """

    target: str
    level: int | None
    format_level: int | None
    format: str
    licence: str
    checks: tuple[CriterionResult, ...]
    steps: tuple[CriterionResult, ...]
    next_step: str = ""
    resources: Mapping[str, int | None] = field(default_factory=dict)
