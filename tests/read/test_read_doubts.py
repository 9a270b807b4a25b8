"""What is told though nothing says it for sure: when, and when not, so that nobody learns to overlook it."""

from __future__ import annotations

from pathlib import Path

import pytest

from odkit.model import SourceSpec
from odkit.project import current_schema, load_schema, standards
from odkit.read import read_source


def codes(folder: Path, text: str, header_rows: tuple[int, ...] = ()) -> list[str]:
    path = folder / "一覧.csv"
    path.write_text(text, encoding="utf-8", newline="")
    return [item.code for item in read_source(SourceSpec(path=path, header_rows=header_rows)).issues]


WORDS = "りんご,赤,甘い\nバナナ,黄,柔らかい\nみかん,橙,酸っぱい\n"


def test_words_over_words_may_be_the_first_row_of_data(tmp_path: Path) -> None:
    assert codes(tmp_path, WORDS) == ["read.maybe-no-heading"]


@pytest.mark.parametrize("header_rows", [(0,), (1,)])
def test_who_has_said_so_is_not_asked_again(tmp_path: Path, header_rows: tuple[int, ...]) -> None:
    assert codes(tmp_path, WORDS, header_rows) == []


@pytest.mark.parametrize(
    "text",
    [
        "りんご,みかん\n10,20\n30,40\n",
        "果物一覧\nりんご,赤,甘い\nバナナ,黄,柔らかい\nみかん,橙,酸っぱい\n",
        "果物,色の名前,あじ\nりんご,赤,甘い\nバナナ,黄,柔らかい\n",
        "fruit,colour,taste\nりんご,赤,甘い\nバナナ,黄,柔らかい\n",
        "りんご,赤,甘い\nバナナ,黄,柔らかい\n",
    ],
    ids=["numbers below", "a title above", "one word names a column", "English keys", "a single row"],
)
def test_no_doubt_where_anything_speaks_for_a_heading(tmp_path: Path, text: str) -> None:
    assert codes(tmp_path, text) == []


def test_the_headings_of_no_standard_are_doubted(tmp_path: Path) -> None:
    for standard in standards():
        fields = [field.name for field in load_schema(current_schema(standard)).fields]
        rows = ["\t".join(fields), *("\t".join(f"{word}{'い' * at}" for at in range(len(fields))) for word in "赤青白")]
        assert "read.maybe-no-heading" not in codes(tmp_path, "\n".join(rows)), standard


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("名称|住所\n甲|柏市\n乙|流山市\n", "|"),
        ("名称｜住所\n甲｜柏市\n乙｜流山市\n", "|"),
        ("名称、住所\n甲、柏市\n乙、流山市\n", "、"),
        ("名称　住所 電話\n甲　柏市   04\n乙 流山市 05\n", "␣"),
    ],
)
def test_a_lone_column_that_is_divided(tmp_path: Path, text: str, mark: str) -> None:
    path = tmp_path / "一覧.csv"
    path.write_text(text, encoding="utf-8", newline="")
    (found,) = read_source(path).issues
    assert (found.code, found.details["mark"], found.details["count"]) == (
        "read.other-delimiter",
        mark,
        "2" if mark == "␣" else "1",
    )


@pytest.mark.parametrize("text", ["名称\n中央 公民館\n東 公民館\n", "氏 名\n千葉 太郎\n市川花子\n", "名称\n甲\n乙\n"])
def test_a_lone_column_that_is_one(tmp_path: Path, text: str) -> None:
    assert codes(tmp_path, text) == []
