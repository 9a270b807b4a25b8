"""Results as rows of text for people and as plain data for machines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict

from odkit import messages
from odkit.indicators.compare import Comparison
from odkit.indicators.detail import DetailRow
from odkit.indicators.evaluation import Evaluation
from odkit.indicators.findings import explained, meant
from odkit.indicators.progress import decimal_text, reason
from odkit.indicators.results import Result, one_line, percent
from odkit.indicators.rules import INTERIM, Rules
from odkit.indicators.table import COLUMNS
from odkit.indicators.totals import Finding, Statuses, Trends
from odkit.model import Row

Facts = dict[str, object]
Table = tuple[list[str], list[Row]]  # headings and rows
SHORT = 28


def label(name: str, lang: str) -> str:
    """A word of the reports: ``group``, ``better`` …"""
    return messages.text(f"indicators.word-{name}", lang)


def result_table(results: Iterable[Result], lang: str) -> Table:
    """One row per indicator: number, name, baseline, value, target, trend, rate, mark."""
    names = ("key", "name", "baseline", "value", "goal", "trend", "rate", "outcome")
    rows: list[Row] = [
        (
            item.entry.key,
            _short(item.entry.name),
            _short(item.entry.baseline),
            _short(item.entry.value),
            _short(item.entry.interim if item.judged == INTERIM else item.entry.target),
            item.trend.value or "-",
            f"{percent(item.rate)}%" if item.rate is not None else "-",
            item.outcome.value or "?",
        )
        for item in results
    ]
    return [label(name, lang) for name in names], rows


def status_table(found: Sequence[Statuses | Trends], rules: Rules, lang: str) -> Table:
    """The totals of groups judged by an interim target, as in the summary."""
    rows = [
        (one.group, *map(str, (one.reached, one.missed, one.unknown, one.stopped, one.unjudged, one.count)))
        for one in found
        if isinstance(one, Statuses)
    ]
    words = [rules.statuses[name] for name in ("reached", "missed", "unknown", "stopped")]
    return _without_empty([label("group", lang), *words, label("unjudged", lang), label("count", lang)], rows)


def trend_table(found: Sequence[Statuses | Trends], rules: Rules, lang: str) -> Table:
    """The totals of groups judged by progress, as in the summary, with a last row for all of them."""
    groups = [one for one in found if isinstance(one, Trends)]
    counts = [
        (one.better, one.good, one.better - one.good, one.same, one.worse, one.unjudged, one.count) for one in groups
    ]
    rows: list[Row] = [(one.group, *map(str, numbers)) for one, numbers in zip(groups, counts, strict=True)]
    if len(groups) > 1:
        rows.append((label("count", lang), *(str(sum(column)) for column in zip(*counts, strict=True))))
    good = {"percent": percent(rules.good)}
    headings = [
        label("group", lang),
        rules.trends["better"],
        messages.text("indicators.word-good", lang, good),
        messages.text("indicators.word-not-good", lang, good),
        rules.trends["same"],
        rules.trends["worse"],
        label("unjudged", lang),
        label("count", lang),
    ]
    return _without_empty(headings, rows)


def _without_empty(headings: list[str], rows: list[Row]) -> Table:
    """Totals without the column of what could not be judged, where there is none of it, as in the summary."""
    if any(row[-2] != "0" for row in rows):
        return headings, rows
    return [*headings[:-2], headings[-1]], [(*row[:-2], row[-1]) for row in rows]


def finding_table(findings: Iterable[Finding], rules: Rules, lang: str) -> Table:
    """Published items that the calculation alone does not give: both derivations side by side."""
    names = ("key", "name", "item", "published", "published-why", "computed", "computed-why", "rule")
    rows: list[Row] = [
        (
            one.result.entry.key,
            _short(one.result.entry.name),
            COLUMNS[one.item],
            one.published or "-",
            meant(one, rules, lang),
            one.computed or "-",
            explained(one, lang),
            (one.verdict.derived or one.verdict).rule,
        )
        for one in findings
    ]
    return [label(name, lang) for name in names], rows


def detail_table(rows: Iterable[DetailRow], lang: str) -> Table:
    """What became of each line of a detailed table."""
    names = ("line", "state", "key", "name", "kind", "problems")
    made: list[Row] = [
        (
            str(row.line or "-"),
            messages.text(f"indicators.detail-{row.state}", lang),
            row.key or "-",
            _short(row.name) or "-",
            row.kind or "-",
            "; ".join(_detail_problems(row, lang)) or "-",
        )
        for row in rows
    ]
    return [label(name, lang) for name in names], made


def _detail_problems(row: DetailRow, lang: str) -> Iterable[str]:
    details = {"published": row.published or "-", "mark": row.mark}
    codes = (*(("differs",) if row.differs else ()), *row.problems)
    return [messages.text(f"indicators.problem-{code}", lang, details) for code in codes]


def everything(
    found: Evaluation, comparison: Comparison | None, detail: Sequence[DetailRow] | None, lang: str
) -> Facts:
    """All results for machines."""
    facts: Facts = {
        "source": found.source,
        "year": found.year,
        "totals": [total_facts(one) for one in found.totals],
        "published_totals": [total_facts(one) for one in found.published_totals],
        "indicators": [result_facts(item, lang) for item in found.results],
        "check": [finding_facts(one, found.rules, lang) for one in found.findings],
        "issues": [{"code": issue.code, **issue.facts} for issue in found.all_issues],
    }
    if comparison is not None:
        facts["comparison"] = [
            {"indicator": line.key, "notes": [asdict(note) for note in line.notes]} for line in comparison.lines
        ]
    if detail is not None:
        facts["detail"] = [asdict(row) for row in detail]
    return facts


def result_facts(item: Result, lang: str) -> dict[str, object]:
    """A result for machines."""
    return {
        "indicator": item.entry.key,
        "group": item.entry.group,
        "name": item.entry.name,
        "year": item.year,
        "direction": item.direction,
        "baseline": decimal_text(item.baseline.number),
        "value": decimal_text(item.value.number),
        "unit": item.value.unit or item.baseline.unit,
        "period": item.value.period,
        "kind": item.kind.value,
        "interim": decimal_text(item.interim.number),
        "target": decimal_text(item.target.number),
        "trend": item.trend.value,
        "rate": "" if item.rate is None else percent(item.rate),
        "outcome": item.outcome.value,
        "rule": item.outcome.rule,
        "reason": reason(item.outcome, lang),
    }


def finding_facts(one: Finding, rules: Rules, lang: str) -> dict[str, object]:
    """A comparison for machines."""
    return {
        "indicator": one.result.entry.key,
        "item": one.item,
        "state": one.state,
        "published": one.published,
        "computed": one.computed,
        "rule": (one.verdict.derived or one.verdict).rule,
        "computed_reason": explained(one, lang),
        "published_reason": meant(one, rules, lang),
    }


def total_facts(one: Statuses | Trends) -> dict[str, object]:
    """The totals of a group for machines."""
    return {**asdict(one), "count": one.count}


def _short(text: str) -> str:
    line = one_line(text)
    return line if len(line) <= SHORT else line[: SHORT - 1] + "…"
