"""Performance indicators: value cells as people write them, read into numbers; progress and marks by declared rules."""

from odkit.indicators import report
from odkit.indicators.cells import ValuePart, parse_value
from odkit.indicators.compare import Comparison, compare, comparison_table
from odkit.indicators.detail import DetailRow, read_detail
from odkit.indicators.evaluate import evaluate
from odkit.indicators.evaluation import Evaluation, evaluate_table
from odkit.indicators.page import render_page
from odkit.indicators.results import Entry, Result, Verdict
from odkit.indicators.rules import Rules, default_rules, load_rules
from odkit.indicators.table import dated_headings
from odkit.indicators.tidy import tidy_tables
from odkit.indicators.totals import Finding, check, published_totals, totals

__all__ = [
    "Comparison",
    "DetailRow",
    "Entry",
    "Evaluation",
    "Finding",
    "Result",
    "Rules",
    "ValuePart",
    "Verdict",
    "check",
    "compare",
    "comparison_table",
    "dated_headings",
    "default_rules",
    "evaluate",
    "evaluate_table",
    "load_rules",
    "parse_value",
    "published_totals",
    "read_detail",
    "render_page",
    "report",
    "tidy_tables",
    "totals",
]
