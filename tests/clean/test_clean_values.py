"""Each meaning of a value: what is put right, what stays, what is left to a person."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odkit.clean.table import known_facts
from odkit.clean.values import Cleaned, Facts, compile_cleaner, evidence
from odkit.clean.values.calendar import from_serial
from odkit.clean.values.code_municipality import check_digit, is_code, readings
from odkit.model import Field

FIELDS = {
    "enum": Field(name="有無", title="有無", meaning="enum", enum=("有", "無")),
    "multi": Field(name="分野", title="分野", meaning="multi", enum=("国土・気象", "国際", "その他")),
}


def field(meaning: str) -> Field:
    return FIELDS.get(meaning, Field(name=meaning, title=meaning, meaning=meaning))


CASES: list[tuple[str, str, str, str]] = [
    # meaning, source, published, rule
    ("text", "　千葉県文書館 ", "千葉県文書館", "text"),
    ("text", "①㈱㎡～１階", "①㈱㎡～１階", ""),
    ("text", "ﾃﾚﾎﾞｰﾙ\r\n2階\x07", "テレボール\n2階", "text"),
    ("name", "第１庁舎", "第１庁舎", ""),
    ("kana", "ｷﾞｮｳﾄｸ ｼｼｮ", "ギョウトク シショ", "kana"),
    ("kana", "ぎょうとく", "ギョウトク", "kana"),
    ("kana", "センタ―", "センター", "kana"),
    ("kana", "ﾃﾆｽｺ-ﾄ", "テニスコート", "kana"),
    ("kana", "テニスコ-ト", "テニスコ-ト", ""),
    ("kana", "ハ゛スのりは゛", "バスノリバ", "kana"),
    ("text", "か\u3099くえん", "がくえん", "text"),
    ("text", "ｶ\u3099ﾗｽ", "ガラス", "text"),
    ("text", "何?\nか゛", "何?\nか゛", ""),
    ("id", "ＡＢ－００１", "AB-001", "half-width"),
    ("address", "千葉県市川市八幡１丁目１ー１　○○ビル", "千葉県市川市八幡1丁目1-1　○○ビル", "half-width"),
    ("address", "ー番町ーノ瀬", "ー番町ーノ瀬", ""),
    ("number", "１，２３４．５０", "1234.50", "number"),
    ("number", "△5", "-5", "number"),
    ("number", "50,700 ", "50700", "number"),
    ("number", "0.50", "0.50", ""),
    ("integer", "3.0", "3", "number"),
    ("integer", "007", "007", ""),
    ("date", "S32.2.21", "1957-02-21", "era-date"),
    ("date", "昭和40年3月26日", "1965-03-26", "era-date"),
    ("date", "Ｒ２／９／３０", "2020-09-30", "era-date"),
    ("date", "令和元年５月１日", "2019-05-01", "era-date"),
    ("date", "昭和64年1月7日", "1989-01-07", "era-date"),
    ("date", "明治45年7月30日", "1912-07-30", "era-date"),
    ("date", "大正元年7月30日", "1912-07-30", "era-date"),
    ("date", "昭和40年(1965年)3月26日", "1965-03-26", "era-date"),
    ("date", "1965(昭和40)年3月26日", "1965-03-26", "date"),
    ("date", "昭和六十年三月二十一日", "1985-03-21", "era-date"),
    ("date", "平成十年十月十日", "1998-10-10", "era-date"),
    ("date", "一九六五年一二月〇三日", "1965-12-03", "date"),
    ("date", "2020年8月5日（水）", "2020-08-05", "date"),
    ("date", "2020/8/5 0:00:00", "2020-08-05", "date"),
    ("date", "20200805", "2020-08-05", "date"),
    ("date", "2024-02-29", "2024-02-29", ""),
    ("date", "22196", "1960-10-07", "excel-serial"),
    ("time", "9:00", "09:00", "time"),
    ("time", "９時３０分", "09:30", "time"),
    ("time", "午後5時半", "17:30", "time"),
    ("time", "24:00", "24:00", ""),
    ("time", "17:15:00", "17:15", "time"),
    ("time", "正午", "12:00", "time"),
    ("time", "0.375", "09:00", "excel-serial"),
    ("time", "0.7083333333333334", "17:00", "excel-serial"),
    ("time", "1899-12-30 09:00:00", "09:00", "time"),
    ("time", "1900/1/0 9:30", "09:30", "time"),
    ("weekdays", "月～金", "月火水木金", "weekdays"),
    ("weekdays", "土曜日・日曜日", "土日", "weekdays"),
    ("weekdays", "毎日", "月火水木金土日", "weekdays"),
    ("weekdays", "全曜日", "月火水木金土日", "weekdays"),
    ("weekdays", "年中無休", "月火水木金土日", "weekdays"),
    ("weekdays", "月曜日以外", "火水木金土日", "weekdays"),
    ("weekdays", "毎日（土・日曜を除く）", "月火水木金", "weekdays"),
    ("weekdays", "火～日（月曜休館）", "火水木金土日", "weekdays"),
    ("weekdays", "㈪～㈮", "月火水木金", "weekdays"),
    ("weekdays", "月曜～金曜、日曜", "月火水木金日", "weekdays"),
    ("weekdays", "金～月", "月金土日", "weekdays"),
    ("weekdays", "日月", "月日", "weekdays"),
    ("code_municipality", "１２２０３３", "122033", "half-width"),
    ("code_municipality", "12203", "122033", "check-digit"),
    ("code_municipality", "122033.0", "122033", "point-zero"),
    ("corporate_number", "8000020130001", "8000020130001", ""),
    ("corporate_number", "８００００２０１３０００１", "8000020130001", "half-width"),
    ("corporate_number", "8000020130001.0", "8000020130001", "point-zero"),
    ("phone", "（０４７）７１２－８５６９", "(047)712-8569", "phone"),
    ("phone", "047-712-8569", "047-712-8569", ""),
    ("phone", "043.223.2110", "043-223-2110", "phone"),
    ("phone", "047-712-8569、047-334-1111", "047-712-8569 / 047-334-1111", "phone"),
    ("phone", "TEL 0120-444-444", "0120-444-444", "phone-label"),
    ("postal_code", "〒２７２－８５０１", "2728501", "postal-code"),
    ("url", "ｈｔｔｐｓ：／／www.city.ichikawa.lg.jp/", "https://www.city.ichikawa.lg.jp/", "half-width"),
    ("email", "ｉｎｆｏ＠city.example.lg.jp", "info@city.example.lg.jp", "half-width"),
    ("latitude", "35.72178078", "35.72178078", ""),
    ("latitude", "３５．７２", "35.72", "number"),
    ("latitude", "35°43′18.4″", "35.721778", "degrees"),
    ("longitude", "東経139度55分51秒", "139.930833", "degrees"),
    ("longitude", "139.55.51.2", "139.930889", "degrees"),
    ("latitude", "35度36分17.5秒", "35.604861", "degrees"),
    ("latitude", "35°36'17.5\"", "35.604861", "degrees"),
    ("latitude", "３５゜３６’１７．５”", "35.604861", "degrees"),
    ("latitude", "北緯35度36.2917分", "35.604862", "degrees"),
    ("latitude", "35-36-17.5", "35.604861", "degrees"),
    ("latitude", "35/36/17", "35.604722", "degrees"),
    # Decimal degrees, whatever was meant.
    ("latitude", "35.3617", "35.3617", ""),
    ("enum", "○", "有", "enum"),
    ("enum", "TRUE", "有", "enum"),
    ("enum", "ＦＡＬＳＥ", "無", "enum"),
    ("enum", "１", "有", "enum"),
    ("enum", "なし", "無", "enum"),
    ("enum", "有", "有", ""),
    ("multi", "国土・気象", "国土・気象", ""),
    ("multi", "国際、その他", "国際;その他", "multi"),
    ("multi", "国際・その他", "国際;その他", "multi"),
    ("unknown-meaning", " x ", "x", "text"),
]


@pytest.mark.parametrize(("meaning", "source", "published", "rule"), CASES)
def test_put_right(facts: Facts, meaning: str, source: str, published: str, rule: str) -> None:
    clean = compile_cleaner(field(meaning), facts, has_evidence=evidence(field(meaning), {source}))
    assert clean(source) == Cleaned(published, rule, "")
    assert clean(published).value == published
    assert not clean(published).issue


@pytest.mark.parametrize(
    ("meaning", "source", "issue"),
    [
        ("kana", "二ホン", "clean.kana"),
        ("number", "約50", "clean.number"),
        ("number", "1,00", "clean.number"),
        ("number", "-", "clean.number"),
        ("number", "4.00E+12", "clean.exponent"),
        ("integer", "3.5", "clean.number"),
        ("date", "平成31年5月1日", "clean.date-impossible"),
        ("date", "昭和64年1月8日", "clean.date-impossible"),
        ("date", "2023-02-29", "clean.date-impossible"),
        ("date", "2020年8月5日（木）", "clean.date-impossible"),
        ("date", "昭和40年(1966年)3月26日", "clean.date-impossible"),
        ("date", "昭和40年3月", "clean.date-partial"),
        ("date", "令和2年度", "clean.date-partial"),
        ("date", "昭和六十年", "clean.date-partial"),
        ("date", "二十十年三月一日", "clean.date"),
        ("date", "2020-03", "clean.date-partial"),
        ("date", "1965", "clean.date-ambiguous"),
        ("date", "23", "clean.date-ambiguous"),
        ("date", "R2.4.1～R6.3.31", "clean.date"),
        ("date", "60", "clean.date"),
        ("date", "99999", "clean.date"),
        ("time", "午後12時", "clean.time"),
        ("time", "9:00～17:00", "clean.time"),
        ("time", "9:00-17:00（土曜は12:00まで）", "clean.time"),
        ("time", "1900-01-01 09:00:00", "clean.time"),
        ("time", "翌1:00", "clean.time"),
        ("time", "25:00", "clean.time"),
        ("time", "24:30", "clean.time"),
        ("weekdays", "平日", "clean.weekdays"),
        ("weekdays", "月～金（祝日を除く）", "clean.weekdays"),
        ("weekdays", "第2火曜", "clean.weekdays"),
        ("weekdays", "土日祝を除く", "clean.weekdays"),
        ("weekdays", "祝日を除く毎日", "clean.weekdays"),
        ("weekdays", "月～金（月曜休館）", "clean.weekdays"),
        ("weekdays", "月～土（水曜休館）", "clean.weekdays"),
        ("weekdays", "毎日以外", "clean.weekdays"),
        ("weekdays", "を除く", "clean.weekdays"),
        ("code_municipality", "122034", "clean.code"),
        ("code_municipality", "37201", "clean.code"),
        ("code_municipality", "市川市", "clean.code"),
        ("corporate_number", "9000020130001", "clean.corporate-number"),
        ("corporate_number", "4.00E+12", "clean.corporate-number"),
        ("phone", "公園緑地課 (047)712-6367", "clean.phone"),
        ("phone", "47-712-8569", "clean.phone"),
        ("phone", "047-712-856", "clean.phone"),
        ("text", "庭園の見学は無料、月曜休館（祝日の場??", "clean.lost-characters"),
        ("name", "〓橋", "clean.lost-characters"),
        ("address", "千葉県\ufffd川市八幡１", "clean.lost-characters"),
        ("postal_code", "28501", "clean.postal-code"),
        ("url", "www.city.example.lg.jp", "clean.url"),
        ("url", "https://a.example/ https://b.example/", "clean.url"),
        ("email", "info", "clean.email"),
        ("latitude", "35.72.99", "clean.coordinate"),
        ("latitude", "不明", "clean.coordinate"),
        ("latitude", "353617.5", "clean.coordinate"),
        ("latitude", "35.6049,140.1230", "clean.coordinate"),
        ("latitude", "35-36/17", "clean.coordinate"),
        ("latitude", "35度36.5分17秒", "clean.coordinate"),
        ("latitude", "35度60分0秒", "clean.coordinate"),
        ("enum", "一部", "clean.enum"),
        ("multi", "国際、ほか", "clean.enum"),
    ],
)
def test_left_to_a_person(facts: Facts, meaning: str, source: str, issue: str) -> None:
    assert compile_cleaner(field(meaning), facts, has_evidence=evidence(field(meaning), {source}))(source) == Cleaned(
        source, "", issue
    )


def test_small_serials_count_beside_sure_ones(facts: Facts) -> None:
    clean = compile_cleaner(field("date"), facts, has_evidence=evidence(field("date"), {"41919", "1510", "1965"}))
    assert clean("1510") == Cleaned("1904-02-18", "excel-serial")
    assert clean("1965") == Cleaned("1965", "", "clean.date-ambiguous")


@pytest.mark.parametrize(
    ("serial", "day"),
    [(1, "1900-01-01"), (59, "1900-02-28"), (61, "1900-03-01"), (45016, "2023-03-31"), (60000, "2064-04-08")],
)
def test_excel_counts_a_day_that_never_was(serial: int, day: str) -> None:
    assert str(from_serial(serial)) == day
    assert from_serial(60) is from_serial(0) is from_serial(60001) is None


def test_words_of_free_lists_are_split_only_where_nothing_else_is_possible(facts: Facts) -> None:
    clean = compile_cleaner(Field(name="SSID", title="SSID", meaning="multi"), facts)
    assert clean("A、B").value == "A;B"
    assert clean("美術工芸品・書跡\n建造物").value == "美術工芸品・書跡;建造物"
    assert clean("A,\nB；C").value == "A,;B;C"
    assert clean("A(1、2)").value == "A(1、2)"
    assert clean("A／B").value == "A／B"
    assert clean("；A、B；") == Cleaned("A;B", "multi")
    assert clean("50,700円") == Cleaned("50,700円")


def test_marks_for_one_and_nothing(facts: Facts) -> None:
    clean = compile_cleaner(Field(name="洪水", title="洪水", meaning="enum", enum=("1",)), facts)
    assert clean("○") == Cleaned("1", "enum")
    assert clean("×") == Cleaned("", "enum")


class TestMunicipalityCodes:
    """Five digits may lack the check digit or the leading zero; two readings are no reading."""

    def test_check_digits(self) -> None:
        assert [check_digit(code) for code in ("12000", "12203", "01100", "13101")] == ["6", "3", "2", "6"]
        assert not is_code("482013")
        assert readings("12203") == ("122033", "012203")

    def test_without_a_publisher_two_readings_are_left(self) -> None:
        clean = compile_cleaner(field("code_municipality"), known_facts(None))
        assert clean("12203") == Cleaned("12203", "", "clean.code")
        assert clean("37201") == Cleaned("372013", "check-digit")
        assert clean("92011") == Cleaned("092011", "check-digit")


@given(st.dates())
def test_every_day_of_every_era_comes_back(facts: Facts, day: object) -> None:
    text = str(day)
    clean = compile_cleaner(field("date"), facts)
    era = next((item for item in reversed(facts.eras) if str(item.start) <= text), None)
    assert clean(text) == Cleaned(text)
    if era and text >= "1873-01-01":
        year, month, number = (int(part) for part in text.split("-"))
        written = f"{era.name}{year - era.start.year + 1}年{month}月{number}日"
        assert clean(written) == Cleaned(text, "era-date") or year - era.start.year + 1 > 99
