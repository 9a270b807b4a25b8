"""The region finder: every filled cell comes back, whatever the sheet looks like."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odkit.errors import SourceError
from odkit.model import Where
from odkit.read.grid import Grid, Span, is_blank
from odkit.read.region import Region, find_region

PLACE = Where(file="a.csv")
cells = st.sampled_from(["", "", " ", "　", "名称", "住所", "A", "12", "35.1", "2024-03-31", "※注", "（人）", "注1 x"])
rows = st.lists(st.lists(cells, max_size=6).map(tuple), min_size=1, max_size=12)
spans = st.tuples(st.integers(0, 11), st.integers(0, 5), st.integers(0, 2), st.integers(0, 5)).map(
    lambda edges: Span(edges[0], edges[1], edges[0] + edges[2], edges[1] + edges[3])
)
grids = st.tuples(rows, st.lists(spans, max_size=3)).map(lambda pair: Grid(rows=pair[0], merged=tuple(pair[1])))


def filled(texts: list[str]) -> Counter[str]:
    return Counter(text for text in texts if text.strip())


def outside_heading(region: Region) -> Counter[str]:
    lines = [cell for line in (*region.preamble, *region.notes) for cell in line.cells]
    return filled(lines + [cell for row in region.rows for cell in row])


def outcome(grid: Grid, area: str = "") -> Region | str:
    """The region, or the code of the error."""
    try:
        return find_region(grid, (), PLACE, area)
    except SourceError as error:
        return error.code


@given(grid=grids)
def test_every_filled_cell_comes_back(grid: Grid) -> None:
    region = outcome(grid)
    if isinstance(region, str):
        assert region in {"read.empty-sheet", "read.which-header", "read.heading-is-data", "read.which-table"}
        return
    others = [cell for number, row in enumerate(grid.rows) if number not in region.header for cell in row]
    assert outside_heading(region) == filled(others)
    headings = [part for heading in region.headings for part in heading.split("／")]
    assert not filled([cell for row in region.header for cell in grid.rows[row]]) - filled(headings)


@given(grid=grids)
def test_shape(grid: Grid) -> None:
    region = outcome(grid)
    if isinstance(region, str):
        return
    assert all(len(row) == len(region.headings) for row in region.rows)
    assert len(region.rows) == len(region.row_numbers)
    assert list(region.row_numbers) == sorted(set(region.row_numbers))
    blank = sum(
        int(item.details["last"]) - int(item.details["first"]) + 1 for item in region.issues if "last" in item.details
    )
    assert blank == sum(is_blank(grid.rows[row]) for row in region.body)


@given(grid=grids, data=st.data())
def test_declared_heading_is_kept_to(grid: Grid, data: st.DataObject) -> None:
    rows = [number for number, row in enumerate(grid.rows, 1) if not is_blank(row)]
    if not rows:
        return
    declared = sorted(data.draw(st.sets(st.sampled_from(rows), min_size=1, max_size=3)))
    region = find_region(grid, declared, PLACE)
    assert [row + 1 for row in region.header] == declared
    others = [cell for number, row in enumerate(grid.rows, 1) if number not in declared for cell in row]
    assert outside_heading(region) == filled(others)


@given(grid=grids, edges=st.tuples(*[st.integers(0, 11)] * 4))
def test_a_declared_range_loses_nothing(grid: Grid, edges: tuple[int, int, int, int]) -> None:
    area = Span(min(edges[:2]), min(edges[2:]), max(edges[:2]), max(edges[2:]))
    region = outcome(grid, str(area))
    if isinstance(region, str):
        assert region in {"read.empty-sheet", "read.bad-range", "read.which-header"}
        return
    assert area.top <= region.header[0]
    assert (area.left <= region.first_column, region.first_column + len(region.headings) - 1 <= area.right) == (
        True,
        True,
    )
    cells = [text for row in grid.rows for text in row]
    headings = [grid.text(row, column) for row in region.header for column in range(area.left, area.right + 1)]
    assert outside_heading(region) + filled(headings) == filled(cells)


@pytest.mark.parametrize(
    "rows",
    [
        [("市川市役所", "047-334-1111"), ("行徳支所", "047-359-1111")],
        [("市川市役所", "〒272-8501"), ("行徳支所", "272-0192")],
        [("図書館", "https://example.jp/a"), ("公民館", "https://example.jp/b")],
        [("千葉県", "市川市", "本庁舎"), ("千葉県", "市川市", "支所"), ("千葉県", "船橋市", "本庁舎")],
    ],
)
def test_a_first_row_of_data_is_no_heading(rows: list[tuple[str, ...]]) -> None:
    with pytest.raises(SourceError) as caught:
        find_region(Grid(rows=rows), (), PLACE)
    assert caught.value.code == "read.heading-is-data"
    assert find_region(Grid(rows=rows), (1,), PLACE).headings == rows[0]
    whole = find_region(Grid(rows=rows), (0,), PLACE)
    assert (list(whole.rows), whole.header, whole.headings[:2]) == (rows, (), ("列A", "列B"))


@pytest.mark.parametrize(
    "rows",
    [
        [("名称", "その他", "備考"), ("図書館", "その他", ""), ("公民館", "その他", "備考なし")],
        [
            ("名称", "所在地", "区分"),
            ("a", "b", "c"),
            ("名称", "所在地", "区分"),
            ("名称", "d", "区分"),
            ("e", "f", "g"),
        ],
        [("名称", "電話番号（047）", "URL"), ("図書館", "0473341111", "なし")],
    ],
)
def test_a_heading_whose_words_stand_below_is_one(rows: list[tuple[str, ...]]) -> None:
    assert find_region(Grid(rows=rows), (), PLACE).headings == rows[0]


def test_no_heading_and_a_heading_row_do_not_go_together() -> None:
    with pytest.raises(SourceError) as caught:
        find_region(Grid(rows=[("名称", "所在地"), ("a", "b")]), (0, 1), PLACE)
    assert caught.value.code == "read.bad-header-rows"
