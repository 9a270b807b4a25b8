"""The shape of the table: heading, titles, notes, row lengths, gaps."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, groupby, takewhile

from odkit.model import CriterionResult, Evidence
from odkit.score.checks.result import at_row, at_spans, down, failed, found, passed
from odkit.score.facts import Cell, Column, Facts, Grid
from odkit.score.values import DITTO, is_number, is_typed, is_unit

NAME_OF_COLUMN = re.compile(
    r"名称?$|番号$|住所|所在地|電話|備考|担当|所管|区分|種別|種類|分類|年月日|年度?$|日$|数$|人口|世帯|面積|金額|コード$|内容|時間"
    r"|期間|料金|緯度|経度|地区|摘要|合計|^計$|URL|ＵＲＬ|メール"
)
"""What columns are called: a row of such words after a blank one is a heading."""
NO_DATA = frozenset({"one-string", "no-table", "no-records", "image-only"})


def structure(facts: Facts) -> CriterionResult:
    """Cells or records are there, and no line is title or note."""
    if facts.structure in NO_DATA:
        return failed("structure", [Evidence(value=facts.structure)], kind=facts.structure, level=2)
    if facts.structure == "prose":
        first = next(at_row(grid, grid.layout.data[0]) for grid in facts.grids)
        return failed("structure", [first], kind="prose", level=3)
    titles = [at_row(grid, row) for grid in facts.grids for row in grid.layout.titles]
    notes = [at_row(grid, row) for grid in facts.grids for row in grid.layout.notes]
    if titles or notes:
        kind = "title-notes" if titles and notes else "title" if titles else "notes"
        return failed("structure", _cells_of(facts, titles) + notes, kind=kind, level=3, note=_first(notes))
    return found("structure", [], facts)


def _cells_of(facts: Facts, titles: list[Evidence]) -> list[Evidence]:
    """In a sheet a title is a cell (A1), in a text file a row (R1)."""
    if not any(grid.letters for grid in facts.grids):
        return titles
    cells = [
        (
            grid,
            [(row, column) for row in grid.layout.titles for column, text in enumerate(grid.rows[row - 1], 1) if text],
        )
        for grid in facts.grids
    ]
    return [evidence for grid, places in cells for cell in places for evidence in at_spans(grid, [cell])]


def _first(notes: list[Evidence]) -> str:
    return f"{notes[0].sheet}!{notes[0].range}".removeprefix("!") if notes else ""


def header_row(facts: Facts) -> CriterionResult:
    """Exactly one heading row."""
    several: list[Evidence] = []
    for grid in facts.grids:
        header = grid.layout.header
        if len(header) > 1:
            places = f"{grid.place(header[0])}:{grid.place(header[-1])}"
            area = places if not grid.letters else f"{header[0]}:{header[-1]}"
            value = at_row(grid, header[0]).value
            several.append(Evidence(sheet=grid.sheet, range=area, value=value, expected="1"))
    if several:
        return failed("header-row", several, kind="several", level=3)
    none = [at_row(grid, grid.layout.data[0]) for grid in facts.grids if grid.layout.headless]
    if none:
        return failed("header-row", none, kind="none", level=3)
    return found("header-row", [], facts)


def header_duplicate(facts: Facts) -> CriterionResult:
    """No two columns have one name."""
    evidence: list[Evidence] = []
    for grid in facts.grids:
        if len({*grid.layout.headings}) == len(grid.layout.headings):
            continue
        headings = _under_groups(grid)
        names = Counter(name for name in headings if name)
        evidence += [
            Evidence(sheet=grid.sheet, range=grid.place(column=column), value=name)
            for column, name in enumerate(headings, 1)
            if names[name] > 1
        ]
    return found("header-duplicate", evidence, facts)


def _under_groups(grid: Grid) -> Sequence[str]:
    """The heading of each column, with the group's that is merged over it: 「女」 under 人口 is none under 世帯."""
    header = grid.layout.header
    if len(header) < 2 or not grid.merged:
        return grid.layout.headings
    covered = {
        (row, column): grid.at(area.top, area.left)
        for area in grid.merged
        for row in header
        if area.top <= row <= area.bottom
        for column in range(area.left, min(area.right, grid.layout.width) + 1)
    }
    columns = range(1, len(grid.layout.headings) + 1)
    parts = ([covered.get((row, column), grid.at(row, column)).strip() for row in header] for column in columns)
    return ["／".join(dict.fromkeys(filter(None, names))) for names in parts]


def ragged(facts: Facts) -> CriterionResult:
    """All rows have as many cells as the heading."""
    grids = [grid for grid in facts.grids if grid.layout.ragged]
    evidence = [
        Evidence(range=grid.place(row), value=str(cells), expected=str(grid.layout.width))
        for grid in grids
        for row, cells in grid.layout.ragged
    ]
    if evidence:
        return failed("ragged", evidence, level=3, count=str(sum(grid.layout.ragged_count for grid in grids)))
    return found("ragged", [], facts)


def rows(facts: Facts) -> CriterionResult:
    """There is at least one row of data below the heading."""
    if facts.records == 0 or (facts.grids and not any(grid.layout.data for grid in facts.grids)):
        return failed("rows", [Evidence(value="0", expected="1")])
    if facts.records:
        return passed("rows", rows=str(facts.records))
    if facts.grids:
        return passed("rows", rows=str(sum(len(grid.layout.data) for grid in facts.grids)))
    return found("rows", [], facts)


def omitted(facts: Facts) -> CriterionResult:
    """Rule 1-6: no heading left out, no ditto marks."""
    return found("1-6", (item for grid in facts.grids for item in _omitted(grid)), facts)


def _omitted(grid: Grid) -> Iterator[Evidence]:
    yield from at_spans(grid, _holes(grid))
    for column in (column for column in grid.columns if column.telling):
        yield from down(grid, grid.find(column, column.texts(DITTO.__contains__)))
    for column in _groups(grid):
        yield from down(grid, grid.scan(column, lambda text: not text.strip()))


def _holes(grid: Grid) -> list[Cell]:
    """Empty heading cells of columns that hold something."""
    used = [column.place for column in grid.columns if column.counts or column.heading]
    first, *others = grid.layout.header or (0,)
    rows = [row for row in (first, *others) if row == first or not _has_units(grid, row)]
    return [(row, place) for row in rows if row for place in used if not grid.at(row, place).strip()]


def _has_units(grid: Grid, row: int) -> bool:
    """A row of units below the headings: what has none, such as a name, is left out rightly."""
    return all(is_unit(cell) for cell in grid.rows[row - 1] if cell.strip())


def _groups(grid: Grid) -> Iterator[Column]:
    """Columns of groups whose name is written once, at the group's beginning: those on the left only."""
    return takewhile(lambda column: _is_group(grid, column), grid.columns)


def _is_group(grid: Grid, column: Column) -> bool:
    """Filled in the first row and at most half of all, with a text once: below it stands more of the same."""
    rows = grid.layout.data
    blank = len(rows) - column.filled
    few = blank > 1 and blank >= column.filled > 1
    return few and _has_names(column) and bool(grid.at(rows[0], column.place).strip())


def _has_names(column: Column) -> bool:
    """Texts, each once."""
    return max(column.counts.values()) == 1 and not any(is_typed(text.strip()) for text in column.counts)


def breaks(facts: Facts) -> CriterionResult:
    """Rule 2-1: no blank row within the sheet's or file's content, no blank column within the table."""
    return found("2-1", (item for grid in facts.grids for item in _breaks(grid)), facts)


def _breaks(grid: Grid) -> Iterator[Evidence]:
    rows = (grid.place(row) for row in grid.layout.blanks)
    columns = (grid.place(column=column) for column in _blank_columns(grid))
    return (Evidence(sheet=grid.sheet, range=place) for place in chain(rows, columns))


def _blank_columns(grid: Grid) -> list[int]:
    used = {column.place for column in grid.columns if column.counts or column.heading}
    return [place for place in range(min(used, default=0) + 1, max(used, default=0)) if place not in used]


def several(facts: Facts) -> CriterionResult:
    """Rule 2-2: one table. A second one shows by a heading of its own, after a blank row or beside a blank column."""
    evidence = [at_row(grid, row) for grid in facts.grids for row in _second_headings(grid)]
    evidence += [item for grid in facts.grids for item in _beside(grid)]
    return failed("2-2", evidence, level=3) if evidence else found("2-2", [], facts)


def _beside(grid: Grid) -> list[Evidence]:
    """The first heading of each further table on the right: blocks of columns that repeat headings or end elsewhere."""
    blocks = _blocks(grid)
    if len(blocks) < 2 or any(len(block) < 2 for block in blocks):
        return []
    headings = {tuple(column.heading for column in block) for block in blocks}
    ends = [_extent(grid, block[0]) for block in blocks]
    if all(_is_table(block) for block in blocks):
        ends = []
    if len(headings) == len(blocks) and ends and (len(set(ends)) == 1 or 0 in ends):
        return []
    row = grid.layout.header[0] if grid.layout.header else None
    return [
        Evidence(sheet=grid.sheet, range=grid.place(row, block[0].place), value=block[0].heading)
        for block in blocks[1:]
    ]


def _is_table(block: list[Column]) -> bool:
    """Names, each once, and numbers to their right: a table by itself."""
    first, *others = block
    named = first.filled > 1 and _has_names(first)
    return named and any(column.filled and column.numbers == column.filled for column in others)


def _blocks(grid: Grid) -> list[list[Column]]:
    """The columns with a heading, parted at blank columns; none where a column has data and no heading."""
    if any(column.counts and not column.heading for column in grid.columns):
        return []
    parts = groupby(grid.columns, key=lambda column: bool(column.heading))
    return [list(part) for named, part in parts if named]


def _extent(grid: Grid, column: Column) -> int:
    """The number of data rows down to which a column is filled without a gap; 0 where it has gaps."""
    filled = [bool(grid.at(row, column.place).strip()) for row in grid.layout.data]
    length = sum(filled)
    return length if all(filled[:length]) else 0


def _second_headings(grid: Grid) -> list[int]:
    """Rows after a blank one that repeat the heading, or stand as text over numbers as a heading does."""
    blanks, data = grid.layout.blanks, grid.layout.data
    after_blank = [place for place, row in enumerate(data) if row - 1 in blanks] if blanks else []
    starts = {start for place in after_blank for start in (place, place + 1)}
    heads = {data[place] for place in starts if place + 1 < len(data) and _heads(grid, data[place], data[place + 1])}
    return sorted(heads.union(_repeated(grid)))


def _repeated(grid: Grid) -> list[int]:
    """Rows of data that are the heading over again."""
    names = [(column.place, column.heading) for column in grid.columns if column.heading]
    if len(names) < 2 or len(grid.layout.header) != 1 or not all(grid.columns[p - 1].counts.get(n) for p, n in names):
        return []
    rows = grid.find(grid.columns[names[0][0] - 1], frozenset({names[0][1]}))
    return [row for row, _ in rows if all(grid.at(row, place).strip() == name for place, name in names)]


def _heads(grid: Grid, row: int, below: int) -> bool:
    cells = {place: text.strip() for place, text in enumerate(grid.rows[row - 1], 1) if text.strip()}
    if len(cells) < 2 or any(is_typed(text) for text in cells.values()):
        return False
    if tuple(cells.values()) == tuple(filter(None, grid.layout.headings)):
        return True
    if any(is_number(grid.at(below, place).strip()) for place in cells):
        return True
    return _share_of_names(cells.values()) >= 0.6 and _share_of_names(grid.rows[below - 1]) < 0.4


def _share_of_names(cells: Iterable[str]) -> float:
    filled = [cell for cell in cells if cell.strip()]
    return sum(1 for cell in filled if NAME_OF_COLUMN.search(cell.strip())) / (len(filled) or 1)
