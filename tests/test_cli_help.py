"""The command line explains itself, in both languages: help, wrong usage, and the pages behind the codes."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import click
import pytest

from odkit import __version__, messages
from odkit.cli import COMMANDS, main
from odkit.cli.base import language
from odkit.project import standards

ROOT = Path(__file__).resolve().parent.parent
WRONG = {"ja": "odkit: 指定の誤り: ", "en": "odkit: Wrong usage: "}
USAGE = {"ja": "使い方: ", "en": "Usage: "}
SEE_HELP = {"ja": "  → {command} --help で使い方を見てください。", "en": "  → See {command} --help."}

both_languages = pytest.mark.parametrize("lang", messages.LANGUAGES)
each_command = pytest.mark.parametrize("name", COMMANDS)


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """The exit code, stdout and stderr of ``odkit WORDS``."""
    with pytest.raises(SystemExit) as ended:
        main(list(words))
    told = capsys.readouterr()
    assert isinstance(ended.value.code, int)
    return ended.value.code, told.out, told.err


def folded(text: str) -> str:
    """The text without blanks: help may be folded anywhere."""
    return re.sub(r"\s", "", text)


def command(name: str) -> click.Command:
    found = import_module(f"odkit.cli.{name}").command
    assert isinstance(found, click.Command)
    return found


def pages(lang: str) -> dict[str, str]:
    folder = ROOT / "odkit" / "help" / lang
    return {path.stem: path.read_text(encoding="utf-8") for path in folder.glob("*.md")}


@both_languages
def test_the_list_of_commands_says_what_each_does_in_a_whole_sentence(
    lang: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _, out, _ = run(capsys, "--help", "--lang", lang)
    for name in COMMANDS:
        sentence = messages.text(f"cli.{name}", lang).strip().splitlines()[0]
        assert sentence.endswith("。" if lang == "ja" else ".")
        assert folded(sentence) in folded(out)


@both_languages
def test_the_page_of_an_unknown_standard_lists_them_all(lang: str) -> None:
    listed = re.findall(r"^- (\w+):", pages(lang)["project.unknown-standard"], re.MULTILINE)
    assert sorted(listed) == list(standards())


@both_languages
@each_command
def test_a_command_says_what_it_does_with_an_example(name: str, lang: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, name, "--help", "--lang", lang)
    assert (code, err) == (0, "")
    assert out.startswith(f"{USAGE[lang]}odkit {name} ")
    assert folded(messages.text(f"cli.{name}", lang)) in folded(out)
    assert any(line.strip().startswith(f"odkit {name}") for line in out.splitlines())


@both_languages
@each_command
def test_every_option_of_a_command_is_explained(name: str, lang: str, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, name, "--help", "--lang", lang)
    options = [option for option in command(name).params if isinstance(option, click.Option)]
    assert "--lang" in {word for option in options for word in option.opts}
    for option in options:
        assert all(word in out for word in option.opts)
        assert folded(messages.text(f"cli.option-{option.help}", lang)) in folded(out)
    assert not re.search(r"option-[a-z]|\bcli\.[a-z]", out)


@each_command
def test_an_example_uses_options_that_the_command_has(name: str) -> None:
    known = {word for option in command(name).params for word in option.opts} | {"--help"}
    for lang in messages.LANGUAGES:
        lines = messages.text(f"cli.{name}", lang).splitlines()
        shown = [line for line in lines if line.strip().startswith(f"odkit {name}")]
        assert {word for line in shown for word in re.findall(r"(?<!\S)--?[a-z][a-z-]*", line)} <= known


@both_languages
def test_the_list_of_commands_is_in_the_order_of_the_journey(
    lang: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ODKIT_LANG", lang)
    code, out, err = run(capsys, "--help")
    assert (code, err) == (0, "")
    listed = out.partition(messages.text("cli.commands", lang) + ":")[2]
    assert tuple(re.findall(r"^  (\S+)  ", listed, re.MULTILINE)) == COMMANDS
    assert folded(messages.text("cli.odkit", lang)) in folded(out)
    for name in COMMANDS:
        assert folded(messages.text(f"cli.{name}", lang).strip().splitlines()[0]) in folded(listed)


def test_the_journey_is_read_clean_package_rdf_score_push() -> None:
    stages = ("read", "clean", "package", "rdf", "score", "push")
    assert tuple(name for name in COMMANDS if name in stages) == stages


def test_odkit_alone_shows_the_help_and_complains_of_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, err = run(capsys)
    assert (out + err).startswith("使い方: odkit [OPTIONS] COMMAND")
    assert "指定の誤り" not in out + err


def test_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "--version") == (0, f"odkit, version {__version__}\n", "")


@both_languages
def test_an_unknown_command_is_one_clear_message(
    lang: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ODKIT_LANG", lang)
    code, out, err = run(capsys, "raed")
    assert (code, out) == (2, "")
    told, way_out = err.splitlines()
    assert told.startswith(WRONG[lang])
    assert "raed" in told
    assert way_out == SEE_HELP[lang].format(command="odkit")


@both_languages
@each_command
def test_an_unknown_option_is_one_clear_message(name: str, lang: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, name, "--no-such-thing", "--lang", lang)
    assert (code, out) == (2, "")
    told, way_out = err.splitlines()
    assert told.startswith(WRONG[lang])
    assert "--no-such-thing" in told
    assert way_out == SEE_HELP[lang].format(command=f"odkit {name}")


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["read"], "FILE"),
        (["read", "a.csv", "--rows", "-1"], "--rows"),
        (["read", "a.csv", "--rows", "五"], "五"),
        (["read", "a.csv", "b.csv"], "b.csv"),
        (["score"], "FILE"),
        (["score", "a.csv", "--fail-under", "6"], "--fail-under"),
        (["clean", "a.csv", "--fail-on", "always"], "always"),
        (["publish", "--project", "no/such/folder"], "no/such/folder"),
        (["serve", "--port", "0"], "--port"),
        (["explain", "--lang", "fr"], "fr"),
        (["push", "--withdraw"], "--withdraw"),
        (["publish", "--dry-run=yes"], "--dry-run"),
        (["publish", "--project", __file__], __file__),
    ],
)
def test_wrong_usage_names_what_is_wrong(words: list[str], named: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, *words)
    assert (code, out) == (2, "")
    told, way_out = err.splitlines()
    assert told.startswith(WRONG["ja"])
    assert named in told
    assert not re.search(r"\b(is|not|does|Invalid|unexpected|requires)\b", told)  # click speaks English
    assert way_out == SEE_HELP["ja"].format(command=f"odkit {words[0]}")


@both_languages
def test_a_missing_project_is_told_with_its_way_out(
    lang: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    code, out, err = run(capsys, "publish", "--project", str(tmp_path), "--lang", lang)
    assert (code, out) == (2, "")
    assert err == f"odkit: {messages.sentence('project.no-settings', lang, {'file': 'publish.toml'})}\n"


@both_languages
def test_explain_lists_every_page(lang: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "explain", "--lang", lang) == (0, "\n".join(sorted(pages(lang))) + "\n", "")


@both_languages
def test_explain_prints_every_page_as_it_is(lang: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert pages(lang)
    for code, page in pages(lang).items():
        assert run(capsys, "explain", code, "--lang", lang) == (0, page, "")


@both_languages
@pytest.mark.parametrize(
    ("wanted", "near"),
    [("project.no-license", "project.no-licence"), ("unknown-portal", "project.unknown-portal")],
)
def test_explain_offers_pages_near_an_unknown_code(
    wanted: str, near: str, lang: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, "explain", wanted, "--lang", lang)
    assert (code, out) == (2, "")
    told, way_out = err.splitlines()
    assert wanted in told
    assert near in way_out


@pytest.mark.parametrize("wanted", ["..", "../../publish", "x" * 5000, "{code}", "読み取り"])
def test_explain_of_nonsense_is_no_crash(wanted: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "explain", wanted)
    assert (code, out) == (2, "")
    assert wanted in err


@pytest.mark.parametrize(
    ("arguments", "environment", "expected"),
    [
        ([], "", "ja"),
        ([], "en", "en"),
        ([], "fr", "ja"),
        (["read", "--lang", "en"], "ja", "en"),
        (["read", "--lang=ja"], "en", "ja"),
        (["read", "--lang"], "en", "en"),
        (["read", "--lang", "fr"], "en", "en"),
        (["read", "en"], "ja", "ja"),
    ],
)
def test_the_language_is_the_options_then_the_environments_then_japanese(
    arguments: list[str], environment: str, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ODKIT_LANG", environment)
    assert language(arguments) == expected


@pytest.mark.parametrize(("console", "written"), [("utf-8", "utf-8"), ("cp932", "cp932"), ("ascii", "utf-8")])
@pytest.mark.parametrize(("words", "expected"), [(["--help"], 0), (["raed"], 2)])
def test_no_console_makes_it_crash(words: list[str], expected: int, console: str, written: str) -> None:
    """A Japanese Windows console is cp932; where there is nothing but ASCII, UTF-8 is the better guess."""
    done = subprocess.run(
        [sys.executable, "-m", "odkit", *words],
        cwd=ROOT,
        env={**os.environ, "PYTHONIOENCODING": console, "PYTHONUTF8": "0"},
        capture_output=True,
        timeout=60,
        check=False,
    )
    told = (done.stdout + done.stderr).decode(written)
    assert done.returncode == expected
    assert "Traceback" not in told
    assert ("指定の誤り" if expected else "オープンデータを公開") in told


@both_languages
def test_a_file_of_the_older_layout_is_cleaned_into_the_current_one(
    lang: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file, output = tmp_path / "wifi.csv", tmp_path / "out.csv"
    file.write_text("NO,名称,住所,SSID,設置者\n1,駅前,千葉県市川市八幡1,FREE,市川市\n", encoding="utf-8")
    code, out, _ = run(capsys, "clean", str(file), "-o", str(output), "--lang", lang)
    assert code == 0
    assert messages.text("cli.clean-older", lang, {"version": "v2"}) in out
    assert output.read_text(encoding="utf-8-sig").startswith("全国地方公共団体コード,法人番号,ID,地方公共団体名,名称")
    code, out, _ = run(capsys, "clean", str(file), "--standard", "public_wireless_lan.v1", "--lang", lang)
    assert code == 1  # the older layout asks for a reading of each name
    assert messages.text("cli.clean-older", lang, {"version": "v2"}) not in out
