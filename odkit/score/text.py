"""Delimited text: encoding, delimiter, rows."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from odkit.model import Row

DELIMITERS = (",", "\t", ";", "|")
SAMPLE_LINES = 200
HALF_WIDTH_KANA = re.compile("[\uff61-\uff9f]")
OTHER_THAN_ASCII = re.compile(r"[^\x00-\x7f]")
EXAMPLES = 5


def decode(data: bytes) -> tuple[str, str, tuple[int, ...]]:
    """Text, encoding, and the lines (from 1) that are garbled; the encoding is empty where none fits the whole file."""
    text, encoding = _decoded(data)
    if not encoding:
        return text, "", tuple(number for number, line in enumerate(text.split("\n"), 1) if "\ufffd" in line)[:EXAMPLES]
    return text, encoding, _mojibake(text)


def _decoded(data: bytes) -> tuple[str, str]:
    if data.startswith(b"\xef\xbb\xbf"):
        return _attempt(data, "utf-8-sig") or (data.decode("utf-8-sig", "replace"), "")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _attempt(data, "utf-16") or (data.decode("utf-16", "replace"), "")
    if b"\x1b$" in data and (found := _attempt(data, "iso2022_jp")):
        return found
    if b"\x00" in data:
        return data.replace(b"\x00", "\ufffd".encode()).decode("utf-8", "replace"), ""
    return _attempt(data, "utf-8") or _japanese(data) or _least_damaged(data)


def _attempt(data: bytes, encoding: str) -> tuple[str, str] | None:
    try:
        return data.decode(encoding), encoding
    except UnicodeDecodeError:
        return None


def _japanese(data: bytes) -> tuple[str, str] | None:
    cp932, euc = _attempt(data, "cp932"), _attempt(data, "euc_jp")
    if not (cp932 and euc):
        return cp932 or euc
    # EUC-JP read as CP932 comes out as half-width kana; a real CP932 file has few of them.
    kana, foreign = len(HALF_WIDTH_KANA.findall(cp932[0])), len(OTHER_THAN_ASCII.findall(cp932[0]))
    return euc if kana * 3 > foreign else cp932


def _least_damaged(data: bytes) -> tuple[str, str]:
    """Text in no single encoding, read as what most of its lines are."""
    text = data.decode("utf-8", "replace")
    lines = [line for line in text.split("\n") if OTHER_THAN_ASCII.search(line)]
    broken = sum("\ufffd" in line for line in lines)
    return (text if broken * 2 <= len(lines) else data.decode("cp932", "replace")), ""


def _mojibake(text: str) -> tuple[int, ...]:
    """Lines with replacement characters, or that are UTF-8 once read in the wrong encoding and saved so."""
    lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if OTHER_THAN_ASCII.search(line)]
    bad = [number for number, line in lines if "\ufffd" in line or _twice_encoded(line)]
    replaced = "\ufffd" in text
    return tuple(bad[:EXAMPLES]) if replaced or len(bad) * 2 > len(lines) else ()


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


def find_delimiter(text: str, preferred: str = ",") -> str:
    """The character that cuts most of the first lines into the same number (> 1) of cells; else `preferred`."""
    sample = "".join(text.splitlines(keepends=True)[:SAMPLE_LINES])
    ranked = [(_evenness(sample, mark), mark == preferred, -place, mark) for place, mark in enumerate(DELIMITERS)]
    best = max(ranked)
    return best[3] if best[0] > 0 else preferred


def _evenness(sample: str, delimiter: str) -> float:
    counts = Counter(len(row) for row in _rows(sample, delimiter) if any(row))
    wide = sum(number for cells, number in counts.items() if cells > 1)
    if not wide or wide * 2 < counts.total():
        return 0.0
    return max(number for cells, number in counts.items() if cells > 1) / counts.total()


def read_rows(text: str, delimiter: str) -> tuple[tuple[Row, ...], bool]:
    """All records, and whether the quoting holds (RFC 4180: no stray and no open quote)."""
    with _any_field_size(len(text)):
        try:
            return tuple(tuple(row) for row in csv.reader(_lines(text), delimiter=delimiter, strict=True)), True
        except csv.Error:
            return tuple(_rows(text, delimiter)), False


def _rows(text: str, delimiter: str) -> Iterator[Row]:
    with _any_field_size(len(text)):
        yield from [tuple(row) for row in csv.reader(_lines(text), delimiter=delimiter)]


def _lines(text: str) -> io.StringIO:
    # Excel for Mac ends lines with CR alone; newline="" keeps line breaks inside quotes as they are.
    return io.StringIO(text.replace("\r", "\n") if "\r" in text and "\n" not in text else text, newline="")


@contextmanager
def _any_field_size(size: int) -> Iterator[None]:
    """The csv module's limit on a cell (131,072) is too small for geometries; the text is in memory anyway."""
    before = csv.field_size_limit(max(size + 1, csv.field_size_limit()))
    try:
        yield
    finally:
        csv.field_size_limit(before)
