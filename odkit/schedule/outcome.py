"""What becomes of a dataset that somebody works on: a package, or the error that stands for it."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Sequence
from typing import TypeVar

from odkit.errors import OdkitError, Unforeseen, UsageError
from odkit.model import Built

T = TypeVar("T")
Outcome = Built | OdkitError
Task = Callable[[Sequence[str]], Sequence[Outcome]]
"""Works on the datasets of those names, one after the other: an outcome for each. Travels between processes."""


def outcome_of(make: Callable[[], T]) -> T | OdkitError:
    """What `make` gives, or the error that it ends with: one dataset that fails does not stop the others."""
    try:
        return make()
    except OdkitError as error:
        return error
    except OSError as error:
        return UsageError("cli.system", file=error.filename or "-", reason=error.strerror or error)
    except Exception as error:  # noqa: BLE001 - a fault of odkit in one dataset must not cost the others
        return Unforeseen("cli.internal", kind=type(error).__name__, reason=error, trace=traceback.format_exc())
