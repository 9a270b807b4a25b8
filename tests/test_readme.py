"""The examples of both READMEs do what they say, in the order in which they stand there."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
READMES = ("README.md", "README.ja.md")
ANYTHING = "…"


def blocks(readme: str, language: str) -> list[str]:
    """The fenced blocks of one language."""
    text = (ROOT / readme).read_text(encoding="utf-8")
    return re.findall(rf"^ *```{language}\n(.*?)^ *```$", text, re.MULTILINE | re.DOTALL)


def examples(readme: str) -> list[tuple[str, list[str]]]:
    """Each command of the console blocks with the lines that it prints."""
    found: list[tuple[str, list[str]]] = []
    for block in blocks(readme, "console"):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append((line[2:], []))
            else:
                found[-1][1].append(line)
    return found


def agrees(printed: list[str], wanted: list[str]) -> bool:
    """Whether the lines are as wanted; a line of … stands for any number of lines."""
    if not wanted:
        return not printed
    if wanted[0] == ANYTHING:
        return any(agrees(printed[skipped:], wanted[1:]) for skipped in range(len(printed) + 1))
    return bool(printed) and printed[0] == wanted[0] and agrees(printed[1:], wanted[1:])


@pytest.mark.parametrize("readme", READMES)
def test_examples_print_what_the_readme_shows(readme: str, tmp_path: Path) -> None:
    shutil.copy(ROOT / "publish.toml", tmp_path)
    shutil.copytree(ROOT / "datapackages", tmp_path / "datapackages")
    commands = examples(readme)
    assert len(commands) >= 5
    for command, wanted in commands:
        program, *arguments = shlex.split(command)
        assert program == "odkit"
        done = subprocess.run(
            [sys.executable, "-m", "odkit", *arguments],
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            env={**os.environ, "PYTHONUTF8": "1"},
            check=False,
        )
        printed = [line.rstrip() for line in done.stdout.splitlines()]
        assert agrees(printed, wanted), f"{command}\n" + done.stdout


@pytest.mark.parametrize("readme", READMES)
def test_every_make_target_is_in_the_makefile(readme: str) -> None:
    wanted = {name for block in blocks(readme, "sh") for name in re.findall(r"^make (\S+)", block, re.MULTILINE)}
    assert wanted == {"publish", "test"}
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert all(re.search(rf"^{name}:", makefile, re.MULTILINE) for name in wanted)


@pytest.mark.parametrize("readme", READMES)
def test_files_that_are_named_are_there(readme: str) -> None:
    text = (ROOT / readme).read_text(encoding="utf-8")
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", text)
    assert links
    assert [name for name in links if not (ROOT / name).exists()] == []


def test_the_readmes_show_the_same_commands() -> None:
    english, japanese = ({command.replace(" --lang en", "") for command, _ in examples(name)} for name in READMES)
    assert len(english & japanese) >= 4
