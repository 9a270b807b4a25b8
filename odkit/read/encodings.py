"""Bytes -> text, strictly: a file is decoded as what it can be shown to be, or not at all.

Order: byte order mark, ISO-2022-JP (only where its escape sequences stand), UTF-8, then cp932 and EUC-JP, which are
weighed against each other where the bytes are valid in both. The whole file is looked at, a block at a time.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from itertools import chain

from odkit.errors import SourceError, UsageError
from odkit.read.payload import Payload

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_ESCAPES = (b"\x1b$", b"\x1b(")
_WITH_ESCAPES = ("iso2022_jp", "iso2022_jp_ext")
_CANDIDATES = ("utf-8", "cp932", "euc_jp")
_MARGIN = 0.1
"""How much less strange one reading must be than the other (share of its non-ASCII characters)."""
_WEIGHED = 4 << 20
"""Bytes that are weighed at most."""

# Python's cp932 lets these single bytes through (80, A0, FD–FF); no Japanese text holds them.
_NOT_CP932 = "\x80\xa0\uf8f0\uf8f1\uf8f2\uf8f3"
# Kana and kanji as UTF-8 writes them: three bytes, the first E3–E9.
_WIDE_UTF8 = re.compile(b"[\xe3-\xe9][\x80-\xbf]{2}")
_WIDE = b"(?:[\xc2-\xdf][\x80-\xbf]|[\xe2-\xef][\x80-\xbf]{2})"
_STARTS_AS_UTF8 = re.compile(b"[\x00-\x7f]*" + _WIDE)
_LONE_RETURN = re.compile(b"\r(?!\n)")
_LINE_STARTS_AS_UTF8 = re.compile(b"\n[\x00-\x09\x0b-\x7f]*+" + _WIDE)
_HALF_WIDTH_PUNCTUATION = frozenset("｡｢｣､･")
_MISPLACED_MARK = re.compile("(?<![ｳｶ-ﾄﾊ-ﾎ])ﾞ|(?<![ﾊ-ﾎ])ﾟ")


def decode(payload: Payload, encoding: str = "") -> tuple[str, str]:
    """The whole text without its byte order mark, and its encoding; raises as `find_encoding` does."""
    name = find_encoding(payload, encoding)
    return payload.data().decode(name), name


def find_encoding(payload: Payload, encoding: str = "") -> str:
    """The codec that explains every byte of a text file; `encoding` (a codec's name) settles the question.

    Returns ``utf-8-sig``, ``utf-16``, ``utf-8``, ``cp932``, ``euc_jp``, ``iso2022_jp``, ``iso2022_jp_ext`` (with
    half-width kana) or the one given.

    Raises `SourceError`: ``read.no-encoding`` (nothing fits), ``read.ambiguous-encoding`` (two fit equally well),
    ``read.not-text`` (a NUL byte); `UsageError` ``read.unknown-encoding``.
    """
    name = _with_mark(payload.head(), encoding)
    if not name:
        return _by_evidence(payload)
    (reading,) = _readings(payload, (name,))
    if reading.end is not None:
        raise _undecodable(payload, reading)
    if reading.nul is not None:
        raise _not_text(payload, reading.nul)
    return name


def _with_mark(head: bytes, encoding: str) -> str:
    """The encoding that is settled without evidence: declared, or said by the byte order mark."""
    mark = next((name for start, name in _MARKS if head.startswith(start)), "")
    if encoding.lower().replace("_", "-") in {"utf-8", "utf8"} and mark == "utf-8-sig":
        return mark
    return encoding or mark


class _Reading:
    """One codec's attempt at a file, block by block.

    `end` is the offset of the first byte that it cannot explain, `nul` of the first NUL character (in characters).
    """

    def __init__(self, name: str, location: str) -> None:
        self.name = name
        self.end: int | None = None
        self.nul: int | None = None
        self._offset = self._characters = 0
        try:
            b"\0\0\0\0".decode(name, "ignore")  # refuses codecs that make no text
            self._decoder = codecs.getincrementaldecoder(name)()
        except LookupError as error:
            raise UsageError("read.unknown-encoding", file=location, encoding=name) from error

    def feed(self, block: bytes, *, last: bool = False) -> None:
        """Go on with the next bytes, as long as all before could be explained."""
        if self.end is not None:
            return
        try:
            text = self._decoder.decode(block, last)
        except UnicodeDecodeError as error:
            # The decoder may have kept the first bytes of a character from the block before.
            self.end = self._offset + len(block) - len(error.object) + error.start
            return
        # As a byte it is found much faster.
        if self.nul is None and (b"\0" in block or self.name not in _CANDIDATES) and "\0" in text:
            self.nul = self._characters + text.index("\0")
        if self.name == "cp932" and any(map(text.__contains__, _NOT_CP932)):
            first = min(text.index(char) for char in _NOT_CP932 if char in text)
            self.end = self._offset + len(text[:first].encode(self.name))
        self._offset += len(block)
        self._characters += len(text)


def _readings(payload: Payload, names: tuple[str, ...]) -> list[_Reading]:
    readings = [_Reading(name, payload.location) for name in names]
    for block in payload.blocks():
        for reading in readings:
            reading.feed(block)
    for reading in readings:
        reading.feed(b"", last=True)
    return readings


def _candidates(payload: Payload) -> list[_Reading]:
    """The readings of a text that may be of any encoding: UTF-8 alone where it explains everything."""
    first, *others = _CANDIDATES
    reading = _Reading(first, payload.location)
    for block in payload.blocks():
        reading.feed(block)
        if reading.end is not None:
            return [reading, *_readings(payload, tuple(others))]
    reading.feed(b"", last=True)
    return [reading] if reading.end is None else [reading, *_readings(payload, tuple(others))]


def _by_evidence(payload: Payload) -> str:
    # Where its bytes are all ASCII, UTF-8 would take them too and keep the escape sequences as garbage.
    escaped = _is_escaped(payload)
    readings = _readings(payload, _WITH_ESCAPES) if escaped else _candidates(payload)
    fitting = [reading for reading in readings if reading.end is None]
    for reading in readings:
        if reading.nul is not None:
            raise _not_text(payload, reading.nul)
    if not fitting:
        raise _undecodable(payload, max(readings, key=lambda reading: reading.end or 0))
    names = [reading.name for reading in fitting]
    if "utf-8" not in names and not escaped:
        _refuse_mixture(payload, fitting[0], readings[0])
    # Japanese text of more than a few characters is never valid UTF-8 by chance, so UTF-8 goes first.
    return _weigh(payload) if names == ["cp932", "euc_jp"] else names[0]


def _is_escaped(payload: Payload) -> bool:
    """Whether a file is all ASCII and has the escape sequences of ISO-2022-JP."""
    found = False
    for block in payload.blocks():
        if not block.isascii():
            return False
        found = found or any(escape in block for escape in _ESCAPES)
    return found


def _refuse_mixture(payload: Payload, reading: _Reading, utf8: _Reading) -> None:
    """Lines of UTF-8 in a file of another encoding decode without complaint, into garbage (名称 -> 蜷咲ｧｰ)."""
    offset, kept = 0, b""
    for block in chain(payload.blocks(), (b"",)):
        data = kept + block
        whole = data.rfind(b"\n") + 1 if block else len(data)
        _refuse_lines(payload, data[:whole], offset, (reading, utf8))
        offset, kept = offset + whole, data[whole:]


def _refuse_lines(payload: Payload, data: bytes, offset: int, readings: tuple[_Reading, _Reading]) -> None:
    if not (_STARTS_AS_UTF8.match(data) or _LINE_STARTS_AS_UTF8.search(data) or _LONE_RETURN.search(data)):
        return
    reading, utf8 = readings
    for line in data.splitlines(keepends=True):
        if _STARTS_AS_UTF8.match(line) and len(_WIDE_UTF8.findall(line)) > 1 and _is_utf8(line):
            at_start = offset < (utf8.end or 0)
            reading.end = reading.end if at_start else offset
            raise _undecodable(payload, utf8 if at_start else reading)
        offset += len(line)


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _weigh(payload: Payload) -> str:
    """Choose between cp932 and EUC-JP by how strange the text reads; refuse to choose where both read alike."""
    with payload.open() as stream:
        start = stream.read(_WEIGHED)
    readings = {name: start.decode(name, errors="ignore") for name in ("cp932", "euc_jp")}
    by_cp932, by_euc = (_strangeness(text) for text in readings.values())
    if abs(by_cp932 - by_euc) < _MARGIN:
        samples = {name: _sample(text) for name, text in readings.items()}
        raise SourceError("read.ambiguous-encoding", file=payload.location, **samples)
    return "cp932" if by_cp932 < by_euc else "euc_jp"


def _strangeness(text: str) -> float:
    """The share of the non-ASCII characters that are rare in Japanese text, 0–1."""
    counts = Counter(char for char in text if char > "\x7f")
    rare = sum(count for char, count in counts.items() if _is_rare(char))
    return (rare + len(_MISPLACED_MARK.findall(text))) / max(1, counts.total())


def _is_rare(char: str) -> bool:
    """Outside JIS level 1: level 2 kanji, gaiji; and half-width punctuation, which EUC-JP's kana turn into."""
    if "｡" <= char <= "ﾟ":
        return char in _HALF_WIDTH_PUNCTUATION
    code = char.encode("euc_jp", errors="ignore")
    return len(code) != 2 or not 0xA1 <= code[0] <= 0xCF


def _sample(text: str) -> str:
    return "".join(char for char in text if char > "\x7f")[:12]


def _not_text(payload: Payload, offset: int) -> SourceError:
    start = payload.head()[:8].hex(" ").upper()
    return SourceError("read.not-text", file=payload.location, offset=offset + 1, bytes=start)


def _undecodable(payload: Payload, reading: _Reading) -> SourceError:
    offset = reading.end or 0
    with payload.open() as stream:
        before, shown = stream.read(offset), stream.read(4)
    only_returns = b"\n" not in before + shown
    line = 1 + before.count(b"\n") + (before.count(b"\r") if only_returns else 0)
    return SourceError(
        "read.no-encoding",
        file=payload.location,
        encoding=reading.name,
        offset=offset,
        line=line,
        bytes=shown.hex(" ").upper(),
    )
