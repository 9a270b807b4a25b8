"""What the standard asks for and a table lacks, and who can fill it."""

from __future__ import annotations

from collections.abc import Callable

from odkit.clean import clean_table, find_gaps
from odkit.model import Field, Publisher, SourceTable, TableSchema
from odkit.project import load_schema

Build = Callable[..., SourceTable]


def field(name: str, requirement: str, meaning: str = "text") -> Field:
    return Field(name=name, title=name, requirement=requirement, meaning=meaning)


def test_required_columns_first_then_recommended(source: Build) -> None:
    fields = (
        field("緯度", "○", "latitude"),
        field("名称", "◎"),
        field("名称_カナ", "◎", "kana"),
        field("団体名", "◎", "government_name"),
        field("備考", "任意"),
        field("URL", "○"),
    )
    schema = TableSchema(id="test.v1", name="test", title="試験", version="v1", kind="recommended", fields=fields)
    table = source(["名称", "名称_カナ", "URL"], ["a", "", "https://a.example/"], ["", "", "https://b.example/"])
    gaps = find_gaps(clean_table(table, schema))
    assert [(gap.field.name, gap.blank, gap.total, gap.state, gap.advice) for gap in gaps] == [
        ("名称", 1, 2, "partly", "ask"),
        ("名称_カナ", 2, 2, "empty", "kana"),
        ("団体名", 2, 2, "missing", "publisher"),
        ("緯度", 2, 2, "missing", "map"),
    ]


def test_what_was_derived_is_no_gap(source: Build) -> None:
    table = source(["名称", "所在地_連結表記"], ["県庁", "千葉県千葉市中央区市場町1-1"], ["支所", "市川市八幡1-1"])
    chiba = Publisher(code="120006", name="chiba", title="千葉県", title_en="Chiba")
    gaps = {gap.field.name: gap for gap in find_gaps(clean_table(table, load_schema("public_wireless_lan.v2"), chiba))}
    assert "所在地_都道府県" not in gaps
    assert "全国地方公共団体コード" not in gaps
    assert (gaps["緯度"].state, gaps["緯度"].advice) == ("missing", "map")


def test_a_table_without_rows_has_no_gaps(source: Build) -> None:
    assert find_gaps(clean_table(source(["名称"]), load_schema("public_wireless_lan.v2"))) == ()
