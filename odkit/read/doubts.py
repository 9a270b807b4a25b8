"""What may be read in another way, though nothing says so for sure: it is told, and the table stays as it is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from odkit.model import Issue, Row, Severity, Where
from odkit.read.grid import Grid
from odkit.read.report import issue
from odkit.read.typed import typed_columns

_SAMPLE = 200
_FEWEST = 2
"""Rows that are looked at at least: what one row shows may be chance."""
_NAMES = re.compile(
    r"[A-Za-z0-9_ .()\-]*|.*[A-Za-z]"
    r"|.*[名称番号数日年月時間期分別類種目項容考要法度無積率額金料費者先性語字口帯量値点況由等他計順格級型式状態象像報図文題件話録歴比差幅高記欄線]"
    r"|.*(?:名前|住所|場所|箇所|事業所|管轄所|所在|地区|行政区|市区町村|町村|市町村|県|定員|人員|委員|委託先|担当課|所管課|部署|部門"
    r"|住居|緯|経|支援|可否|コード|カナ|ガナ|がな|かな|よみ|読み|ファックス|アドレス|メール|サイト|リンク|ページ|ライセンス|メモ"
    r"|ジャンル|カテゴリー?|タイプ|データ|エリア|高さ|長さ|広さ|大きさ)|所|課|男|女|市|区|町|村|地"
)
"""What columns are called: their last words. It may be too wide, for it keeps doubts away."""


def doubted(grid: Grid, header: Sequence[int], headings: Row, rows: Sequence[Row], place: Where) -> Iterator[Issue]:
    """A note where no word of the heading names a column, a warning where a lone column is divided by a mark."""
    if len(header) != 1 or len(rows) < _FEWEST:
        return
    if len(headings) == 1:
        yield from _divided(headings[0], rows, place)
    elif _is_doubtful(grid, header[0], headings):
        where = Where(file=place.file, sheet=place.sheet, row=header[0] + 1)
        shown = " | ".join(headings)[:80]
        yield issue("maybe-no-heading", Severity.NOTE, where, shown, row=header[0] + 1)


def _is_doubtful(grid: Grid, row: int, headings: Row) -> bool:
    """Words above words, with nothing above them: they may be the first row of data as well."""
    return (
        not any(grid.filled(above) for above in range(row))
        and not grid.spans_at(row)
        and not any(_names_a_column(heading) for heading in headings)
        and not typed_columns(grid, range(row + 1, min(row + 1 + _SAMPLE, len(grid))))
    )


def _names_a_column(heading: str) -> bool:
    plain = unicodedata.normalize("NFKC", heading)
    return bool(_NAMES.fullmatch("".join(re.sub(r"\(.*\)", "", plain).split()))) and bool(plain.strip())


_MARKS: dict[str, Callable[[str], int]] = {
    "|": lambda line: line.count("|") + line.count("｜"),
    "、": lambda line: line.count("、") + line.count("，"),
    "␣": lambda line: len(line.split()) - 1,
}
"""What may divide a line of a lone column, and how often it does."""


def _divided(heading: str, rows: Sequence[Row], place: Where) -> Iterator[Issue]:
    """A warning where the heading and each row have the same mark equally often."""
    lines = [cells[0] for cells in islice(rows, _SAMPLE)]
    for mark, count in _MARKS.items():
        times = count(heading)
        if times and all(count(line) == times for line in lines):
            where = Where(file=place.file, sheet=place.sheet)
            yield issue("other-delimiter", Severity.WARNING, where, lines[0][:80], mark=mark, count=times)
            return
