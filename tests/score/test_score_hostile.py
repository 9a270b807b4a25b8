"""Files made to hurt: each ends in a Score, soon, without a traceback."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from odkit.model import Outcome, Score
from odkit.score import reasons, score_file, to_json
from odkit.score.archive import MEMBER_LIMIT

BOMB = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>'


def score(tmp_path: Path, name: str, content: bytes) -> Score:
    path = tmp_path / name
    path.write_bytes(content)
    found = score_file(path, "CC BY 4.0")
    for lang in ("ja", "en"):
        assert len(reasons(found, lang)) == 5
        assert to_json(found, lang)["next_step"]
    return found


def parse(found: Score) -> tuple[Outcome, str]:
    check = next(item for item in found.checks if item.id == "parse")
    return check.outcome, check.details.get("kind", "")


def workbook(**parts: bytes) -> bytes:
    """A small workbook with some parts replaced (``sheet1`` is the first sheet)."""
    plain, changed = io.BytesIO(), io.BytesIO()
    openpyxl.Workbook().save(plain)
    names = {"sheet1": "xl/worksheets/sheet1.xml", "workbook": "xl/workbook.xml"}
    replaced = {names[key]: value for key, value in parts.items()}
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, replaced.get(name, source.read(name)))
    return changed.getvalue()


def sheet(rows: str) -> bytes:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{space}"><sheetData>{rows}</sheetData></worksheet>'.encode()


@pytest.mark.parametrize(
    ("name", "content", "level", "expected"),
    [
        ("a.xml", BOMB.encode(), None, (Outcome.UNDETERMINED, "dtd")),
        ("a.xml", BOMB.encode("utf-16"), None, (Outcome.UNDETERMINED, "dtd")),
        ("a.json", b"[" * 100_000, None, (Outcome.UNDETERMINED, "deep")),
        ("a.json", b'{"a":' * 100_000 + b"1" + b"}" * 100_000, None, (Outcome.UNDETERMINED, "deep")),
        ("a.json", b"9" * 10_000, 1, (Outcome.PASS, "")),
        ("a.json", b"[" + b"9" * 10_000 + b"]", 1, (Outcome.PASS, "")),
        ("a.xlsx", workbook(sheet1=BOMB.encode()), None, (Outcome.UNDETERMINED, "dtd")),
        ("a.xlsx", workbook(sheet1=b"<worksheet><row"), 1, (Outcome.FAIL, "")),
        ("a.xlsx", workbook(sheet1=sheet('<row r="x"/>')), 1, (Outcome.FAIL, "")),
        ("a.xlsx", workbook(sheet1=sheet('<row r="1"><c r="A1" t="s"><v>7</v></c></row>')), 1, (Outcome.FAIL, "")),
        ("a.xlsx", workbook()[:3000], 1, (Outcome.FAIL, "")),
        ("a.xlsx", b"PK\x03\x04", 1, (Outcome.FAIL, "")),
    ],
)
def test_tricks(tmp_path: Path, name: str, content: bytes, level: int | None, expected: tuple[Outcome, str]) -> None:
    found = score(tmp_path, name, content)
    assert (found.level, parse(found)) == (level, expected)


def test_a_zip_bomb_is_not_unpacked(tmp_path: Path) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data.csv", b"0" * (MEMBER_LIMIT + 1))
    found = score(tmp_path, "a.zip", target.getvalue())
    assert (found.level, parse(found)) == (None, (Outcome.UNDETERMINED, "too-large"))


def test_a_lonely_cell_far_away_is_no_great_table(tmp_path: Path) -> None:
    rows = '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>'
    assert score(tmp_path, "a.xlsx", workbook(sheet1=sheet(rows))).level == 2


def test_repeated_rows_of_an_opendocument(tmp_path: Path) -> None:
    table = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
    text = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
    cell = '<t:table-cell t:number-columns-repeated="16384"><x:p>1</x:p></t:table-cell>'
    row = f'<t:table-row t:number-rows-repeated="1048576">{cell}</t:table-row>'
    content = f'<d xmlns:t="{table}" xmlns:x="{text}"><t:table>{row}</t:table></d>'
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
    found = score(tmp_path, "a.ods", target.getvalue())
    assert (found.level, found.format_level, parse(found)) == (None, 3, (Outcome.UNDETERMINED, "too-large"))


@pytest.mark.parametrize(
    "content",
    [
        b"a,b\n" + b"x" * 3_000_000 + b",1\n",
        b'a,b\n"' + b"x\n" * 200_000,
        b"a\x00,b\n1,2\n",
        b"," * 200_000 + b"\n1\n",
        b"a," * 20_000 + b"a\n" + b"1," * 20_000 + b"1\n",
        b"\xff\xfe" + b"\x00\xd8" * 50,
    ],
)
def test_odd_texts_end(tmp_path: Path, content: bytes) -> None:
    found = score(tmp_path, "a.csv", content)
    assert found.format_level in (0, 1, 3)


@settings(max_examples=150, deadline=None)
@given(
    content=st.binary(max_size=300),
    start=st.sampled_from(
        [b"", b"PK\x03\x04", b"%PDF-", b"{", b"<?xml", b"@prefix a: <", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"]
    ),
    name=st.sampled_from(["a.csv", "a.xlsx", "a.json", "a.ttl", "a.jsonld", "a.zip", "a.pdf", "a", "a.rdf", "a.ods"]),
)
def test_any_bytes_have_a_score(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, start: bytes, name: str
) -> None:
    found = score(tmp_path_factory.mktemp("any"), name, start + content)
    assert found.level is None or found.format_level is None or 0 <= found.level <= found.format_level <= 5
    assert [step.level for step in found.steps] == [1, 2, 3, 4, 5]
