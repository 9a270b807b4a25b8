"""The page for people: totals, a bar per group, and each indicator with its chart and the reason of its mark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import PurePath

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from odkit.indicators import report
from odkit.indicators.charts import COLUMNS, HEIGHT, WIDTH, Chart, Share, chart, shares, tone
from odkit.indicators.compare import Comparison, comparison_table
from odkit.indicators.evaluation import Evaluation
from odkit.indicators.periods import year_name
from odkit.indicators.progress import reason
from odkit.indicators.results import Result, one_line, percent
from odkit.indicators.rules import LESS
from odkit.indicators.totals import AGREES

TEMPLATE = "page.html"


@dataclass(frozen=True, kw_only=True, slots=True)
class Card:
    """An indicator as the page shows it."""

    result: Result
    chart: Chart | None
    tone: str
    reason: str
    rate: str
    less: bool
    note: str
    cells: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """A group as the page shows it."""

    name: str
    number: int
    bar: tuple[Share, ...]
    cards: tuple[Card, ...]


def render_page(found: Evaluation, comparison: Comparison | None, lang: str) -> str:
    """The whole page as HTML, complete in itself: no script, no font, no address is fetched."""
    open_findings = [one for one in found.findings if one.state != AGREES]
    return _template().render(
        found=found,
        lang=lang,
        source=PurePath(found.source).name,
        say=partial(report.label, lang=lang),
        year=year_name(found.year, lang),
        status_table=report.status_table(found.totals, found.rules, lang),
        trend_table=report.trend_table(found.totals, found.rules, lang),
        findings=report.finding_table(open_findings, found.rules, lang) if open_findings else None,
        comparison=comparison_table(comparison, lang) if comparison else None,
        groups=_groups(found, lang),
        outside=[f"{item.entry.key} {item.entry.name}".strip() for item in found.results if not item.judged],
        width=WIDTH,
        height=HEIGHT,
        columns=COLUMNS,
    )


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("odkit.indicators", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template(TEMPLATE)


def _groups(found: Evaluation, lang: str) -> Sequence[Group]:
    return [
        Group(
            name=one.group,
            number=number,
            bar=shares(one, found.results, found.rules),
            cards=tuple(_card(item, found, lang) for item in found.results if item.entry.group == one.group),
        )
        for number, one in enumerate(found.totals, start=1)
    ]


def _card(item: Result, found: Evaluation, lang: str) -> Card:
    entry = item.entry
    kind = "expected" if item.kind.value == "見込値" else "actual"
    cells = [("baseline", entry.baseline), (kind, entry.value), ("interim", entry.interim), ("target", entry.target)]
    return Card(
        result=item,
        chart=chart(item),
        tone=tone(item, found.rules),
        reason=reason(item.outcome, lang),
        rate="" if item.rate is None else percent(item.rate),
        less=item.direction == LESS,
        note=one_line(entry.note),
        cells=tuple((report.label(name, lang), one_line(text)) for name, text in cells if text),
    )
