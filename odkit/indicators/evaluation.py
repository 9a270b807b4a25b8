"""Everything that a table of indicators of one fiscal year gives, computed once."""

from __future__ import annotations

from dataclasses import dataclass

from odkit.errors import UsageError
from odkit.indicators.evaluate import evaluate
from odkit.indicators.findings import disagreements, missing_columns
from odkit.indicators.progress import progress_table
from odkit.indicators.results import Result
from odkit.indicators.rules import MARK, STATUS, TREND, Rules
from odkit.indicators.table import COLUMNS, entries, fiscal_year, is_indicators, measured
from odkit.indicators.totals import Finding, Statuses, Trends, check, published_totals, totals
from odkit.indicators.words import same_mark
from odkit.model import CleanTable, Issue


@dataclass(frozen=True, kw_only=True, slots=True)
class Evaluation:
    """A table of indicators, evaluated. `source` is the file's name as a person gave it."""

    source: str
    year: int
    rules: Rules
    results: tuple[Result, ...]
    table: CleanTable
    progress: CleanTable
    issues: tuple[Issue, ...]

    @property
    def all_issues(self) -> tuple[Issue, ...]:
        """What a person should know about the table as well as about its results."""
        return (*(issue for issue in self.table.issues if not self._known_mark(issue)), *self.issues)

    def _known_mark(self, issue: Issue) -> bool:
        """Whether an issue is about a mark that is none of the standard's but one of the rules'."""
        items = {COLUMNS[item]: item for item in (STATUS, TREND, MARK)}
        item = items.get(issue.where.field, "") if issue.code == "clean.enum" else ""
        return bool(item) and same_mark(issue.value) in self.rules.spellings(item)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Each published item beside the computed one."""
        return check([item for item in self.results if item.judged and item.direction], self.rules)

    @property
    def totals(self) -> tuple[Statuses | Trends, ...]:
        """The totals of what was computed."""
        return totals(self.results, self.rules)

    @property
    def published_totals(self) -> tuple[Statuses | Trends, ...]:
        """The totals of what the table says."""
        return published_totals(self.results, self.rules)


def evaluate_table(table: CleanTable, rules: Rules, year: int | None = None) -> Evaluation:
    """Evaluate a cleaned table by the rules; `year` is the fiscal year where the headings do not say it.

    Raises UsageError where the table is none of indicators, or no fiscal year is known.
    """
    location = table.origin.location
    if not is_indicators(table):
        raise UsageError("indicators.not-indicators", file=location, standard=table.schema.title)
    known = year or fiscal_year(table)
    if known is None:
        raise UsageError("indicators.no-year", file=location)
    results = evaluate(entries(table), rules, known, measured=measured(table))
    found = (*missing_columns(table), *disagreements(results, rules))
    return Evaluation(
        source=location,
        year=known,
        rules=rules,
        results=results,
        table=table,
        progress=progress_table(results, rules, table.origin),
        issues=found,
    )
