"""One pass over a text's records: a small one is kept, a large one is counted without cutting its lines into cells."""

from __future__ import annotations

import csv
import io
import re
from array import array
from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from odkit.collector import collector_paused
from odkit.read.lines import BYTEWISE, Blocks, even_text, odd_cell, quoted_cell
from odkit.read.records import CHUNK, LONGEST_CELL, Census, Text, blank_rows, broken, long_cells, swallowed

_MARK = "\xef\xbb\xbf"
_LINE_ENDS = ("\r\n", "\n", "\r")
_SPACES = "\t\x0b\x0c\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)


def take_census(text: Text, *, keep: bool) -> Census:
    """Read all records once; with `keep` all stay in `head`. Raises ``csv.Error`` as `Text.chunks` does."""
    with collector_paused(), long_cells():
        return _kept(text) if keep else _Count(text).census()


def _kept(text: Text) -> Census:
    census = Census()
    # All at once, which is much faster than line by line.
    lines = io.StringIO(text.payload.data().decode(text.encoding), newline="").readlines()
    census.head = list(map(tuple, text.parsed(lines)))
    if len(census.head) < len(lines):
        for row, cells in enumerate(census.head):
            joined = "".join(cells)
            if "\n" in joined or "\r" in joined:
                census.swallowed += swallowed(row, broken(cells), text.delimiter)
    census.lengths.extend(map(len, census.head))
    census.blanks = blank_rows(census.head)
    census.line_end = _line_end([lines[0], lines[-1]] if lines else [])
    return census


class _Count:
    """The census of a large text: only records that quotes make doubtful are read as csv, and both ends."""

    def __init__(self, text: Text) -> None:
        self._text = text
        # A byte is taken for a character: that is enough to count, and saves decoding.
        self._raw = replace(text, encoding="latin-1") if text.encoding in BYTEWISE else text
        # The byte order mark stands once, before the first cell.
        self._encoding = text.encoding.removesuffix("-sig")
        self._blocks = Blocks(self._raw)
        self._census = Census()
        self._tail: deque[tuple[int, str]] = deque()
        mark = text.delimiter
        self._quoted, self._odd, self._even = quoted_cell(mark), odd_cell(mark), even_text(mark)
        self._openers = frozenset("\r\n" + text.delimiter + "".join(self._encoded(char)[0] for char in _SPACES))
        starts = "".join(sorted(self._openers)).encode("latin-1", "ignore")
        blank_start = b"\n[" + re.escape(starts) + b"]"
        # By the end of lines: a blank record may begin, or a return stands alone, which the marks do not tell.
        self._doubtful = {
            b"\n": re.compile(blank_start),
            b"\r\n": re.compile(b"\r(?:[^\n]|" + blank_start + b")"),
        }
        self._mark = mark.encode()
        self._others = bytes(byte for byte in range(256) if byte not in self._mark + b"\r\n")

    def census(self) -> Census:
        """Count the records. Raises ``csv.Error`` as `Text.chunks` does."""
        first = block = self._blocks.next().removeprefix(_MARK)
        while block:
            counted = len(self._census.lengths)
            read = block if self._quickly(block) else self._slowly(block)
            self._keep(len(self._census.lengths) - counted, read)
            block = self._blocks.next()
        census, text, last = self._census, self._text, "".join(kept for _, kept in self._tail)
        census.head = list(map(tuple, islice(text.parsed(text.lines()), CHUNK)))
        census.tail = list(map(tuple, text.parsed(io.StringIO(self._decoded(last), newline=""))))[-CHUNK:]
        census.line_end = _line_end([io.StringIO(first, newline="").readline(), last])
        return census

    def _quickly(self, block: str) -> bool:
        """Count lines that are records, once words stand for their quoted cells; False where they may not be."""
        plain = self._worded(block) if '"' in block else block
        if '"' in plain:
            self._census.is_plain = self._census.is_plain and "\r" not in plain.replace("\r\n", "")
            return False
        if self._count_alike(plain):
            return True
        has_returns = plain.count("\r") > plain.count("\r\n") + plain.endswith("\r")
        self._census.is_plain = self._census.is_plain and not has_returns
        if has_returns:
            return False
        lines = plain.removesuffix("\n").split("\n")
        if len(plain) > LONGEST_CELL and max(map(len, lines)) > LONGEST_CELL:
            return False
        mark, lengths = self._text.delimiter, self._census.lengths
        first = len(lengths)
        lengths.extend([line.count(mark) + 1 for line in lines])
        for row in [row for row, line in enumerate(lines) if not line or line[0] in self._openers]:
            self._look_for_blank(first + row, lines[row])
        return True

    def _count_alike(self, plain: str) -> bool:
        """Count lines that have the same number of cells and the same end, none of them blank; False for others."""
        if self._raw is self._text or len(plain) > LONGEST_CELL or plain[-1] != "\n" or plain[0] in self._openers:
            return False
        data = plain.encode("latin-1")
        marks = data.translate(None, self._others)
        first = marks[: marks.index(b"\n") + 1]
        width, height = first.count(self._mark) + 1, len(marks) // len(first)
        end = first[width - 1 :]
        is_alike = marks == first * height and end in self._doubtful and first == self._mark * (width - 1) + end
        if is_alike and not self._doubtful[end].search(data):
            self._census.lengths.extend(array("L", (width,)) * height)
            return True
        return False

    def _worded(self, block: str) -> str:
        """A block with words for its quoted cells, or without the quotes of those that could do without."""
        parts = self._odd.split(block)
        parts[1::2] = map(self._word, parts[1::2])
        plain = "".join(parts)
        if '"' not in plain:
            return plain
        if self._even.fullmatch(plain):
            return plain.replace('""', " ").replace('"', "")
        # Not what was just made: quotes may seem to match now that others are gone.
        return self._quoted.sub(lambda found: self._word(found[0]), block)

    def _word(self, cell: str) -> str:
        """What a quoted cell counts as; itself where it may hold other records or be too long."""
        broken_up = ("\n" in cell or "\r" in cell) and self._text.delimiter in cell
        if broken_up or len(cell) > LONGEST_CELL:
            return cell
        is_filled = len(cell) > 2 and cell[1] not in self._openers
        return "x" if is_filled or self._decoded(cell[1:-1]).strip() else " "

    def _look_for_blank(self, row: int, line: str) -> None:
        if not self._decoded(line.replace(self._text.delimiter, "")).strip():
            self._census.blanks.append(row)
            if line in ("", "\r"):
                self._census.lengths[row] = 0

    def _slowly(self, block: str) -> str:
        """Count the records that begin in a block, as csv; returns them, for the last may go on in later blocks."""
        taken: list[str] = []
        reader = csv.reader(_taken(self._blocks.lines(block), taken), delimiter=self._text.delimiter, strict=True)
        lines = sum(1 for _ in io.StringIO(block, newline=""))
        while reader.line_num < lines:
            before = reader.line_num
            self._count(next(reader), has_lines=reader.line_num > before + 1)
        return "".join(taken)

    def _count(self, cells: list[str], *, has_lines: bool) -> None:
        census = self._census
        if has_lines:
            decoded = ((column, self._decoded(cell)) for column, cell in broken(cells))
            census.swallowed += swallowed(len(census.lengths), decoded, self._text.delimiter)
        if not self._decoded("".join(cells)).strip():
            census.blanks.append(len(census.lengths))
        census.lengths.append(len(cells))

    def _keep(self, count: int, text: str) -> None:
        """Keep what was read last, of as many records as the end of the census has."""
        self._tail.append((count, text))
        while sum(count for count, _ in self._tail) - self._tail[0][0] >= CHUNK:
            self._tail.popleft()

    def _decoded(self, text: str) -> str:
        return text if self._raw is self._text else text.encode("latin-1").decode(self._encoding)

    def _encoded(self, char: str) -> str:
        """A character as the census sees it; a space where the encoding does not have it."""
        return char if self._raw is self._text else char.encode(self._encoding, "ignore").decode("latin-1") or " "


def _taken(lines: Iterator[str], taken: list[str]) -> Iterator[str]:
    for line in lines:
        taken.append(line)
        yield line


def _line_end(lines: list[str]) -> str:
    return next((end for line in reversed(lines) for end in _LINE_ENDS if line.endswith(end)), _LINE_ENDS[0])
