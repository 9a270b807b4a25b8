"""What the commands show of many issues."""

from __future__ import annotations

import json
from dataclasses import asdict

import pytest

from odkit.cli import base, show
from odkit.model import Change, Issue, Severity, Where


def issue(row: int, field: str) -> Issue:
    where = Where(file="a.csv", row=row, column=3, field=field)
    return Issue(code="clean.phone", severity=Severity.WARNING, where=where, value="12")


def test_many_alike_are_counted() -> None:
    found = [issue(row, "電話番号") for row in range(2, 14)] + [issue(2, "FAX番号")]
    lines = show.issues(found, "ja")
    assert len(lines) == 5 + 1 + 1
    assert lines[-1].startswith(
        "a.csv の列「電話番号」に、同じ確認事項（clean.phone）がほかに 7 件あります（C7, C8, C9, C10, C11…）。"
    )
    assert "FAX番号" in lines[5]


def test_five_alike_are_told_one_by_one() -> None:
    assert len(show.issues([issue(row, "電話番号") for row in range(2, 7)], "en")) == 5


def missing(field: str, severity: Severity = Severity.NOTE) -> Issue:
    where = Where(file="a.csv", row=1, field=field)
    return Issue(code="clean.missing-column", severity=severity, where=where, details={"requirement": "○"})


def test_many_columns_of_which_the_same_is_said_are_named() -> None:
    names = [f"列{number}" for number in range(1, 30)]
    lines = show.issues([*map(missing, names), missing("名称", Severity.ERROR)], "ja")
    assert len(lines) == 5 + 1 + 1
    assert "名称" in lines[5]
    assert lines[6].startswith("a.csv のほかの 24 列も同じです（clean.missing-column）: 列6, 列7, ")
    assert "列29\n" in lines[6]


def test_rows_without_a_column_are_no_columns() -> None:
    """A column that the source does not have is blank in every row: they are counted, not named."""
    places = (Where(file="a.csv", row=row, field="電話番号") for row in range(2, 40))
    blank = [Issue(code="clean.required", severity=Severity.ERROR, where=where) for where in places]
    lines = show.issues(blank, "ja")
    assert len(lines) == 5 + 1
    assert lines[0].startswith("[要修正] a.csv 2 行目「電話番号」は必須ですが空です。")
    assert show.issues(blank, "en")[0].startswith("[to mend] a.csv row 2 (電話番号) is required but empty.")
    assert lines[-1].startswith(
        "a.csv の列「電話番号」に、同じ確認事項（clean.required）がほかに 33 件あります（7, 8, 9"
    )


@pytest.mark.parametrize(
    ("before", "shown"),
    [
        ("甲 ", "甲␣"),
        ("\u3000 甲 乙", "␣␣甲 乙"),
        ("\ufeff名称", "␣名称"),
        ("甲\t", "甲␣"),
        ("甲\n乙\n", "甲⏎乙⏎"),
        ("甲", "甲"),
    ],
)
def test_blanks_that_were_taken_away_are_seen(before: str, shown: str) -> None:
    made = Change(where=Where(file="a.csv", row=2, column=1, field="名称"), before=before, after="x", rule="text")
    assert list(show.changes([made], "ja").columns[2].cells) == [shown]


def changed(row: int) -> Change:
    return Change(where=Where(file="a.csv", row=row, column=1, field="郵便番号"), before="1", after="2", rule="text")


def test_a_long_ledger_is_printed_page_by_page(capsys: pytest.CaptureFixture[str]) -> None:
    show.show_changes(map(changed, range(1, 2 * show.PAGE + 2)), "en")
    lines = capsys.readouterr().out.splitlines()
    assert len([line for line in lines if line.startswith("A")]) == 2 * show.PAGE + 1
    assert len(lines) == 2 * show.PAGE + 1 + 3


def test_a_ledger_without_changes_has_its_heading(capsys: pytest.CaptureFixture[str]) -> None:
    show.show_changes((), "en")
    assert len(capsys.readouterr().out.splitlines()) == 1


@pytest.mark.parametrize("count", [0, 1, base.PARTS])
def test_streamed_json_is_that_of_a_list(count: int, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    made = [asdict(changed(row)) for row in range(count)]
    base.show_json({"名": "a", "changes": base.Streamed(count, iter(made)), "last": []})
    whole = json.dumps({"名": "a", "changes": made, "last": []}, ensure_ascii=False, indent=2)
    assert capfdbinary.readouterr().out.decode() == whole + "\n"
