"""What becomes of a dataset that somebody works on: a package, or the error that stands for it."""

from __future__ import annotations

import traceback
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from odkit.errors import OdkitError, Unforeseen, UsageError, refused_by_system
from odkit.model import Built

T = TypeVar("T")
Outcome = Built | OdkitError
Task = Callable[[Sequence[str]], Sequence[Outcome]]
"""Works on the datasets of those names, one after the other: an outcome for each. Travels between processes."""


class Errand(ABC):
    """A task for workers who do not see the files of this machine."""

    __slots__ = ()

    @abstractmethod
    def handed(self, names: Sequence[str]) -> Callable[[Sequence[str]], Any]:
        """Sends what the work on `names` needs, just before it is given to a worker; what the worker is to call.

        Raises RunStop where nothing can be sent.
        """

    @abstractmethod
    def taken(self, names: Sequence[str], answer: Any) -> Sequence[Outcome]:
        """Fetches what a worker has made of `names`; RunStop where nothing can be fetched."""


def outcome_of(make: Callable[[], T]) -> T | OdkitError:
    """What `make` gives, or the error that it ends with: one dataset that fails does not stop the others."""
    try:
        return make()
    except OdkitError as error:
        return error
    except OSError as error:
        code, details = refused_by_system(error)
        return UsageError(code, **details)
    except Exception as error:  # noqa: BLE001 - a fault of odkit in one dataset must not cost the others
        return Unforeseen("cli.internal", kind=type(error).__name__, reason=error, trace=traceback.format_exc())
