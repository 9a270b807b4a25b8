"""The workbook for staff, opened again: what is marked, what stays text, what the sheets say."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from odkit.errors import UsageError
from odkit.model import Change, CleanTable, ColumnMatch, Issue, Origin, Row, Severity, TableSchema, Where
from odkit.package import workbook
from odkit.package.workbook import Sheet, write_workbook
from odkit.read.xlsx import xlsx_document

SCHEMA = TableSchema(id="test.v1", name="test", title="試験", version="v1", kind="recommended", fields=())


def where(row: int, column: int | None, field: str) -> Where:
    return Where(file="/home/staff/一覧.xlsx", sheet="表", row=row, column=column, field=field)


def made(*rows: Sequence[str], changes: tuple[Change, ...] = (), issues: tuple[Issue, ...] = ()) -> CleanTable:
    names = ("コード", "名称", "日")
    return CleanTable(
        name="data",
        title="試験",
        schema=SCHEMA,
        rows=[tuple(row) for row in rows],
        row_numbers=range(4, 4 + len(rows)),
        matches=tuple(ColumnMatch(name=name, heading=name, column=at, how="exact") for at, name in enumerate(names, 2)),
        origin=Origin(location="/home/staff/一覧.xlsx", sheet="表"),
        changes=changes,
        issues=issues,
    )


TABLE = made(
    ["011002", "県庁", "1965-03-26"],
    ["", "=cmd|' /C calc'!A0", "未定"],
    changes=(
        Change(where=where(4, 4, "日"), before="S40.3.36", after="S40.3.26", rule="correction", note="写し違い"),
        Change(where=where(4, 4, "日"), before="S40.3.26", after="1965-03-26", rule="era-date"),
        Change(where=where(4, None, "コード"), before="", after="011002", rule="publisher"),
    ),
    issues=(
        Issue(code="clean.date", severity=Severity.ERROR, where=where(5, 4, "日"), value="未定"),
        Issue(code="clean.kana", severity=Severity.NOTE, where=where(5, 3, "名称"), value="x"),
    ),
)


def opened(path: Path, table: CleanTable, lang: str = "ja") -> list[Worksheet]:
    write_workbook(path, table, lang, [Sheet("足りない項目", ["列", "埋め方"], [("名称", "+1(")])])
    return list(openpyxl.load_workbook(path).worksheets)


def values(sheet: Worksheet) -> list[tuple[object, ...]]:
    return [tuple(row) for row in sheet.iter_rows(values_only=True)]


def test_four_sheets(tmp_path: Path) -> None:
    table, changes, issues, gaps = opened(tmp_path / "x.xlsx", TABLE)
    assert [sheet.title for sheet in (table, changes, issues, gaps)] == ["整えた表", "変更", "確認事項", "足りない項目"]
    assert values(table) == [
        ("コード", "名称", "日"),
        ("011002", "県庁", "1965-03-26"),
        (None, "=cmd|' /C calc'!A0", "未定"),
    ]
    assert values(changes) == [
        ("元のセル", "列", "変更前", "変更後", "理由"),
        ("D4", "日", "S40.3.36", "S40.3.26", "corrections.csv の訂正: 写し違い"),
        ("D4", "日", "S40.3.26", "1965-03-26", "和暦の日付を西暦の YYYY-MM-DD にした"),
        (None, "コード", None, "011002", "公開する団体のコード・名前を補った"),
    ]
    assert values(issues)[1] == (
        "要修正",
        "D5",
        "日",
        "未定",
        "一覧.xlsx D5「日」の「未定」を日付として読めません。",
        "2024-03-31 のように西暦の年月日を半角で書いてください。",
        "clean.date",
    )
    assert values(gaps) == [("列", "埋め方"), ("名称", "+1(")]
    for sheet in (table, changes, issues, gaps):
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref == sheet.dimensions


def test_marks_and_comments(tmp_path: Path) -> None:
    table = opened(tmp_path / "x.xlsx", TABLE)[0]
    colours = {cell.coordinate: cell.fill.fgColor.rgb for row in table["A2:C3"] for cell in row if cell.fill.fill_type}
    assert colours == {"A2": "FFFFF2CC", "C2": "FFFFF2CC", "B3": "FFE2EFDA", "C3": "FFF8CBAD"}
    said = {cell.coordinate: cell.comment.text for row in table["A1:C3"] for cell in row if cell.comment}
    assert said["A2"] == "元は空\n公開する団体のコード・名前を補った"
    assert said["C2"].startswith("元の値: S40.3.36\ncorrections.csv の訂正: 写し違い\n\n元の値: S40.3.26\n")
    assert said["C3"].startswith("一覧.xlsx D5「日」の「未定」を")
    assert set(said) == set(colours)


def test_text_stays_text(tmp_path: Path) -> None:
    table = opened(tmp_path / "x.xlsx", TABLE)[0]
    assert {cell.data_type for row in table["A2:C3"] for cell in row if cell.value} == {"s"}
    assert table["B3"].quotePrefix
    assert not table["B2"].quotePrefix
    with ZipFile(tmp_path / "x.xlsx") as packed:
        assert all(b"<f>" not in packed.read(name) for name in packed.namelist())


def test_english(tmp_path: Path) -> None:
    _, changes, issues, _ = opened(tmp_path / "x.xlsx", TABLE, "en")
    assert values(changes)[0] == ("Source cell", "Column", "Before", "After", "Why")
    assert values(issues)[1][0] == "error"


def test_the_same_table_gives_the_same_bytes(tmp_path: Path) -> None:
    digests = set()
    for at in range(2):
        opened(tmp_path / "x.xlsx", TABLE)
        digests.add(hashlib.sha256((tmp_path / "x.xlsx").read_bytes()).hexdigest())
        time.sleep(1.2 * (1 - at))
    assert len(digests) == 1


def test_more_rows_than_a_sheet_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 1)
    with pytest.raises(UsageError, match=r"The table has 2 rows; a sheet of Excel holds 1\."):
        opened(tmp_path / "x.xlsx", TABLE)
    assert not (tmp_path / "x.xlsx").exists()


def test_a_table_without_rows(tmp_path: Path) -> None:
    assert values(opened(tmp_path / "x.xlsx", made())[0]) == [("コード", "名称", "日")]


HOSTILE = st.text(
    alphabet=st.one_of(st.sampled_from("=+-@'\t\r\n\x00\x07\x1f<>&\"０1 _x000D_"), st.characters(codec="utf-8")),
    max_size=20,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cell=HOSTILE, note=HOSTILE)
def test_any_text_is_written_and_read_back_as_text(cell: str, note: str, tmp_path: Path) -> None:
    change = Change(where=where(4, 3, "名称"), before=note, after=cell, rule="text", note=note)
    table = opened(tmp_path / "x.xlsx", made(["a", cell, ""], changes=(change,)))[0]
    assert table["B2"].data_type in ("s", "n")
    assert (table["B2"].value is None) == (not cell)
    assert kept(tmp_path / "x.xlsx")[1][1:2] == tuple(filter(str.strip, [visible(cell)]))


def visible(text: str) -> str:
    """What a workbook can hold of a text."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join("\ufffd" if (char < " " and char not in "\t\n") or char in "\ufffe\uffff" else char for char in text)


def kept(path: Path) -> list[Row]:
    """The rows of the first sheet as odkit itself reads them back."""
    return list(xlsx_document(path.read_bytes(), "x.xlsx").sheets[0].load().rows)


@pytest.mark.parametrize(
    "text", ["<r>x</r>", "<r><t>x</t></r>", "a_x000D_b", "_x005F_", "&amp;", "]]>", "a\r\nb", " 前後 "]
)
def test_text_that_looks_like_markup_stays_text(text: str, tmp_path: Path) -> None:
    opened(tmp_path / "x.xlsx", made(["a", text, text]))
    assert kept(tmp_path / "x.xlsx")[1] == ("a", visible(text), visible(text))


def test_two_rows_from_one_row_of_the_source_are_marked_alike(tmp_path: Path) -> None:
    change = Change(where=where(4, 3, "名称"), before="x", after="館", rule="text")
    table = replace(made(["1", "館", ""], ["2", "館", ""], changes=(change,)), row_numbers=(4, 4))
    sheet = opened(tmp_path / "x.xlsx", table)[0]
    assert [bool(sheet[cell].comment) for cell in ("B2", "B3")] == [True, True]
    assert [sheet[cell].fill.fgColor.rgb for cell in ("B2", "B3")] == ["FFFFF2CC"] * 2


def test_many_rows_keep_their_order_and_their_marks(tmp_path: Path) -> None:
    rows = [(f"{number:06}", "館", "-") for number in range(1, 1402)]
    change = Change(where=where(4 + 1399, 2, "コード"), before="1", after="001400", rule="text")
    table = opened(tmp_path / "x.xlsx", made(*rows, changes=(change,)))[0]
    assert kept(tmp_path / "x.xlsx")[1:] == rows
    assert [table.cell(row, 1).fill.fgColor.rgb for row in (1400, 1401, 1402)] == ["00000000", "FFFFF2CC", "00000000"]
    assert (table["A1401"].comment is not None, table["C1401"].quotePrefix) == (True, True)
    assert table.dimensions == "A1:C1402"
