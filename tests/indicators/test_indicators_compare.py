"""Years side by side: one indicator keeps its number, and what changed about it is said."""

from __future__ import annotations

from dataclasses import replace

import pytest

from odkit.errors import UsageError
from odkit.indicators import Evaluation, compare, comparison_table, default_rules, evaluate_table
from odkit.indicators.compare import note_text
from odkit.model import CleanTable, Row


def with_rows(table: CleanTable, change: dict[str, dict[str, str]], left_out: str = "", added: Row = ()) -> CleanTable:
    """The table with cells changed by number and column, a row left out, a row added."""
    names = [match.name for match in table.matches]
    rows = []
    for row in table.rows:
        cells = dict(zip(names, row, strict=True)) | change.get(row[0], {})
        if row[0] != left_out:
            rows.append(tuple(cells[name] for name in names))
    rows += [added] if added else []
    return replace(table, rows=tuple(rows), row_numbers=tuple(range(6, 6 + len(rows))))


@pytest.fixture
def next_year(strategy_table: CleanTable) -> Evaluation:
    """A made-up fiscal 2021: one renamed, one with another unit and target, one gone, one new."""
    names = [match.name for match in strategy_table.matches]
    moved = dict.fromkeys(names, "") | {
        "指標番号": "2-49",
        "区分": "個別施策",
        "取組名": "ワンストップサービス",
        "成果指標": "ワンストップサービス利用率 ※新規新車登録時に限る",
        "基準値": "46.51%",
        "見込値(実績値)": "70%",
        "最終目標": "80%",
    }
    table = with_rows(
        strategy_table,
        {
            "2-14": {"見込値(実績値)": "101マップ", "最終目標": "120マップ"},
            "2-19": {"成果指標": "働き方改革アドバイザー派遣企業の数", "見込値(実績値)": "30社"},
        },
        left_out="2-01",
        added=tuple(moved[name] for name in names),
    )
    return evaluate_table(replace(table, origin=replace(table.origin, location="r3.xlsx")), default_rules(), 2021)


def test_years_stand_in_order(strategy: Evaluation, next_year: Evaluation) -> None:
    found = compare([next_year, strategy])
    assert found.years == (2020, 2021)
    assert len(found.lines) == 69
    notes = {line.key: [(note.code, note.before, note.after) for note in line.notes] for line in found.lines}
    assert {key: made for key, made in notes.items() if made} == {
        "2-01": [("gone", "", "")],
        "2-14": [("unit", "地図", "マップ"), ("target", "100地図", "120マップ")],
        "2-19": [("name", "働き方改革アドバイザー派遣企業数", "働き方改革アドバイザー派遣企業の数")],
        "2-49": [("new", "", ""), ("renumbered", "2-01", "2-49")],
    }


def test_the_table_for_people(strategy: Evaluation, next_year: Evaluation) -> None:
    headings, rows = comparison_table(compare([strategy, next_year]), "ja")
    assert headings == ["番号", "成果指標", "令和2年度", "令和3年度", "変わったこと"]
    by_key = {row[0]: row for row in rows}
    assert by_key["2-01"][2:] == ("60.76% ↗ ◎", "-", "令和3年度にない")
    assert by_key["2-19"][2:4] == ("25社 ↗ ◎", "30社 ↗ ◎")
    assert by_key["3-08"] == ("3-08", "ICT関連セミナー等の開催回数", "2回 → －", "2回 → －", "")


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_notes_read_in_both_languages(strategy: Evaluation, next_year: Evaluation, lang: str) -> None:
    found = compare([strategy, next_year])
    texts = [note_text(note, lang) for line in found.lines for note in line.notes]
    assert len(texts) == 6
    assert all(("2021" in text) == (lang == "en") for text in texts)


def test_one_year_twice_is_no_comparison(strategy: Evaluation) -> None:
    with pytest.raises(UsageError) as caught:
        compare([strategy, strategy])
    assert caught.value.code == "indicators.same-year"


def test_decisions_of_one_year_do_not_reach_the_next(next_year: Evaluation) -> None:
    states = {one.result.entry.key: one.state for one in next_year.findings if one.state != "agrees"}
    assert states["1-08"] == "differs"
    assert "settled" not in states.values()
