"""How pieces of a large table come to the workers of a cluster, and their results back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol


class Carrier(Protocol):
    """Hands pieces of the tables of one dataset over, and takes results in."""

    @property
    def dataset(self) -> str:
        """Whose tables they are."""

    def handed(self, work: Callable[[Any], Any], pieces: Sequence[Any]) -> Callable[[], Any]:
        """What a worker is to call, who does `work` on the pieces."""

    def taken(self, part: Any) -> list[Any]:
        """The result of each piece, out of what the worker has answered."""
