"""A cleaned table as a workbook for staff to take back: changed and doubtful cells marked, reasons beside them.

Imported by its own name, so that the stages that need no workbook do not load openpyxl.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path, PurePath

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from odkit import messages
from odkit.errors import UsageError
from odkit.model import Change, CleanTable, Issue, Row, Severity
from odkit.package.ledger import change_reason
from odkit.package.workbook_file import HEADING, Frame, StyledRow, Styles, save_workbook, writable

MOST_ROWS = 1_048_575
MOST_COMMENTS = 5000
"""Beyond this many cells the reasons stand in the second and third sheets alone: Excel slows down."""

LONGEST_COMMENT = 600
WIDTHS = (6, 48)
ROWS_MEASURED = 200
CHANGED = "FFFFF2CC"
DOUBTFUL = "FFF8CBAD"
NOTED = "FFE2EFDA"

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

    colour: str
    lines: list[str] = field(default_factory=list)


def write_workbook(path: Path, table: CleanTable, lang: str, more: Sequence[Sheet] = ()) -> None:
    """Write the table with its marks, the changes, the issues, and `more` sheets; every value is text.

    Text stays text: ``011002`` keeps its zero and ``=1+1`` is no formula. The same table gives the same bytes. Raises
    UsageError where the table has more rows than a sheet can hold.
    """
    if len(table.rows) > MOST_ROWS:
        raise UsageError("package.too-many-rows", rows=len(table.rows), most=MOST_ROWS)
    book = Workbook()
    book.remove(book.worksheets[0])
    styles = Styles(book, (CHANGED, DOUBTFUL, NOTED))
    frames = [_table_frame(book, styles, table, lang)]
    frames.extend(_plain_frame(book, styles, sheet) for sheet in (_changes(table, lang), _issues(table, lang), *more))
    save_workbook(path, book, frames)


def _table_frame(book: Workbook, styles: Styles, table: CleanTable, lang: str) -> Frame:
    names = [match.name for match in table.matches]
    sheet, area = new_sheet(book, messages.text("package.book-table", lang), names, table.rows)
    marks = _marks(table, lang)
    _comment_cells(sheet, table.row_numbers, names, marks)
    return Frame(sheet, area, _table_rows(styles, table, names, marks))


def _comment_cells(sheet: Worksheet, numbers: Sequence[int], names: Sequence[str], marks: Mapping[Place, Mark]) -> None:
    columns = {name: column for column, name in enumerate(names, 1)}
    told: dict[int, list[tuple[str, Mark]]] = {}
    for (number, name), mark in islice(marks.items(), MOST_COMMENTS):
        told.setdefault(number, []).append((name, mark))
    for row, number in enumerate(numbers, 2):
        for name, mark in told.get(number, ()):
            if name in columns:
                sheet.cell(row, columns[name]).comment = _comment(mark.lines)


def _table_rows(
    styles: Styles, table: CleanTable, names: Sequence[str], marks: Mapping[Place, Mark]
) -> Iterator[StyledRow]:
    yield heading_row(styles, names)
    colours = {place: mark.colour for place, mark in marks.items()}
    marked = {number for number, _ in marks}
    for number, row in zip(table.row_numbers, table.rows, strict=True):
        if number in marked:
            cells = zip(names, row, strict=True)
            yield row, [styles.of(text, colours.get((number, name), "")) for name, text in cells]
        else:
            yield row, [styles.of(text) for text in row]


def heading_row(styles: Styles, names: Sequence[str]) -> StyledRow:
    """The first row of a sheet."""
    return tuple(names), [styles.of(name, HEADING) for name in names]


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
            mark.colour = DOUBTFUL
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


def _plain_frame(book: Workbook, styles: Styles, content: Sheet) -> Frame:
    sheet, area = new_sheet(book, content.title, content.headings, content.rows)
    rows = ((row, [styles.of(text) for text in row]) for row in islice(content.rows, MOST_ROWS))
    return Frame(sheet, area, chain([heading_row(styles, content.headings)], rows))


def new_sheet(book: Workbook, title: str, headings: Sequence[str], rows: Sequence[Row]) -> tuple[Worksheet, str]:
    """A sheet, frozen below its heading, with a filter, and columns as wide as their first rows; and its range."""
    sheet: Worksheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    area = f"A1:{get_column_letter(max(len(headings), 1))}{min(len(rows), MOST_ROWS) + 1}"
    sheet.auto_filter.ref = area
    measured = list(islice(rows, ROWS_MEASURED))
    for at, heading in enumerate(headings):
        width = _width((heading, *(row[at] for row in measured)))
        sheet.column_dimensions[get_column_letter(at + 1)].width = width
    return sheet, area


def _comment(lines: Sequence[str]) -> Comment:
    text = "\n\n".join(map(writable, lines))
    shown = text if len(text) <= LONGEST_COMMENT else text[:LONGEST_COMMENT] + "…"
    return Comment(shown, "odkit", height=28 + 18 * (shown.count("\n") + 1 + len(shown) // 20), width=300)


def _width(values: Iterable[str]) -> int:
    longest = max(max((_columns(line) for line in value.splitlines()), default=0) for value in values)
    return min(max(longest + 3, WIDTHS[0]), WIDTHS[1])


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "FWA" else 1 for char in text[: WIDTHS[1]])
