"""The values of each column, through the cleaner of its meaning: once per distinct value, then once over the rows."""

from __future__ import annotations

from collections.abc import Collection

from odkit.clean.draft import Column, Doubt, Draft, Learned
from odkit.clean.eras import era_of_heading, with_era
from odkit.clean.values import Cleaned, Cleaner, Facts, clean_usual, compile_cleaner, evidence

MOST_KNOWN = 20_000
"""Results that are kept for one column from chunk to chunk."""
EVIDENCE = "evidence"


class ColumnValues:
    """Cleans the values of one column. `facts` are what is known; `learned` whether a chunk has shown evidence."""

    def __init__(self, column: Column, facts: Facts, *, learned: bool) -> None:
        self._column, self._facts = column, facts
        self._evidence = learned
        self._results: dict[str, Cleaned] = {}
        self._clean: Cleaner | None = None

    def take(self, draft: Draft) -> None:
        """Clean the values of the present chunk; raises Learned where they show others in another light."""
        column = self._column
        if not column.notable:
            return
        if not self._evidence and evidence(column.field, column.notable):
            if draft.first:
                raise Learned(EVIDENCE, column.match.name)
            self._evidence = True
        afters, rule = clean_usual(column.field, column.notable)
        others = column.notable.difference(afters)
        clean = self._clean = self._clean or self._cleaner()
        results = self._results
        for value in others:
            if value not in results:
                results[value] = clean(value) if value.strip() else Cleaned("", "text")
        _doubt(column, {value: issue for value in others if (issue := results[value].issue)})
        changed = {value: done for value in others if (done := results[value]).rule and not done.issue}
        if changed:
            rules = dict.fromkeys(afters, rule) | {value: done.rule for value, done in changed.items()}
            column.rewrite({**afters, **{value: done.value for value, done in changed.items()}}, rules)
        elif afters:
            column.rewrite(afters, rule)
        if len(results) > MOST_KNOWN:
            results.clear()

    def _cleaner(self) -> Cleaner:
        column, facts = self._column, self._facts
        cleaner = compile_cleaner(column.field, facts, has_evidence=self._evidence)
        era = era_of_heading(column.match.heading, facts.eras) if column.field.meaning == "date" else ""
        return with_era(cleaner, era) if era else cleaner


def value_steps(draft: Draft, facts: Facts, learned: Collection[tuple[str, str]]) -> list[ColumnValues]:
    """A step per column; columns beside the standard are text."""
    return [ColumnValues(column, facts, learned=(EVIDENCE, column.match.name) in learned) for column in draft.columns]


def _doubt(column: Column, issues: dict[str, str]) -> None:
    column.doubts += [Doubt(row, issues[value], value) for row, value in column.rows_with(issues)]
