"""The page for people: complete, in two languages, nothing fetched, every indicator with chart, values and reason."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from odkit.indicators import Evaluation, compare, evaluate, render_page, report
from odkit.indicators.charts import BOTTOM, TOP, chart, shares, tone

VOID = {"meta", "br", "line", "circle", "path", "rect"}


class Outline(HTMLParser):
    """Collects ids, tags and text, and checks that tags are closed in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.attributes: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.attributes.append((tag, found))
        if found.get("id"):
            self.ids.append(str(found["id"]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_page_is_whole(strategy: Evaluation, lang: str) -> None:
    page = Outline(render_page(strategy, None, lang))
    assert page.open == []
    assert len(page.ids) == len(set(page.ids))
    assert [f"i{item.entry.key}" for item in strategy.results] == [name for name in page.ids if name.startswith("i")]
    targets = [attrs["href"] for tag, attrs in page.attributes if tag == "a"]
    assert {str(target).removeprefix("#") for target in targets} <= set(page.ids)
    assert ("html", {"lang": lang}) in page.attributes


def test_nothing_is_fetched_or_run(strategy: Evaluation) -> None:
    html = render_page(strategy, None, "ja")
    assert not re.search(r"https?:|<script|<link|url\(|@import", html)


def test_charts_have_words(strategy: Evaluation) -> None:
    page = Outline(render_page(strategy, None, "ja"))
    charts = [attrs for tag, attrs in page.attributes if tag == "svg" and attrs.get("role") == "img"]
    assert len(charts) == sum(chart(item) is not None for item in strategy.results) + 3
    assert all(attrs.get("aria-label") for attrs in charts)
    hidden = [attrs for tag, attrs in page.attributes if tag == "svg" and attrs.get("role") != "img"]
    assert all(attrs.get("aria-hidden") == "true" for attrs in hidden)


def test_totals_and_reasons_are_said(strategy: Evaluation) -> None:
    words = Outline(render_page(strategy, None, "ja")).words
    assert "進捗率 105.6％（基準値「46.51%」、今回「60.76%」、最終目標「60.0%」）が 100％以上" in words
    assert "人が決めた: 参加校数は目標と同じ1校だが" in words
    assert "減るほど良い" in words
    assert "令和2年度_進捗状況一覧.xlsx" in words


def test_points_of_a_chart(strategy: Evaluation) -> None:
    items = {item.entry.key: item for item in strategy.results}
    made = chart(items["2-14"])
    assert made is not None
    assert (made.baseline, made.target, made.interim) == ((16, BOTTOM), (192, TOP), None)
    assert made.value == (104, 23)
    assert chart(items["3-03"]) is None
    assert chart(items["2-01"]) == chart(items["2-01"])


def test_bars_are_whole(strategy: Evaluation) -> None:
    for found in strategy.totals:
        parts = shares(found, strategy.results, strategy.rules)
        assert sum(part.count for part in parts) == found.count
        assert sum(part.width for part in parts) == pytest.approx(100)
    assert {tone(item, strategy.rules) for item in strategy.results} == {"good", "slow", "flat", "bad"}


def test_parts_of_one_tone_are_told_apart(strategy: Evaluation) -> None:
    flagship = shares(strategy.totals[0], strategy.results, strategy.rules)
    assert [(part.label, part.tone, part.strength) for part in flagship] == [
        ("達成", "good", 1.0),
        ("未達成", "bad", 1.0),
        ("不明", "flat", 1.0),
        ("停止", "flat", 0.6),
    ]


def test_a_chart_knows_scales_of_units(strategy: Evaluation) -> None:
    entry = next(item.entry for item in strategy.results if item.entry.key == "2-19")
    plain = replace(entry, baseline="9,000人", value="12,000人", target="15,000人")
    scaled = replace(entry, baseline="9,000人", value="1.2万人", target="15千人")
    one, other = evaluate([plain, scaled], strategy.rules, 2020)
    assert chart(one) is not None
    assert chart(one) == chart(other)


def test_what_is_not_judged_is_counted_and_shown(strategy: Evaluation) -> None:
    first, second, *others = strategy.results
    lost = replace(second.entry, group="そのほか")
    unclear = replace(first.entry, value="10～20人")
    results = (*evaluate([unclear, lost], strategy.rules, 2020), *others)
    changed = replace(strategy, results=results)
    headings, rows = report.status_table(changed.totals, changed.rules, "ja")
    assert headings[-2:] == ["判定できない", "計"]
    assert rows[0][-2:] == ("1", "11")
    assert report.status_table(strategy.totals, strategy.rules, "ja")[0][-2:] == ["停止", "計"]
    words = Outline(render_page(changed, None, "ja")).words
    assert "規則に区分がないため評価していない指標: 1-02" in words


def test_strangers_text_stays_text(strategy: Evaluation) -> None:
    entry = strategy.results[0].entry
    hostile = "<script>alert(1)</script>"
    item = replace(strategy.results[0], entry=replace(entry, name=hostile, value=f'"{hostile}'))
    html = render_page(replace(strategy, results=(item, *strategy.results[1:])), None, "ja")
    assert "<script" not in html


def test_a_comparison_stands_on_the_page(strategy: Evaluation) -> None:
    later = replace(strategy, year=2021, results=tuple(replace(item, year=2021) for item in strategy.results))
    html = render_page(later, compare([strategy, later]), "ja")
    assert "令和2年度" in html
    assert 'id="years"' in html
