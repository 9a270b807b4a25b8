"""What is said about cells: their places, the changes made to them, and what a person should know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache


class Severity(StrEnum):
    """How much an `Issue` matters to the person who publishes."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, kw_only=True, slots=True)
class Where:
    """A place in a source file. `row` and `column` count from 1; `field` is the column's name."""

    file: str
    sheet: str = ""
    row: int | None = None
    column: int | None = None
    field: str = ""

    @property
    def cell(self) -> str:
        """The address in A1 form (``C12``; ``C`` or ``12`` where only one part is known)."""
        return column_letters(self.column) * bool(self.column) + (str(self.row) if self.row else "")

    def __str__(self) -> str:
        return " ".join(part for part in (self.file, self.sheet, self.cell, self.field) if part)


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """One cell of the published table that differs from the source, and the rule that changed it.

    `where.column` is None for a cell that the source lacks (a filled-in code), `where.field` the published column.
    `note` is the reason that a person gave.
    """

    where: Where
    before: str
    after: str
    rule: str
    note: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Issue:
    """Something in the data that a person should know or decide. `code` has a message and a help page."""

    code: str
    severity: Severity
    where: Where
    value: str = ""
    details: Mapping[str, str] = field(default_factory=dict)

    @property
    def facts(self) -> dict[str, str]:
        """What the messages of its code may name: its place and value beside its own details."""
        where = self.where
        place = {"file": where.file, "sheet": where.sheet, "cell": where.cell, "field": where.field}
        return {**place, "row": str(where.row or ""), "value": self.value, **self.details}


@lru_cache(1024)
def column_letters(number: int | None) -> str:
    """Spell a column number as Excel does: 1 -> A, 27 -> AA; None -> empty."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
