"""Who works on one large table: this process alone, or others with it. Results and their order are the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Protocol, Self, TypeVar, runtime_checkable

T = TypeVar("T")
R = TypeVar("R")


class Hands(Protocol):
    """Has pieces of work done as `map` does: in their order, a few of them under way at a time."""

    def help_with(self, rows: int, *, bulky: bool = False) -> bool:
        """Whether a table of so many rows is worth dividing, where results are numbers, or `bulky`: its files."""

    def __call__(self, work: Callable[[T], R], pieces: Iterable[T], /) -> Iterator[R]:
        """What `work` makes of each piece. It may be done twice, and anywhere: it changes nothing but its result.

        A piece that looks at files is one `OnFiles`: another machine may have to be sent them.
        """


@runtime_checkable
class OnFiles(Protocol):
    """A piece of work that looks at files of one folder."""

    def files(self) -> Sequence[Path]:
        """Those that it looks at."""

    def within(self, folder: Path) -> Self:
        """The same piece, where they lie in another folder."""


class Alone:
    """This process, which does everything itself, one piece after the other."""

    def help_with(self, rows: int, *, bulky: bool = False) -> bool:  # noqa: ARG002 - as `Hands` has it
        """Never."""
        return False

    def __call__(self, work: Callable[[T], R], pieces: Iterable[T], /) -> Iterator[R]:
        """As `map`."""
        return map(work, pieces)


ALONE = Alone()
