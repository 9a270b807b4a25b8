"""What every command shares: help in two languages, --lang and --json, results on stdout and words on stderr."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import wraps
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from odkit import messages
from odkit.errors import OdkitError, PortalStop, RunStop, Unforeseen

if TYPE_CHECKING:  # help and usage errors do without the types that travel
    from odkit.model import Issue

Decorated = TypeVar("Decorated", bound=Callable[..., Any])
LANG = "odkit.lang"
FAIL_LEVELS = ("never", "note", "warning", "error")
"""From the severity named on, issues make the exit code 1."""


def language(arguments: Sequence[str] = (), default: str = "") -> str:
    """The language to speak: ``--lang`` among the arguments, else `default`, else ODKIT_LANG, else Japanese."""
    for at, word in enumerate(arguments):
        value = arguments[at + 1] if word == "--lang" and at + 1 < len(arguments) else word.removeprefix("--lang=")
        if word.startswith("--lang") and value in messages.LANGUAGES:
            return value
    wanted = default or os.environ.get("ODKIT_LANG", "ja")
    return wanted if wanted in messages.LANGUAGES else "ja"


class Speaking(click.Command):
    """Speaks the language of the call, and takes its help from messages/: `help` is a code of cli.toml."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Find the language before anything else is parsed, so that help and errors speak it."""
        ctx.meta[LANG] = language(args, ctx.meta.get(LANG, ""))
        return super().parse_args(ctx, args)

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The line that shows how the command is written."""
        pieces = " ".join(self.collect_usage_pieces(ctx))
        formatter.write_usage(ctx.command_path, pieces, prefix=messages.text("cli.usage-line", spoken(ctx)))

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The command's help with its example, line by line as written."""
        formatter.write("\n")
        for line in messages.text(f"cli.{self.help}", spoken(ctx)).strip().splitlines():
            formatter.write(f"  {line}\n" if line else "\n")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The options, each with its help."""
        options = (item for item in self.get_params(ctx) if isinstance(item, click.Option))
        records = [record for item in options if (record := item.get_help_record(ctx))]
        with formatter.section(messages.text("cli.options", spoken(ctx))):
            formatter.write_dl(records)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """click's own --help, with words in the language of the call."""
        made = super().get_help_option(ctx)
        if made is not None:
            made.help = messages.text("cli.option-help", spoken(ctx))
        return made


class Command(Speaking):
    """A command of odkit."""


class Option(click.Option):
    """An option whose help is a code of cli.toml."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """The option and its help in the language of the call."""
        record = super().get_help_record(ctx)
        if record is None or self.help is None:
            return record
        # What click adds behind the code (default, range) stays.
        return record[0], messages.text(f"cli.option-{self.help}", spoken(ctx)) + record[1].removeprefix(self.help)


def option(*names: str, help: str, **settings: Any) -> Callable[[Decorated], Decorated]:  # noqa: A002 - click's word
    """`click.option` with help from cli.toml: ``option("--json", help="json", is_flag=True)``."""
    return click.option(*names, cls=Option, help=help, **settings)


def speaks(function: Decorated) -> Decorated:
    """Add --lang to a command."""
    choice = click.Choice(messages.LANGUAGES)
    return option("--lang", help="lang", type=choice, callback=_chosen, show_default="ja")(function)


def _chosen(ctx: click.Context, _: click.Parameter, value: str | None) -> str:
    return value or spoken(ctx)


def spoken(ctx: click.Context) -> str:
    """The language of a call."""
    return str(ctx.meta.get(LANG) or language())


def writes_json(function: Decorated) -> Decorated:
    """Add --json to a command."""
    return option("--json", "as_json", help="json", is_flag=True)(function)


HINTS: Mapping[str, Mapping[str, Any]] = {
    "member": {"default": ""},
    "sheet": {"default": ""},
    "range": {"default": ""},
    "header-row": {"type": click.IntRange(min=0), "multiple": True},
    "encoding": {"default": ""},
}
"""What settles where the table is in a file, as in the [source] of dataset.toml."""


def finds_table(function: Callable[..., int]) -> Callable[..., int]:
    """Add `HINTS` to a command; it gets those that were given as `hints`, by the names of a `SourceSpec`."""

    @wraps(function)
    def gathered(**given: Any) -> int:
        found = {name: given.pop(name) for name in ("member", "sheet", "range", "encoding")}
        found["header_rows"] = given.pop("header_row")
        return function(hints={name: hint for name, hint in found.items() if hint}, **given)

    command: Callable[..., int] = gathered
    for name, settings in reversed(tuple(HINTS.items())):
        command = option(f"--{name}", help=name, **settings)(command)
    return command


def in_project(function: Decorated) -> Decorated:
    """Add --project, the folder where publish.toml is looked for."""
    folder = click.Path(path_type=Path, exists=True, file_okay=False)
    return option("--project", "start", help="project", type=folder, default=Path())(function)


def to_portal(function: Decorated) -> Decorated:
    """Add what a command that reaches a portal takes: datasets, --portal, --dry-run, --exit-code, --project, --json."""
    named = click.argument("datasets", nargs=-1, metavar="[DATASET]...")
    portal = option("--portal", "portal_name", help="portal", metavar="NAME", default="")
    dry_run = option("--dry-run", help="dry-run", is_flag=True)
    exit_code = option("--exit-code", help="exit-code", is_flag=True)
    accept = option("--accept-schema-change", "accept_changes", help="accept-schema-change", is_flag=True)
    return named(portal(dry_run(exit_code(accept(in_project(writes_json(speaks(function))))))))


def fails_on(function: Decorated) -> Decorated:
    """Add --fail-on, the severity of issue that makes the exit code 1."""
    return option("--fail-on", help="fail-on", type=click.Choice(FAIL_LEVELS), default="error", show_default=True)(
        function
    )


def failures(issues: Iterable[Issue], fail_on: str) -> list[Issue]:
    """The issues at or above the severity `fail_on` (``never``: none is)."""
    wanted = _failing(fail_on)
    return [issue for issue in issues if issue.severity in wanted]


def failing(counts: Mapping[str, int], fail_on: str) -> int:
    """How many of the issues counted are at or above the severity `fail_on`."""
    wanted = _failing(fail_on)
    return sum(count for severity, count in counts.items() if severity in wanted)


def _failing(fail_on: str) -> Sequence[str]:
    return FAIL_LEVELS[FAIL_LEVELS.index(fail_on) :] if fail_on != "never" else ()


def say(code: str, lang: str, **details: object) -> None:
    """Words for a person, on stderr."""
    words(messages.sentence(code, lang, {name: str(value) for name, value in details.items()}))


def words(*lines: str) -> None:
    """Lines for a person, on stderr. What strangers wrote into a file or on a portal cannot steer the terminal."""
    for line in lines:
        click.echo(visible(line), err=True)


def visible(text: str) -> str:
    """`text` without what a terminal would obey."""
    return "".join(char if char.isprintable() or char in "\n\t\u3000" else "\ufffd" for char in text)


OF_A_TOKEN = frozenset({"push.no-token", "push.bad-token"})
"""What stops one publisher; another one's token may be good."""


class Failures:
    """Datasets one by one: a failure is told and remembered, and the next one is tried.

    `by_publisher`: names begin with a publisher's code and each publisher has a token of its own, so that a token that
    is missing or expired ends the run for its own datasets only.
    """

    def __init__(self, lang: str, *, by_publisher: bool = False) -> None:
        self.lang = lang
        self.exit_code = 0
        self.stopped = False
        self._by_publisher = by_publisher
        self._locked_out: set[str] = set()

    def each(self, names: Sequence[str]) -> Iterator[str]:
        """The names in turn, with a progress bar on a terminal, until a failure that concerns them all."""
        hidden = not sys.stderr.isatty()
        shown = click.progressbar(names, file=sys.stderr, item_show_func=lambda name: name or "", hidden=hidden)
        with shown as progress:
            for name in progress:
                if self.stopped:
                    return
                if name.partition("/")[0] not in self._locked_out:
                    yield name

    @contextmanager
    def caught(self, name: str) -> Iterator[None]:
        """Turn an error about one dataset into words and an exit code."""
        try:
            yield
        except OdkitError as error:
            text = error.text(self.lang)
            words(f"odkit: {text}" if name in text else f"odkit: {name}: {text}")
            if isinstance(error, Unforeseen) and "--debug" in sys.argv:
                words(error.details["trace"])
            self.exit_code = max(self.exit_code, error.exit_code)
            if self._by_publisher and error.code in OF_A_TOKEN:
                self._locked_out.add(name.partition("/")[0])
            else:
                self.stopped = isinstance(error, PortalStop | RunStop)


PARTS = 1 << 14
"""Pieces of JSON that are written at a time."""


def show_json(content: object) -> None:
    """A result for a machine, on stdout: UTF-8 whatever the console's code page is."""
    parts = json.JSONEncoder(ensure_ascii=False, indent=2).iterencode(content)
    sys.stdout.flush()
    while text := "".join(islice(parts, PARTS)):
        sys.stdout.buffer.write(text.encode("utf-8"))
    sys.stdout.buffer.write(b"\n")
    sys.stdout.buffer.flush()


class Streamed(list[object]):
    """A list for `show_json` whose items are made while they are written: all of a large table would not fit.

    json goes through lists and asks whether they are empty, nothing else.
    """

    def __init__(self, count: int, items: Iterator[object]) -> None:
        super().__init__()
        self._count, self._items = count, items

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[object]:
        return self._items
