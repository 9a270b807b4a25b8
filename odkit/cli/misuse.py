"""What is wrong about a call of the command line, in the person's language where it is one of the common mistakes."""

from __future__ import annotations

import re

import click

from odkit import messages

SAID = {
    "not-a-number": re.compile(r"'(?P<value>.*)' is not a valid (?:integer|float).*\.", re.DOTALL),
    "out-of-range": re.compile(r"(?P<value>\S+) is not in the range (?P<known>.*)\."),
    "not-one-of": re.compile(r"'(?P<value>.*)' is not one of (?P<known>.*)\.", re.DOTALL),
    "no-such-place": re.compile(r"(?:File|Directory|Path) '(?P<value>.*)' does not exist\.", re.DOTALL),
    "no-folder": re.compile(r"Directory '(?P<value>.*)' is a file\.", re.DOTALL),
    "no-file": re.compile(r"File '(?P<value>.*)' is a directory\.", re.DOTALL),
    "needs-value": re.compile(r"Option '(?P<name>.*)' requires an argument\."),
    "takes-no-value": re.compile(r"Option '(?P<name>.*)' does not take a value\."),
    "too-many": re.compile(r"Got unexpected extra arguments? \((?P<value>.*)\)", re.DOTALL),
}
"""Messages of cli.toml and what click says in English; it has no Japanese."""


def reason(error: click.UsageError, lang: str) -> str:
    """A sentence that names what is wrong; click's own where it is none of the common mistakes."""
    if isinstance(error, click.NoSuchOption):
        return messages.text("cli.no-such-option", lang, {"name": error.option_name})
    if isinstance(error, click.NoSuchCommand):
        return messages.text("cli.no-such-command", lang, {"name": error.command_name})
    if isinstance(error, click.MissingParameter) and error.param is not None and error.ctx is not None:
        return messages.text("cli.missing-parameter", lang, {"name": error.param.make_metavar(error.ctx)})
    for code, said in SAID.items():
        found = said.fullmatch(error.message)
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
