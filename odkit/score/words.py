"""A Score in words: reasons, next step, and the JSON of ``odkit score --json``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from odkit import messages
from odkit.model import CriterionResult, Evidence, Outcome, Score
from odkit.score.sniff import formats

RULES_VERSION = "2026.5"
"""Changes whenever the same bytes may get another report."""


def to_json(score: Score, lang: str, why: Sequence[str] = ()) -> dict[str, object]:
    """The score as plain JSON values; `fix` is filled where a check is ``fail``, `level` null where undetermined.

    `why` are its `reasons`, where they are known.
    """
    return {
        "target": score.target,
        "level": score.level,
        "format_level": score.format_level,
        "format": score.format,
        "licence": score.licence,
        "sha256": score.sha256,
        "rules": RULES_VERSION,
        "checks": [_check_json(score, check, lang) for check in score.checks],
        "steps": [
            {"level": step.level, "outcome": step.outcome.value, "text": text}
            for step, text in zip(score.steps, why or reasons(score, lang), strict=True)
        ],
        "next_step": next_step(score, lang),
        **({"resources": dict(score.resources), "part": score.part} if score.resources else {}),
        **({"left_out": score.left_out} if score.left_out else {}),
    }


def _check_json(score: Score, check: CriterionResult, lang: str) -> dict[str, object]:
    if check.outcome is not Outcome.FAIL and not check.evidence:
        return _plain_json(check.id, check.outcome, lang)
    return {
        "id": check.id,
        "outcome": check.outcome.value,
        "title": check_name(check.id, lang),
        "evidence": [_evidence_json(item) for item in check.evidence],
        "fix": check_text(check, lang, "fix", score) if check.outcome is Outcome.FAIL else "",
    }


@cache
def _plain_json(id_: str, outcome: Outcome, lang: str) -> dict[str, object]:
    """A check that points at nothing: most do, and nobody changes what is said of them."""
    return {"id": id_, "outcome": outcome.value, "title": check_name(id_, lang), "evidence": [], "fix": ""}


def _evidence_json(item: Evidence) -> dict[str, str]:
    place = {"sheet": item.sheet, "range": item.range, "value": item.value, "expected": item.expected}
    if item.accepted:
        place["accepted"] = item.accepted
    return place


@cache
def check_name(id_: str, lang: str) -> str:
    """What a check is called: ``1-3 数値は数値で``."""
    return messages.text(f"score.{id_}", lang, part="message-name")


def check_reason(id_: str, lang: str) -> str:
    """Why a check matters, in one sentence."""
    return messages.text(f"score.{id_}", lang, part="message-why")


def reasons(score: Score, lang: str) -> list[str]:
    """For each stage 1–5 one line: reached or not, and why."""
    return [_reason(score, step, lang) for step in score.steps]


def _reason(score: Score, step: CriterionResult, lang: str) -> str:
    causes = [_cause(score, id_, lang, "message", step) for id_ in step.details.get("because", "").split()]
    details = {**step.details, "format": format_name(score.format, lang), "reasons": "; ".join(causes)}
    return _text(step.id, lang, "message", details)


def next_step(score: Score, lang: str) -> str:
    """What to do next and what it gains, in one sentence."""
    step = next((step for step in score.steps if step.outcome is not Outcome.PASS), None)
    if step is None:
        return _text("next", lang, "message", {"kind": "none"})
    fixes = [_cause(score, id_, lang, "fix", step) for id_ in step.details["because"].split()]
    details = {"fix": fixes[0], "fixes": _numbered(fixes), "count": str(len(fixes))}
    details |= {"before": "–" if score.level is None else str(score.level), "after": step.details.get("after", "")}
    kind = ("one" if details["after"] else "open") if len(fixes) == 1 else "many" if details["after"] else "several"
    return _text("next", lang, "message", {**details, "kind": kind})


def _numbered(fixes: list[str]) -> str:
    return " ".join(f"({number}) {fix}" for number, fix in enumerate(fixes, 1))


def _cause(score: Score, id_: str, lang: str, part: str, step: CriterionResult) -> str:
    """The words of one check, or of the format, as the cause that a stage is missed."""
    if id_ == "format":
        name, stage = format_name(score.format, lang), step.details["stage"]
        kind = f"{stage}-unknown" if score.format == "unknown" and stage == "2" else stage
        details = {"kind": kind, "format": name, "format_level": str(score.format_level), "stage": stage}
        return _text("format", lang, part, details)
    return check_text(next(check for check in score.checks if check.id == id_), lang, part, score)


def check_text(check: CriterionResult, lang: str, part: str, score: Score) -> str:
    """A part (``message``, ``fix``) of a check's words, with its first place filled in."""
    first = check.evidence[0] if check.evidence else None
    sheet = f"{first.sheet}!" if first and first.sheet else ""
    place = f"{sheet}{first.range}" if first else ""
    details = {
        "count": "0",
        "place": place,
        "value": first.value if first else "",
        "expected": first.expected if first else "",
        "file": score.target,
        "format": format_name(score.format, lang),
        **check.details,
    }
    text = _text(check.id, lang, part, details)
    if details.get("kind") == "accepted":
        return _text("accepted", lang, part, {"text": text, "reason": details["reason"]})
    return text


def _text(name: str, lang: str, part: str, details: Mapping[str, str]) -> str:
    """One part of an entry of score.toml, in the wording of `details["kind"]` where it has one."""
    code, special = f"score.{name}", f"{part}-{details.get('kind', '')}"
    chosen = special if special in messages.catalogue(lang)[code] else part
    return messages.text(code, lang, details, chosen)


def format_name(format_: str, lang: str) -> str:
    """A format as people call it: ``xlsx`` is Excel, ``turtle`` Turtle (RDF)."""
    row = formats().get(format_)
    others = messages.catalogue(lang)["score.format"]
    return row[f"name_{lang}"] if row else others.get(f"message-{format_}", format_.upper())
