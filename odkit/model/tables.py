"""Tables as they were handed in, and in the layout of their schema."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from odkit.model.declared import TableSchema
from odkit.model.ledger import Change, Issue, Where
from odkit.model.rows import Joined, Row


@dataclass(frozen=True, kw_only=True, slots=True)
class Origin:
    """The file a table was read from. `location` is its name as a person gave it, `sha256` of its bytes."""

    location: str
    sheet: str = ""
    media_type: str = ""
    sha256: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Dialect:
    """How a delimited text file is written."""

    delimiter: str = ","
    quotechar: str = '"'
    line_end: str = "\r\n"


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A row outside the table: a title above it, a note below it."""

    row: int
    cells: Row

    @property
    def text(self) -> str:
        """The filled cells, joined with a space."""
        return " ".join(cell for cell in self.cells if cell)


@dataclass(frozen=True, kw_only=True, slots=True)
class Remark:
    """Text that a file carries and no cell shows: a ``comment`` on a cell, a ``property`` of the document.

    `where.field` is the property's name (``creator``) or the comment's author.
    """

    kind: str
    where: Where
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceTable:
    """A table as it was handed in: every cell is text, nothing renamed, merged, cast or dropped.

    `rows` have as many cells as `headings`; `row_numbers[i]` is the row of `rows[i]` in the file, and
    `first_column` the column of the first heading. A heading over several rows is joined with ``／``.
    `merged` lists merged ranges in A1 form, `preamble` and `notes` what stands above and below the table, `remarks`
    what the file carries beside its cells.
    """

    origin: Origin
    headings: Row
    rows: Sequence[Row]
    row_numbers: Sequence[int]
    header_rows: tuple[int, ...]
    first_column: int = 1
    preamble: tuple[Line, ...] = ()
    notes: tuple[Line, ...] = ()
    encoding: str = ""
    dialect: Dialect | None = None
    merged: tuple[str, ...] = ()
    remarks: tuple[Remark, ...] = ()
    issues: tuple[Issue, ...] = ()

    @property
    def sheet(self) -> str:
        """The sheet the table stands on; empty for a text file."""
        return self.origin.sheet

    def where(self, row: int | None = None, column: int | None = None, name: str = "") -> Where:
        """A place in this table's file: `row` as in the file, `column` counted from the first heading (0)."""
        place = None if column is None else self.first_column + column
        return Where(file=self.origin.location, sheet=self.sheet, row=row, column=place, field=name)


@dataclass(frozen=True, kw_only=True, slots=True)
class ColumnMatch:
    """Where a column of the published table comes from; `column` is the source file's, counted from 1.

    `how`: ``declared`` (dataset.toml), ``exact``, ``normalised``, ``alias``, ``derived`` (from other columns),
    ``evidence`` (a similar heading whose values fit), ``constant`` (from the declarations), ``extra`` (kept beside the
    standard) or ``missing``. `confidence` is how sure that is, 0 to 1.
    """

    name: str
    heading: str = ""
    column: int | None = None
    how: str = "missing"
    confidence: float = 1.0


@dataclass(frozen=True, kw_only=True, slots=True)
class CleanTable:
    """A table in the layout of its schema. `row_numbers[i]` is the source row of `rows[i]`.

    `name` is the stem of its file in the package (``data``). Every cell equals its source cell or has a `Change`.
    `rows`, `changes` and `issues` of a large table are read from the source again each time they are gone through.
    """

    name: str
    title: str
    schema: TableSchema
    rows: Sequence[Row]
    row_numbers: Sequence[int]
    matches: tuple[ColumnMatch, ...]
    origin: Origin
    changes: Sequence[Change] = ()
    issues: Sequence[Issue] = ()

    def noting(self, issues: Sequence[Issue]) -> CleanTable:
        """The table with these issues behind its own."""
        return replace(self, issues=Joined.of(self.issues, issues)) if issues else self
