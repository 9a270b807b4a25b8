"""Delimited text: encoding, delimiter, rows."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice

from odkit.model import Row
from odkit.score.store import stored

DELIMITERS = (",", "\t", ";", "|")
SAMPLE_LINES = 200
HALF_WIDTH_KANA = re.compile("[\uff61-\uff9f]")
OTHER_THAN_ASCII = re.compile(r"[^\x00-\x7f]")
EXAMPLES = 5
PIECE = 1 << 20


@dataclass(frozen=True, kw_only=True, slots=True)
class Coding:
    """How a text file is to be read: the codec, how its errors are met, and the encoding (empty: none fits it all)."""

    data: bytes
    codec: str
    errors: str = "strict"

    @property
    def encoding(self) -> str:
        """The name of the encoding that fits the whole file; empty where none does."""
        return self.codec if self.errors == "strict" else ""

    def stream(self) -> io.TextIOWrapper:
        """The text from its beginning; line ends as they are."""
        return io.TextIOWrapper(io.BytesIO(self.data), encoding=self.codec, errors=self.errors, newline="")

    def lines(self) -> Iterator[str]:
        """The lines of the text. Excel for Mac ends them with CR alone: such a file has them ended with LF."""
        with self.stream() as stream:
            if b"\r" not in self.data or b"\n" in self.data or self.codec == "utf-16":
                yield from stream
            else:
                yield from (line.replace("\r", "\n") for line in stream)


def decode(data: bytes) -> tuple[str, str, tuple[int, ...]]:
    """Text, encoding, and the lines (from 1) that are garbled; the encoding is empty where none fits the whole file."""
    coding = find_coding(data)
    with coding.stream() as stream:
        return stream.read(), coding.encoding, tuple(number for number, _ in garbled(coding))


def find_coding(data: bytes) -> Coding:
    """How to read the text: by its mark, else by what fits the whole of it; read in pieces, in flat memory."""
    if data.startswith(b"\xef\xbb\xbf"):
        return _strict(data, "utf-8-sig") or Coding(data=data, codec="utf-8-sig", errors="replace")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _strict(data, "utf-16") or Coding(data=data, codec="utf-16", errors="replace")
    if b"\x1b$" in data and (found := _strict(data, "iso2022_jp")):
        return found
    if b"\x00" in data:
        return Coding(data=data.replace(b"\x00", "\ufffd".encode()), codec="utf-8", errors="replace")
    return _strict(data, "utf-8") or _japanese(data) or _least_damaged(data)


def _pieces(data: bytes, codec: str, errors: str = "strict") -> Iterator[str]:
    """The text in pieces. Raises UnicodeDecodeError where `errors` is strict and the codec does not fit."""
    decoder = codecs.getincrementaldecoder(codec)(errors)
    for start in range(0, len(data), PIECE):
        yield decoder.decode(data[start : start + PIECE], final=start + PIECE >= len(data))


def _strict(data: bytes, codec: str) -> Coding | None:
    try:
        for _ in _pieces(data, codec):
            pass
    except UnicodeDecodeError:
        return None
    return Coding(data=data, codec=codec)


def _japanese(data: bytes) -> Coding | None:
    cp932, euc = _strict(data, "cp932"), _strict(data, "euc_jp")
    if not (cp932 and euc):
        return cp932 or euc
    # EUC-JP read as CP932 comes out as half-width kana; a real CP932 file has few of them.
    kana = foreign = 0
    for piece in _pieces(data, "cp932"):
        kana += len(HALF_WIDTH_KANA.findall(piece))
        foreign += len(OTHER_THAN_ASCII.findall(piece))
    return euc if kana * 3 > foreign else cp932


def _least_damaged(data: bytes) -> Coding:
    """Text in no single encoding, read as what most of its lines are."""
    utf8 = Coding(data=data, codec="utf-8", errors="replace")
    lines = broken = 0
    for line in utf8.lines():
        if not line.isascii():
            lines += 1
            broken += "\ufffd" in line
    return utf8 if broken * 2 <= lines else Coding(data=data, codec="cp932", errors="replace")


def garbled(coding: Coding) -> tuple[tuple[int, str], ...]:
    """The first lines (number from 1, text) with replacement characters, or UTF-8 once read in the wrong encoding."""
    bad: list[tuple[int, str]] = []
    foreign = wrong = replaced = 0
    for number, line in enumerate(coding.lines(), 1):
        if line.isascii():
            continue
        foreign += 1
        lost = "\ufffd" in line
        replaced += lost
        if lost or (coding.encoding and _twice_encoded(line)):
            wrong += 1
            bad += [(number, line)] if len(bad) < EXAMPLES else []
    return tuple(bad) if replaced or wrong * 2 > foreign else ()


def _twice_encoded(line: str) -> bool:
    foreign = "".join(OTHER_THAN_ASCII.findall(line))
    if len(foreign) < 6:
        return False
    for wrong in ("cp932", "cp1252", "latin-1"):
        try:
            again = foreign.encode(wrong).decode("utf-8")
        except (UnicodeEncodeError, UnicodeDecodeError):
            continue
        if len(again) < len(foreign):
            return True
    return False


def find_delimiter(coding: Coding, preferred: str = ",") -> str:
    """The character that cuts most of the first lines into the same number (> 1) of cells; else `preferred`."""
    sample = list(islice(coding.lines(), SAMPLE_LINES))
    ranked = [(_evenness(sample, mark), mark == preferred, -place, mark) for place, mark in enumerate(DELIMITERS)]
    best = max(ranked)
    return best[3] if best[0] > 0 else preferred


def _evenness(sample: Sequence[str], delimiter: str) -> float:
    with _any_field_size(sum(map(len, sample))):
        counts = Counter(len(row) for row in _rows(sample, delimiter) if any(row))
    wide = sum(number for cells, number in counts.items() if cells > 1)
    if not wide or wide * 2 < counts.total():
        return 0.0
    return max(number for cells, number in counts.items() if cells > 1) / counts.total()


def read_rows(coding: Coding, delimiter: str) -> tuple[Sequence[Row], bool]:
    """All records, and whether the quoting holds (RFC 4180: no stray and no open quote)."""
    with _any_field_size(len(coding.data)):
        try:
            return stored(map(tuple, csv.reader(coding.lines(), delimiter=delimiter, strict=True))), True
        except csv.Error:
            return stored(_rows(coding.lines(), delimiter)), False


def _rows(lines: Iterable[str], delimiter: str) -> Iterator[Row]:
    yield from map(tuple, csv.reader(lines, delimiter=delimiter))


@contextmanager
def _any_field_size(size: int) -> Iterator[None]:
    """The csv module's limit on a cell (131,072) is too small for geometries; the text is in memory anyway."""
    before = csv.field_size_limit(max(size + 1, csv.field_size_limit()))
    try:
        yield
    finally:
        csv.field_size_limit(before)
