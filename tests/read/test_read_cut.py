"""A large text, cut into columns a block at a time, holds the cells that Python's own reader finds in it."""

from __future__ import annotations

import csv
import io
import random

import pytest

from odkit.read import payload
from odkit.read.census import take_census
from odkit.read.columns import ColumnReader
from odkit.read.payload import Payload
from odkit.read.records import Records, Text

CELLS = ("", "a", "あ", "x,y", "l\nm", 'q"r', '"', " ", "a\rb", "c\r\nd", "\n")


def written(random_: random.Random, end: str) -> str:
    """A table of two to four columns; any cell may need its quotes, the first as well."""
    out, width = io.StringIO(newline=""), random_.randrange(2, 5)
    sparing, lavish = csv.writer(out, lineterminator=end), csv.writer(out, lineterminator=end, quoting=csv.QUOTE_ALL)
    rows = [[random_.choice(CELLS) for _ in range(width)] for _ in range(random_.randrange(1, 40))]
    random_.choice((sparing, lavish)).writerows(rows)
    return out.getvalue() if random_.random() < 0.7 else out.getvalue().removesuffix(end)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp932", "euc_jp", "iso2022_jp"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("block", [7, payload.BLOCK])
def test_columns_hold_the_cells_of_the_records(
    encoding: str, end: str, block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(payload, "BLOCK", block)
    random_ = random.Random(7)  # noqa: S311 - made-up data
    for _ in range(150):
        made = written(random_, end)
        records = list(csv.reader(io.StringIO(made, newline=""), strict=True))
        text, width = Text(Payload("made.csv", made.encode(encoding)), encoding), len(records[0])
        census = take_census(text, keep=False)
        reader = ColumnReader(Records(text, census), range(len(records)), (), range(width))
        found = [list(row) for columns in reader.chunks(7) for row in zip(*columns, strict=True)]
        assert found == [(record + [""] * width)[:width] for record in records]
        assert census.blanks == [row for row, cells in enumerate(records) if not "".join(cells).strip()]
