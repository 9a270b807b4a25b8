"""The rules one by one: direction, trend, rate, marks, goals in words, what is left open."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from odkit.errors import DeclarationError
from odkit.indicators import Entry, Result, default_rules, evaluate, load_rules, report
from odkit.indicators.amounts import read_amount
from odkit.indicators.progress import reason
from odkit.indicators.results import percent
from odkit.indicators.rules import Indicator
from odkit.indicators.totals import published
from odkit.project import data_file

Judge = Callable[..., Result]
FLAGSHIP = "波及効果の高いプロジェクト"


@pytest.mark.parametrize(
    ("cells", "trend", "mark", "rule"),
    [
        (("100件", "150件", "200件"), "↗", "○", "rate"),
        (("100件", "149件", "200件"), "↗", "△", "rate"),
        (("100件", "200件", "200件"), "↗", "◎", "rate"),
        (("100件", "100件", "200件"), "→", "－", "same"),
        (("100件", "99件", "200件"), "↘", "×", "worse"),
        (("100件", "150件（令和2年12月末現在）", "200件"), "(↗)", "○", "rate"),
        (("100件", "100件（令和3年2月現在）", "200件"), "(→)", "－", "same"),
        (("100件", "150件（令和3年3月31日）", "200件"), "↗", "○", "rate"),
        (("100件", "150件（令和2年度実績）", "200件"), "↗", "○", "rate"),
        (("100件", "150件（実績）", "200件"), "(↗)", "○", "rate"),
        (("100件", "150件（令和2年12月末見込）", "200件"), "↗", "○", "rate"),
        (("100件", "150件", "増加を目指します。"), "↗", "◎", "goal-improve"),
        (("0件", "全施設公開", "全施設公開"), "↗", "◎", "goal-words"),
        (("未整備", "未整備", "相談窓口等の設置（ネット・出前等）"), "→", "－", "same-words"),
        (("100件", "150件", "内容を充実します"), "↗", "", "goal-unknown"),
        (("100件", "150件", "90件"), "↗", "", "goal-against"),
        (("100件", "150件", "減少を目指します。"), "↗", "", "goal-against"),
        (("100件", "150件", "100件"), "↗", "", "goal-behind"),
        (("100件", "150件（10月末時点）", "200件"), "(↗)", "○", "rate"),
        (("100件", "150件（3月末時点）", "200件"), "↗", "○", "rate"),
        (("100件", "150件（年度末時点見込）", "200件"), "↗", "○", "rate"),
        (("100件", "150人", "200件"), "", "", "units"),
        (("100件", "150", "200件"), "↗", "○", "rate"),
        (("9,000人", "1.2万人", "1.5万人"), "↗", "○", "rate"),
        (("9,000人", "1.2万人", "15千人"), "↗", "○", "rate"),
        (("100名", "150人", "200名"), "↗", "○", "rate"),
        (("10か所", "15箇所", "20ヶ所"), "↗", "○", "rate"),
        (("100㎡", "150m2", "200㎡"), "↗", "○", "rate"),
        (("月平均15.5時間", "月14.0時間", "10時間/月以下"), "↘", "×", "worse"),
        (("年4回", "年6回", "8回/年"), "↗", "○", "rate"),
        (("年4回", "月6回", "8回/年"), "", "", "units"),
        (("90%", "3%増", "95%"), "", "", "units"),
        (("90%", "＋3%", "95%"), "", "", "units"),
        (("0%削減", "6%削減", "10%削減"), "↗", "○", "rate"),
        (("5%削減", "6%増加", "10%削減"), "", "", "units"),
        (("90%", "98%（目標超過）", "100%を維持"), "↗", "○", "rate"),
        (("5件", "R2：8件 R3：9件", "10件"), "", "", "ambiguous"),
        (("5件", "講座3回、受講者120人", "10件"), "", "", "ambiguous"),
        (("50%", "男性：60% 女性：70%", "80%"), "", "", "ambiguous"),
        (("3施設", "市施設：2施設、町施設：3施設", "7施設"), "↗", "○", "rate"),
        (("県及び2市", "県、4市", "県、8市、1町"), "↗", "△", "rate"),
        (("100件", "5件以上", "200件"), "", "", "bounded"),
        (("100件", "15,00件", "200件"), "", "", "ambiguous"),
        (("未整備", "一部整備", "整備"), "", "", "words"),
        (("－", "5件", "10件"), "", "", "nothing"),
        (("5件", "〃", "10件"), "", "", "nothing"),
        (("59/465", "209/447（令和2年12月1日現在）", "447/447"), "(↗)", "△", "rate"),
        (("県、52市町村", "県、52市町村、1林業事業体", "県、52市町村、13林業事業体"), "↗", "△", "rate"),
        (("県、52市町村", "国、52市町村、1林業事業体", "60"), "", "", "ambiguous"),
        (("68.1%(平成30年度) 70.8%（令和元年度)", "72%", "100%"), "↗", "△", "rate"),
    ],
)
def test_progress(judge: Judge, cells: tuple[str, str, str], trend: str, mark: str, rule: str) -> None:
    baseline, value, target = cells
    result = judge(baseline=baseline, value=value, target=target)
    assert (result.trend.value, result.mark.value, result.mark.rule) == (trend, mark, rule)
    assert result.status.value == ""


def test_fewer_may_be_better(judge: Judge) -> None:
    better = judge(key="2-44", baseline="449日", value="434日", target="419日")
    assert (better.trend.value, better.mark.value, better.rate) == ("↗", "○", Fraction(50))
    worse = judge(key="2-44", baseline="449日", value="464日", target="419日")
    assert (worse.trend.value, worse.mark.value, worse.rate) == ("↘", "×", None)


def test_the_direction_is_never_inferred(judge: Judge) -> None:
    result = judge(key="2-99", baseline="449日", value="464日", target="419日")
    assert (result.trend.value, result.mark.value, result.mark.rule) == ("", "", "no-direction")


def test_units_are_the_same_only_where_declared(judge: Judge) -> None:
    cells = {"baseline": "418戸", "value": "550件", "target": "577戸"}
    assert judge(key="2-41", **cells).mark.value == "○"
    assert judge(key="2-42", **cells).mark.rule == "units"


@pytest.mark.parametrize(
    ("baseline", "value", "interim", "status", "rule"),
    [
        ("0件", "3件", "3件", "達成", "interim-number"),
        ("0件", "2件", "3件", "未達成", "interim-number"),
        ("0件", "約2件", "3件", "未達成", "interim-number"),
        ("25名", "22名", "増加を目指します。", "未達成", "interim-improve"),
        ("25名", "25名", "増加を目指します。", "未達成", "interim-improve"),
        ("25名", "26名", "増加を目指します。", "達成", "interim-improve"),
        ("0件", "全施設公開", "全施設公開", "達成", "goal-words"),
        ("0件", "来年度に調査の予定", "3件", "不明", "pending"),
        ("0件", "－", "3件", "不明", "pending"),
        ("0件", "進捗管理を停止している", "3件", "停止", "stopped"),
        ("1校", "1校", "1校 内容の充実に努めます", "", "interim-words"),
        ("1校", "0校", "1校 内容の充実に努めます", "未達成", "interim-number"),
        ("1校", "5人", "3校", "", "units"),
        ("1校", "3校以上", "3校", "達成", "interim-number"),
        ("1校", "2校以上", "3校", "", "bounded"),
        ("1校", "3校以下", "3校", "", "bounded"),
        ("1校", "4校", "3校以上", "達成", "interim-number"),
        ("1校", "4校", "向上を図ります。", "達成", "interim-improve"),
        ("1校", "1,2校", "3校", "", "ambiguous"),
        ("1校", "4校", "充実", "", "goal-unknown"),
        ("－", "在宅 4月：3人 5月：4人 （計：7人）", "5人", "達成", "interim-number"),
    ],
)
def test_interim_targets(judge: Judge, baseline: str, value: str, interim: str, status: str, rule: str) -> None:
    result = judge(key="1-04", group=FLAGSHIP, baseline=baseline, value=value, interim=interim)
    assert (result.status.value, result.status.rule, result.mark.value) == (status, rule, "")


def test_a_column_of_measured_values_has_no_brackets() -> None:
    entry = Entry(key="2-19", group="個別施策", baseline="100件", value="150件（令和3年12月末現在）", target="200件")
    (result,) = evaluate([entry], default_rules(), 2021, measured=True)
    assert (result.kind.value, result.trend.value, result.mark.value) == ("実績値", "↗", "○")
    (expected,) = evaluate([replace(entry, value="150件（見込）")], default_rules(), 2021, measured=True)
    assert expected.kind.value == "見込値"


@pytest.mark.parametrize(
    ("said", "item", "read"),
    [
        ("〇", "mark", "○"),
        ("◯", "mark", "○"),
        ("Ｘ", "mark", "×"),
        ("✕", "status", "未達成"),
        ("◯", "status", "達成"),
        ("未達成", "status", "未達成"),
        ("ー", "mark", "－"),
        ("-", "mark", "－"),
        ("（↗）", "trend", "(↗)"),
        ("↘\ufe0e", "trend", "↘"),
        ("▲", "mark", "▲"),
        ("", "mark", ""),
        ("", "status", "不明"),
    ],
)
def test_marks_in_other_spellings_are_the_same(judge: Judge, said: str, item: str, read: str) -> None:
    result = judge(**{item: said})
    assert published(result, item, default_rules()) == read


def test_what_was_published_is_never_looked_at(judge: Judge) -> None:
    cells = {"baseline": "100件", "value": "150件", "target": "200件"}
    plain, misled = judge(**cells), judge(**cells, mark="×", trend="↘", status="×")
    assert (plain.mark, plain.trend, plain.rate) == (misled.mark, misled.trend, misled.rate)


def test_a_group_without_a_way_of_judging(judge: Judge) -> None:
    assert judge(group="そのほか", baseline="1", value="2", target="3").judged == ""


def test_a_decision_counts_for_its_year_only() -> None:
    entry = Entry(key="1-08", group=FLAGSHIP, value="1校", interim="1校 内容の充実に努めます", baseline="1校")
    (then,), (next_year,) = (evaluate([entry], default_rules(), year) for year in (2020, 2021))
    assert (then.status.value, then.status.derived and then.status.derived.rule) == ("未達成", "interim-words")
    assert (next_year.status.value, next_year.status.settled) == ("", None)


def entry_of(cells: dict[str, str]) -> Entry:
    return Entry(key="2-19", group="個別施策", baseline=cells["baseline"], value=cells["value"], target=cells["target"])


NUMBERS = st.integers(min_value=-(10**6), max_value=10**6)


@given(NUMBERS, NUMBERS, NUMBERS)
def test_turning_the_scale_round_changes_no_mark(baseline: int, value: int, target: int) -> None:
    """Less of a thing is more of its opposite: only names of directions differ."""
    rules = default_rules()
    less = replace(rules, indicators={"2-19": Indicator(direction="less")})
    more = replace(rules, indicators={"2-19": Indicator(direction="more")})
    cells = {"baseline": f"{baseline}件", "value": f"{value}件", "target": f"{target}件"}
    turned = {"baseline": f"{-baseline}件", "value": f"{-value}件", "target": f"{-target}件"}
    (one,) = evaluate([entry_of(cells)], more, 2020)
    (other,) = evaluate([entry_of(turned)], less, 2020)
    assert (one.trend.value, one.mark.value, one.rate) == (other.trend.value, other.mark.value, other.rate)


@given(NUMBERS, st.integers(1, 10**6), st.integers(1, 10**6))
def test_marks_follow_the_rate(baseline: int, gain: int, way: int) -> None:
    (result,) = evaluate(
        [
            Entry(
                key="2-19",
                group="個別施策",
                baseline=f"{baseline}件",
                value=f"{baseline + gain}件",
                target=f"{baseline + way}件",
            )
        ],
        default_rules(),
        2020,
    )
    assert result.rate == Fraction(gain, way) * 100
    assert result.mark.value == ("◎" if gain >= way else "○" if 2 * gain >= way else "△")


with (Path(__file__).resolve().parent / "cells.csv").open(encoding="utf-8", newline="") as file:
    CELLS = st.sampled_from([row["cell"] for row in csv.DictReader(file)])


@given(CELLS, CELLS, CELLS, st.sampled_from([FLAGSHIP, "個別施策"]), st.sampled_from(["2-19", "2-44"]))
@example("25人", "5件", "140人", FLAGSHIP, "2-19")
def test_every_verdict_can_be_said(baseline: str, value: str, target: str, group: str, key: str) -> None:
    entry = Entry(key=key, group=group, baseline=baseline, value=value, interim=target, target=target)
    (result,) = evaluate([entry], default_rules(), 2020)
    for verdict in (result.kind, result.trend, result.outcome):
        assert not verdict.rule or all(reason(verdict, lang) for lang in ("ja", "en"))
    assert all(report.result_facts(result, lang)["reason"] for lang in ("ja", "en"))


def test_rates_are_cut_not_rounded() -> None:
    assert [percent(Fraction(rate)) for rate in ("49.99", "50", "-0.04", "-12.39", "105.66")] == [
        "49.9",
        "50",
        "0",
        "-12.3",
        "105.6",
    ]


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [
        ("209/447", Fraction(20900, 447), "%"),
        ("5/0", None, ""),
        ("県、3団体", Fraction(4), ""),
        ("37%（20団体）", Fraction(37), "%"),
        ("12件 うち新規 3件", None, ""),
        ("", None, ""),
    ],
)
def test_the_one_amount_of_a_cell(text: str, number: Fraction | None, unit: str) -> None:
    amount = read_amount(text, {"県": Fraction(1)})
    assert (amount.number, amount.unit) == (number, unit)


@pytest.mark.parametrize(
    ("before", "after", "path"),
    [
        ("at_least = 100", "at_least = 10", "progress.steps"),
        ('direction = "less"', 'direction = "down"', "indicators.2-02.direction"),
        ('indicator = "1-08"', 'indicator = "9-99"', "settled.0.indicator"),
        ('"個別施策" = "progress"', '"個別施策" = "rate"', "groups.個別施策"),
        ('actual = "({trend})"', 'actual = "()"', "trend.actual"),
        ('pattern = "(増加|', 'pattern = "((増加|', "goals.0.pattern"),
        ("rules_version = 1", "rules_version = 1\nmarks = 3", "marks"),
    ],
)
def test_wrong_rules_say_where(tmp_path: Path, before: str, after: str, path: str) -> None:
    text = data_file("vocab", "indicator", "ict-strategy.toml").read_text(encoding="utf-8")
    assert before in text
    wrong = tmp_path / "rules.toml"
    wrong.write_text(text.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(DeclarationError) as caught:
        load_rules(wrong, "rules.toml")
    assert (caught.value.details["file"], caught.value.details["path"]) == ("rules.toml", path)


def test_next_years_plan_is_another_file(tmp_path: Path, judge: Judge) -> None:
    text = data_file("vocab", "indicator", "ict-strategy.toml").read_text(encoding="utf-8")
    changed = tmp_path / "next.toml"
    changed.write_text(text.replace('at_least = 50, mark = "○"', 'at_least = 80, mark = "○"'), encoding="utf-8")
    cells = {"baseline": "100件", "value": "170件", "target": "200件"}
    assert judge(**cells).mark.value == "○"
    assert judge(load_rules(changed, "next.toml"), **cells).mark.value == "△"
