"""Cleaning by chunks: however the rows are divided, the table, its changes and its issues are the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odkit.clean import chunks, clean_table, find_gaps, gaps, views
from odkit.clean.check import compile_check
from odkit.clean.personal import private_parts, twelve_digits
from odkit.clean.plain import PATTERNS, compile_plain
from odkit.clean.table import known_facts
from odkit.clean.values import compile_cleaner
from odkit.decisions import Correction, Decisions
from odkit.formulas import would_run
from odkit.model import CleanTable, Field, Origin, Publisher, SourceTable
from odkit.project import load_schema, schema_ids
from odkit.read import delimited, read_source

CHIBA = Publisher(code="120006", name="chiba", title="千葉県", title_en="Chiba Prefecture")
SCHEMA = load_schema("public_wireless_lan.v2")
HEADINGS = (
    "ID",
    "名称",
    "所在地_連結表記",
    "電話番号",
    "緯度",
    "経度",
    "都道府県名",
    "市区町村名",
    "更新日",
    "氏名",
    "生年月日",
)
CELLS = {
    "ID": ["1", "2", "２", "12203-1", ""],
    "名称": ["市役所", " 市民会館", "〃", "=1+1", "", "ｱﾘｰﾅ", "公民館（090-1234-5678）"],
    "所在地_連結表記": ["千葉県市川市八幡1-1-1", "千葉県市川市八幡１－１", "", "〃"],
    "電話番号": [
        "047-334-1111",
        "０４７－３３４－１１１１",
        "(047)334-1111",
        "090-1234-5678",
        "334-1111",
        "047-334-1111（内線 12）",
    ],
    "緯度": ["35.72", "139.93", "北緯35度43分", "", "3.5"],
    "経度": ["139.93", "35.72", "", "不明"],
    "都道府県名": ["千葉県", "千葉県", "千葉県", "", "〃", "千葉"],
    "市区町村名": ["市川市", "柏市", "千葉県市川市", ""],
    "更新日": ["2024-03-31", "R6.3.31", "45382", "366", "1965", "令和6年度", ""],
    "氏名": ["千葉太郎", "市川花子", ""],
    "生年月日": ["S40.3.1", "2001-02-03", ""],
}
rows = st.lists(st.tuples(*(st.sampled_from(CELLS[name]) for name in HEADINGS)), min_size=1, max_size=9)


def source(table: list[tuple[str, ...]]) -> SourceTable:
    return SourceTable(
        origin=Origin(location="a.csv"),
        headings=HEADINGS,
        rows=tuple(table),
        row_numbers=tuple(range(2, 2 + len(table))),
        header_rows=(1,),
    )


def cleaned(table: SourceTable, size: int, decisions: Decisions, monkeypatch: pytest.MonkeyPatch) -> CleanTable:
    with monkeypatch.context() as patched:
        for module in (chunks, gaps, views):
            patched.setattr(module, "CHUNK", size)
        return clean_table(table, SCHEMA, CHIBA, decisions=decisions)


def everything(table: CleanTable) -> tuple[object, ...]:
    gaps_found = find_gaps(table)
    return (tuple(table.rows), tuple(table.changes), tuple(table.issues), table.matches, gaps_found)


@settings(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(table=rows, size=st.integers(1, 4), datum=st.sampled_from(["", "tokyo"]))
def test_chunks_do_not_show(
    table: list[tuple[str, ...]], size: int, datum: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    corrections = (
        Correction(line=2, row=3, key="", column="名称", expected="市役所", value="本庁舎", reason="改称"),
        Correction(line=3, row=None, key="12203-1", column="緯度", expected="3.5", value="35.5", reason="誤記"),
    )
    decisions = Decisions(corrections=corrections, datum=datum)
    whole = cleaned(source(table), 2048, decisions, monkeypatch)
    assert everything(cleaned(source(table), size, decisions, monkeypatch)) == everything(whole)


def test_views_are_what_tuples_are(monkeypatch: pytest.MonkeyPatch) -> None:
    table = source([tuple(CELLS[name][n % len(CELLS[name])] for name in HEADINGS) for n in range(23)])
    whole = clean_table(table, SCHEMA, CHIBA)
    monkeypatch.setattr(views, "FEW", 0)
    monkeypatch.setattr(views, "FEW_ROWS", 0)
    viewed = cleaned(table, 5, Decisions(), monkeypatch)
    with monkeypatch.context() as patched:
        patched.setattr(views, "CHUNK", 5)
        for name in ("rows", "changes", "issues"):
            view, made = getattr(viewed, name), getattr(whole, name)
            assert not isinstance(view, tuple)
            assert (len(view), tuple(view), tuple(view)) == (len(made), made, made)
            assert (view[0], view[-1], view[3:7], view[::-2]) == (made[0], made[-1], list(made[3:7]), list(made[::-2]))
            with pytest.raises(IndexError):
                view[len(made)]


def test_a_large_file_is_cleaned_as_a_small_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.csv"
    body = [",".join(CELLS[name][n % len(CELLS[name])] for name in HEADINGS) for n in range(5000)]
    path.write_text("\r\n".join([",".join(HEADINGS), *body]), encoding="cp932")
    small = clean_table(read_source(path), SCHEMA, CHIBA)
    monkeypatch.setattr(delimited, "SMALL", 0)
    monkeypatch.setattr(views, "FEW", 0)
    monkeypatch.setattr(views, "FEW_ROWS", 0)
    assert everything(clean_table(read_source(path), SCHEMA, CHIBA)) == everything(small)


FIELDS = {
    (item.meaning, item.type, item.format, item.pattern, item.minimum, item.maximum): item
    for schema in schema_ids()
    for item in load_schema(schema).fields
}
SIGNS = "0123456789-. /:：ー－０９ＡzAあア漢ｱ　 @＠=+'（）()〃同上\n\t〒,、?〓\x1d\x1e"


@settings(deadline=None, max_examples=300)
@given(data=st.data())
def test_plain_values_need_nothing(data: st.DataObject) -> None:
    field = data.draw(st.sampled_from([item for item in FIELDS.values() if compile_plain(item)]))
    value = data.draw(st.from_regex(PATTERNS[field.meaning], fullmatch=True) | st.text(SIGNS, min_size=1, max_size=15))
    unlike = compile_plain(field)
    assert unlike is not None
    among = data.draw(st.lists(st.text(SIGNS, max_size=9) | st.just(value), max_size=40))
    found = unlike([*among, value])
    assert set(found) - {""} == {item for item in among if unlike([item])} | {*unlike([value])} - {""}
    if value and value not in found:
        assert needs_nothing(field, value)


def needs_nothing(field: Field, value: str) -> bool:
    done = compile_cleaner(field, known_facts(CHIBA))(value)
    personal = [*private_parts(value, is_phone=field.meaning == "phone"), twelve_digits(value)]
    found = (done.value, done.rule, done.issue, compile_check(field)(value), any(personal), would_run(value))
    return found == (value, "", "", (), False, False) and "".join(value.split()) not in {"〃", "″", "同上"}


PLAIN = {
    "address": "千葉県市川市八幡1-1-1 本庁舎3階",
    "id": "122033-000001",
    "kana": "イチカワシヤクショ　ホンチョウシャ",
    "longtext": "年末年始（12月29日～1月3日）は利用不可",
    "name": "道の駅いちかわ（国道298号）",
    "phone": "047-334-1111",
    "text": "1階ロビー、2階閲覧室①",
    "url": "https://www.city.example.lg.jp:8080/a/b_c.html?d=1&e=%E3%81%82#f",
}


@pytest.mark.parametrize("meaning", sorted(PLAIN))
def test_ordinary_values_are_plain(meaning: str) -> None:
    unlike = compile_plain(Field(name="x", title="x", meaning=meaning))
    assert unlike is not None
    assert unlike([PLAIN[meaning]] * 40) == []


@pytest.mark.parametrize("pattern", ["^.{3,}$", "^[^x]{3,}$", r"^\D{3,}$", r"^\w\w\s\w\w$"])
def test_a_pattern_holds_for_each_value_alone(pattern: str) -> None:
    unlike = compile_plain(Field(name="x", title="x", meaning="text", pattern=pattern)) or list
    assert unlike(["ab", "cd"]) == ["ab", "cd"]


def test_those_that_are_not_are_found_among_many() -> None:
    unlike = compile_plain(Field(name="x", title="x", meaning="phone"))
    assert unlike is not None
    numbers = [f"047-334-{n:04}" for n in range(1000)]
    odd = ["０４７－３３４－１１１１", "090-1234-5678", "010-123-4567", "(047)334-1111"]
    assert sorted(unlike([*numbers[:500], *odd, *numbers[500:], ""])) == sorted(odd)
