"""The facts of a CSV that odkit wrote from rows which are at hand: those that `gather` finds in the file, unread.

Only of small tables whose text tells for sure how the file would be taken; of all others the file is read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, filterfalse

from odkit.jsonfile import json_value
from odkit.model import Conform, Row
from odkit.score.csvw import described
from odkit.score.facts import Column, Facts
from odkit.score.gather import Served, plain_grid, tabled
from odkit.score.text import SAMPLE_LINES, surely_right

ENCODING = "utf-8-sig"
"""How the file is written: its mark settles how it is read."""
OF_TURTLE = frozenset("bpBP")
"""How words begin that a text of RDF may begin with."""
UNSURE = re.compile(r"[\x00-\x08\x0b\r\x0e-\x1a\x1c-\x1f\ufffd]")
"""What another file than a text holds, other ends of lines, and characters that were lost: none is ordinary."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """A CSV as the package stage writes it: commas, CRLF, quotes where needed. `rows` begin with that of headings."""

    rows: Sequence[Row]
    encoding: str
    size: int
    sha256: str


def told(name: str, written: Written, served: Served, conform: Conform | None) -> Facts | None:
    """What `gather` finds in the file called `name` (``….csv``); None where it has to be read."""
    facts = Facts(name=name, size=written.size, format="csv", declared="csv", licence=served.licence, conform=conform)
    grid = plain_grid(written.rows, facts) if written.encoding == ENCODING else None
    if grid is None or not _is_plain_text(written.rows, grid.columns):
        return None
    facts = tabled(facts, grid, encoding=ENCODING, delimiter=",")
    return described(facts, json_value(served.sidecar)) if served.sidecar else facts


def _is_plain_text(rows: Sequence[Row], columns: Sequence[Column]) -> bool:
    """Whether the text of the file is taken for a table of just these rows, in the right encoding."""
    odd = [*rows[0], *chain.from_iterable(column.odd or () for column in columns)]
    text = "".join(odd)
    if not text[0].isalpha() or text[0] in OF_TURTLE or UNSURE.search(text):
        return False
    if "\n" not in text:
        return surely_right((next(filterfalse(str.isascii, row), "") for row in rows), len(rows))
    lines = "\n".join(map(",".join, rows)).split("\n")
    # The delimiter is found by the first lines, and rows of several lines may be cut in two there.
    return len(lines) <= SAMPLE_LINES and surely_right(lines, len(lines))
