"""HTML -> grids: the tables of a page, their spans as merged ranges. What stands outside of tables is not read.

The tokens are our own, for the few elements that make a table: html.parser takes quadratic time on crafted input in
the Python versions we support, and this reader meets files from anywhere.
"""

from __future__ import annotations

import html
import re
from functools import partial

from odkit.errors import SourceError
from odkit.model import Row, Where
from odkit.read.grid import MOST_CELLS, Grid, Span, bounded, trimmed
from odkit.read.sheets import Sheet

_TOKEN = re.compile(
    r"""<!--.*?(?:-->|\Z)
    | <(?P<skipped>script|style|template|head)\b.*?(?:</(?P=skipped)\s*>|\Z)
    | <(?P<closing>/?)(?P<tag>[a-z][a-z0-9]*)(?P<attributes>(?:[^<>"']|"[^"]*"|'[^']*')*+)>?
    | <[!?/][^<>]*>?
    | (?P<text>[^<]+|<)""",
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_WIDEST, _TALLEST = 16_384, 1_048_576
_BREAKS = frozenset({"br", "p", "div", "li"})


def html_sheets(text: str, location: str) -> list[Sheet]:
    """The tables of a page in their order, named ``1``, ``2`` …; a single one has no name. A caption is the first row.

    Raises `SourceError`: ``read.not-a-table`` where there is none, ``read.too-many-cells``.
    """
    grids = [table.grid() for table in _tables(text, Where(file=location))]
    if not grids:
        raise SourceError("read.not-a-table", file=location, format="HTML")
    names = [str(number) for number in range(1, len(grids) + 1)] if len(grids) > 1 else [""]
    return [Sheet(name=name, visible=True, load=partial(_same, grid)) for name, grid in zip(names, grids, strict=True)]


def _same(grid: Grid) -> Grid:
    return grid


def _tables(text: str, place: Where) -> list[_Table]:
    """Every table; one inside a cell of another is a table of its own."""
    found: list[_Table] = []
    inside: list[_Table] = []
    for token in _TOKEN.finditer(text):
        tag, closing = (token["tag"] or "").lower(), bool(token["closing"])
        if tag == "table" and not closing:
            found.append(_Table(place))
            inside.append(found[-1])
        elif tag == "table" and inside:
            inside.pop()
        elif tag and inside:
            inside[-1].element(tag, token["attributes"], closing=closing)
        elif token["text"] and inside:
            inside[-1].text(html.unescape(token["text"]))
    return found


class _Table:
    """A table while it is read; rows and columns count from 0."""

    def __init__(self, place: Where) -> None:
        self._place = place
        self._rows: list[dict[int, list[str]]] = []
        self._spans: list[Span] = []
        self._taken: dict[int, int] = {}
        """Column -> the last row that a cell from above reaches down to."""
        self._column = 0
        self._covered = 0
        self._caption: list[str] = []
        self._text: list[str] | None = None

    def element(self, tag: str, attributes: str, *, closing: bool) -> None:
        """Take a tag that stands inside the table."""
        if tag in _BREAKS:
            self.text("", then="\n")
        elif tag == "caption":
            self._text = None if closing else self._caption
        elif tag == "tr" and not closing:
            self._rows.append({})
            self._column, self._text = 0, None
        elif tag in {"td", "th"}:
            self._text = None if closing else self._cell(attributes)

    def text(self, piece: str, then: str = "") -> None:
        """Take a piece of text; between cells it belongs to nothing."""
        if self._text is not None:
            self._text.append(_BLANKS.sub(" ", piece) + then)

    def grid(self) -> Grid:
        """The cells, below the caption; a span ends where the table ends."""
        title = _joined(self._caption)
        above: list[Row] = [(title,)] if title else []
        width = max((max(row, default=-1) + 1 for row in self._rows), default=0)
        bounded(len(self._rows), width, self._place)
        rows = [_row(cells) for cells in self._rows]
        shift, last = len(above), len(rows) - 1
        spans = (Span(s.top + shift, s.left, min(s.bottom, last) + shift, s.right) for s in self._spans)
        return Grid(rows=above + rows, merged=tuple(sorted(span for span in spans if span.is_wide or span.is_tall)))

    def _cell(self, attributes: str) -> list[str]:
        """A new cell at the first place of the row that no cell from above covers."""
        if not self._rows:
            self._rows.append({})
        row, column = len(self._rows) - 1, self._column
        while self._taken.get(column, -1) >= row:
            column += 1
        across, down = _number(attributes, "colspan", _WIDEST), _number(attributes, "rowspan", _TALLEST)
        self._column = column + across
        self._covered += across
        bounded(1, self._covered if self._column <= _WIDEST else MOST_CELLS + 1, self._place)
        if across > 1 or down > 1:
            self._spans.append(Span(row, column, row + down - 1, self._column - 1))
            self._taken.update(dict.fromkeys(range(column, self._column), row + down - 1))
        return self._rows[-1].setdefault(column, [])


def _row(cells: dict[int, list[str]]) -> Row:
    return trimmed(tuple(_joined(cells.get(column, ())) for column in range(max(cells, default=-1) + 1)))


def _joined(pieces: list[str] | tuple[()]) -> str:
    """The text of a cell as a browser shows it, without the blanks around its lines."""
    return re.sub(" ?\n ?", "\n", "".join(pieces)).strip()


def _number(attributes: str, name: str, most: int) -> int:
    match = re.search(rf"""\b{name}\s*=\s*["']?\s*(\d{{1,7}})""", attributes, re.IGNORECASE)
    return min(max(1, int(match[1])), most) if match else 1
