"""Heading rows -> one heading per column: the parts top down, joined with ``／``, each merged cell once."""

from __future__ import annotations

from collections.abc import Sequence

from odkit.model import Row
from odkit.read.grid import Grid, Span

JOINER = "／"


def join_headings(grid: Grid, header: Sequence[int], columns: range) -> Row:
    """The heading of each column; a single cell keeps its text as it is, line breaks and all."""
    if len(header) == 1 and not grid.spans_at(header[0]):
        cells = grid.rows[header[0]][columns.start : columns.stop]
        return tuple([cell if cell.strip() else "" for cell in cells]) + ("",) * (len(columns) - len(cells))
    levels = [_level(grid, header, depth, columns) for depth in range(len(header))]
    return tuple(_joined([level[place] for level in levels]) for place in range(len(columns)))


_Part = tuple[tuple[int, int], str]
"""The cell that a part of a heading comes from, and its text."""


def _joined(parts: Sequence[_Part]) -> str:
    seen: dict[tuple[int, int], str] = {}
    for cell, text in parts:
        if text.strip():
            seen.setdefault(cell, text)
    return JOINER.join(seen.values())


def _level(grid: Grid, header: Sequence[int], depth: int, columns: range) -> list[_Part]:
    """One heading row, each column with the cell that names it."""
    row = header[depth]
    spans = [span for span in grid.spans_at(row) if span.top in header]
    cells = [_naming(grid, row, column, spans) for column in columns]
    if depth + 1 < len(header) and not any(span.is_wide for span in spans):
        cells = _over_gaps(grid, header, depth, cells)
    return [(cell, grid.text(*cell)) for cell in cells]


def _naming(grid: Grid, row: int, column: int, spans: Sequence[Span]) -> tuple[int, int]:
    """The cell itself, or the first cell of the merged range it lies in; some files keep text below a merge."""
    if not grid.text(row, column).strip():
        for span in spans:
            if span.holds(row, column):
                return span.top, span.left
    return row, column


def _over_gaps(grid: Grid, header: Sequence[int], depth: int, cells: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """A heading that lost its merges: a label reaches over the gaps to its right that have a name below.

    It ends where a row above starts anew. A label with nothing below it stands for its own column only.
    """
    named = [any(grid.text(row, column).strip() for row in header[depth + 1 :]) for _, column in cells]
    anew = [any(grid.text(row, column).strip() for row in header[:depth]) for _, column in cells]
    reached: list[tuple[int, int]] = []
    label: tuple[int, int] | None = None
    for cell, has_name, is_new in zip(cells, named, anew, strict=True):
        if grid.text(*cell).strip():
            label = cell if has_name else None
        elif is_new:
            label = None
        reached.append(label if label and has_name else cell)
    return reached
