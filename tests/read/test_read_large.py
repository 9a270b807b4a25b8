"""Large texts: what is counted and read again is what a small text's records say."""

from __future__ import annotations

import csv
from io import StringIO
from itertools import chain
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from odkit.errors import SourceError
from odkit.model import SourceTable
from odkit.read import delimited, payload, read_source
from odkit.read.body import Window
from odkit.read.census import take_census
from odkit.read.payload import Payload
from odkit.read.records import CHUNK, Records, Text

cells = st.text(st.sampled_from('名称ア1 　"\n\r,x'), max_size=4)
records = st.lists(st.lists(cells, max_size=4), min_size=1, max_size=8)


Quoting = Literal[0, 1]  # as csv counts them
quotings: st.SearchStrategy[Quoting] = st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])


def written(rows: list[list[str]], line_end: str = "\r\n", quoting: Quoting = csv.QUOTE_MINIMAL) -> str:
    stream = StringIO(newline="")
    csv.writer(stream, lineterminator=line_end, quoting=quoting).writerows(rows)
    return stream.getvalue()


@settings(deadline=None)
@given(
    rows=records,
    line_end=st.sampled_from(["\r\n", "\n", "\r"]),
    encoding=st.sampled_from(["utf-8", "cp932", "utf-16"]),
    quoting=quotings,
)
def test_counting_says_what_keeping_says(rows: list[list[str]], line_end: str, encoding: str, quoting: Quoting) -> None:
    data = written(rows, line_end, quoting).encode(encoding)
    text = Text(Payload("a.csv", data), encoding)
    kept, counted = take_census(text, keep=True), take_census(text, keep=False)
    assert list(counted.lengths) == list(kept.lengths)
    assert (counted.blanks, counted.swallowed, counted.line_end) == (kept.blanks, kept.swallowed, kept.line_end)
    again = Records(text, counted)
    assert list(again) == kept.head
    assert [again[row] for row in range(-len(again), 0)] == kept.head


@settings(deadline=None)
@given(data=st.text(st.sampled_from('名A1 ,"\r\n'), max_size=30).map(str.encode))
@example(data=b'"A,"1",A"\n')
@example(data=b'"A,"1,1",A"\n')
@example(data=b'"A,"",A"\n')
def test_both_refuse_the_same(data: bytes) -> None:
    text = Text(Payload("a.csv", data), "utf-8")
    assert refused(text, keep=True) == refused(text, keep=False)


def refused(text: Text, *, keep: bool) -> bool:
    try:
        take_census(text, keep=keep)
    except csv.Error:
        return True
    return False


ROWS = 3 * CHUNK + 5


@pytest.fixture(params=["utf-8", "utf-8-sig", "cp932"])
def large(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A file over several chunks: a title, a heading, blank rows, notes; a quoted line break now and then."""
    body = [[f"{n:06}", f"市民会館{n}", "備考,あり\n2行目" if n % 700 == 0 else ""] for n in range(ROWS)]
    body[CHUNK + 7 : CHUNK + 7] = [["", "", ""]]
    lines = [["施設一覧", "", ""], ["ID", "名称", "備考"], *body, ["", "", ""], ["※ 出典: 資料", "", ""]]
    path = tmp_path / "large.csv"
    path.write_bytes(written(lines).encode(request.param))
    return path


def test_a_large_file_reads_as_a_small_one(large: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small = read_source(large)
    monkeypatch.setattr(delimited, "SMALL", 0)
    streamed = read_source(large)
    assert not isinstance(streamed.rows, tuple)
    assert told(streamed) == told(small)
    assert list(streamed.rows) == list(small.rows)
    assert list(streamed.row_numbers) == list(small.row_numbers)
    assert [streamed.rows[place] for place in (0, CHUNK + 7, ROWS - 1, -1)] == [
        small.rows[place] for place in (0, CHUNK + 7, ROWS - 1, -1)
    ]
    assert streamed.rows[CHUNK : CHUNK + 9] == list(small.rows[CHUNK : CHUNK + 9])


def told(table: SourceTable) -> tuple[object, ...]:
    shape = (table.headings, table.header_rows, table.first_column, len(table.rows))
    return (*shape, table.preamble, table.notes, table.issues, table.encoding, table.dialect, table.origin.sha256)


def test_ragged_rows_are_named_up_to_a_thousand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "SMALL", 0)
    path = tmp_path / "ragged.csv"
    path.write_text("ID,名称,住所\n" + "1,a,b\n" * 3000 + "2,c\n" * 1003, encoding="utf-8")
    issues = read_source(path).issues
    assert [issue.code for issue in issues] == ["read.ragged"] * 1000 + ["read.ragged-more"]
    assert (issues[-1].details["count"], issues[-1].where.row) == ("3", 4002)


def test_a_file_that_changes_while_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "SMALL", 0)
    monkeypatch.setattr(payload, "SMALL", 0)
    path = tmp_path / "a.csv"
    path.write_text("ID,名称\n1,a\n2,b\n", encoding="utf-8")
    table = read_source(path)
    path.write_text("ID,名称\n1,a\n2,b\n3,c\n", encoding="utf-8")
    with pytest.raises(SourceError) as caught:
        list(table.rows)
    assert caught.value.code == "read.changed"
    path.unlink()
    with pytest.raises(SourceError) as caught:
        list(table.rows)
    assert caught.value.code == "read.changed"


def test_open_quotes_and_endless_cells_in_a_large_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "SMALL", 0)
    path = tmp_path / "a.csv"
    good = "ID,名称\n" + "1,a\n" * 5000
    for broken, code, place in (
        ('2,"b\n3,c\n', "read.bad-quotes", "5002"),
        ("2," + "x" * (1 << 20) + "y\n", "read.huge-cell", "5002"),
    ):
        path.write_text(good + broken, encoding="utf-8")
        with pytest.raises(SourceError) as caught:
            read_source(path)
        assert caught.value.code == code
        assert place in chain(caught.value.details.values())


@settings(deadline=None)
@given(
    rows=records,
    line_end=st.sampled_from(["\r\n", "\n", "\r"]),
    bounds=st.tuples(*[st.integers(0, 8)] * 4),
    quoting=quotings,
)
@example(rows=[[",\r"], [], []], line_end="\r", bounds=(0, 0, 0, 0), quoting=csv.QUOTE_MINIMAL)
def test_columns_are_the_rows_turned(
    rows: list[list[str]], line_end: str, bounds: tuple[int, int, int, int], quoting: Quoting
) -> None:
    text = Text(Payload("a.csv", written(rows, line_end, quoting).encode()), "utf-8")
    again = Records(text, take_census(text, keep=False))
    body = range(min(bounds[0], len(again)), max(min(bounds[0], len(again)), min(bounds[1], len(again))))
    columns = range(min(bounds[2:]), max(bounds[2:]) + 1)
    window = Window(again, body, [row for row in again.census.blanks if row in body], columns)
    chunks = [list(zip(*chunk, strict=True)) for chunk in window.columns(2)]
    assert list(chain(*chunks)) == list(window)
    assert all(len(chunk) == 2 for chunk in chunks[:-1])
