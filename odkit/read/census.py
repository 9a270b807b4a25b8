"""One pass over a text's records: a small one is kept, a large one is counted without cutting its lines into cells."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, islice

from odkit.collector import collector_paused
from odkit.read.records import CHUNK, LONGEST_CELL, Census, Text, broken, is_blank_record, long_cells, swallowed

_BYTEWISE = frozenset({"utf-8", "utf-8-sig", "cp932", "euc_jp"})
"""Encodings in which the bytes of commas, quotes and line ends are nothing else."""
_MARK = "\xef\xbb\xbf"
_LINE_ENDS = ("\r\n", "\n", "\r")


def take_census(text: Text, *, keep: bool) -> Census:
    """Read all records once; with `keep` all stay in `head`. Raises ``csv.Error`` as `Text.chunks` does."""
    with collector_paused(), long_cells():
        return _kept(text) if keep else _Count(text).census()


def _kept(text: Text) -> Census:
    census, ends = Census(), list[str]()
    reader = csv.reader(_watched(text.lines(), ends), delimiter=text.delimiter, strict=True)
    line = 0
    for row, cells in enumerate(reader):
        if reader.line_num > line + 1:
            census.swallowed += swallowed(row, broken(cells), text.delimiter)
        line = reader.line_num
        census.head.append(tuple(cells))
    census.lengths.extend(map(len, census.head))
    census.blanks = [row for row, cells in enumerate(census.head) if is_blank_record(cells)]
    census.line_end = _line_end(ends)
    return census


class _Count:
    """The census of a large text: only lines with quotes are read as csv, and both ends."""

    def __init__(self, text: Text) -> None:
        self._text = text
        # A byte is taken for a character: that is enough to count, and saves decoding.
        self._raw = replace(text, encoding="latin-1") if text.encoding in _BYTEWISE else text
        self._census = Census()

    def census(self) -> Census:
        """Count the records. Raises ``csv.Error`` as `Text.chunks` does."""
        ends: list[str] = []
        tail: deque[str] = deque(maxlen=CHUNK)
        lines = _watched(self._raw.lines(), ends)
        mark, openers, lengths = self._text.delimiter, f'{self._text.delimiter}"\r\n \t', self._census.lengths
        for line in filter(None, chain((next(lines, "").removeprefix(_MARK),), lines)):
            # Nearly every line takes the short way: without quotes, and with a first cell that says it is no blank one.
            if '"' in line or len(line) > LONGEST_CELL or line[0] in openers or line[0] > "\x7f":
                tail.append(self._counted(line, lines))
            else:
                lengths.append(line.count(mark) + 1)
                tail.append(line)
        census, text = self._census, self._text
        census.head = list(map(tuple, islice(text.parsed(text.lines()), CHUNK)))
        census.tail = list(map(tuple, text.parsed(map(self._decoded, tail))))
        census.line_end = _line_end(ends)
        return census

    def _counted(self, line: str, lines: Iterator[str]) -> str:
        """Count a record that may go on over the next lines; returns all of it."""
        taken, census = [line], self._census
        reader = csv.reader(chain((line,), _taken(lines, taken)), delimiter=self._text.delimiter, strict=True)
        cells = next(reader)
        if len(taken) > 1:
            decoded = ((column, self._decoded(cell)) for column, cell in broken(cells))
            census.swallowed += swallowed(len(census.lengths), decoded, self._text.delimiter)
        if not self._decoded("".join(cells)).strip():
            census.blanks.append(len(census.lengths))
        census.lengths.append(len(cells))
        return "".join(taken)

    def _decoded(self, text: str) -> str:
        return text if self._raw is self._text else text.encode("latin-1").decode(self._text.encoding)


def _taken(lines: Iterator[str], taken: list[str]) -> Iterator[str]:
    for line in lines:
        taken.append(line)
        yield line


def _watched(lines: Iterator[str], ends: list[str]) -> Iterator[str]:
    """The lines, and when they are over, their first and last one in `ends`."""
    line = next(lines, "")
    ends.append(line)
    if line:
        yield line
    for line in lines:
        yield line
    ends.append(line)


def _line_end(lines: list[str]) -> str:
    return next((end for line in reversed(lines) for end in _LINE_ENDS if line.endswith(end)), _LINE_ENDS[0])
