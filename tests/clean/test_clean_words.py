"""Every issue code and rule that the code names has words and a help page in both languages, and none is left over."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest

import odkit
from odkit import messages

PACKAGE = Path(odkit.__file__).parent
STAGES = ("clean",)
SOURCES = "\n".join(path.read_text(encoding="utf-8") for path in sorted(PACKAGE.rglob("*.py")))
CODES = sorted(set(re.findall(r'"(clean\.[a-z-]+)"', SOURCES)))


def entries(lang: str) -> dict[str, dict[str, str]]:
    return {code: entry for code, entry in messages.catalogue(lang).items() if code.split(".")[0] in STAGES}


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("lang", messages.LANGUAGES)
def test_codes_have_words_and_pages(lang: str) -> None:
    assert sorted(entries(lang)) == CODES
    for code in CODES:
        page = (PACKAGE / "help" / lang / f"{code}.md").read_text(encoding="utf-8")
        assert page.startswith("# ")
        assert code in page


@pytest.mark.parametrize("code", CODES)
def test_both_languages_name_the_same_details(code: str) -> None:
    japanese, english = entries("ja")[code], entries("en")[code]
    assert set(japanese) == set(english) == {"message", "fix"}
    assert placeholders(japanese["message"]) == placeholders(english["message"])


def test_rules_have_words() -> None:
    used = set(re.findall(r'(?:settled\(source, .+?|put\(index, .+?|_divide\(.+?|Cleaned\(.*?), "([a-z-]+)"', SOURCES))
    known = {code.removeprefix("rule.") for code in messages.catalogue("ja") if code.startswith("rule.")}
    assert used <= known
