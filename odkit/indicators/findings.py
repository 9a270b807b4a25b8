"""What a person should know about the results: marks that differ from the published, indicators without rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from odkit import messages
from odkit.indicators.evaluate import goal_is_against
from odkit.indicators.progress import reason
from odkit.indicators.results import Result, one_line, percent
from odkit.indicators.rules import MARK, TREND, Rules
from odkit.indicators.table import BASELINE, COLUMNS, EXPECTED_OR_ACTUAL, TARGET
from odkit.indicators.totals import AGREES, DIFFERS, SETTLED, Finding, check
from odkit.model import CleanTable, Issue, Severity, Where


def disagreements(results: Sequence[Result], rules: Rules) -> Iterator[Issue]:
    """An issue for each published mark that the rules do not give, and for each that people have settled."""
    for item in results:
        if not item.judged:
            yield _issue(item, "indicators.unknown-group", Severity.WARNING, item.entry.group, {})
        elif not item.direction:
            yield _issue(item, "indicators.no-direction", Severity.WARNING, item.entry.name, {})
        elif goal_is_against(item):
            details = {"baseline": one_line(item.entry.baseline), "direction": item.direction}
            yield _issue(item, "indicators.goal-against", Severity.WARNING, one_line(item.entry.target), details)
    for finding in check([item for item in results if item.judged and item.direction], rules):
        if finding.state != AGREES:
            yield _disagreement(finding)


def missing_columns(table: CleanTable) -> Iterator[Issue]:
    """A warning for each column that marks are computed from and that the source does not have."""
    found = {match.name for match in table.matches if match.column is not None}
    others = [match.heading for match in table.matches if match.name not in COLUMNS.values() and match.heading]
    for column in (COLUMNS["group"], BASELINE, EXPECTED_OR_ACTUAL, TARGET):
        if column not in found:
            yield Issue(
                code="indicators.no-column",
                severity=Severity.WARNING,
                where=Where(file=table.origin.location, sheet=table.origin.sheet),
                value=column,
                details={"headings": ", ".join(map(one_line, others)) or "-"},
            )


def _disagreement(finding: Finding) -> Issue:
    code = {DIFFERS: "indicators.differs", SETTLED: "indicators.settled"}[finding.state]
    severity = Severity.WARNING if finding.state == DIFFERS else Severity.NOTE
    details = {
        "item": COLUMNS[finding.item],
        "published": finding.published or "-",
        "computed": finding.computed or "-",
    }
    return _issue(finding.result, code, severity, finding.published, details)


def explained(finding: Finding, lang: str) -> str:
    """How the calculation comes to its item, in words; of an arrow also why it is in brackets or not."""
    words = reason(finding.verdict.derived or finding.verdict, lang)
    if finding.item != TREND:
        return words
    kind = finding.result.kind
    return f"{words}; {reason(kind.derived or kind, lang)}"


def meant(finding: Finding, rules: Rules, lang: str) -> str:
    """How the published item comes about, as far as it is known: what it stands for, or the decision behind it."""
    settled = finding.verdict.settled
    if settled is not None:
        details = {"reason": settled.reason, "basis": settled.basis}
        return messages.text("indicators.rule-settled", lang, details)
    step = next((step for step in rules.steps if step.mark == finding.published), None)
    if finding.item == MARK and step is not None:
        return messages.text("indicators.published-step", lang, {"at_least": percent(step.at_least)})
    return messages.text("indicators.published-as-is", lang, {"published": finding.published or "-"})


def _issue(result: Result, code: str, severity: Severity, value: str, details: dict[str, str]) -> Issue:
    return Issue(
        code=code,
        severity=severity,
        where=result.entry.where,
        value=value,
        details={"indicator": result.entry.key, **details},
    )
