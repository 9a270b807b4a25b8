"""What a file carries beside its cells: comments and document properties of xlsx, ods and xls."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any, cast

import pytest
import xlsxwriter
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.packaging.custom import StringProperty

from odkit.model import Remark, SourceTable, Where
from odkit.read import read_source
from odkit.read.ods import ods_document
from odkit.read.ole import Container
from odkit.read.xls_remarks import document_properties, sheet_comments

Told = list[tuple[str, str, str]]


def told(remarks: tuple[Remark, ...], kind: str) -> Told:
    """Each remark of a kind: its place in the workbook, its author or name, its text."""
    return [
        (f"{item.where.sheet}!{item.where.cell}", item.where.field, item.text) for item in remarks if item.kind == kind
    ]


def book_with_comments() -> BytesIO:
    book, stream = Workbook(), BytesIO()
    book.worksheets[0].title = "一覧"
    for cells in (["名称", "電話"], ["A館", "043-223-2110"], ["B館", "043-223-2111"]):
        book.worksheets[0].append(cells)
    book.worksheets[0]["B3"].comment = Comment("要確認\n山田さんに聞く", "総務課")
    book.worksheets[0]["A1"].comment = Comment("施設の名前", "鈴木")
    memo = book.create_sheet("控え")
    memo["C5"].comment = Comment("使わない", "鈴木")
    properties = book.properties
    properties.creator, properties.lastModifiedBy, properties.title = "千葉 太郎", "千葉 花子", "一覧表"
    properties.description, properties.keywords = "内部用", "施設 電話"
    cast("Any", book).custom_doc_props.append(StringProperty(name="担当課", value="情報政策課"))
    book.save(stream)
    return stream


def with_parts(stream: BytesIO, changed: Mapping[str, str], added: Mapping[str, str]) -> bytes:
    """A workbook with further parts, and with `changed` parts that end with a further reference."""
    made = BytesIO()
    with zipfile.ZipFile(stream) as source, zipfile.ZipFile(made, "w") as target:
        for name in source.namelist():
            content = source.read(name).decode() if name in changed else ""
            end = "</Relationships>"
            target.writestr(name, content.replace(end, changed[name] + end) if content else source.read(name))
        for name, content in added.items():
            target.writestr(name, content)
    return made.getvalue()


def read(data: bytes, folder: Path) -> SourceTable:
    path = folder / "一覧.xlsx"
    path.write_bytes(data)
    return read_source(path, "一覧.xlsx")


def test_notes_and_properties_of_xlsx(tmp_path: Path) -> None:
    table = read(book_with_comments().getvalue(), tmp_path)
    assert told(table.remarks, "comment") == [
        ("一覧!A1", "鈴木", "施設の名前"),
        ("一覧!B3", "総務課", "要確認\n山田さんに聞く"),
        ("控え!C5", "鈴木", "使わない"),
    ]
    assert sorted(told(table.remarks, "property")) == [
        ("!", "creator", "千葉 太郎"),
        ("!", "description", "内部用"),
        ("!", "keywords", "施設 電話"),
        ("!", "lastModifiedBy", "千葉 花子"),
        ("!", "title", "一覧表"),
        ("!", "担当課", "情報政策課"),
    ]
    [noted] = [item for item in table.issues if item.code == "read.comment"]
    assert (noted.severity, noted.where.cell) == ("note", "A1")
    assert (noted.details["count"], noted.details["cells"]) == ("2", "A1, B3")


def test_company_and_manager(tmp_path: Path) -> None:
    stream = BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    book.set_properties({"company": "千葉県", "manager": "課長", "category": "施設"})
    sheet = book.add_worksheet("一覧")
    for row, cells in enumerate((["名称", "電話"], ["A館", "1"])):
        sheet.write_row(row, 0, cells)
    book.close()
    found = {name: text for _, name, text in told(read(stream.getvalue(), tmp_path).remarks, "property")}
    assert found == {"company": "千葉県", "manager": "課長", "category": "施設"}


def test_threads(tmp_path: Path) -> None:
    space = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"
    kinds = "http://schemas.microsoft.com/office/2017/10/relationships"
    target = "../threadedComments/threadedComment1.xml"
    data = with_parts(
        book_with_comments(),
        {
            "xl/worksheets/_rels/sheet1.xml.rels": (
                f'<Relationship Id="t" Type="{kinds}/threadedComment" Target="{target}"/>'
            ),
            "xl/_rels/workbook.xml.rels": f'<Relationship Id="p" Type="{kinds}/person" Target="persons/person.xml"/>',
        },
        {
            "xl/threadedComments/threadedComment1.xml": (
                f'<ThreadedComments xmlns="{space}">'
                '<threadedComment ref="B2" personId="{1}" id="{a}"><text>番号は正しい？</text></threadedComment>'
                '<threadedComment ref="B2" personId="{2}" id="{b}" parentId="{a}"><text>はい</text></threadedComment>'
                "</ThreadedComments>"
            ),
            "xl/persons/person.xml": (
                f'<personList xmlns="{space}"><person displayName="千葉 太郎" id="{{1}}"/>'
                '<person displayName="千葉 花子" id="{2}"/></personList>'
            ),
        },
    )
    assert told(read(data, tmp_path).remarks, "comment")[2:4] == [
        ("一覧!B2", "千葉 太郎", "番号は正しい？"),
        ("一覧!B2", "千葉 花子", "はい"),
    ]


def test_a_note_that_repeats_a_thread_counts_once(tmp_path: Path) -> None:
    book, stream = Workbook(), BytesIO()
    book.worksheets[0].title = "一覧"
    for cells in (["名称", "電話"], ["A館", "043-223-2110"]):
        book.worksheets[0].append(cells)
    book.worksheets[0]["B2"].comment = Comment("[スレッド化されたコメント] コメント: 正しい？", "tc={a}")
    book.save(stream)
    kinds = "http://schemas.microsoft.com/office/2017/10/relationships"
    link = f'<Relationship Id="t" Type="{kinds}/threadedComment" Target="../threaded.xml"/>'
    thread = '<T xmlns="t"><threadedComment ref="B2" personId="x"><text>正しい？</text></threadedComment></T>'
    data = with_parts(stream, {"xl/worksheets/_rels/sheet1.xml.rels": link}, {"xl/threaded.xml": thread})
    assert told(read(data, tmp_path).remarks, "comment") == [("一覧!B2", "", "正しい？")]
    assert told(read(stream.getvalue(), tmp_path).remarks, "comment")[0][1] == "tc={a}"


def test_parts_that_are_named_but_missing(tmp_path: Path) -> None:
    kept = BytesIO()
    with zipfile.ZipFile(book_with_comments()) as source, zipfile.ZipFile(kept, "w") as target:
        for name in source.namelist():
            if not name.startswith(("docProps", "xl/comments")):
                target.writestr(name, source.read(name))
    assert read(kept.getvalue(), tmp_path).remarks == ()


ODS_SPACES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"'
)


def test_annotations_and_properties_of_ods() -> None:
    note = (
        "<office:annotation><dc:creator>総務課</dc:creator><dc:date>2024-03-31</dc:date>"
        "<text:p>要<text:span>確認</text:span></text:p><text:p>電話</text:p></office:annotation>"
    )
    content = (
        f'<office:document-content {ODS_SPACES}><table:table table:name="一覧"><table:table-row><table:table-cell>'
        "<text:p>名称</text:p></table:table-cell></table:table-row><table:table-row><table:table-cell/>"
        f'<table:table-cell office:value-type="string">{note}<text:p>A館</text:p></table:table-cell></table:table-row>'
        "</table:table></office:document-content>"
    )
    meta = (
        f"<office:document-meta {ODS_SPACES}><office:meta><meta:initial-creator>太郎</meta:initial-creator>"
        "<dc:creator>花子</dc:creator><dc:title>表</dc:title><meta:keyword>施設</meta:keyword>"
        '<meta:user-defined meta:name="担当">課</meta:user-defined><meta:generator>x</meta:generator>'
        "</office:meta></office:document-meta>"
    )
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("content.xml", content)
        archive.writestr("meta.xml", meta)
    document = ods_document(stream.getvalue(), "x.ods")
    assert told(document.remarks, "comment") == [("一覧!B2", "総務課", "要確認\n電話")]
    assert [(name, text) for _, name, text in told(document.remarks, "property")] == [
        ("creator", "太郎"),
        ("lastModifiedBy", "花子"),
        ("title", "表"),
        ("keywords", "施設"),
        ("担当", "課"),
    ]
    assert list(document.sheets[0].load().rows) == [("名称",), ("", "A館")]


def record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def note(row: int, column: int, key: int, author: str) -> bytes:
    name = author.encode("utf-16-le")
    return record(0x1C, struct.pack("<HHHHHB", row, column, 0, key, len(author), 1) + name + b"\0")


def note_text(key: int, pieces: list[bytes], length: int) -> bytes:
    shape = record(0x5D, struct.pack("<HHHHH", 0x15, 0x12, 0x19, key, 0x4011) + bytes(12))
    text = record(0x1B6, struct.pack("<HHHHHHHI", 0x212, 0, 0, 0, 0, length, 16, 0))
    return shape + text + b"".join(record(0x3C, piece) for piece in pieces) + record(0x3C, bytes(16))


def test_comments_of_xls() -> None:
    opening = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x10, 0x0DBB, 0x07CC, 0, 6))
    first = note_text(1, [b"\1" + "要確認".encode("utf-16-le"), b"\0 ok"], 6)
    second = note_text(2, [b"\0memo"], 4)
    stream = opening + first + second + note(2, 1, 1, "総務課") + note(0, 0, 2, "A") + record(0x0A, b"")
    found = tuple(sheet_comments(stream, 0, Where(file="x.xls", sheet="一覧"), ""))
    assert told(found, "comment") == [("一覧!B3", "総務課", "要確認 ok"), ("一覧!A1", "A", "memo")]


def test_comments_of_excel_95() -> None:
    body = struct.pack("<HHH", 1, 1, 6) + "要確認".encode("cp932")
    stream = record(0x0809, struct.pack("<HHHH", 0x0500, 0x10, 0, 0)) + record(0x1C, body) + record(0x0A, b"")
    found = tuple(sheet_comments(stream, 0, Where(file="x.xls", sheet="一覧"), "cp932"))
    assert told(found, "comment") == [("一覧!B2", "", "要確認")]


def summary(texts: Mapping[int, bytes], codepage: int) -> bytes:
    """A stream of properties: numbers and texts of bytes, with the code page first."""
    values = {1: struct.pack("<IHH", 2, codepage, 0)}
    for key, text in texts.items():
        values[key] = struct.pack("<II", 0x1E, len(text) + 1) + (text + b"\0").ljust(
            -(-(len(text) + 1) // 4) * 4, b"\0"
        )
    place = 8 + 8 * len(values)
    index, content = b"", b""
    for key, value in values.items():
        index += struct.pack("<II", key, place + len(content))
        content += value
    section = struct.pack("<II", place + len(content), len(values)) + index + content
    return struct.pack("<HHI16xI16xI", 0xFFFE, 0, 0, 1, 48) + section


class Streams(Container):
    """A container that holds what a test gives it."""

    def __init__(self, streams: Mapping[str, bytes]) -> None:
        self.streams = streams

    def has(self, name: str) -> bool:
        return name in self.streams

    def stream(self, *names: str) -> bytes:
        return self.streams[names[0]]


@pytest.mark.parametrize(("codec", "codepage"), [("cp932", 932), ("utf-8", 65001)])
def test_properties_of_xls(codec: str, codepage: int) -> None:
    texts = {2: "一覧表".encode(codec), 4: "千葉 太郎".encode(codec), 8: b"Hanako", 9: b"not asked for"}
    company = {15: "千葉県".encode(codec)}
    streams = {
        "\x05SummaryInformation": summary(texts, codepage),
        "\x05DocumentSummaryInformation": summary(company, codepage),
    }
    assert told(document_properties(Streams(streams), "x.xls"), "property") == [
        ("!", "title", "一覧表"),
        ("!", "creator", "千葉 太郎"),
        ("!", "lastModifiedBy", "Hanako"),
        ("!", "company", "千葉県"),
    ]
