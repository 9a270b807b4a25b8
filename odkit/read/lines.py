"""A delimited text in blocks of whole lines, which are much faster to count than the lines one by one."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator

from odkit.read.records import Text

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
    decoder = codecs.getincrementaldecoder(text.encoding)()
    kept: list[str] = []
    for data in text.payload.blocks():
        part = decoder.decode(data)
        end = (part.rfind("\n") + 1) or (part.rfind("\r", 0, _LAST) + 1)
        kept.append(part[:end] if end else part)
        if end:
            yield "".join(kept)
            kept = [part[end:]]
    last = "".join(kept) + decoder.decode(b"", final=True)
    if last:
        yield last
