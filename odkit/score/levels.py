"""The five stages: which are reached, and what keeps the others out of reach."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from odkit.model import CriterionResult, Outcome
from odkit.score.facts import Facts
from odkit.score.sniff import formats

Checks = Sequence[CriterionResult]
TOP = 5
NOT_MET = (Outcome.FAIL, Outcome.UNDETERMINED)


def ceiling(facts: Facts) -> int:
    """The stage that the format alone can reach (vocab/formats.csv); what is not in the table is published: 1.

    JSON-LD without its context is JSON; a locked file counts as what its name says.
    """
    format_ = {"context": "json"}.get(facts.unread, facts.format)
    row = formats().get(facts.declared if format_ == "encrypted" else format_)
    return int(row["level"]) if row else 1


def steps(facts: Facts, checks: Checks) -> tuple[CriterionResult, ...]:
    """One result for each stage 1–5; `details["because"]` names the checks (or ``format``) it is missed for."""
    return tuple(_steps(facts, checks, ceiling(facts)))


def _steps(facts: Facts, checks: Checks, top: int) -> Iterator[CriterionResult]:
    accessible = _outcome(checks, "access") is Outcome.PASS
    below = Outcome.PASS
    staged = [check for check in checks if check.level is not None]
    open_ones = [check for check in staged if check.outcome in NOT_MET]
    for stage in range(1, TOP + 1):
        step = _own(facts, staged, [check for check in open_ones if check.level == stage], top, stage)
        if below is not Outcome.PASS and not (accessible and _has_faults(step)):
            step = _step("below", below, stage)
        below = step.outcome if below is Outcome.PASS else below
        yield step


def _has_faults(step: CriterionResult) -> bool:
    """A stage missed for something in the file itself, worth saying even where a lower stage is missed too."""
    return bool(set(step.details.get("because", "").split()) - {"format", "links"})


def _own(facts: Facts, checks: Checks, open_ones: Checks, top: int, stage: int) -> CriterionResult:
    """A stage by its own conditions, whatever the stages below it; `open_ones` are its checks that are not met."""
    because = [check.id for check in open_ones if check.outcome is Outcome.FAIL]
    unsure = [check.id for check in open_ones if check.outcome is Outcome.UNDETERMINED]
    if unsure and not because:
        return _step("undetermined", Outcome.UNDETERMINED, stage, because=" ".join(unsure))
    if top < min(stage, TOP - 1) and not unsure:
        because.insert(0, "format")
    elif stage == TOP and _outcome(checks, "links") is not Outcome.PASS:
        because.append("links")
    if because:
        return _step("missed", Outcome.FAIL, stage, because=" ".join(because))
    return _step("reached", Outcome.PASS, stage, **_reached(facts, checks, stage))


def _step(id_: str, outcome: Outcome, stage: int, **details: str) -> CriterionResult:
    return CriterionResult(id=id_, outcome=outcome, level=stage, details={"stage": str(stage), **details})


def _outcome(checks: Checks, id_: str) -> Outcome | None:
    for check in checks:
        if check.id == id_:
            return check.outcome
    return None


def _reached(facts: Facts, checks: Checks, stage: int) -> Mapping[str, str]:
    """What there is to say about a stage that is reached."""
    if stage == 1:
        licence = next(check for check in checks if check.id == "licence")
        return {"kind": "1", "licence": licence.details.get("id", "")}
    if stage == 3:
        return _table(facts) if facts.grids else _records(facts)
    if facts.rdf and stage == 4:
        subject = facts.rdf.subjects[0] if facts.rdf.subjects else ""
        return {"kind": "4", "instances": str(facts.rdf.instances), "subject": subject}
    if facts.rdf and stage == TOP:
        return {"kind": "5", "links": str(facts.rdf.link_count), "link": facts.rdf.links[0]}
    return {"kind": str(stage)}


def _table(facts: Facts) -> Mapping[str, str]:
    rows = sum(len(grid.layout.data) for grid in facts.grids)
    columns = max(grid.layout.width for grid in facts.grids)
    kind = ("3-table" if facts.encoding else "3-sheet") if rows else "3-empty"
    return {"kind": kind, "encoding": _spelled(facts.encoding), "rows": str(rows), "columns": str(columns)}


def _records(facts: Facts) -> Mapping[str, str]:
    return {"kind": "3-records", "records": str(facts.records)} if facts.records else {"kind": "3"}


def _spelled(encoding: str) -> str:
    names = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8", "cp932": "Shift_JIS", "euc_jp": "EUC-JP", "utf-16": "UTF-16"}
    return names.get(encoding, encoding.upper())


def level(found: Checks) -> int | None:
    """The highest stage with all stages below it; None where the first that is not reached is 未判定."""
    for step in found:
        if step.outcome is Outcome.UNDETERMINED:
            return None
        if step.outcome is not Outcome.PASS:
            return int(step.details["stage"]) - 1
    return TOP


def format_level(facts: Facts, checks: Checks, found: Checks) -> int | None:
    """The stage by format alone: 0 where there is no data, None where that is not known.

    No format holds links by itself, so RDF gives 4; where links are there it is 5, as the national table has it.
    `found` are the steps as they are: with a licence that is stated, they are the same.
    """
    if level(found) == TOP:
        return TOP
    access = _outcome(checks, "access")
    if access is not Outcome.PASS:
        return 0 if access is Outcome.FAIL else None
    if _outcome(checks, "links") is not Outcome.PASS:
        return ceiling(facts)
    unlicensed = [check for check in checks if check.id != "licence"]
    return TOP if level(_content_steps(facts, unlicensed)) == TOP else ceiling(facts)


def _content_steps(facts: Facts, checks: Checks) -> Checks:
    passed = CriterionResult(id="licence", outcome=Outcome.PASS, level=1)
    return steps(facts, [passed, *checks])


def effect(facts: Facts, checks: Checks, found: Checks) -> int | None:
    """The stage reached once everything that `missed` names for the next stage is put right; None: not foreseeable.

    `found` are the steps as they are.
    """
    missed = next((step for step in found if step.outcome is not Outcome.PASS), None)
    if missed is None or missed.id != "missed" or "access" in missed.details["because"].split():
        return None
    because = missed.details["because"].split()
    mended = [
        CriterionResult(id=check.id, outcome=Outcome.PASS, level=check.level) if check.id in because else check
        for check in checks
    ]
    if "links" in because:
        return TOP
    stage = int(missed.details["stage"])
    return level(tuple(_steps(facts, mended, max(ceiling(facts), stage))))
