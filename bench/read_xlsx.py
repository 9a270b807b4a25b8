"""Reading a large .xlsx, odkit beside python-calamine, in turns in one run: seconds of processor time and their ratio.

usage: python bench/read_xlsx.py FILE.xlsx [ROUNDS]

`grid` is the sheet as rows of text with its merges, hidden parts and formulas; `table` adds finding the heading and
the rows below it, which calamine does not do.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from python_calamine import CalamineWorkbook

from odkit.read import read_source
from odkit.read.xlsx import xlsx_document


def calamine(path: Path) -> None:
    """Every row of the first sheet, as calamine hands it over."""
    for _ in CalamineWorkbook.from_path(path).get_sheet_by_index(0).iter_rows():
        pass


def grid(path: Path) -> None:
    """Every row of the first sheet as text."""
    xlsx_document(path.read_bytes(), path.name).sheets[0].load()


def table(path: Path) -> None:
    """Every row of the table."""
    for _ in read_source(path).rows:
        pass


def seconds(work: Callable[[Path], None], path: Path) -> float:
    """Processor time of one call."""
    start = time.process_time()
    work(path)
    return time.process_time() - start


def main() -> None:
    """Measure in turns, so that a busy machine slows all of them alike."""
    path, rounds = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 5
    ways = (calamine, grid, table)
    taken = [[seconds(way, path) for way in ways] for _ in range(rounds)]
    base = statistics.median(times[0] for times in taken)
    for way, times in zip(ways, zip(*taken, strict=True), strict=True):
        median = statistics.median(times)
        print(f"{way.__name__:10} {median:6.2f} s   {median / base:5.2f} x calamine")


if __name__ == "__main__":
    main()
