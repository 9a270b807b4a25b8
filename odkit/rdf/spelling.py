"""Text as Turtle, N-Triples and JSON all spell it: literals and IRIs. Japanese stays as it is."""

from __future__ import annotations

import re
from collections.abc import Sequence

_PLANES = range(0x10000, 0x110000, 0x10000)
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_SPECIAL = re.compile('[\\\\"\x00-\x1f\ud800-\udfff]')
_SPECIAL_BUT_UNIT = re.compile('[\\\\"\x00-\x1e]')
_PRIVATE = "\ue000-\uf8ff\U000e0000-\U000e0fff\U000f0000-\U0010ffff"
_NO_CHARACTERS = "\ufdd0-\ufdef\ufff0-\uffff" + "".join(chr(plane + 0xFFFE) + chr(plane + 0xFFFF) for plane in _PLANES)
_NOT_IN_IRI = re.compile(
    f'[\\s\x00-\x20<>"{{}}|^`\\\\\x7f-\x9f\u200e\u200f\u2028-\u202e\ud800-\udfff{_PRIVATE}{_NO_CHARACTERS}]|%(?![0-9A-Fa-f]{{2}})'
)
"""What RFC 3987 keeps out of an IRI. Characters of a house's own (外字) it allows in a query, we nowhere."""
_SURELY_IRI = re.compile(r"[!#$&-;=?-\[\]_a-z~]*")
"""Most addresses: nothing but ASCII, and no percent sign. It takes a tenth of the time to see that."""
_NOT_IN_SEGMENT = re.compile(r"[/?#%\[\]]")
_ONLY_IN_HOST = re.compile(r"[\[\]]")
_DOTS = frozenset({".", ".."})
_UNIT = "\x1f"
_ESCAPED_BYTES = tuple((character.encode(), escaped.encode()) for character, escaped in _ESCAPES.items())
_RARE_BYTES = bytes({*range(32)} - {ord(_UNIT), *map(ord, _ESCAPES)})


def escape(text: str) -> str:
    """`text` as it stands between the quotes of a literal. Half a surrogate pair, which no file can hold, is U+FFFD."""
    return _SPECIAL.sub(_escaped, text)


def widen(text: str) -> str:
    """`text` as UTF-8 whose bytes stand as characters: what ``text.encode()`` is, as a string."""
    return text if text.isascii() else text.encode().decode("latin-1")


def widened_texts(texts: Sequence[str]) -> Sequence[str]:
    """Each text widened; where none needs it, that is told of all at once."""
    return texts if "".join(texts).isascii() else [*map(widen, texts)]


def widened_cells(cells: Sequence[str]) -> list[str]:
    """Every cell, escaped and widened. One look over all tells whether they can be escaped at once."""
    joined = _UNIT.join(cells)
    try:
        data = joined.encode()
        if len(data.translate(None, _RARE_BYTES)) != len(data):
            data = _SPECIAL_BUT_UNIT.sub(_escaped, joined).encode()
        else:
            for character, escaped in _ESCAPED_BYTES:
                data = data.replace(character, escaped)
    except UnicodeEncodeError:
        return [widen(escape(cell)) for cell in cells]
    found = data.decode("latin-1").split(_UNIT)
    return found if len(found) == len(cells) else [widen(escape(cell)) for cell in cells]


def iri_text(text: str) -> str:
    """`text` as an IRI may hold it: what no IRI may hold, and any kind of blank, is percent-encoded, in UTF-8."""
    return text if _SURELY_IRI.fullmatch(text) else _NOT_IN_IRI.sub(_percent, text)


def segment(text: str) -> str:
    """`text` as one segment of an IRI's path: as `iri_text`, and without a ``/``, ``?``, ``#`` or ``%`` of its own.

    ``.`` and ``..`` are no segment, however they are spelled: they lead elsewhere. They come back as "".
    """
    return "" if text in _DOTS else iri_text(_NOT_IN_SEGMENT.sub(_percent, text))


def tail_text(text: str) -> str:
    """What follows the host of an address, as `iri_text`: no brackets, and no second ``#``."""
    before, mark, after = _ONLY_IN_HOST.sub(_percent, text).partition("#")
    return iri_text(before + mark + after.replace("#", "%23"))


def _escaped(found: re.Match[str]) -> str:
    character = found[0]
    if "\ud800" <= character <= "\udfff":
        return "\ufffd"
    return _ESCAPES.get(character) or f"\\u{ord(character):04X}"


def _percent(found: re.Match[str]) -> str:
    raw = found[0].encode("utf-8", "replace") if not "\ud800" <= found[0] <= "\udfff" else "\ufffd".encode()
    return "".join(f"%{byte:02X}" for byte in raw)
