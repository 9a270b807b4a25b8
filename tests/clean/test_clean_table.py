"""The whole stage: filling, splitting, deriving, gaps, and the account of it all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from odkit.clean import clean_table
from odkit.model import CleanTable, Field, Publisher, Severity, SourceTable, TableSchema
from odkit.project import load_schema

Build = Callable[..., SourceTable]
Schema = Callable[..., TableSchema]
CHIBA = Publisher(code="120006", name="chiba-pref", title="千葉県", title_en="Chiba Prefecture")


def column(table: CleanTable, name: str) -> list[str]:
    place = [match.name for match in table.matches].index(name)
    return [row[place] for row in table.rows]


def ledger(table: CleanTable) -> list[tuple[str, str, str, str, str]]:
    return [(item.where.cell, item.where.field, item.before, item.after, item.rule) for item in table.changes]


def said(table: CleanTable, *codes: str) -> list[tuple[str, str, str]]:
    return [
        (item.code, item.where.cell, str(item.severity)) for item in table.issues if not codes or item.code in codes
    ]


def text(name: str, **details: Any) -> Field:
    return Field(name=name, title=name, **details)


def test_merged_cells_are_written_out_in_their_first_column(source: Build, schema: Schema) -> None:
    table = source(
        ["分類", "名称"], ["公園", "a"], ["", "b"], ["", "c"], ["", "d"], merged=("$B$4:$C$6", "B1:B2", "C9:C11")
    )
    cleaned = clean_table(table, schema(text("分類"), text("名称")))
    assert column(cleaned, "分類") == ["公園", "公園", "公園", ""]
    assert ledger(cleaned) == [
        ("B5", "分類", "", "公園", "merged-cell"),
        ("B6", "分類", "", "公園", "merged-cell"),
    ]


def test_ditto_marks(source: Build, schema: Schema) -> None:
    table = source(["名称"], ["〃"], ["市役所"], [" 〃 "], ["同　上"], [""], ["同上"])
    cleaned = clean_table(table, schema(text("名称")))
    assert column(cleaned, "名称") == ["〃", "市役所", "市役所", "市役所", "", "同上"]
    assert said(cleaned) == [("clean.ditto", "B4", "warning"), ("clean.ditto", "B9", "warning")]


def test_what_is_the_same_as_on_the_left(source: Build, schema: Schema) -> None:
    """Columns are published in the order of the standard, where 同左 would point at another cell."""
    rows = ["名称", "同　左", "同左"], ["同左", "〃", "旧館"], ["公民館", "同左", "〃"], ["", "同左", ""]
    table = source(["施設", "表示名", "通称"], *rows)
    cleaned = clean_table(table, schema(text("通称"), text("表示名"), text("施設")))
    assert column(cleaned, "表示名") == ["名称", "名称", "公民館", "同左"]
    assert column(cleaned, "通称") == ["名称", "旧館", "旧館", ""]
    assert column(cleaned, "施設") == ["名称", "同左", "公民館", ""]
    assert ("C4", "表示名", "同　左", "名称", "ditto") in ledger(cleaned)
    assert said(cleaned) == [("clean.ditto", "B5", "warning"), ("clean.ditto", "C7", "warning")]


def test_two_edits_of_a_cell_are_two_lines_of_the_ledger(source: Build, schema: Schema) -> None:
    table = source(["日"], ["S32.2.21"], ["〃"])
    cleaned = clean_table(table, schema(text("日", meaning="date", type="date")))
    assert ledger(cleaned) == [
        ("B4", "日", "S32.2.21", "1957-02-21", "era-date"),
        ("B5", "日", "〃", "S32.2.21", "ditto"),
        ("B5", "日", "S32.2.21", "1957-02-21", "era-date"),
    ]


def test_number_and_unit_phone_and_extension(source: Build, schema: Schema) -> None:
    fields = (
        text("員数（数）", meaning="number", type="number"),
        text("員数（単位）"),
        text("電話番号", meaning="phone"),
        text("内線番号"),
    )
    table = source(["員数", "電話番号"], ["１基", "047-334-1111（内線２１１２）"], ["2", "047-334-1111"], ["約3枚", ""])
    cleaned = clean_table(table, schema(*fields), headings={"員数": "員数（数）"})
    assert list(cleaned.rows) == [
        ("1", "基", "047-334-1111", "2112"),
        ("2", "", "047-334-1111", ""),
        ("約3枚", "", "", ""),
    ]
    assert ("4", "員数（単位）", "", "基", "split-unit") in ledger(cleaned)
    assert said(cleaned, "clean.number", "clean.phone-brackets") == [
        ("clean.phone-brackets", "C4", "note"),
        ("clean.number", "B6", "error"),
    ]


def test_swapped_coordinates_and_places_abroad(source: Build, schema: Schema) -> None:
    fields = [
        text(name, meaning=meaning, type="number", minimum=low, maximum=high)
        for name, meaning, low, high in (("緯度", "latitude", "20", "46"), ("経度", "longitude", "122", "154"))
    ]
    table = source(["緯度", "経度"], ["139.93", "35.72"], ["35.7", "0"], ["", ""], notes=("※日本測地系による",))
    cleaned = clean_table(table, schema(*fields))
    assert list(cleaned.rows) == [("35.72", "139.93"), ("35.7", "0"), ("", "")]
    assert [item[-1] for item in ledger(cleaned)] == ["swap-coordinates"] * 2
    assert said(cleaned) == [("clean.old-datum", "90", "warning"), ("clean.outside-japan", "C5", "error")]
    modern = clean_table(source(["緯度", "経度"], ["35", "139"], notes=("日本測地系2011",)), schema(*fields))
    assert said(modern) == []


class TestPublisher:
    """Who publishes is filled in only where a row names no government at all."""

    FIELDS = (
        text("全国地方公共団体コード", meaning="code_municipality"),
        text("地方公共団体名", meaning="government_name"),
    )

    def test_columns_that_the_source_lacks(self, source: Build, schema: Schema, ichikawa: Publisher) -> None:
        cleaned = clean_table(source(["名称"], ["a"]), schema(*self.FIELDS, text("名称")), ichikawa)
        assert cleaned.rows == (("122033", "千葉県市川市", "a"),)
        assert [(match.name, match.how) for match in cleaned.matches][:2] == [
            ("全国地方公共団体コード", "constant"),
            ("地方公共団体名", "constant"),
        ]
        assert [(item[0], item[-1]) for item in ledger(cleaned)] == [("4", "publisher"), ("4", "publisher")]

    def test_codes_from_names_and_names_from_codes(self, source: Build, schema: Schema) -> None:
        table = source(
            ["全国地方公共団体コード", "地方公共団体名"],
            ["", "柏市"],
            ["122033", ""],
            ["", ""],
            ["", "印旛郡栄町"],
            ["", "横浜市"],
            ["12000", ""],
        )
        assert list(clean_table(table, schema(*self.FIELDS), CHIBA).rows) == [
            ("122173", "柏市"),
            ("122033", "千葉県市川市"),
            ("120006", "千葉県"),
            ("123293", "印旛郡栄町"),
            ("", "横浜市"),
            ("120006", "千葉県"),
        ]


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("千葉県市川市八幡1丁目1-1", ("千葉県", "市川市", "122033")),
        ("市川市八幡1丁目1-1", ("千葉県", "市川市", "122033")),
        ("千葉県印旛郡栄町安食台1", ("千葉県", "印旛郡栄町", "123293")),
        ("千葉県栄町安食台1", ("千葉県", "印旛郡栄町", "123293")),
        ("印旛郡栄町安食台1", ("千葉県", "印旛郡栄町", "123293")),
        ("栄町1-2", ("", "", "")),
        ("千葉県千葉市中央区中央1", ("千葉県", "千葉市中央区", "121011")),
        ("千葉市美浜区1", ("千葉県", "千葉市美浜区", "121061")),
        ("千葉県千葉市大宮区1", ("千葉県", "千葉市大宮区", "")),
        ("千葉県千葉市1", ("千葉県", "", "")),
        ("千葉県市原市八幡1", ("千葉県", "市原市", "122190")),
        ("東京都江戸川区篠崎1", ("東京都", "", "")),
        ("横浜市中区1", ("", "", "")),
        ("本八幡駅前", ("", "", "")),
    ],
)
def test_what_an_address_says(source: Build, address: str, place: tuple[str, str, str]) -> None:
    cleaned = clean_table(source(["所在地_連結表記"], [address]), load_schema("public_wireless_lan.v2"), CHIBA)
    found = tuple(column(cleaned, f"所在地_{name}")[0] for name in ("都道府県", "市区町村", "全国地方公共団体コード"))
    assert found == place


def test_an_address_that_contradicts_a_filled_cell_derives_nothing(source: Build) -> None:
    table = source(["所在地_連結表記", "所在地_市区町村"], ["千葉県市川市八幡1", "船橋市"])
    cleaned = clean_table(table, load_schema("public_wireless_lan.v2"), CHIBA)
    assert column(cleaned, "所在地_都道府県") == [""]
    assert column(cleaned, "所在地_全国地方公共団体コード") == [""]


def test_gaps_weigh_as_much_as_their_source(source: Build, schema: Schema) -> None:
    fields = (
        text("必須", requirement="◎", basis="source", required=True),
        text("推定", requirement="◎", basis="inferred"),
        text("推奨", requirement="○", basis="inferred"),
        text("任意"),
        text("必須列", requirement="◎", basis="source"),
    )
    cleaned = clean_table(source(["必須", "推定"], ["", ""], ["a", "b"], ["c", ""]), schema(*fields))
    assert said(cleaned) == [
        ("clean.missing-value", "C4", "warning"),
        ("clean.missing-column", "3", "note"),
        ("clean.missing-column", "3", "error"),
        ("clean.required", "B4", "error"),
    ]
    assert cleaned.issues[0].details == {"count": "2", "total": "3"}


def test_a_doubt_that_breaks_the_schema_is_one_error(source: Build, schema: Schema) -> None:
    cleaned = clean_table(source(["日"], ["未定"], ["R2.3"]), schema(text("日", meaning="date", type="date")))
    assert said(cleaned) == [("clean.date", "B4", "error"), ("clean.date-partial", "B5", "error")]
    assert all(issue.severity is Severity.ERROR for issue in cleaned.issues)


def test_tables_without_rows_or_known_columns(source: Build, schema: Schema) -> None:
    empty = clean_table(source(["名称"]), schema(text("名称", requirement="◎")))
    assert (empty.rows, empty.changes, empty.issues) == ((), (), ())
    strange = clean_table(source(["x"], [" y "]), schema())
    assert strange.rows == (("y",),)
