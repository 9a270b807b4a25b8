"""Bytes -> text, strictly: a file is decoded as what it can be shown to be, or not at all.

Order: byte order mark, ISO-2022-JP (only where its escape sequences stand), UTF-8, then cp932 and EUC-JP, which are
weighed against each other where the bytes are valid in both.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter

from odkit.errors import SourceError, UsageError

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_ESCAPES = (b"\x1b$", b"\x1b(")
_WITH_ESCAPES = ("iso2022_jp", "iso2022_jp_ext")
_CANDIDATES = ("utf-8", "cp932", "euc_jp")
_MARGIN = 0.1
"""How much less strange one reading must be than the other (share of its non-ASCII characters)."""

# Python's cp932 lets these single bytes through (80, A0, FD–FF); no Japanese text holds them.
_NOT_CP932 = re.compile("[\x80\xa0\uf8f0-\uf8f3]")
# Kana and kanji as UTF-8 writes them: three bytes, the first E3–E9.
_WIDE_UTF8 = re.compile(b"[\xe3-\xe9][\x80-\xbf]{2}")
_HALF_WIDTH_PUNCTUATION = frozenset("｡｢｣､･")
_MISPLACED_MARK = re.compile("(?<![ｳｶ-ﾄﾊ-ﾎ])ﾞ|(?<![ﾊ-ﾎ])ﾟ")


def decode(data: bytes, location: str, encoding: str = "") -> tuple[str, str]:
    """Decode a text file; `location` names it to people, `encoding` (a codec's name) settles the question.

    Returns the text without its byte order mark, and the encoding's name: ``utf-8-sig``, ``utf-16``, ``utf-8``,
    ``cp932``, ``euc_jp``, ``iso2022_jp``, ``iso2022_jp_ext`` (with half-width kana) or the one given.

    Raises `SourceError`: ``read.no-encoding`` (nothing fits), ``read.ambiguous-encoding`` (two fit equally well),
    ``read.not-text`` (a NUL byte); `UsageError` ``read.unknown-encoding``.
    """
    name = _with_mark(data, encoding)
    if name:
        text = _decode_as(data, name, location)
    else:
        _refuse_nul(data.find(b"\0"), data, location)
        text, name = _by_evidence(data, location)
    _refuse_nul(text.find("\0"), data, location)
    return text, name


def _with_mark(data: bytes, encoding: str) -> str:
    """The encoding that is settled without evidence: declared, or said by the byte order mark."""
    mark = next((name for start, name in _MARKS if data.startswith(start)), "")
    if encoding.lower().replace("_", "-") in {"utf-8", "utf8"} and mark == "utf-8-sig":
        return mark
    return encoding or mark


def _decode_as(data: bytes, name: str, location: str) -> str:
    try:
        return data.decode(name)
    except LookupError as error:
        raise UsageError("read.unknown-encoding", file=location, encoding=name) from error
    except UnicodeDecodeError as error:
        raise _undecodable(data, location, name, error.start) from error


def _refuse_nul(offset: int, data: bytes, location: str) -> None:
    if offset >= 0:
        start = data[:8].hex(" ").upper()
        raise SourceError("read.not-text", file=location, offset=offset, bytes=start)


def _by_evidence(data: bytes, location: str) -> tuple[str, str]:
    # Its bytes are all ASCII, so UTF-8 would take them too and keep the escape sequences as garbage.
    escaped = data.isascii() and any(escape in data for escape in _ESCAPES)
    candidates = _WITH_ESCAPES if escaped else _CANDIDATES
    failures = {name: _end_of(data, name) for name in candidates}
    fitting = [name for name, offset in failures.items() if offset is None]
    if not fitting:
        best = max(candidates, key=lambda name: failures[name] or 0)
        raise _undecodable(data, location, best, failures[best] or 0)
    if "utf-8" not in fitting and not escaped:
        _refuse_mixture(data, location, fitting[0], failures["utf-8"] or 0)
    # Japanese text of more than a few characters is never valid UTF-8 by chance, so UTF-8 goes first.
    if fitting == ["cp932", "euc_jp"]:
        return _weigh(data, location)
    return data.decode(fitting[0]), fitting[0]


def _refuse_mixture(data: bytes, location: str, name: str, utf8_end: int) -> None:
    """Lines of UTF-8 in a file of another encoding decode without complaint, into garbage (名称 -> 蜷咲ｧｰ)."""
    offset = 0
    for line in data.splitlines(keepends=True):
        if len(_WIDE_UTF8.findall(line)) > 1 and _end_of(line, "utf-8") is None:
            at_start = offset < utf8_end
            raise _undecodable(data, location, "utf-8" if at_start else name, utf8_end if at_start else offset)
        offset += len(line)


def _end_of(data: bytes, name: str) -> int | None:
    """The offset of the first byte that `name` cannot explain; None where it explains all."""
    try:
        text = data.decode(name)
    except UnicodeDecodeError as error:
        return error.start
    stray = _NOT_CP932.search(text) if name == "cp932" else None
    return len(text[: stray.start()].encode(name)) if stray else None


def _weigh(data: bytes, location: str) -> tuple[str, str]:
    """Choose between cp932 and EUC-JP by how strange the text reads; refuse to choose where both read alike."""
    readings = {name: data.decode(name) for name in ("cp932", "euc_jp")}
    by_cp932, by_euc = (_strangeness(text) for text in readings.values())
    if abs(by_cp932 - by_euc) < _MARGIN:
        samples = {name: _sample(text) for name, text in readings.items()}
        raise SourceError("read.ambiguous-encoding", file=location, **samples)
    name = "cp932" if by_cp932 < by_euc else "euc_jp"
    return readings[name], name


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


def _undecodable(data: bytes, location: str, name: str, offset: int) -> SourceError:
    before = data[:offset]
    line = 1 + before.count(b"\n") + (0 if b"\n" in data else before.count(b"\r"))
    shown = data[offset : offset + 4].hex(" ").upper()
    return SourceError("read.no-encoding", file=location, encoding=name, offset=offset, line=line, bytes=shown)
