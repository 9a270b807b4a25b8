"""What is wrong about a call of the command line, in the person's language where it is one of the common mistakes."""

from __future__ import annotations

import re

import click

from odkit import messages

SAID = {
    "not-a-number": r"'(?P<value>.*)' is not a valid (?:integer|float).*\.",
    "out-of-range": r"(?P<value>\S+) is not in the range (?P<known>.*)\.",
    "not-one-of": r"'(?P<value>.*)' is not one of (?P<known>.*)\.",
    "no-such-place": r"(?:File|Directory|Path) '(?P<value>.*)' does not exist\.",
    "no-folder": r"Directory '(?P<value>.*)' is a file\.",
    "no-file": r"File '(?P<value>.*)' is a directory\.",
    "needs-value": r"Option '(?P<name>.*)' requires an argument\.",
    "takes-no-value": r"Option '(?P<name>.*)' does not take a value\.",
    "too-many": r"Got unexpected extra arguments? \((?P<value>.*)\)",
}
"""Messages of cli.toml and what click says in English; it has no Japanese. Compiled where something is wrong."""


def reason(error: click.UsageError, lang: str) -> str:
    """A sentence that names what is wrong; click's own where it is none of the common mistakes."""
    if isinstance(error, click.NoSuchOption):
        return messages.text("cli.no-such-option", lang, {"name": error.option_name})
    if isinstance(error, click.NoSuchCommand):
        return messages.text("cli.no-such-command", lang, {"name": error.command_name})
    if isinstance(error, click.MissingParameter) and error.param is not None and error.ctx is not None:
        return messages.text("cli.missing-parameter", lang, {"name": error.param.make_metavar(error.ctx)})
    for code, said in SAID.items():
        found = re.fullmatch(said, error.message, re.DOTALL)
        if found:
            return _of(error) + messages.text(f"cli.{code}", lang, found.groupdict())
    return error.format_message()


def _of(error: click.UsageError) -> str:
    """The option or argument that the mistake is in, as people write it."""
    parameter = error.param if isinstance(error, click.BadParameter) else None
    if parameter is None or error.ctx is None:
        return ""
    name = parameter.opts[-1] if isinstance(parameter, click.Option) else parameter.make_metavar(error.ctx)
    return f"{name}: "
