"""What people settle for the values of one dataset, in dataset.toml and corrections.csv; no I/O."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True, slots=True)
class Correction:
    """One line of corrections.csv: a cell whose source is known to be wrong.

    The cell is named by `row`, its row in the source file, or where that is None by `key`, the row's value in the key
    column. `column` is a column of the published table or a heading of the source. `expected` is the guard: the
    correction counts only while the source still says so. `line` is the line of corrections.csv.
    """

    line: int
    row: int | None
    key: str
    column: str
    expected: str
    value: str
    reason: str
    basis: str = ""

    @property
    def note(self) -> str:
        """Why, and on what evidence, in one line."""
        return f"{self.reason}（{self.basis}）" if self.basis else self.reason

    @property
    def place(self) -> str:
        """The row as corrections.csv names it."""
        return str(self.row) if self.row is not None else self.key


@dataclass(frozen=True, kw_only=True, slots=True)
class Decisions:
    """All that is settled for one dataset.

    `personal` allows what looks like personal data: column -> reason. `datum` is the geodetic datum of the source's
    coordinates, ``tokyo`` or ``jgd2011``; "" where nobody has said.
    """

    corrections: tuple[Correction, ...] = ()
    personal: Mapping[str, str] = field(default_factory=dict)
    datum: str = ""


NOTHING_SETTLED = Decisions()
