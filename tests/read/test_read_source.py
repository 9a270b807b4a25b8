"""The stage's front door: where the file is, its facts, and words for every code in both languages."""

from __future__ import annotations

import hashlib
import re
from importlib.resources import files
from pathlib import Path

import pytest

from odkit import messages
from odkit.errors import SourceError, UsageError
from odkit.model import Dialect, Origin
from odkit.read import read_source
from odkit.read.records import LONGEST_CELL

DATA = "名称,住所\r\nA,x\r\n".encode("cp932")
CODES = sorted(code for code in messages.catalogue("ja") if code.startswith("read."))


def test_origin_and_dialect(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(DATA)
    table = read_source(path, "データ/a.csv")
    sha256 = hashlib.sha256(DATA).hexdigest()
    assert table.origin == Origin(location="データ/a.csv", media_type="text/csv", sha256=sha256)
    assert table.dialect == Dialect(delimiter=",", quotechar='"', line_end="\r\n")
    assert read_source(path).origin.location == str(path)


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        read_source(tmp_path / "none.csv", "none.csv")
    assert (caught.value.code, caught.value.exit_code) == ("read.missing-file", 2)


def test_folder(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        read_source(tmp_path)
    assert caught.value.code == "read.folder"


def test_name_that_no_file_can_have(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        read_source(tmp_path / ("n" * 300))
    assert caught.value.code == "read.unreadable"


def test_huge_cell(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("名称,住所\nA," + "x" * LONGEST_CELL + "\n", encoding="utf-8")
    assert len(read_source(path).rows[0][1]) == LONGEST_CELL
    path.write_text("名称,住所\nA," + "x" * (LONGEST_CELL + 1) + "\n", encoding="utf-8")
    with pytest.raises(SourceError) as caught:
        read_source(path)
    assert (caught.value.code, caught.value.details["row"]) == ("read.huge-cell", "2")


def test_every_code_used_has_words() -> None:
    sources = "".join(file.read_text(encoding="utf-8") for file in Path(str(files("odkit.read"))).glob("*.py"))
    named = set(re.findall(r'"read\.([a-z-]+)"', sources))
    named |= set(re.findall(r'(?:issue|note)\(\s*"([a-z-]+)"', sources)) | {"formula", "formula-no-value"}
    assert sorted(f"read.{name}" for name in named) == CODES


@pytest.mark.parametrize("code", CODES)
def test_languages_agree_and_help_exists(code: str) -> None:
    placeholders = [
        set(re.findall(r"{(\w+)}", "".join(messages.catalogue(lang)[code].values()))) for lang in messages.LANGUAGES
    ]
    assert placeholders[0] == placeholders[1]
    for lang in messages.LANGUAGES:
        assert (files("odkit") / "help" / lang / f"{code}.md").read_text(encoding="utf-8").startswith("# ")
