"""Comments and document properties: text that a file carries beside its cells, and that is not published."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from odkit.model import Issue, Remark, Severity, Where, column_letters
from odkit.read.report import issue

_MOST_SHOWN = 20


def comment(sheet: Where, row: int, column: int, author: str, text: str) -> Remark:
    """A comment on the cell at `row`, `column` (from 0) of a sheet."""
    where = Where(file=sheet.file, sheet=sheet.sheet, row=row + 1, column=column + 1, field=author.strip())
    return Remark(kind="comment", where=where, text=text.strip())


def properties(location: str, named: Iterable[tuple[str, str]]) -> tuple[Remark, ...]:
    """The properties of a document that say something, in their order; one that is said twice counts once."""
    kept = dict.fromkeys((name, text.strip()) for name, text in named if text.strip())
    return tuple(Remark(kind="property", where=Where(file=location, field=name), text=text) for name, text in kept)


def comments_noted(remarks: Sequence[Remark], sheet: str, location: str) -> tuple[Issue, ...]:
    """One note (``read.comment``) where cells of `sheet` have comments: how many, and which."""
    found = [item.where for item in remarks if item.kind == "comment" and item.where.sheet == sheet]
    cells = sorted({(where.row or 0, where.column or 0) for where in found})
    if not cells:
        return ()
    row, column = cells[0]
    shown = ", ".join(f"{column_letters(column)}{row}" for row, column in cells[:_MOST_SHOWN])
    listed = shown + ", …" * (len(cells) > _MOST_SHOWN)
    where = Where(file=location, sheet=sheet, row=row, column=column)
    return (issue("comment", Severity.NOTE, where, count=len(found), cells=listed),)
