"""Exceptions, named by what the caller does next. Bad data is an `Issue`, never one of these.

Each carries a message code and its details, so that the same error reads in Japanese and in English.
"""

from __future__ import annotations

import errno
from collections.abc import Callable

from odkit import messages

NO_ROOM = frozenset({errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)})
"""What a system says where a disk, or a user's part of it, is full."""


class OdkitError(Exception):
    """Root of all: this run, or this dataset, cannot go on. `code` names the message and its help page."""

    exit_code = 1

    def __init__(self, code: str, /, **details: object) -> None:
        super().__init__(code)
        self.code = code
        self.details = {name: str(value) for name, value in details.items()}

    def text(self, lang: str) -> str:
        """What happened and the way out, in `lang` (``ja`` or ``en``); a detail ``x_ja`` is ``{x}`` in Japanese."""
        own = {
            name.removesuffix(f"_{lang}"): value for name, value in self.details.items() if name.endswith(f"_{lang}")
        }
        return messages.sentence(self.code, lang, self.details | own)

    def __str__(self) -> str:
        return self.text("en")


class UsageError(OdkitError):
    """What was asked for cannot be done as asked: another option, another file."""

    exit_code = 2


class Terminated(KeyboardInterrupt):
    """SIGTERM: as Ctrl-C, with an exit code of its own. `renew` has whoever raised it do so at the next one, too."""

    exit_code = 143

    def __init__(self, renew: Callable[[], None] = lambda: None) -> None:
        super().__init__()
        self.renew = renew


class RunStop(UsageError):
    """What every dataset needs is not there (a scheduler, a store): stop the run."""


class DeclarationError(OdkitError):
    """One of our own files (publish.toml, dataset.toml, schemas/, vocab/) is wrong; `file` and `path` say where."""

    exit_code = 2


class Unforeseen(OdkitError):
    """A fault of odkit itself, met while it worked on one dataset: the others go on. `trace` says where it was."""

    exit_code = 70


def refused_by_system(error: OSError) -> tuple[str, dict[str, object]]:
    """The code of the message for what the machine refuses, and its details."""
    if error.errno in NO_ROOM:  # writing names no file
        return "cli.disk-full", {}
    return "cli.system", {"file": error.filename or "-", "reason": error.strerror or error}


class SourceError(OdkitError):
    """A source file cannot be read as a table: this dataset is skipped, the others go on."""


class HeldBack(OdkitError):
    """A dataset must not be published before a person has decided: it is skipped, the others go on."""


class PortalError(OdkitError):
    """A portal did not do what was asked."""

    exit_code = 3


class PortalRetry(PortalError):
    """A passing fault: the same call may go through later."""


class PortalRefused(PortalError):
    """The portal refuses this dataset: skip it, go on with the others."""


class PortalStop(PortalError):
    """No further call can succeed (wrong token, portal not found): stop the run."""
