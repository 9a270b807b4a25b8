"""The results as a table of the package: one row per indicator and fiscal year, in the layout of indicator-progress."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from odkit import messages
from odkit.indicators.results import Result, Verdict, percent
from odkit.indicators.rules import INTERIM, MARK, MORE, STATUS, Rules
from odkit.indicators.totals import AGREES, DIFFERS, SETTLED, check, published
from odkit.model import CleanTable, ColumnMatch, Origin, Row
from odkit.project import load_schema

PROGRESS_SCHEMA = "indicator-progress.v1"
PROGRESS_TABLE = "progress"
WAYS = {INTERIM: "中間目標", "progress": "進捗率"}
AGREEMENTS = {AGREES: "一致", SETTLED: "判断で一致", DIFFERS: "不一致"}
PLACES = Decimal("0.0001")


def progress_table(results: Sequence[Result], rules: Rules, origin: Origin) -> CleanTable:
    """The table ``progress`` of one fiscal year; indicators of a group that the rules do not know are left out."""
    schema = load_schema(PROGRESS_SCHEMA)
    judged = [item for item in results if item.judged]
    return CleanTable(
        name=PROGRESS_TABLE,
        title=schema.title,
        schema=schema,
        rows=tuple(_row(item, rules) for item in judged),
        row_numbers=tuple(item.entry.where.row or 0 for item in judged),
        matches=tuple(ColumnMatch(name=field.name, how="derived") for field in schema.fields),
        origin=origin,
    )


def reason(verdict: Verdict, lang: str) -> str:
    """Why a verdict was given, in words."""
    return messages.text(f"indicators.rule-{verdict.rule}", lang, verdict.details)


def agreement(result: Result, rules: Rules) -> str:
    """The worst state of a result's items: ``agrees``, ``settled`` or ``differs``."""
    states = {finding.state for finding in check([result], rules)}
    return next(state for state in (DIFFERS, SETTLED, AGREES) if state in states)


def decimal_text(number: Fraction | None) -> str:
    """A number as decimal text, whole or rounded to four places; "" for none."""
    if number is None:
        return ""
    exact = (Decimal(number.numerator) / Decimal(number.denominator)).quantize(PLACES, ROUND_HALF_UP)
    text = f"{exact:f}"
    return text.rstrip("0").rstrip(".")


def _row(result: Result, rules: Rules) -> Row:
    outcome = result.outcome
    return (
        result.entry.key,
        str(result.year),
        WAYS[result.judged],
        {"": "", MORE: "増加"}.get(result.direction, "減少"),
        decimal_text(result.baseline.number),
        decimal_text(result.value.number),
        result.kind.value,
        result.value.period,
        result.value.unit or result.baseline.unit,
        decimal_text(result.interim.number),
        decimal_text(result.target.number),
        result.trend.value,
        "" if result.rate is None else percent(result.rate),
        outcome.value,
        outcome.rule,
        reason(outcome, "ja"),
        published(result, STATUS if result.judged == INTERIM else MARK, rules),
        AGREEMENTS[agreement(result, rules)],
    )
