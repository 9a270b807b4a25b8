"""A table inside a zip: read where there is one, asked about where there are several, never unpacked without bounds."""

from __future__ import annotations

import struct
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook

from odkit.errors import SourceError
from odkit.model import SourceSpec
from odkit.read import read_source

CSV = "名称,住所\r\nA,中央\r\n".encode("cp932")


def zipped(**members: bytes) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


def saved(folder: Path, data: bytes) -> Path:
    path = folder / "一覧.zip"
    path.write_bytes(data)
    return path


def workbook() -> bytes:
    book, stream = Workbook(), BytesIO()
    for cells in (["名称", "数"], ["A", 1]):
        book.worksheets[0].append(cells)
    book.save(stream)
    return stream.getvalue()


def code_of(path: Path, member: str = "") -> str:
    with pytest.raises(SourceError) as caught:
        read_source(SourceSpec(path=path, member=member), "一覧.zip")
    return caught.value.code


def test_one_table_among_other_files(tmp_path: Path) -> None:
    others = {"地図.prj": b"GEOGCS[1]", "読んで.pdf": b"%PDF-1.4", "__MACOSX/._一覧.csv": CSV, "中.zip": zipped(a=CSV)}
    read = read_source(saved(tmp_path, zipped(**{"R6/一覧.csv": CSV, **others})), "一覧.zip")
    assert (read.headings, read.rows, read.encoding) == (("名称", "住所"), (("A", "中央"),), "cp932")
    assert (read.origin.location, read.origin.media_type) == ("一覧.zip/R6/一覧.csv", "text/csv")


def test_a_workbook_inside(tmp_path: Path) -> None:
    read = read_source(saved(tmp_path, zipped(**{"一覧.xlsx": workbook()})))
    assert (read.sheet, read.rows) == ("Sheet", (("A", "1"),))


def test_several_tables_are_asked_about(tmp_path: Path) -> None:
    path = saved(tmp_path, zipped(**{"R5.csv": CSV, "R6.xlsx": workbook()}))
    with pytest.raises(SourceError) as caught:
        read_source(path, "一覧.zip")
    assert caught.value.code == "read.which-table"
    assert caught.value.details["tables"] == '\n    member = "R5.csv"\n    member = "R6.xlsx"'
    assert read_source(SourceSpec(path=path, member="R6.xlsx")).rows == (("A", "1"),)
    assert code_of(path, member="R7.csv") == "read.no-member"


def test_names_as_japanese_windows_writes_them(tmp_path: Path) -> None:
    data = zipped(abcd=CSV, efgh=CSV).replace(b"abcd", "一覧".encode("cp932"))
    path = saved(tmp_path, data)
    assert read_source(SourceSpec(path=path, member="一覧")).rows == (("A", "中央"),)


@pytest.mark.parametrize("members", [{}, {"内.zip": zipped(a=CSV)}, {"絵.png": b"\x89PNG"}])
def test_nothing_to_read(tmp_path: Path, members: dict[str, bytes]) -> None:
    path = saved(tmp_path, zipped(**members))
    assert code_of(path) == "read.not-a-table"
    assert [code_of(path, member=name) for name in members] == ["read.not-a-table"] * len(members)


def test_bombs_are_not_unpacked(tmp_path: Path) -> None:
    assert code_of(saved(tmp_path, zipped(**{"a.csv": bytes(70 << 20)}))) == "read.too-large"
    many = zipped(**{f"{number}.csv": b"" for number in range(10_001)})
    assert code_of(saved(tmp_path, many)) == "read.too-large"


def test_a_size_that_the_directory_only_claims(tmp_path: Path) -> None:
    data = zipped(**{"a.csv": CSV})
    size = struct.pack("<I", len(CSV))
    at = data.rindex(size, 0, data.rindex(b"a.csv"))
    claimed = data[:at] + struct.pack("<I", 1 << 30) + data[at + 4 :]
    assert code_of(saved(tmp_path, claimed)) == "read.too-large"
    short = data[:at] + struct.pack("<I", 3) + data[at + 4 :]
    assert code_of(saved(tmp_path, short)) == "read.broken-file"


def test_passwords(tmp_path: Path) -> None:
    data = zipped(**{"a.csv": CSV})
    at = data.rindex(b"PK\1\2") + 8
    assert code_of(saved(tmp_path, data[:at] + b"\1" + data[at + 1 :])) == "read.password"
