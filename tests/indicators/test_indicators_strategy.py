"""The 68 indicators of fiscal 2020: the published marks and totals come out of the cells and the rules."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from odkit.indicators import Evaluation, read_detail
from odkit.indicators.totals import AGREES, SETTLED, Statuses, Trends
from odkit.indicators.words import same_words

TOTALS = (
    Statuses(group="波及効果の高いプロジェクト", reached=6, missed=4, unknown=1, stopped=1, unjudged=0),
    Trends(group="個別施策", better=39, good=33, same=3, worse=6, unjudged=0),
    Trends(group="推進を支える土台づくり", better=3, good=3, same=5, worse=0, unjudged=0),
)
"""As the summary prints them."""

RATES = {
    "2-01": "105.6", "2-04": "39.0", "2-07": "38.4", "2-11": "16.6", "2-14": "71.4", "2-16": "5.1", "2-20": "52.6",
    "2-23": "76.9", "2-30": "20.0", "2-32": "50.0", "2-40": "155.4", "2-42": "7.6", "2-47": "109.0", "3-01": "50.0",
}  # fmt: skip
"""Some rates, worked out by hand from the numbers of the table."""


def test_the_totals_are_those_of_the_summary(strategy: Evaluation) -> None:
    assert strategy.totals == TOTALS
    assert strategy.published_totals == TOTALS
    assert [one.count for one in strategy.totals] == [12, 48, 8]


def test_every_published_mark_comes_out(strategy: Evaluation) -> None:
    states = Counter(one.state for one in strategy.findings)
    assert states == {AGREES: 121, SETTLED: 3}


def test_what_people_settled_is_told_apart_from_what_was_computed(strategy: Evaluation) -> None:
    settled = [one for one in strategy.findings if one.state == SETTLED]
    assert [(one.result.entry.key, one.item, one.published, one.computed) for one in settled] == [
        ("1-08", "status", "未達成", ""),
        ("2-07", "trend", "↗", "(↗)"),
        ("2-08", "trend", "(↗)", "↗"),
    ]
    assert [issue.code for issue in strategy.issues] == ["indicators.settled"] * 3


def test_rates(strategy: Evaluation) -> None:
    rates = {item.entry.key: item.rate for item in strategy.results}
    for key, wanted in RATES.items():
        rate = rates[key]
        assert rate is not None
        assert int(rate * 10) == round(float(wanted) * 10), key


def test_each_mark_names_its_rule(strategy: Evaluation) -> None:
    assert Counter(item.outcome.rule for item in strategy.results) == {
        "rate": 34,
        "goal-improve": 7,
        "goal-words": 1,
        "same": 7,
        "same-words": 1,
        "worse": 6,
        "interim-number": 6,
        "interim-improve": 3,
        "settled": 1,
        "pending": 1,
        "stopped": 1,
    }


def test_directions_are_declared_for_all(strategy: Evaluation) -> None:
    less = [item.entry.key for item in strategy.results if item.direction == "less"]
    assert less == ["2-02", "2-33", "2-44"]
    assert all(item.direction for item in strategy.results)


@pytest.mark.shared
def test_the_workbook_says_what_the_document_says(strategy: Evaluation, shared: Path) -> None:
    """Our own table restates the published one: every value, target, mark and name stands in the document."""
    text = same_words((shared / "reference/seeds/progress-r2-summary.txt").read_text(encoding="utf-8"))
    missing = [
        (item.entry.key, part)
        for item in strategy.results
        for part in ("baseline", "value", "interim", "target", "name")
        if same_words(getattr(item.entry, part)) not in text
    ]
    # The document writes プログラミン指導 there, once.
    assert missing == [("1-09", "name")]


@pytest.mark.shared
def test_the_totals_stand_in_the_document(shared: Path) -> None:
    text = (shared / "reference/seeds/progress-r2-summary.txt").read_text(encoding="utf-8")
    narrow = text.translate({code: code - 0xFEE0 for code in range(0xFF10, 0xFF1A)})
    assert re.search(r"指標数 6 4 1 1 12", narrow)
    assert re.search(r"個別施策 39 33 6 3 6 48", narrow)
    assert re.search(r"推進を支える土台づくり 3 3 0 5 0 8", narrow)


@pytest.mark.shared
def test_every_row_of_the_damaged_detail_is_accounted_for(strategy: Evaluation, shared: Path) -> None:
    text = (shared / "reference/seeds/progress-r2-detail.txt").read_text(encoding="utf-8")
    rows = read_detail(text, strategy.results)
    filled = [number for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    assert [row.line for row in rows if row.line] == filled
    assert Counter(row.state for row in rows) == {"joined": 66, "heading": 8, "missing": 2}
    assert [row.key for row in rows if row.state == "missing"] == ["2-21", "2-35"]
    joined = [row.key for row in rows if row.state == "joined"]
    assert len(set(joined)) == 66
    assert [(row.key, row.published, row.mark) for row in rows if row.differs] == [
        ("1-02", "×", "不明"),
        ("2-23", "○", "◎"),
        ("2-24", "×", "◎"),
        ("2-28", "○", "◎"),
    ]
    assert [row.key for row in rows if "no-mark" in row.problems] == ["2-14", "2-32", "2-46"]


@pytest.mark.shared
def test_the_detail_agrees_on_what_was_measured(strategy: Evaluation, shared: Path) -> None:
    """Where the working table shows in which column a value stands, the rules (and what is settled) say the same."""
    text = (shared / "reference/seeds/progress-r2-detail.txt").read_text(encoding="utf-8")
    kinds = {item.entry.key: item.kind.value for item in strategy.results}
    rows = [row for row in read_detail(text, strategy.results) if row.kind and row.key != "1-03"]
    assert len(rows) >= 60
    assert [(row.key, row.kind, kinds[row.key]) for row in rows if kinds[row.key] != row.kind] == []
