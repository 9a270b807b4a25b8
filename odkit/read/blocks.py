"""Several tables on one sheet, below each other: found by evidence, never chosen from.

A table below another starts after a blank row with a heading of its own: text over columns of numbers or dates, or
the words of an earlier heading again. Tables beside each other: `beside.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from odkit.errors import SourceError
from odkit.model import Row, Where
from odkit.read.grid import Grid, Span, runs
from odkit.read.headless import has_data
from odkit.read.linkdata import property_row
from odkit.read.typed import all_text, typed_columns

_LINES_ABOVE = 6
"""Lines of one cell that may stand above a heading: a title, a date, a unit."""
_HEADING = 3
"""Rows that a heading may have."""
_SAMPLE = 200
_MOST_SHOWN = 20


def refuse_stack(grid: Grid, place: Where) -> None:
    """Raise `SourceError` ``read.which-table`` where a sheet holds tables below each other."""
    blanks = grid.blanks
    if not blanks or property_row(grid) is not None:
        return
    starts = list(_starts(grid, _segments(grid, blanks)))
    if len(starts) < 2:
        return
    ends = [after for _, after in pairwise(starts)] + [len(grid)]
    refuse([_block(grid, start, end) for start, end in zip(starts, ends, strict=True)], grid, place)


def refuse(blocks: Sequence[Span], grid: Grid, place: Where) -> None:
    """Raise ``read.which-table`` with the line to paste for each of `blocks`."""
    raise which_table(str(place), choices(blocks, grid))


def choices(blocks: Sequence[Span], grid: Grid) -> list[tuple[str, str]]:
    """For each block the line to paste, and the words of its heading."""
    return [(f'range = "{block}"', _words(grid, block)) for block in blocks]


def which_table(place: str, tables: Sequence[tuple[str, str]]) -> SourceError:
    """The question which of several tables is meant: for each the line to paste (``range = "A3:D9"``), how it starts.

    The options of a command are called as the keys of dataset.toml are.
    """
    option = f"--{tables[0][0].partition(' ')[0]}"
    return SourceError("read.which-table", place=place, tables=listed(tables), count=len(tables), option=option)


def listed(tables: Sequence[tuple[str, str]]) -> str:
    """The lines to paste, each on a line of its own."""
    shown = [f"\n    {line}" + f"  ({words})" * bool(words) for line, words in tables[:_MOST_SHOWN]]
    return "".join(shown) + "\n    …" * (len(tables) > _MOST_SHOWN)


def _words(grid: Grid, block: Span) -> str:
    texts = [grid.text(block.top, column).strip() for column in range(block.left, block.right + 1)]
    return " | ".join(" ".join(text.split()) for text in texts if text)[:80]


def _segments(grid: Grid, blanks: Sequence[int]) -> Iterator[range]:
    """The runs of rows between blank ones."""
    edges = [-1, *(row for pair in runs(blanks) for row in pair), len(grid)]
    for before, after in zip(edges[::2], edges[1::2], strict=True):
        if after > before + 1:
            yield range(before + 1, after)


def _starts(grid: Grid, segments: Iterator[range]) -> Iterator[int]:
    """The heading rows of the tables."""
    seen: list[Row] = []
    for segment in segments:
        start = next((row for row in segment[:_LINES_ABOVE] if len(grid.filled(row)) > 1), None)
        if start is None:
            continue
        words = _texts(grid, start)
        rows = segment[start - segment.start :]
        if _opens(grid, rows) or words in seen or (not seen and _is_plain_table(grid, rows)):
            seen.append(words)
            yield start


def _texts(grid: Grid, row: int) -> Row:
    return tuple(grid.text(row, column).strip() for column in grid.filled(row))


def _opens(grid: Grid, rows: range) -> bool:
    """Whether a heading stands at the top of `rows`: text where numbers or dates follow."""
    widest = max(len(grid.filled(row)) for row in rows[:_SAMPLE])
    for row in rows[:_HEADING]:
        columns = grid.filled(row)
        if len(columns) * 2 < widest or not all_text(grid, row) or has_data(grid, row):
            return False
        below = range(row + 1, min(rows.stop, row + 1 + _SAMPLE))
        enough = len(below) >= (1 if len(columns) > 2 else 2)
        if enough and len(columns) > 1 and typed_columns(grid, below).keys() & set(columns):
            return True
    return False


def _is_plain_table(grid: Grid, rows: range) -> bool:
    """Whether the first block of a sheet is a table of words: three rows of three cells, the first all text."""
    wide = [row for row in rows[:_SAMPLE] if len(grid.filled(row)) > 2]
    return len(wide) > 2 and wide[0] == rows.start and all_text(grid, rows.start)


def _block(grid: Grid, start: int, end: int) -> Span:
    """The range of a table, up to the last row of more than one cell before `end`."""
    wide = [row for row in range(start, end) if len(grid.filled(row)) > 1]
    columns = {column for row in wide for column in grid.filled(row)}
    return Span(start, min(columns), wide[-1], max(columns))
