"""Encodings, delimiters and the layout of rows, as rules."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable
from contextlib import suppress

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from odkit.model import Row
from odkit.score.blob import Blob
from odkit.score.facts import Span, spans
from odkit.score.layout import Measures, find_layout
from odkit.score.text import (
    _cut,
    _may_begin_wrong,
    _records,
    decode,
    find_coding,
    find_delimiter,
    garbled,
    read_rows,
    read_table,
)
from odkit.score.values import bare_number, gregorian, is_code_heading, is_number, is_with_words

WORDS = st.text(st.sampled_from("市川船橋柏千葉県公園館名称住所あいうアイウ"), min_size=1, max_size=8)
TABLES = st.integers(2, 5).flatmap(
    lambda width: st.lists(st.lists(WORDS, min_size=width, max_size=width), min_size=2, max_size=8)
)


@given(
    text=st.lists(WORDS, min_size=3).map("、".join), encoding=st.sampled_from(["utf-8", "utf-8-sig", "cp932", "utf-16"])
)
def test_an_encoding_is_found_and_nothing_is_called_garbled(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == (text, encoding, ())


@pytest.mark.parametrize(
    ("data", "encoding", "lines"),
    [
        (b"", "utf-8", ()),
        (b"ascii", "utf-8", ()),
        ("名称,ｶﾅ\nﾁﾊﾞ,千葉県".encode("cp932"), "cp932", ()),
        ("名称、市川市の施設".encode("euc_jp"), "euc_jp", ()),
        ("名称".encode("iso2022_jp"), "iso2022_jp", ()),
        ("a\n名\ufffd\n".encode(), "utf-8", (2,)),
        ("市川市".encode() + b"\n" + "船橋市".encode("cp932"), "", (2,)),
        ("市川市の施設\n千葉県の公園".encode("cp932").decode("latin-1").encode(), "utf-8", (1, 2)),
        ("船橋市の公園".encode("cp932").decode("cp1252").encode(), "utf-8", (1,)),
        ("Informações, Câmara, órgãos “públicos”, à São João, não".encode(), "utf-8", ()),
        ("Số điện thoại – Địa chỉ, “Œuvre” Łódź Žižkov, été".encode(), "utf-8", ()),
        ("千葉県市川市の公共施設".encode().decode("cp1252", "ignore").encode(), "utf-8", (1,)),
    ],
)
def test_decode(data: bytes, encoding: str, lines: tuple[int, ...]) -> None:
    assert decode(data)[1:] == (encoding, lines)


WRITTEN_WRONGLY = st.sampled_from([("cp932", "latin-1"), ("utf-8", "cp932"), ("utf-8", "utf-8"), ("cp932", "cp932")])


@given(
    st.lists(st.tuples(st.text("名称市川、１a,\r\n\x1c\u2028\u00e9\ufffd", max_size=14), WRITTEN_WRONGLY), max_size=12)
)
@settings(max_examples=200)
def test_a_small_file_is_read_as_a_large_one(lines: list[tuple[str, tuple[str, str]]]) -> None:
    text = "\n".join(line.encode(right, "ignore").decode(wrong, "ignore") for line, (right, wrong) in lines)
    small = find_coding(Blob(text.encode()))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("odkit.score.text.KEPT", -1)
        large = find_coding(Blob(text.encode()))
    assert (small.text, large.text) == (text, None)
    assert list(small.lines()) == list(large.lines())
    assert garbled(small) == garbled(large)
    assert find_delimiter(small) == find_delimiter(large)
    for read, other in zip(read_table(small, ","), read_table(large, ","), strict=True):
        assert isinstance(other, Measures) or read == other


def records(rows: Callable[[], Iterable[Row]]) -> list[Row] | None:
    try:
        return list(rows())
    except csv.Error:
        return None


@given(
    st.text('ab,;"\n\r\0\t\x1c', max_size=40) | st.lists(st.text('a,"', max_size=4)).map("\n".join),
    st.sampled_from(",;"),
)
@settings(max_examples=400)
@example('a,b\r\n"c\nd",e\n\n"f""g",h', ",")
@example('a,b\na,b\na,b\na,b\na,"b\na', ",")
def test_lines_without_quotes_are_cut_as_csv_cuts_them(text: str, delimiter: str) -> None:
    lines = io.StringIO(text, newline="").readlines()
    assert list(_cut(text)) == lines
    expected = records(lambda: map(tuple, csv.reader(lines, delimiter=delimiter, strict=True)))
    assert records(lambda: _records(iter(lines), delimiter)) == expected


@given(st.text(min_size=1) | st.text("縺ã–\xa5ｱ市", min_size=1))
def test_text_that_ends_up_in_the_wrong_encoding_is_known_by_its_first_character(text: str) -> None:
    foreign = re.sub("[\x00-\x7f]", "", text)
    for codec in ("cp932", "cp1252", "latin-1"):
        with suppress(UnicodeError):
            assert not foreign.encode(codec).decode("utf-8") or _may_begin_wrong(foreign[0])


@given(table=TABLES, delimiter=st.sampled_from([",", "\t", ";", "|"]))
def test_the_delimiter_that_wrote_a_table_is_found(table: list[list[str]], delimiter: str) -> None:
    target = io.StringIO()
    csv.writer(target, delimiter=delimiter).writerows(table)
    coding = find_coding(Blob(target.getvalue().encode()))
    found = find_delimiter(coding)
    assert found == delimiter
    rows, _, quoted = read_rows(coding, found)
    assert (rows, quoted) == (tuple(map(tuple, table)), True)


@given(table=TABLES)
def test_a_plain_table_of_words_is_heading_and_data(table: list[list[str]]) -> None:
    layout = find_layout([tuple(row) for row in table], fixed_width=True)
    assert (layout.header, layout.titles, layout.notes, layout.ragged) == ((1,), (), (), ())
    assert tuple(layout.data) == tuple(range(2, len(table) + 1))


def lines(*texts: str) -> list[tuple[str, ...]]:
    return [tuple(text.split(",")) for text in texts]


@pytest.mark.parametrize(
    ("rows", "titles", "header", "data", "notes"),
    [
        (lines("題", "", "a,b,c", "1,2,3", "4,5,6"), (1,), (3,), (4, 5), ()),
        (lines("題,,,,", "単位：人,,,2020年現在,", "a,b,c,d,e", "x,1,2,3,4"), (1, 2), (3,), (4,), ()),
        (lines("市,人口,,", ",計,男,女", "A,3,1,2", "B,7,3,4"), (), (1, 2), (3, 4), ()),
        (lines("名称,男,女", "name,men,women", "A,1,2", "B,3,4", "C,5,6"), (), (1, 2), (3, 4, 5), ()),
        (lines("a,b,c", "x,1,2", "y,3,4", "出典,県統計課,"), (), (1,), (2, 3), (4,)),
        (lines("a,b,c", "【北部】,,", "x,1,2", "【南部】,,", "y,3,4"), (), (1,), (3, 5), (2, 4)),
        (lines("a,b,c", "東京,,", "x,1,2", "大阪,,"), (), (1,), (2, 3, 4), ()),
        (lines("a,b,c", "1,,", "2,x,y"), (), (1,), (2, 3), ()),
        (lines("#LINK,,", "#property,a,b", "1,x,2"), (), (2,), (3,), ()),
        (lines("a", "b"), (), (1,), (2,), ()),
        (lines("名称,1月,2月", "A,1,2", "B,3,4"), (), (1,), (2, 3), ()),
        (lines("名称,1,2,3", "A,1,2,5", "B,3,4,5"), (), (1,), (2, 3), ()),
    ],
)
def test_layout(
    rows: list[tuple[str, ...]],
    titles: tuple[int, ...],
    header: tuple[int, ...],
    data: tuple[int, ...],
    notes: tuple[int, ...],
) -> None:
    layout = find_layout(rows, fixed_width=False)
    assert (layout.titles, layout.header, tuple(layout.data), layout.notes) == (titles, header, data, notes)


def test_a_file_without_heading() -> None:
    layout = find_layout(lines("A,2020-01-01", "B,2020-01-02", "C,2020-01-03"), fixed_width=True)
    assert (layout.headless, layout.header, tuple(layout.data)) == (True, (), (1, 2, 3))


@pytest.mark.parametrize(
    ("text", "number", "bare"),
    [
        ("1,200", True, "1200"),
        ("△12.5人", True, "-12.5"),
        ("１２３", True, "123"),
        ("¥300", True, "300"),
        ("−5", True, "-5"),
        ("0.5%", True, "0.5"),
        ("1.5万円", True, "15000"),
        ("△1,200千円", True, "-1200000"),
        ("３億円", True, "300000000"),
    ],
)
def test_numbers(text: str, number: bool, bare: str) -> None:
    assert (is_number(text), bare_number(text)) == (number, bare)


def test_a_heading_may_count_in_tens_of_thousands() -> None:
    assert [bare_number("12万円", heading) for heading in ("予算（万円）", "予算（円）")] == ["12", "120000"]


@pytest.mark.parametrize(
    "text",
    ["100以上", "１００人以上", "100※", "100(※1)", "5（推計）", "30坪", "3クラス", "10万", "約20名程度", "1,200世帯余"],
)
def test_numbers_with_words(text: str) -> None:
    assert is_with_words(text)
    assert not is_number(text)


@pytest.mark.parametrize(
    "text", ["3階", "2丁目", "12番地", "1号館", "20代", "第1", "1F", "5人", "2の1", "10～20", "9時", "令和2年", "3回目"]
)
def test_names_with_a_number(text: str) -> None:
    assert not is_with_words(text)


@pytest.mark.parametrize("text", ["011002", "3階", "2版", "1,2", "2020年", "047-334-1111", "", "X", "八"])
def test_no_numbers(text: str) -> None:
    assert not is_number(text)


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("令和2年", 2020),
        ("平成元年", 1989),
        ("Ｓ６４．１", 1989),
        ("H1", None),
        ("H31.4.1", 2019),
        ("昭和50年3月31日", 1975),
        ("平成公園", None),
    ],
)
def test_eras(text: str, year: int | None) -> None:
    assert gregorian(text) == year


def test_headings_of_codes() -> None:
    assert all(
        map(
            is_code_heading, ["市区町村コード", "電話番号", "ＮＯ", "No.", "ID", "郵便番号", "#property", "facility_id"]
        )
    )
    assert not any(map(is_code_heading, ["人口", "面積", "Note", "idea", "北緯"]))


@given(st.sets(st.tuples(st.integers(1, 6), st.integers(1, 6))))
def test_spans_cover_each_cell_once(cells: set[tuple[int, int]]) -> None:
    covered = [
        (row, column)
        for area in spans(cells)
        for row in range(area.top, area.bottom + 1)
        for column in range(area.left, area.right + 1)
    ]
    assert sorted(covered) == sorted(cells)


def test_spans_run_down_then_across() -> None:
    assert spans([(2, 1), (3, 1), (1, 3), (1, 4)]) == [
        Span(top=1, left=3, bottom=1, right=4),
        Span(top=2, left=1, bottom=3, right=1),
    ]
