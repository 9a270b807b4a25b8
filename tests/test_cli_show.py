"""What the commands show of many issues."""

from __future__ import annotations

from odkit.cli import show
from odkit.model import Issue, Severity, Where


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
