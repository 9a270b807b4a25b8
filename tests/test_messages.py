"""The words: two catalogues that match, no code without words, no words unused, a help page for each way out."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odkit import messages
from odkit.errors import UsageError
from odkit.project import data_file

ODKIT = Path(messages.__file__).resolve().parent.parent
STAGES = (
    *("project", "read", "clean", "package", "rdf", "score", "push"),
    *("indicators", "inventory", "cli", "rule", "page", "portal", "report"),
)
CODE = re.compile(rf"({'|'.join(STAGES)})\.[a-z0-9_-]+")
NO_CODES = frozenset({"score.json", "page.css", "page.html", "report.css", "report.html", "score.html"})
"""Literals of the form of a code that are names of files."""

BUILT_CODES = frozenset(
    {
        "cli.{}",
        "cli.action-{}",
        "cli.advice-{}",
        "cli.cause-{}",
        "cli.column-{}",
        "cli.gap-{}",
        "cli.how-{}",
        "cli.meaning-{}",
        "cli.next-{}",
        "cli.option-{}",
        "cli.read-{}",
        "cli.severity-{}",
        "cli.stage-{}",
        "indicators.detail-{}",
        "indicators.note-{}",
        "indicators.problem-{}",
        "indicators.rule-{}",
        "indicators.word-{}",
        "inventory.{}",
        "package.book-{}",
        "page.ledger-{}",
        "page.{}",
        "push.field-{}",
        "push.{}",
        "read.{}",
        "report.outcome-{}",
        "report.step-{}",
        "report.{}",
        "rule.{}",
        "score.{}",
    }
)
"""The only codes that are put together from parts: where the part is a name that the code has anyway."""

HEADINGS = {"ja": ("## いつ出るか", "## 直し方"), "en": ("## When it occurs", "## How to fix")}


@cache
def trees() -> Mapping[str, ast.Module]:
    """Every module of odkit, parsed, by its path inside the package."""
    return {
        path.relative_to(ODKIT).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(ODKIT.rglob("*.py"))
    }


@cache
def strings() -> frozenset[tuple[str, str]]:
    """Every string constant of odkit with its module, without the parts of f-strings."""
    return frozenset(
        (module, node.value)
        for module, tree in trees().items()
        for node in _outside_f_strings(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def _outside_f_strings(node: ast.AST) -> Iterator[ast.AST]:
    yield node
    for child in ast.iter_child_nodes(node):
        if not (isinstance(node, ast.JoinedStr) and isinstance(child, ast.Constant)):
            yield from _outside_f_strings(child)


@cache
def skeletons() -> frozenset[tuple[str, str]]:
    """Every f-string of odkit with ``{}`` for what is filled in, and its module."""
    return frozenset(
        (module, "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values))
        for module, tree in trees().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
    )


@cache
def names() -> frozenset[str]:
    """What a code may be put together from: words in odkit's strings, the portal's pages, and the declarations."""
    pages = sorted(ODKIT.rglob("*.html"))
    texts = [path.read_text(encoding="utf-8") for path in (*pages, data_file("schemas", "declaration", "publish.json"))]
    texts += [text for _, text in strings()]
    words = (word for text in texts for word in re.findall(r"[\w.-]+", text, re.ASCII))
    return frozenset(form for word in words for form in (word, word.replace(".", "-")))


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def codes_with_a_way_out() -> list[str]:
    """The codes of issues and errors: labels have no `fix` and need no page."""
    entries = messages.catalogue("ja").items()
    return sorted(code for code, entry in entries if any(part.startswith("fix") for part in entry))


def test_both_languages_have_the_same_codes() -> None:
    assert set(messages.catalogue("ja")) == set(messages.catalogue("en"))


def test_every_code_is_of_a_known_stage() -> None:
    assert [code for code in messages.catalogue("ja") if not CODE.fullmatch(code)] == []


def test_both_languages_have_the_same_parts_and_placeholders() -> None:
    japanese, english = messages.catalogue("ja"), messages.catalogue("en")
    for code in sorted(set(japanese) & set(english)):
        assert set(japanese[code]) == set(english[code]), code
        for part, text in japanese[code].items():
            assert placeholders(text) == placeholders(english[code][part]), f"{code} {part}"


@pytest.mark.parametrize("lang", messages.LANGUAGES)
def test_every_part_says_something(lang: str) -> None:
    for code, entry in messages.catalogue(lang).items():
        # score.toml has the same part in several wordings: message-<kind>.
        assert {part.partition("-")[0] for part in entry} <= {"message", "fix"}, code
        assert "message" in {part.partition("-")[0] for part in entry}, code
        assert all(text.strip() for text in entry.values()), code


@pytest.mark.parametrize("lang", messages.LANGUAGES)
def test_placeholders_are_plain_names(lang: str) -> None:
    for code, entry in messages.catalogue(lang).items():
        for text in entry.values():
            assert all(re.fullmatch("[a-z][a-z0-9_]*", name) for name in placeholders(text)), code


def test_japanese_words_are_japanese() -> None:
    """Catches an English text pasted into the Japanese catalogue; a label may be all signs (``{before}``)."""
    for code in codes_with_a_way_out():
        for part, text in messages.catalogue("ja")[code].items():
            assert re.search("[ぁ-んァ-ヶ一-龠]", text), f"{code} {part}"


def test_every_code_in_the_source_has_words() -> None:
    used = {(module, text) for module, text in strings() if CODE.fullmatch(text) and text not in NO_CODES}
    assert sorted((module, code) for module, code in used if code not in messages.catalogue("ja")) == []


def test_codes_are_built_only_where_listed() -> None:
    start = re.compile(rf"({'|'.join(STAGES)})\.[a-z0-9_-]*\{{\}}")
    built = {(module, text) for module, text in skeletons() if start.match(text)}
    assert sorted((module, text) for module, text in built if text not in BUILT_CODES) == []


def test_no_code_is_added_up() -> None:
    """``"read." + name`` would hide a code from the tests above."""
    prefixes = {f"{stage}." for stage in STAGES}
    assert sorted((module, text) for module, text in strings() if text in prefixes) == []


def test_every_entry_is_used() -> None:
    """Words that nothing can ask for are dead; a built code counts as used where its part is a name in odkit."""
    used = {text for _, text in strings()}
    parts = {text for _, text in skeletons()}
    assert [code for code in messages.catalogue("ja") if code not in used and not _is_built(code, parts)] == []


def _is_built(code: str, parts: set[str]) -> bool:
    starts = [skeleton.removesuffix("{}") for skeleton in BUILT_CODES]
    rests = [code.removeprefix(start) for start in starts if code.startswith(start)]
    return any(rest in names() or any(_is_made_of(rest, part) for part in parts) for rest in rests)


def _is_made_of(name: str, part: str) -> bool:
    """Whether a name such as ``plan-create`` may come from an f-string such as ``plan-{}`` or ``plan.{}``."""
    found = re.fullmatch(r"([a-z]+)[-.]\{\}", part)
    return found is not None and name.startswith(f"{found[1]}-")


@pytest.mark.parametrize("lang", messages.LANGUAGES)
def test_every_way_out_has_a_help_page(lang: str) -> None:
    missing = [code for code in codes_with_a_way_out() if not (ODKIT / "help" / lang / f"{code}.md").is_file()]
    assert missing == []


@pytest.mark.parametrize("lang", messages.LANGUAGES)
def test_no_help_page_is_an_orphan(lang: str) -> None:
    pages = {path.name for path in (ODKIT / "help" / lang).iterdir()}
    assert sorted(pages - {f"{code}.md" for code in messages.catalogue(lang)}) == []


@pytest.mark.parametrize("lang", messages.LANGUAGES)
def test_help_pages_have_their_parts(lang: str) -> None:
    for path in sorted((ODKIT / "help" / lang).glob("*.md")):
        lines = path.read_bytes().decode("utf-8").split("\n")
        assert re.match(r"# \S", lines[0]), path.name
        when, how = (lines.index(heading) for heading in HEADINGS[lang])
        assert any(line.strip() for line in lines[when + 1 : how]), path.name
        assert any(line.strip() for line in lines[how + 1 :]), path.name
        assert lines[-1] == "", path.name
        assert lines[-2] != "", path.name


DETAIL = st.one_of(
    st.text(),
    st.sampled_from(
        ["{", "}", "{}", "{0}", "{file}", "{file.__class__}", "{{x}}", "%s", "a\nb\r\n", "\x00", '"\\', ""]
    ),
)


@given(detail=DETAIL, lang=st.sampled_from(messages.LANGUAGES), data=st.data())
def test_hostile_details_are_filled_in_as_they_are(detail: str, lang: str, data: st.DataObject) -> None:
    code = data.draw(st.sampled_from(sorted(messages.catalogue(lang))))
    for part, template in messages.catalogue(lang)[code].items():
        names = placeholders(template)
        told = messages.text(code, lang, dict.fromkeys(names, detail), part)
        assert told.count(detail) >= len(names)
        assert told == _filled(template, detail)


def _filled(template: str, detail: str) -> str:
    return "".join(
        literal + (detail if name is not None else "") for literal, name, _, _ in string.Formatter().parse(template)
    )


def test_a_missing_detail_is_a_fault_of_ours_and_raises() -> None:
    with pytest.raises(KeyError):
        messages.text("project.no-settings", "ja", {})


@pytest.mark.parametrize(
    ("lang", "expected"),
    [
        (
            "ja",
            (
                "ポータル「{x}\n」は publish.toml にありません。\n"
                "  → 使えるポータル: embedded。または [portals.{x}\n] を書き足してください。"
            ),
        ),
        (
            "en",
            'publish.toml has no portal "{x}\n".\n  → Known portals: embedded. Or add a table [portals.{x}\n].',
        ),
    ],
)
def test_an_error_speaks_both_languages(lang: str, expected: str) -> None:
    error = UsageError("project.unknown-portal", value="{x}\n", known="embedded")
    assert error.text(lang) == expected
    assert str(error) == error.text("en")
