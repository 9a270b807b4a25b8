"""A delimited text in blocks of whole lines, which are much faster to count than the lines one by one."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from typing import AnyStr

from odkit.read.records import Text

BYTEWISE = frozenset({"utf-8", "utf-8-sig", "cp932", "euc_jp", "latin-1"})
"""Encodings in which the bytes of commas, quotes and line ends are nothing else."""
_LAST = -1
"""A return at the very end may belong to a line feed that comes with the next bytes."""


class Blocks:
    """The blocks of a text, one after the other; a few lines can be read one by one in between."""

    def __init__(self, text: Text) -> None:
        self._blocks = _whole_lines(text)
        self._open = io.StringIO()

    def next(self) -> str:
        """The next block, or what `lines` left of it; "" at the end."""
        return self._open.read() or next(self._blocks, "")

    def lines(self, block: str) -> Iterator[str]:
        """The lines from a block on, with their ends."""
        while block:
            self._open = io.StringIO(block, newline="")
            yield from iter(self._open.readline, "")
            block = next(self._blocks, "")


def quoted_cell(delimiter: str) -> re.Pattern[str]:
    """A cell in quotes from one delimiter or line end to the next."""
    edge = rf"{re.escape(delimiter)}\r\n"
    return re.compile(rf'"(?<![^{edge}]")[^"]*+(?:""[^"]*+)*+"(?=[{edge}]|\Z)')


def odd_cell(delimiter: str) -> re.Pattern[str]:
    """A cell in quotes that needs them, as a group: with a delimiter, a line end or a quote in it."""
    edge = rf"{re.escape(delimiter)}\r\n"
    return re.compile(rf'("(?<![^{edge}]")[^"{edge}]*+(?:[{edge}]|"")[^"]*+(?:""[^"]*+)*+")(?=[{edge}]|\Z)')


def even_text(delimiter: str) -> re.Pattern[str]:
    """A text without quotes, or with those of whole cells that could do without."""
    edge = rf"{re.escape(delimiter)}\r\n"
    return re.compile(rf'[^"]*+(?:"(?<![^{edge}]")[^"{edge}]*+"(?=[{edge}]|\Z)[^"]*+)*+')


def _whole_lines(text: Text) -> Iterator[str]:
    blocks = text.payload.blocks()
    if text.encoding in BYTEWISE:
        # Bytes are cut and joined in half the time of Japanese text.
        return codecs.iterdecode(_cut_at_lines(blocks, b"\n", b"\r"), text.encoding)
    return _cut_at_lines(codecs.iterdecode(blocks, text.encoding), "\n", "\r")


def _cut_at_lines(parts: Iterator[AnyStr], feed: AnyStr, carriage_return: AnyStr) -> Iterator[AnyStr]:
    """A text that comes in parts, cut behind ends of lines; the last piece is what is left."""
    kept: list[AnyStr] = []
    nothing = feed[:0]
    for part in parts:
        end = (part.rfind(feed) + 1) or (part.rfind(carriage_return, 0, _LAST) + 1)
        kept.append(part[:end] if end else part)
        if end:
            yield nothing.join(kept)
            kept = [part[end:]]
    last = nothing.join(kept)
    if last:
        yield last
