"""Text that a spreadsheet would run as a formula when it opens a CSV file, and how it is made harmless."""

from __future__ import annotations

import re
from collections.abc import Iterable

# A formula that begins with + - @ does harm only where it calls a function, another program (DDE) or another sheet.
# Japanese spreadsheets take the full-width signs for the half-width ones.
_RUNS = re.compile(
    r"[\t\r\n ]*(?:"
    r"[=＝]\s*\S"
    r"|[+\-@＋－＠].*(?:[A-Za-z_][A-Za-z0-9_.]*\s*[(（]|[A-Za-z0-9]\s*[|｜]|['\]A-Za-z0-9_][!！]\s*\$?[A-Za-z])"
    r")",
    re.DOTALL,
)
_FIRST = frozenset("=＝+-@＋－＠\t\r\n ")


def would_run(text: str) -> bool:
    """Whether a spreadsheet would run `text`: ``=…``, or ``+ - @`` with a call, a DDE link or a sheet's cell.

    Negative numbers, ``+81-43-223-2110`` and ``@name`` are plain text or harmless and give False.
    """
    return text[:1] in _FIRST and _RUNS.match(text) is not None


def none_runs(texts: Iterable[str]) -> bool:
    """Whether it is plain at a glance that none of the texts would run; others may be plain for all that."""
    return _FIRST.isdisjoint([text[:1] for text in texts])


def guarded(text: str) -> str:
    """`text`, with an apostrophe before it where it would run: spreadsheets then show it as it is."""
    return f"'{text}" if would_run(text) else text
