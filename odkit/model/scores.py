"""How machine-readable something is, and the evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from odkit.model.rows import Row


class Outcome(StrEnum):
    """What a check found: 合格 / 要修正 / 対象外 / 未判定."""

    PASS = "pass"
    FAIL = "fail"
    NOT_APPLICABLE = "not_applicable"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """Where a check found something: `range` in A1 form, rows of a text file as ``R3``.

    `accepted` is the reason of a publisher who means to keep it as it is.
    """

    sheet: str = ""
    range: str = ""
    value: str = ""
    expected: str = ""
    accepted: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class CriterionResult:
    """The outcome of one check. `level` is the stage that a failure keeps out of reach, None for advice."""

    id: str
    outcome: Outcome
    evidence: tuple[Evidence, ...] = ()
    level: int | None = None
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Conformance:
    """How a table stands to the recommended layout that it follows; columns are counted from 1.

    `missing` are required columns that are not there, `absent` recommended ones, `fields` column -> name in the layout.
    `faults` says for a column which texts break its definition and what was expected ("" stands for empty cells);
    `doubtful` are columns, and `doubtful_names` fields, whose definition is inferred: they give advice, not faults.
    `fitting` of `cells` satisfy the layout.
    """

    standard: str
    title: str
    version: str
    missing: tuple[str, ...]
    absent: tuple[str, ...]
    fields: Mapping[int, str]
    faults: Mapping[int, Mapping[str, str]]
    doubtful: frozenset[int]
    doubtful_names: frozenset[str]
    cells: int
    fitting: int


class Standard(Protocol):
    """The recommended layout that a table follows, ready to be held against it; what it expects never changes."""

    def __hash__(self) -> int: ...

    def expected(self, place: int, text: str) -> str:
        """What a text in column `place` (from 1) should be instead; empty where it fits, or the column has no place."""

    def wrong(self, place: int, texts: Iterable[str]) -> Mapping[str, str]:
        """Those of the texts in column `place`, none of them blank, that should be something else, and what."""

    def measure(
        self, columns: Sequence[Mapping[str, int]], rows: int, wrong: Sequence[Mapping[str, str] | None] = ()
    ) -> Conformance:
        """How the table stands: how often each text stands in each column (empty ones left out), and its rows.

        `wrong` are the columns' wrong texts, where these have been asked for: all, or None.
        """


Conform = Callable[[Sequence[str]], Standard | None]
"""The headings of a table -> the layout that they show; None where they show none."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SeenSheet:
    """A worksheet as the score looks at it: `rows[i]` is row i + 1, and all places count from 1.

    `merged` are ranges (top, left, bottom, right), `texts` the cells that hold text and not a number, `hidden` ranges
    such as ``G:G`` and the sheet's own name where it is hidden, `objects` the number of pictures and charts.
    """

    name: str
    rows: Sequence[Row]
    merged: tuple[tuple[int, int, int, int], ...] = ()
    formulas: tuple[tuple[int, int], ...] = ()
    texts: frozenset[tuple[int, int]] = frozenset()
    hidden: tuple[str, ...] = ()
    objects: int = 0


Look = Callable[[bytes, str], Sequence[SeenSheet]]
"""The bytes of a workbook that the score does not read itself (xls) and its name -> its sheets; raises SourceError."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Accepted:
    """A finding that a publisher means to keep, with the reason. `file`, `range` and `value` narrow it where given."""

    check: str
    reason: str
    file: str = ""
    range: str = ""
    value: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class DrawnRow:
    """A row of a drawn sheet: its number in the file, what it is (``header``, ``data`` …), and some of its cells."""

    number: int
    role: str
    cells: Row


@dataclass(frozen=True, kw_only=True, slots=True)
class DrawnSheet:
    """The part of a sheet, or of a text file, that a report draws: the rows and columns where something was found.

    `columns` are the numbers of the columns drawn; `marks` says for a cell (row, column) which checks point at it.
    """

    name: str
    letters: bool
    columns: tuple[int, ...]
    rows: tuple[DrawnRow, ...]
    marks: Mapping[tuple[int, int], tuple[str, ...]]
    size: tuple[int, int] = (0, 0)


@dataclass(frozen=True, kw_only=True, slots=True)
class Score:
    """How machine-readable a target is: `level` 0–5 (None: 未判定) and `format_level`, what its format alone gives;
    `steps` says for each stage 1–5 whether it is reached and why (message code and details).

    `resources` are the stages of the files of a package or zip, `part` the one that checks and steps are of
    (`left_out`: so many more of a zip were not looked at), `sheets` what a report draws, `sha256` the digest of
    the bytes that were scored.
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
    part: str = ""
    left_out: int = 0
    sheets: tuple[DrawnSheet, ...] = ()
    sha256: str = ""
