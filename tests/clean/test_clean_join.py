"""Files of the older layout (推奨データセット) in the columns of the current one."""

from __future__ import annotations

from collections.abc import Callable

from odkit.clean import clean_table
from odkit.clean.table import known_facts
from odkit.clean.values import compile_cleaner
from odkit.model import CleanTable, Field, Publisher, SourceTable
from odkit.project import current_schema, load_schema

Build = Callable[..., SourceTable]
Account = Callable[[SourceTable, CleanTable], None]

CODE, PREFECTURE, CITY = "都道府県コード又は市区町村コード", "都道府県名", "市区町村名"


def cleaned(source: SourceTable, standard: str = "public_toilet", declared: dict[str, str] | None = None) -> CleanTable:
    return clean_table(source, load_schema(current_schema(standard)), None, declared)


def row(table: CleanTable, index: int = 0) -> dict[str, str]:
    names = [match.name for match in table.matches]
    return {name: value for name, value in zip(names, table.rows[index], strict=True) if value}


def changes(table: CleanTable, name: str) -> list[tuple[str, str, str, str]]:
    found = [item for item in table.changes if item.where.field == name]
    return [(item.where.cell, item.before, item.after, item.rule) for item in found]


def codes(table: CleanTable, *wanted: str) -> list[tuple[str, str]]:
    return [(item.code, item.where.cell) for item in table.issues if item.code in wanted]


def test_a_toilet_of_the_old_layout(source: Build, account: Account) -> None:
    old = source(
        [CODE, "NO", PREFECTURE, CITY, "名称", "住所", "方書", "多機能トイレ数", "車椅子使用者用トイレ有無"],
        ["122033", "1", "千葉県", "市川市", "駅前", "千葉県市川市八幡１－１", "1階", "２", "○"],
    )
    table = cleaned(old)
    account(old, table)
    assert row(table) == {
        "全国地方公共団体コード": "122033",
        "ID": "1",
        "地方公共団体名": "千葉県市川市",
        "名称": "駅前",
        "所在地_全国地方公共団体コード": "122033",
        "所在地_連結表記": "千葉県市川市八幡1-1",
        "所在地_都道府県": "千葉県",
        "所在地_市区町村": "市川市",
        "建物名等(方書)": "1階",
        "バリアフリートイレ数": "2",
        "車椅子使用者用トイレ有無": "有",
    }
    assert changes(table, "地方公共団体名") == [("E4", "市川市", "千葉県市川市", "join-name")]
    assert codes(table, "clean.joined-column", "clean.extra-column") == [("clean.joined-column", "D3")]


def test_prefectures_blanks_ditto_marks_and_whole_names(source: Build, account: Account) -> None:
    old = source(
        [CODE, PREFECTURE, CITY],
        ["120006", " 千葉県", ""],
        ["122033", "千葉県", " 市川市"],
        ["122033", "〃", "同上"],
        ["122033", "千葉県", "千葉県市川市"],
        ["122033", "", "市川市"],
    )
    table = cleaned(old)
    account(old, table)
    names = [row(table, index)["地方公共団体名"] for index in range(5)]
    assert names == ["千葉県", "千葉県市川市", "千葉県市川市", "千葉県市川市", "市川市"]


def test_what_is_no_prefecture_is_not_joined(source: Build, account: Account) -> None:
    old = source([CODE, PREFECTURE, CITY], ["122033", "千葉県", "市川市"], ["122033", "東葛地域", "市川市"])
    table = cleaned(old)
    account(old, table)
    assert (row(table)[PREFECTURE], row(table)[CITY]) == ("千葉県", "市川市")
    assert codes(table, "clean.heading-unsure", "clean.extra-column") == [
        ("clean.heading-unsure", "C3"),
        ("clean.extra-column", "D3"),
    ]


def test_names_without_a_code_may_be_a_place(source: Build) -> None:
    table = cleaned(source([PREFECTURE, CITY, "名称"], ["千葉県", "市川市", "駅前"]))
    assert row(table) == {PREFECTURE: "千葉県", CITY: "市川市", "名称": "駅前"}


def test_what_is_declared_stays_apart(source: Build, account: Account) -> None:
    old = source([CODE, PREFECTURE, CITY], ["122033", "千葉県", "市川市"])
    table = cleaned(old, declared={PREFECTURE: PREFECTURE})
    account(old, table)
    assert (row(table)[PREFECTURE], row(table)[CITY]) == ("千葉県", "市川市")


def test_free_words_on_access_are_not_divided(source: Build) -> None:
    table = cleaned(source(["名称", "バリアフリー情報"], ["公民館", "車椅子可;ツエ貸出"]), "public_facility")
    assert row(table) == {"名称": "公民館", "バリアフリー情報": "車椅子可;ツエ貸出"}


def test_a_name_in_english_goes_where_the_standard_has_it(source: Build) -> None:
    for standard, column in (("aed", "名称_英字"), ("tourism", "名称_英語"), ("preschool", "名称_英字")):
        for heading in ("名称_英語", "名称_英字"):
            assert row(cleaned(source([heading], ["Ｃｉｔｙ　Ｈａｌｌ"]), standard)) == {column: "City Hall"}


def test_who_set_a_shelter_up_is_not_who_publishes(source: Build, account: Account, ichikawa: Publisher) -> None:
    old = source(
        ["NO", "名称", "住所", "市区町村コード", PREFECTURE, CITY, "災害種別_洪水"],
        ["1", "公園", "千葉県浦安市", "122271", "千葉県", "浦安市", "×"],
    )
    table = clean_table(old, load_schema("evacuation_space.v2"), ichikawa)
    account(old, table)
    found = row(table)
    assert (found["全国地方公共団体コード"], found["市区町村コード"]) == ("122033", "122271")
    assert found["地方公共団体名"] == "千葉県浦安市"
    assert "災害種別_洪水" not in found
    assert codes(table, "clean.missing-value") == []


def test_a_flag_is_one_or_nothing() -> None:
    field = Field(name="洪水", title="洪水", meaning="flag", enum=("1",))
    clean = compile_cleaner(field, known_facts(None))
    assert [clean(text).value for text in ("○", "1", "１", "×", "無")] == ["1", "1", "1", "", ""]
    assert clean("△").issue == "clean.enum"
