"""The command line: one module per command, loaded when the command is used."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TextIO, cast

import click

from odkit import __version__, messages
from odkit.cli.base import LANG, Option, Speaking, language, speaks, spoken
from odkit.cli.misuse import reason
from odkit.errors import OdkitError, Terminated, UsageError, refused_by_system
from odkit.interruption import interruption_heard

SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
COMMANDS = (
    *("publish", "read", "clean", "package", "rdf", "score", "push", "pull"),
    *("indicators", "inventory", "serve", "doctor", "cache", "explain"),
)
"""In the order of the journey, then the rest."""


class LazyGroup(Speaking, click.Group):
    """Imports a command's module only when that command, or the list of all, is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, or None."""
        if cmd_name not in COMMANDS:
            return None
        return cast("click.Command", import_module(f"odkit.cli.{cmd_name}").command)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The options, and the commands with the first line of their help: no command's module is loaded for that."""
        super().format_options(ctx, formatter)
        lang = spoken(ctx)
        with formatter.section(messages.text("cli.commands", lang)):
            formatter.write_dl(
                [(name, messages.text(f"cli.{name}", lang).strip().splitlines()[0]) for name in COMMANDS]
            )


@click.group(cls=LazyGroup, help="odkit", context_settings=SETTINGS)
@click.version_option(__version__, prog_name="odkit", cls=Option, help="version")
@click.option("--debug", cls=Option, help="debug", is_flag=True, expose_value=False)
@speaks
def odkit(*, lang: str) -> None:
    """The group; its help is cli.odkit."""
    click.get_current_context().meta[LANG] = lang


def main(arguments: list[str] | None = None) -> None:
    """Run a command and end the process with its exit code.

    0 fine, 1 data issues, 2 usage or declaration, 3 portal, 4 changes pending; 130 when interrupted, 143 by SIGTERM.
    """
    words = sys.argv[1:] if arguments is None else arguments
    _plain_output(sys.stdout, sys.stderr)
    with interruption_heard():
        code = _run(words, language(words))
    sys.exit(code)


def _run(words: list[str], lang: str) -> int:
    try:
        result = odkit.main(args=words, prog_name="odkit", standalone_mode=False)
    except OdkitError as error:
        return _complain(error.text(lang), error.exit_code)
    except click.exceptions.Exit as error:
        return int(error.exit_code)
    except click.UsageError as error:
        return _misused(error, words, lang)
    except (click.Abort, KeyboardInterrupt) as error:
        cause = error.__cause__ or error  # click makes its own of it
        code = cause.exit_code if isinstance(cause, Terminated) else 130
        return _complain(messages.text("cli.interrupted", lang), code)
    except Exception as error:  # noqa: BLE001 - the edge of the program: a person never sees a traceback unasked
        if "--debug" in words:
            sys.excepthook(*sys.exc_info())  # the traceback, without the module that prints them
        return _unforeseen(error, lang)
    return result if isinstance(result, int) else 0


def _unforeseen(error: Exception, lang: str) -> int:
    """What the machine refuses is told as such; anything else is a fault of odkit."""
    if isinstance(error, OSError):
        code, refused = refused_by_system(error)
        return _complain(UsageError(code, **refused).text(lang), 2)
    details = {"kind": type(error).__name__, "reason": str(error)}
    return _complain(messages.sentence("cli.internal", lang, details), 70)


def _misused(error: click.UsageError, words: list[str], lang: str) -> int:
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        click.echo(error.format_message(), err=True)
        return 2
    named = next((word for word in words if not word.startswith("-")), "")
    command = error.ctx.command_path if error.ctx else f"odkit {named}" if named in COMMANDS else "odkit"
    return _complain(messages.sentence("cli.usage", lang, {"reason": reason(error, lang), "command": command}), 2)


def _complain(text: str, exit_code: int) -> int:
    click.echo(f"odkit: {text}", err=True)
    return exit_code


def _plain_output(*streams: TextIO) -> None:
    # A console with a Japanese code page cannot show every character; a question mark is better than a crash.
    for stream in streams:
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")
