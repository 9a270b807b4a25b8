"""Text as Turtle and N-Triples spell it: literals and IRIs. Japanese stays as it is."""

from __future__ import annotations

import re

from odkit.model import Row

_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\x00": "\\u0000"}
_SPECIAL = re.compile('[\\\\"\n\r\t\x00\ud800-\udfff]')
_NOT_IN_IRI = re.compile(
    '[\x00-\x20<>"{}|^`\\\\\x7f-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufdef\ufff0-\uffff]|%(?![0-9A-Fa-f]{2})'
)
_NOT_IN_SEGMENT = re.compile("[/?#%]")

needs_escape = _SPECIAL.search
"""True (a match) for text that `escape` changes; most rows need nothing, and one search over a whole row tells."""


def escape(text: str) -> str:
    """`text` as it stands between the quotes of a literal. Half a surrogate pair, which no file can hold, is U+FFFD."""
    return _SPECIAL.sub(lambda found: _ESCAPES.get(found[0], "\ufffd"), text)


def escape_row(row: Row) -> Row:
    """Every cell of a row, escaped."""
    return tuple(map(escape, row))


def quoted(text: str, language: str = "") -> str:
    """A literal: ``"文字"``, or ``"文字"@ja``."""
    return f'"{escape(text)}"' + (f"@{language}" if language else "")


def iri_text(text: str) -> str:
    """`text` as an IRI may hold it: only what no IRI may hold is percent-encoded, in UTF-8."""
    return _NOT_IN_IRI.sub(_percent, text)


def segment(text: str) -> str:
    """`text` as one segment of an IRI's path: as `iri_text`, and without a ``/``, ``?``, ``#`` or ``%`` of its own."""
    return iri_text(_NOT_IN_SEGMENT.sub(_percent, text))


def reference(text: str) -> str:
    """An IRI in angle brackets."""
    return f"<{iri_text(text)}>"


def _percent(found: re.Match[str]) -> str:
    raw = found[0].encode("utf-8", "replace") if not "\ud800" <= found[0] <= "\udfff" else "\ufffd".encode()
    return "".join(f"%{byte:02X}" for byte in raw)
