"""The rows of an .xlsx sheet by pattern, as spreadsheet programs write them: about as fast as calamine, and exact.

A sheet is a hundred megabytes of the same three tags. Every character between `<sheetData>` and its end must belong
to one of the patterns below; where one does not, `Unusual` hands the sheet to the careful reader, which knows XML.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from operator import itemgetter
from typing import Any

from odkit.model import Row
from odkit.read.grid import trimmed
from odkit.read.xlsx_cells import Spelling, is_noted
from odkit.read.xlsx_parts import TRUE
from odkit.read.xlsx_rows import SheetRows, column_of
from odkit.read.xlsx_text import Unusual, inline, pieces, plain_text, unescaped
from odkit.read.xml_events import walk_text

_START = 4096
_ROOT = re.compile(rb"(?:\xef\xbb\xbf)?(?:<\?xml[^<>?]*+\?>)?\s*+<([A-Za-z0-9]+:)?worksheet\b")
_ROW_NUMBER = re.compile(r'\sr="([0-9]{1,9})"')
_ATTRIBUTES = re.compile(r'(?:\s++[\w:]++="[^"<>&]*+")*+\s*+')
_ATTRIBUTE = re.compile(r'\s([\w:]++)="([^"]*+)"')
_SHARED = ' t="s"'
_LAYOUTS = 4096
_WIDE = 256
"""Layouts that are remembered: rows with the same cells filled; none of more columns than this."""
_Layout = Callable[[Sequence[str]], Row]
"""Makes the whole row of its cells and one empty text."""
_BLANK = (None, None)
_Parts = list[Any]
"""A row, split by its cells: what stands between two, then the parts of a cell, each a text or None."""


def read_quickly(archive: zipfile.ZipFile, path: str, spelling: Spelling, found: SheetRows) -> None:
    """Collect the rows of the part at `path`. Raises `Unusual`, which leaves them half collected; ValueError or
    LookupError for damage."""
    with archive.open(path) as part:
        root = _ROOT.match(part.read(_START))
    if not root:
        raise Unusual("root")
    grammar = _grammar(root[1].decode() if root[1] else "")
    around = _QuickRows(spelling, found, grammar).read(pieces(archive, path, grammar.row_end))
    walk_text(around, found.around)


@dataclass(frozen=True, slots=True)
class _Grammar:
    """How rows and cells are written with one prefix for their tags (mostly none)."""

    opening: str
    closing: str
    row_start: str
    row_end: str
    empty: str
    below_zero: str
    row: re.Pattern[str]
    cell: re.Pattern[str]
    inside: re.Pattern[str]

    @classmethod
    def of(cls, prefix: str) -> _Grammar:
        return cls(
            opening=f"<{prefix}sheetData>",
            closing=f"</{prefix}sheetData>",
            row_start=f'<{prefix}row r="',
            row_end=f"</{prefix}row>",
            empty=f"<{prefix}v></",
            below_zero=f"{_SHARED}><{prefix}v>-",
            row=re.compile(rf"<{prefix}row((?:\s[^<>/]*+(?:/(?!>)[^<>/]*+)*+)?)(/?)>"),
            # Letters, further attributes, a plain value, or else what stands inside.
            cell=re.compile(
                rf'<{prefix}c r="([A-Z]{{1,3}}+)[0-9]++"([^<>/]*+)'
                rf"(?:><{prefix}v>([^<]*+)</{prefix}v></{prefix}c>|/>"
                rf"|>([^<]*+(?:<(?!/?{prefix}c[ />])[^<]*+)*+)</{prefix}c>)"
            ),
            # A formula, and a value or text in place.
            inside=re.compile(
                rf"\s*+(<{prefix}f(?:\s[^<>]*+|/)?(?:(?<=/)>|>[^<]*+</{prefix}f>))?\s*+"
                rf"(?:<{prefix}v(?: xml:space=\"preserve\")?>([^<]*+)</{prefix}v>|<{prefix}v\s?/>"
                rf"|<{prefix}is>(.*)</{prefix}is>)?\s*+",
                re.DOTALL,
            ),
        )


_grammar = cache(_Grammar.of)
_IN_PLACE, _IN_PLACE_END = "<is><t>", "</t></is>"
"""Around a text in place that has neither styles nor blanks to keep."""


class _Kinds(dict[str, Callable[[str], str]]):
    """How to spell the raw value of a cell, by its attributes as they are written; and which kinds are special."""

    def __init__(self, spelling: Spelling) -> None:
        super().__init__()
        self._spelling = spelling
        self.shared: set[str] = set()
        self.texts: set[str] = set()
        self.noted: dict[str, str] = {}

    def __missing__(self, attributes: str) -> Callable[[str], str]:
        if not _ATTRIBUTES.fullmatch(attributes):
            raise Unusual(attributes)
        named = dict(_ATTRIBUTE.findall(attributes))
        kind = self._spelling.kind(named.get("t", "n"), named.get("s", "0"))
        if attributes.endswith(_SHARED):
            self.shared.add(attributes)
        if kind.is_text:
            self.texts.add(attributes)
        if kind.finding:
            self.noted[attributes] = kind.finding
        self[attributes] = kind.spell
        return kind.spell


class _QuickRows:
    def __init__(self, spelling: Spelling, found: SheetRows, grammar: _Grammar) -> None:
        self._strings = spelling.strings
        self._found = found
        self._grammar = grammar
        self._kinds = _Kinds(spelling)
        self._layouts: dict[Row, _Layout] = {}
        self._row = -1
        self._row_rest = ""
        self._hidden = False

    def read(self, part: Iterator[str]) -> str:
        """Collect the rows of a sheet that comes in pieces; gives back the sheet without them."""
        before, opening, rows = next(part).partition(self._grammar.opening)
        if not opening:
            raise Unusual("sheetData")
        for piece in part:
            self._take(rows)
            rows = piece
        last, closing, after = rows.partition(self._grammar.closing)
        self._take(last)
        if not closing:
            raise Unusual("end")
        return before + after

    def _take(self, piece: str) -> None:
        """Collect the rows of a piece. The rows that have nothing but values, nearly all, cost no call per cell."""
        if self._grammar.below_zero in piece:
            raise Unusual("shared string")
        *rows, rest = piece.split(self._grammar.row_end)
        special = "&" in piece or self._grammar.empty in piece
        split, strings, layouts = self._grammar.cell.split, self._strings, self._layouts
        spell, shared, row_start = self._kinds, self._kinds.shared, self._grammar.row_start
        for row in rows:
            parts = split(row)
            if parts[0] == f"{row_start}{self._row + 2}{self._row_rest}":
                self._row += 1
            else:
                self._open_rows(parts[0])
            layout = layouts.get(tuple(parts[1::5]))
            kinds, values = parts[2::5], parts[3::5]
            if layout is None or None in values or any(parts[5::5]) or (special and self._is_special(row)):
                self._take_row(parts)
                continue
            texts = [
                strings[int(value)] if kind in shared else spell[kind](value)
                for kind, value in zip(kinds, values, strict=True)
            ]
            if spell.noted:
                self._note_row(parts, texts)
            self._put(layout, texts)
        self._open_rows(rest, open_ones=0)

    def _is_special(self, row: str) -> bool:
        """Whether a row has entities, or values that are there but empty."""
        return "&" in row or self._grammar.empty in row

    def _take_row(self, parts: _Parts) -> None:
        """Collect one row of any form."""
        gaps, letters = parts[5::5], tuple(parts[1::5])
        if any(gaps) and not "".join(gaps).isspace():
            raise Unusual("between cells")
        cells = zip(letters, parts[2::5], parts[3::5], parts[4::5], strict=True)
        texts = ["" if cell[2:] == _BLANK else self._text(*cell) for cell in cells]
        while texts and not texts[-1]:
            texts.pop()  # Some programs write blank cells as far as there are columns.
        letters = letters[: len(texts)]
        if letters:
            self._put(self._layouts.get(letters) or self._layout(letters), texts)

    def _open_rows(self, gap: str, open_ones: int = 1) -> None:
        """Take the tags of the rows that start in `gap`: all are empty but the last, where one is to stay open."""
        parts = self._grammar.row.split(gap)
        if any(parts[::3]) and not "".join(parts[::3]).isspace():
            raise Unusual(gap)
        if parts[2::3].count("") != open_ones or (open_ones and parts[-2]):
            raise Unusual("row")
        for attributes in parts[1::3]:
            number = _ROW_NUMBER.search(attributes)
            if not number or not _ATTRIBUTES.fullmatch(attributes) or int(number[1]) - 1 <= self._row:
                raise Unusual(attributes)
            self._row = int(number[1]) - 1
            self._hidden = "hidden=" in attributes and dict(_ATTRIBUTE.findall(attributes)).get("hidden") in TRUE
            # The next row will be written like this one; a hidden one is looked at closely.
            self._row_rest = "\0" if self._hidden else f"{attributes[number.end() - 1 :]}>"

    def _note_row(self, parts: _Parts, texts: Sequence[str]) -> None:
        if not self._kinds.noted.keys().isdisjoint(parts[2::5]):
            for letters, attributes, value, text in zip(parts[1::5], parts[2::5], parts[3::5], texts, strict=True):
                self._note(letters, attributes, value, text)

    def _text(self, letters: str, attributes: str, value: str | None, inside: str | None) -> str:
        """The text of one cell of any form; `inside` is what it holds where that is not one plain value."""
        spell = self._kinds[attributes]
        formula, inline_text = "", None
        if inside is not None:
            if inside[: len(_IN_PLACE)] == _IN_PLACE and inside[-len(_IN_PLACE_END) :] == _IN_PLACE_END:
                text = inside[len(_IN_PLACE) : -len(_IN_PLACE_END)]
                # Of programs that write all texts in place, a sheet has as many of these as cells.
                if "<" not in text and "&" not in text and "_x" not in text:
                    return text
            found = self._grammar.inside.fullmatch(inside)
            if not found:
                raise Unusual(inside)
            formula, value, inline_text = found.groups()
        if inline_text is not None:
            text = plain_text(inline(inline_text))
        else:
            raw = unescaped(value or "")
            text = spell(raw) if raw else ""
            self._note(letters, attributes, raw, text)
        if formula:
            is_text = attributes in self._kinds.texts
            self._found.findings.formula(self._row, column_of(letters), text, is_text=is_text)
        return text

    def _note(self, letters: str, attributes: str, raw: str, text: str) -> None:
        finding = self._kinds.noted.get(attributes)
        if finding and text and is_noted(finding, raw, text):
            self._found.findings.note(finding, self._row, column_of(letters), text)

    def _put(self, layout: _Layout, texts: list[str]) -> None:
        texts.append("")
        cells = layout(texts)
        if not cells[-1] or cells[-1].isspace():
            cells = trimmed(cells)
        if cells:
            self._found.put(self._row, cells, hidden=self._hidden)

    def _layout(self, letters: Row) -> _Layout:
        columns = {column_of(letter): at for at, letter in enumerate(letters)}
        if len(columns) < len(letters):
            raise Unusual("a cell twice")
        width = max(columns) + 1
        self._found.expect(self._row, width)
        if width > _WIDE:
            return partial(_spread, tuple(columns.items()), width)
        # The cells of a row come with one empty text at their end, for the columns that have none.
        order = [columns.get(column, len(letters)) for column in range(width)]
        place = itemgetter(*order) if width > 1 else lambda texts: (texts[0],)
        if len(self._layouts) < _LAYOUTS:
            self._layouts[letters] = place
        return place


def _spread(columns: Sequence[tuple[int, int]], width: int, texts: Sequence[str]) -> Row:
    cells = [""] * width
    for column, at in columns:
        cells[column] = texts[at]
    return tuple(cells)
