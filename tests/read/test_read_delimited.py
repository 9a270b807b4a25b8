"""Delimited text: any table written as CSV is read back as written; any bytes at all are read or refused."""

from __future__ import annotations

import csv
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from odkit.errors import OdkitError, SourceError
from odkit.model import SourceSpec
from odkit.read import read_source
from odkit.read.delimited import read_text
from odkit.read.payload import Payload

cells = st.text(st.sampled_from("名称Aア1 　\"'\n\r"), max_size=5)
tables = st.integers(2, 5).flatmap(
    lambda width: st.lists(st.lists(cells, min_size=width, max_size=width), min_size=1, max_size=6)
)


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
@pytest.mark.parametrize("line_end", ["\r\n", "\n", "\r"])
@given(table=tables)
def test_written_and_read_back(delimiter: str, line_end: str, table: list[list[str]]) -> None:
    stream = StringIO(newline="")
    csv.writer(stream, delimiter=delimiter, lineterminator=line_end, quoting=csv.QUOTE_ALL).writerows(table)
    grid, dialect = read_text(Payload("a.csv", stream.getvalue().encode()), "utf-8")
    assert [list(record) for record in grid.rows] == table
    assert (dialect.delimiter, dialect.line_end) == (delimiter, line_end)


def test_the_limit_of_the_csv_module_is_left_alone() -> None:
    before = csv.field_size_limit(1000)
    try:
        read_text(Payload("a.csv", b"a,b\n" + b"x" * 1001 + b",y\n"), "utf-8")
        assert csv.field_size_limit() == 1000
    finally:
        csv.field_size_limit(before)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=60) | st.text(st.sampled_from('名A1,;\t"\r\n'), max_size=40).map(str.encode))
@example(data=b"PK\3\4")
@example(data=b"\xff\xfe\x00\xd8")
def test_any_bytes_are_read_or_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(data)
    assert read_or_refused(path)


def read_or_refused(path: Path) -> bool:
    """Whether the file was read as a table, or refused with words; anything else is an exception."""
    try:
        table = read_source(path)
    except OdkitError as error:
        return bool(error.text("ja"))
    return all(len(row) == len(table.headings) for row in table.rows)


def test_rows_above_a_heading_without_rows_are_asked_about(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"ID,name,note\r\nA1,hall\r\nA2,x,y,z,w\r\n")
    with pytest.raises(SourceError) as caught:
        read_source(path)
    assert caught.value.code == "read.which-header"
    assert "header_rows = [1]" in caught.value.text("ja")
    table = read_source(SourceSpec(path=path, header_rows=(1,)))
    assert table.rows[0][:2] == ("A1", "hall")
    assert table.rows[1] == ("A2", "x", "y", "z", "w")
