"""The types that travel between the stages: frozen, text only, no I/O.

A cell is text until a schema says otherwise, so ``011002`` never becomes 11002. Row and column numbers count from 1,
as Excel shows them; for a CSV a row is a record.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from odkit.decisions import NOTHING_SETTLED, Decisions

Row = tuple[str, ...]  # the cells of one row, as text


class Severity(StrEnum):
    """How much an `Issue` matters to the person who publishes."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Outcome(StrEnum):
    """What a check found: 合格 / 要修正 / 対象外 / 未判定."""

    PASS = "pass"
    FAIL = "fail"
    NOT_APPLICABLE = "not_applicable"
    UNDETERMINED = "undetermined"


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


@dataclass(frozen=True, kw_only=True, slots=True)
class Licence:
    """A licence as publish.toml and the descriptors name it. `id` is odkit's own (``CC-BY-4.0``, ``PDL-1.0``)."""

    id: str
    title: str
    url: str
    open: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Publisher:
    """A government that publishes. `code` is the six-digit 全国地方公共団体コード, `name` its name on the portal."""

    code: str
    name: str
    title: str
    title_en: str
    contact_name: str = ""
    contact_email: str = ""
    homepage: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceSpec:
    """Where a source is, and hints how to read it: `member` of a zip, `sheet`, `range` (``A3:H40``, ``A:H``) …"""

    path: Path
    member: str = ""
    sheet: str = ""
    range: str = ""
    header_rows: tuple[int, ...] = ()
    encoding: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class DatasetSpec:
    """One declared dataset: ``datapackages/<code6>/<dataset>/dataset.toml`` with the defaults filled in.

    `headings` settles source heading -> column of the standard ("" leaves it out), `decisions` the values.
    """

    id: str
    name: str
    title: str
    title_en: str
    description: str
    description_en: str
    publisher: Publisher
    source: SourceSpec
    standard: str
    licence: Licence
    encoding: str
    update_cycle: str
    tags: tuple[str, ...] = ()
    headings: Mapping[str, str] = field(default_factory=dict)
    decisions: Decisions = NOTHING_SETTLED
    sample: bool = False

    @property
    def portal_name(self) -> str:
        """The dataset's name on a portal, unique over all publishers: ``120006_public_wireless_lan``."""
        return f"{self.publisher.code}_{self.name}".lower()


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
class SourceTable:
    """A table as it was handed in: every cell is text, nothing renamed, merged, cast or dropped.

    `rows` have as many cells as `headings`; `row_numbers[i]` is the row of `rows[i]` in the file, and
    `first_column` the column of the first heading. A heading over several rows is joined with ``／``.
    `merged` lists merged ranges in A1 form, `preamble` and `notes` what stands above and below the table.
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
class Field:
    """A column of a standard layout. `meaning` names the cleaner of its values (``date``, ``phone`` …).

    `requirement` is ◎, ○ or 任意, and `basis` says how far that can be trusted (``source``, ``inferred``, ``unknown``).
    """

    name: str
    title: str
    type: str = "string"
    meaning: str = "text"
    format: str = ""
    description: str = ""
    requirement: str = "任意"
    basis: str = "unknown"
    required: bool = False
    unique: bool = False
    pattern: str = ""
    enum: tuple[str, ...] = ()
    minimum: str = ""
    maximum: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class TableSchema:
    """A Table Schema of schemas/, parsed. `id` is the file's stem (``public_wireless_lan.v2``)."""

    id: str
    name: str
    title: str
    version: str
    kind: str
    fields: tuple[Field, ...]
    primary_key: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names, in order."""
        return tuple(item.name for item in self.fields)


@dataclass(frozen=True, kw_only=True, slots=True)
class ColumnMatch:
    """Where a column of the published table comes from; `column` is the source file's, counted from 1.

    `how`: ``declared`` (dataset.toml), ``exact``, ``normalised``, ``alias``, ``derived`` (from other columns),
    ``constant`` (from the declarations), ``extra`` (kept beside the standard) or ``missing``.
    """

    name: str
    heading: str = ""
    column: int | None = None
    how: str = "missing"


@dataclass(frozen=True, kw_only=True, slots=True)
class CleanTable:
    """A table in the layout of its schema. `row_numbers[i]` is the source row of `rows[i]`.

    `name` is the stem of its file in the package (``data``). Every cell equals its source cell or has a `Change`.
    """

    name: str
    title: str
    schema: TableSchema
    rows: Sequence[Row]
    row_numbers: Sequence[int]
    matches: tuple[ColumnMatch, ...]
    origin: Origin
    changes: tuple[Change, ...] = ()
    issues: tuple[Issue, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Resource:
    """One file of a package. `key` is stable for the life of the dataset: addresses on portals depend on it."""

    key: str
    path: str
    title: str
    title_en: str
    format: str
    media_type: str
    bytes: int
    sha256: str
    rows: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Package:
    """A built package: `folder` holds datapackage.json and every file of `resources`."""

    spec: DatasetSpec
    folder: Path
    descriptor: Mapping[str, object]
    resources: tuple[Resource, ...]
    tables: tuple[CleanTable, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """Where a check found something: `range` in A1 form, rows of a text file as ``R3``."""

    sheet: str = ""
    range: str = ""
    value: str = ""
    expected: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class CriterionResult:
    """The outcome of one check. `level` is the stage that a failure keeps out of reach, None for advice."""

    id: str
    outcome: Outcome
    evidence: tuple[Evidence, ...] = ()
    level: int | None = None
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Score:
    """How machine-readable a target is: `level` 0–5 (None: 未判定) and `format_level`, what its format alone gives;
    `steps` says for each stage 1–5 whether it is reached and why (message code and details).
    """

    target: str
    level: int | None
    format_level: int | None
    format: str
    licence: str
    checks: tuple[CriterionResult, ...]
    steps: tuple[CriterionResult, ...]
    next_step: str = ""
    resources: Mapping[str, int | None] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class FieldChange:
    """A metadata field that a push changes."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PushPlan:
    """What a push will do to one dataset of a portal; made without writing, carried out exactly.

    `action` is ``create``, ``update`` or ``unchanged``; `dataset` is the metadata to send, `uploads` the files and
    ids (`additions`: new to the portal), `removals` the ids of our files that the package has no longer,
    `relabelled` the `kept` with another name or format, `order` our ids where the portal has another order.
    """

    action: str
    dataset_name: str
    organization: Publisher
    create_organization: bool
    dataset_id: str
    metadata_modified: str
    dataset: Mapping[str, object]
    changes: tuple[FieldChange, ...] = ()
    uploads: tuple[tuple[str, Resource], ...] = ()
    kept: tuple[tuple[str, Resource], ...] = ()
    removals: tuple[str, ...] = ()
    additions: tuple[str, ...] = ()
    relabelled: tuple[tuple[str, Resource], ...] = ()
    order: tuple[str, ...] = ()
    issues: tuple[Issue, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Publication:
    """What publishing one dataset came to."""

    package: Package
    before: Score
    after: Score
    plan: PushPlan
    address: str = ""


def column_letters(number: int | None) -> str:
    """Spell a column number as Excel does: 1 -> A, 27 -> AA; None -> empty."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
