"""A cleaned table as a workbook for staff to take back: changed and doubtful cells marked, reasons beside them.

Imported by its own name, so that the stages that need no workbook do not load openpyxl.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path, PurePath
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell, WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from odkit import messages
from odkit.errors import UsageError
from odkit.model import Change, CleanTable, Issue, Row, Severity
from odkit.package.ledger import change_reason

MOST_ROWS = 1_048_575
MOST_COMMENTS = 5000
"""Beyond this many cells the reasons stand in the second and third sheets alone: Excel slows down."""

LONGEST_COMMENT = 600
WIDTHS = (6, 48)
ROWS_MEASURED = 200
SIGNS = frozenset("=+-@'")
LONG_AGO = (1980, 1, 1, 0, 0, 0)

HEADING = PatternFill("solid", fgColor="FFDDE6F0")
CHANGED = PatternFill("solid", fgColor="FFFFF2CC")
DOUBTFUL = PatternFill("solid", fgColor="FFF8CBAD")
NOTED = PatternFill("solid", fgColor="FFE2EFDA")

Place = tuple[int, str]
"""A cell of the table: its row in the source, and its column's name."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A further sheet: plain text in rows."""

    title: str
    headings: Sequence[str]
    rows: Sequence[Row]


@dataclass(slots=True)
class Mark:
    """How one cell is marked: its colour, and what its comment says."""

    fill: PatternFill
    lines: list[str] = field(default_factory=list)


def write_workbook(path: Path, table: CleanTable, lang: str, more: Sequence[Sheet] = ()) -> None:
    """Write the table with its marks, the changes, the issues, and `more` sheets; every value is text.

    Text stays text: ``011002`` keeps its zero and ``=1+1`` is no formula. The same table gives the same bytes. Raises
    UsageError where the table has more rows than a sheet can hold.
    """
    if len(table.rows) > MOST_ROWS:
        raise UsageError("package.too-many-rows", rows=len(table.rows), most=MOST_ROWS)
    book = Workbook(write_only=True)
    _table_sheet(book, table, lang)
    for sheet in (_changes(table, lang), _issues(table, lang), *more):
        _plain_sheet(book, sheet)
    path.write_bytes(_bytes(book))


def _table_sheet(book: Workbook, table: CleanTable, lang: str) -> None:
    names = [match.name for match in table.matches]
    sheet = _new_sheet(book, messages.text("package.book-table", lang), names, table.rows)
    marks, made = _marks(table, lang), Cells(sheet)
    commented = set(list(marks)[:MOST_COMMENTS])
    for number, row in zip(table.row_numbers, table.rows, strict=True):
        cells: list[Cell] = []
        for name, value in zip(names, row, strict=True):
            mark = marks.get((number, name))
            cell = made.text(value, mark.fill if mark else None)
            if mark and (number, name) in commented:
                cell.comment = _comment(mark.lines)
            cells.append(cell)
        sheet.append(cells)


def _marks(table: CleanTable, lang: str) -> Mapping[Place, Mark]:
    """The marked cells of a table, in the order of its ledgers; an issue's colour is stronger than a change's."""
    marks: dict[Place, Mark] = {}
    for change in table.changes:
        place = (change.where.row or 0, change.where.field)
        marks.setdefault(place, Mark(CHANGED)).lines.append(f"{_before(change, lang)}\n{change_reason(change, lang)}")
    for issue in table.issues:
        place = (issue.where.row or 0, issue.where.field)
        mark = marks.setdefault(place, Mark(NOTED))
        if issue.severity is not Severity.NOTE:
            mark.fill = DOUBTFUL
        mark.lines.append(messages.sentence(issue.code, lang, _details(issue)))
    return marks


def _changes(table: CleanTable, lang: str) -> Sheet:
    rows = [
        (
            item.where.cell if item.where.column else "",
            item.where.field,
            item.before,
            item.after,
            change_reason(item, lang),
        )
        for item in table.changes
    ]
    return _ledger("changes", ("cell", "field", "before-value", "after-value", "why"), rows, lang)


def _issues(table: CleanTable, lang: str) -> Sheet:
    rows = [tuple(_issue_cells(item, lang)) for item in table.issues]
    return _ledger("issues", ("severity", "cell", "field", "value", "what", "way-out", "code"), rows, lang)


def _issue_cells(issue: Issue, lang: str) -> Iterator[str]:
    details = _details(issue)
    yield messages.text(f"package.book-{issue.severity}", lang)
    yield from (issue.where.cell, issue.where.field, issue.value)
    yield messages.text(issue.code, lang, details)
    yield messages.text(issue.code, lang, details, "fix")
    yield issue.code


def _ledger(name: str, columns: Sequence[str], rows: Sequence[Row], lang: str) -> Sheet:
    headings = [messages.text(f"package.book-{column}", lang) for column in columns]
    return Sheet(messages.text(f"package.book-{name}", lang), headings, rows)


def _details(issue: Issue) -> dict[str, str]:
    """What an issue may name; of the file only its name, for the workbook goes to other desks."""
    return issue.facts | {"file": PurePath(issue.where.file).name}


def _before(change: Change, lang: str) -> str:
    code = "package.book-before" if change.before else "package.book-empty-before"
    return messages.text(code, lang, {"value": change.before})


def _plain_sheet(book: Workbook, content: Sheet) -> None:
    sheet = _new_sheet(book, content.title, content.headings, content.rows)
    made = Cells(sheet)
    for row in content.rows[:MOST_ROWS]:
        sheet.append([made.text(value) for value in row])


def _new_sheet(book: Workbook, title: str, headings: Sequence[str], rows: Sequence[Row]) -> Worksheet:
    """A sheet with its heading: frozen, with a filter, and columns as wide as their first rows."""
    sheet: Worksheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    last = get_column_letter(max(len(headings), 1))
    sheet.auto_filter.ref = f"A1:{last}{len(rows[:MOST_ROWS]) + 1}"
    for at, heading in enumerate(headings):
        values = (heading, *(row[at] for row in rows[:ROWS_MEASURED]))
        sheet.column_dimensions[get_column_letter(at + 1)].width = _width(values)
    made = Cells(sheet)
    cells = [made.text(heading, HEADING) for heading in headings]
    for cell in cells:
        cell.font = Font(bold=True)
        cell.alignment = Alignment(vertical="top", wrap_text=True)
    sheet.append(cells)
    return sheet


class Cells:
    """Makes the cells of one sheet; styles are set on a pattern once, for they are slow to set."""

    def __init__(self, sheet: Worksheet) -> None:
        self._sheet = sheet
        self._patterns: dict[tuple[str, bool], Cell] = {}

    def text(self, value: str, fill: PatternFill | None = None) -> Cell:
        """A cell of text, whatever it looks like; empty text is an empty cell."""
        cell = copy(self._pattern(fill, quoted=value[:1] in SIGNS))
        if value:
            cell.value = _writable(value)
            cell.data_type = "s"
        return cell

    def _pattern(self, fill: PatternFill | None, *, quoted: bool) -> Cell:
        key = (fill.fgColor.rgb if fill else "", quoted)
        if key not in self._patterns:
            cell: Cell = WriteOnlyCell(self._sheet)
            cell.number_format = "@"
            # Excel keeps such text as text even when somebody edits the cell.
            cell.quotePrefix = quoted
            if fill is not None:
                cell.fill = fill
            self._patterns[key] = cell
        return self._patterns[key]


def _comment(lines: Sequence[str]) -> Comment:
    text = "\n\n".join(map(_writable, lines))
    shown = text if len(text) <= LONGEST_COMMENT else text[:LONGEST_COMMENT] + "…"
    return Comment(shown, "odkit", height=28 + 18 * (shown.count("\n") + 1 + len(shown) // 20), width=300)


def _writable(text: str) -> str:
    return str(ILLEGAL_CHARACTERS_RE.sub("\ufffd", text))


def _width(values: Iterable[str]) -> int:
    longest = max(max((_columns(line) for line in value.splitlines()), default=0) for value in values)
    return min(max(longest + 3, WIDTHS[0]), WIDTHS[1])


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "FWA" else 1 for char in text[: WIDTHS[1]])


def _bytes(book: Workbook) -> bytes:
    """The workbook's bytes, without the time of writing."""
    book.properties.creator = "odkit"
    book.properties.created = book.properties.modified = datetime(*LONG_AGO[:3], tzinfo=UTC).replace(tzinfo=None)
    written, packed = BytesIO(), BytesIO()
    ExcelWriter(book, ZipFile(written, "w", ZIP_DEFLATED)).save()
    with ZipFile(written) as source, ZipFile(packed, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(ZipInfo(name, LONG_AGO), source.read(name), ZIP_DEFLATED)
    return packed.getvalue()
