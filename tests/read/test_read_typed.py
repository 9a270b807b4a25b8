"""Columns of words, numbers and dates: the quick ways to tell come to what the shapes of all cells say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from hypothesis import example, given
from hypothesis import strategies as some

from odkit.read.grid import Grid
from odkit.read.shapes import DATE, NOTHING, NUMBER, TEXT, shape
from odkit.read.typed import typed_columns

WORDS = (
    "市民会館",
    "大網白里市",
    "平安",
    "平成6.1",
    "令和元年1月1日",
    "不明",
    "なし",
    "ロビー",
    "・",
    "ー",
    "x",
    "xy",
    "S6.1",
    "M",
    "Ａ",
)
SIGNS = (
    "043-223-2110",
    "0432-64-7175",
    "1-15",
    "277-2363",
    "2024-1-2",
    "12-1-1",
    "1234-5",
    "12",
    "-3",
    "1,234",
    "9:30",
    "①",
)
BLANKS = ("", " ", "　", "-", "…", "1-5 ", "1-5\n", "が", "か\u3099", "ﾊﾞ", "2024-01-02a")
CELLS = some.sampled_from((*WORDS, *SIGNS, *BLANKS)) | some.text(
    some.sampled_from("0123456789-/.:年月日 　平令大A千市ー・xM元％%\u3099①"), max_size=6
)


def by_shapes(cells: Sequence[str]) -> str:
    """What a column holds, cell by cell."""
    shapes = Counter(shape(cell) for cell in cells if cell)
    if shapes[TEXT] > shapes.total() / 4:
        return TEXT
    del shapes[NOTHING]
    common, count = max(shapes.items(), key=lambda item: (item[1], item[0]), default=(TEXT, 0))
    return common if count >= 0.8 * shapes.total() else TEXT


@given(some.lists(CELLS, min_size=1, max_size=12))
@example(["1-15", "1", "2", "3"])
@example(["1-15", "21-7", "2", "3"])
@example(["", "", "", "", "12"])
@example(["2024-1-2", "2024-1-3", "2024-1-4 頃", "市"])
def test_a_column_is_what_the_shapes_of_its_cells_say(cells: list[str]) -> None:
    grid = Grid(rows=tuple((cell,) for cell in cells))
    assert typed_columns(grid, range(len(cells))).get(0, TEXT) == by_shapes(cells)


@given(CELLS)
def test_a_lone_cell_is_what_its_shape_says(cell: str) -> None:
    kind = typed_columns(Grid(rows=((cell,),)), range(1)).get(0, TEXT)
    assert kind == (shape(cell) if shape(cell) in {NUMBER, DATE} else TEXT)
