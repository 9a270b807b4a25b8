"""A Score in words and as JSON: exact sentences in both languages, every code with its words and its page."""

from __future__ import annotations

import json
import string
from importlib.resources import files
from pathlib import Path

import pytest

from odkit import messages
from odkit.score import format_name, next_step, reasons, score_file, to_json
from odkit.score.blob import Blob
from odkit.score.checks import CHECKS, run
from odkit.score.gather import Served, gather

CSV = "名称,住所\nA館,市川市\nB館,船橋市\n"
CODES = sorted(code for code in messages.catalogue("ja") if code.startswith("score."))


def written(tmp_path: Path, content: str) -> Path:
    path = tmp_path / "a.csv"
    path.write_bytes(content.encode())
    return path


def test_reasons_and_next_step_of_a_clean_csv(tmp_path: Path) -> None:
    score = score_file(written(tmp_path, CSV), "CC BY 4.0")
    assert reasons(score, "ja") == [
        "段階1: オープンなライセンス（CC-BY-4.0）で公開され、取得できます",
        "段階2: CSV。表やレコードをプログラムで読めます",
        "段階3: CSV（UTF-8）、見出し1行、2行すべて2列",
        "段階4に届きません: CSV は形式としては段階3です",
        "段階5: 先に下の段階を満たす必要があります",
    ]
    assert score.next_step == "1件ごとに URI を付けて RDF（Turtle）でも公開する（odkit rdf）と段階 3 → 4"


def test_reasons_and_next_step_of_a_titled_csv(tmp_path: Path) -> None:
    score = score_file(written(tmp_path, "施設一覧\n" + CSV), "CC BY 4.0")
    assert reasons(score, "ja")[2] == "段階3に届きません: 表の上に表題があります（R1「施設一覧」）"
    assert next_step(score, "ja") == "表題の行（R1）を説明文などに移し、見出しを1行目にすると段階 2 → 3"
    assert next_step(score, "en") == "Stage 2 → 3: move the title (R1) to the description, so that the heading is row 1"


def test_several_faults_are_one_step(tmp_path: Path) -> None:
    score = score_file(written(tmp_path, "施設一覧\n" + CSV + "C館\n"), "CC BY 4.0")
    assert next_step(score, "en") == (
        "Stage 2 → 3 with these 2: (1) move the title (R1) to the description, so that the heading is row 1"
        ' (2) give R5 and the like 2 cells (put " around cells with commas)'
    )


def test_no_effect_is_promised_where_none_is_known(tmp_path: Path) -> None:
    score = score_file(written(tmp_path, ""), "CC BY 4.0")
    assert next_step(score, "en") == "check the address and the file, and publish the data again"


def test_a_missing_licence_tells_what_the_file_would_be_worth(tmp_path: Path) -> None:
    score = score_file(written(tmp_path, CSV))
    assert (score.level, score.format_level) == (0, 3)
    assert score.next_step.endswith("段階 0 → 3")


def test_json(tmp_path: Path) -> None:
    found = to_json(score_file(written(tmp_path, "a;b\n1;2\n"), "CC0", target="https://a.lg.jp/a.csv"), "en")
    names = "target level format_level format licence sha256 rules checks steps next_step"
    assert list(found) == names.split()
    assert (found["target"], found["level"], found["format_level"]) == ("https://a.lg.jp/a.csv", 3, 3)
    assert found["licence"] == "CC0-1.0"
    checks = found["checks"]
    assert isinstance(checks, list)
    assert next(check for check in checks if check["id"] == "delimiter") == {
        "id": "delimiter",
        "outcome": "fail",
        "title": "Delimiter",
        "evidence": [{"sheet": "", "range": "", "value": ";", "expected": ","}],
        "fix": 'separate cells by commas and not by ";"',
    }
    assert json.loads(json.dumps(found)) == found


@pytest.mark.parametrize("code", CODES)
def test_both_languages_say_the_same_with_the_same_details(code: str) -> None:
    japanese, english = (messages.catalogue(lang)[code] for lang in messages.LANGUAGES)
    assert list(japanese) == list(english)
    for part in japanese:
        names = [
            {name for _, name, _, _ in string.Formatter().parse(entry[part]) if name} for entry in (japanese, english)
        ]
        assert names[0] == names[1], part


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("lang", messages.LANGUAGES)
def test_every_code_has_a_page(code: str, lang: str) -> None:
    page = files("odkit").joinpath("help", lang, f"{code}.md").read_text(encoding="utf-8")
    assert page.startswith("# ")
    assert f"`{code}`" in page


def test_every_check_has_words() -> None:
    checks = run(gather("a.csv", Blob(b"a,b\n1,2\n"), Served(licence="CC0")))
    assert len({check.id for check in checks}) == len(CHECKS)
    for check in checks:
        assert {"message", "fix"} <= set(messages.catalogue("ja")[f"score.{check.id}"])


@pytest.mark.parametrize(
    ("format_", "ja", "en"),
    [
        ("xlsb", "Excel（バイナリ）", "Excel binary workbook"),
        ("empty", "中身なし", "no content"),
        ("unknown", "形式のわからないファイル", "unknown format"),
        ("zip", "ZIP", "ZIP"),
    ],
)
def test_every_format_has_a_name(format_: str, ja: str, en: str) -> None:
    assert (format_name(format_, "ja"), format_name(format_, "en")) == (ja, en)
