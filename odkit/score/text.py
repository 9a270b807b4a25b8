"""Delimited text: encoding, delimiter, rows."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain, islice
from typing import TextIO

from odkit.model import Row
from odkit.score.blob import KEPT, Blob
from odkit.score.columns import SHORT
from odkit.score.layout import Measures
from odkit.score.store import stored

DELIMITERS = (",", "\t", ";", "|")
SAMPLE_LINES = 200
HALF_WIDTH_KANA = re.compile("[\uff61-\uff9f]")
JAPANESE = re.compile("[\u3041-\u30fe\u4e00-\u9fff]")
OTHER_THAN_ASCII = re.compile(r"[^\x00-\x7f]")
EXAMPLES, LINE_SHOWN = 5, 40
"""Garbled lines that are told, and characters of each."""
FOREIGN_LINES = 2000
"""Lines that are looked at for text in the wrong encoding."""
LOST_TEXT, UTF_8, QUOTE = "\ufffd", ("utf-8", "utf-8-sig"), '"'
CR, LF, ESCAPE, NUL, LOST = b"\r", b"\n", b"\x1b$", b"\x00", b"\xef\xbf\xbd"
FEW_QUOTED = 4
"""One line in so many may have quotes where lines are cut: above that, csv's reader is quicker."""
MARKS = (CR, LF, ESCAPE, NUL, LOST)
"""Bytes that tell how a text is to be read; the last is the replacement character in UTF-8."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Coding:
    """How a text file is to be read: the codec, how its errors are met, and the encoding (empty: none fits it all).

    `old_mac`: lines end with CR alone. `replaced`: replacement characters stand in it, saved by whoever wrote it.
    `text` is all of it where the file is small and the codec fits, `cut` its lines: it need not be decoded again.
    """

    blob: Blob
    codec: str
    errors: str = "strict"
    old_mac: bool = False
    replaced: bool = False
    text: str | None = None
    cut: Sequence[str] | None = None

    @property
    def encoding(self) -> str:
        """The name of the encoding that fits the whole file; empty where none does."""
        return self.codec if self.errors == "strict" else ""

    def stream(self) -> TextIO:
        """The text from its beginning; line ends as they are."""
        if self.text is not None:
            return io.StringIO(self.text, newline="")
        return io.TextIOWrapper(self.blob.open(), encoding=self.codec, errors=self.errors, newline="")

    def lines(self) -> Iterator[str]:
        """The lines of the text. Excel for Mac ends them with CR alone: such a file has them ended with LF."""
        return self._lines() if self.cut is None else iter(self.cut)

    def _lines(self) -> Iterator[str]:
        with self.stream() as stream:
            if self.old_mac:
                yield from (line.replace("\r", "\n") for line in stream)
            elif self.errors == "strict":
                yield from stream
            else:
                yield from (line.replace("\0", "\ufffd") for line in stream)


def decode(data: bytes) -> tuple[str, str, tuple[int, ...]]:
    """Text, encoding, and the lines (from 1) that are garbled; the encoding is empty where none fits the whole file."""
    coding = find_coding(Blob(data))
    with coding.stream() as stream:
        return stream.read(), coding.encoding, tuple(number for number, _ in garbled(coding))


def find_coding(blob: Blob) -> Coding:
    """How to read the text: by its mark, else by what fits the whole of it; read in pieces, in flat memory."""
    held = _held(blob)
    plain = Coding(blob=blob, codec="utf-8", old_mac=CR in held and LF not in held, replaced=LOST in held)
    head = blob.head(3)
    if head.startswith(b"\xef\xbb\xbf"):
        return _strict(replace(plain, codec="utf-8-sig"))
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        # Its bytes are no characters: what was found among them means nothing.
        return _strict(replace(plain, codec="utf-16", old_mac=False, replaced=True))
    if ESCAPE in held and (found := _strict(replace(plain, codec="iso2022_jp"))).encoding:
        return found
    if NUL in held:
        return replace(plain, errors="replace")
    found = _strict(plain)
    return found if found.encoding else _japanese(plain) or _least_damaged(plain)


def _held(blob: Blob) -> frozenset[bytes]:
    """Which of the telling bytes the file holds; of a small one, whether characters are lost is asked of its text."""
    if blob.size <= KEPT:
        data = blob.data()
        return frozenset([mark for mark in MARKS if mark is not LOST and mark[:1] in data and mark in data])
    found: set[bytes] = set()
    before = b""
    for piece in blob.pieces():
        seen = before + piece if before else piece
        found.update(mark for mark in MARKS if mark[:1] in seen and mark in seen)
        before = piece[-2:]
    return frozenset(found)


def _pieces(coding: Coding) -> Iterator[str]:
    """The text in pieces. Raises UnicodeDecodeError where errors are strict and the codec does not fit."""
    decoder = codecs.getincrementaldecoder(coding.codec)(coding.errors)
    yield from map(decoder.decode, coding.blob.pieces())
    yield decoder.decode(b"", final=True)


def _strict(coding: Coding) -> Coding:
    """The coding where it fits the whole file, else with its errors replaced."""
    try:
        if coding.blob.size <= KEPT:
            text = coding.blob.data().decode(coding.codec)
            cut = _cut(text.replace("\r", "\n") if coding.old_mac else text)
            return replace(coding, text=text, cut=cut, replaced=coding.replaced or _holds_lost(coding, text))
        for _ in _pieces(coding):
            pass
    except UnicodeDecodeError:
        return replace(coding, errors="replace")
    return coding


def _holds_lost(coding: Coding, text: str) -> bool:
    """Whether the bytes of a replacement character are in the file: in UTF-8 its text tells that sooner."""
    return LOST_TEXT in text if coding.codec in UTF_8 else LOST in coding.blob.data()


def _cut(text: str) -> Sequence[str]:
    """The lines of a text with their ends, which are LF, CR or both; `str.splitlines` knows more of them."""
    lines = text.splitlines(keepends=True)
    ends = "".join([line[-1] for line in lines[:-1]])
    return list(io.StringIO(text, newline="")) if ends.strip("\r\n") else lines


def _japanese(plain: Coding) -> Coding | None:
    tried = [_strict(replace(plain, codec=codec)) for codec in ("cp932", "euc_jp")]
    fitting = [coding for coding in tried if coding.encoding]
    if len(fitting) < 2:
        return fitting[0] if fitting else None
    # EUC-JP read as CP932 comes out as half-width kana; a real CP932 file has few of them.
    kana = foreign = 0
    for piece in _pieces(fitting[0]):
        kana += len(HALF_WIDTH_KANA.findall(piece))
        foreign += len(OTHER_THAN_ASCII.findall(piece))
    return fitting[kana * 3 > foreign]


def _least_damaged(plain: Coding) -> Coding:
    """Text in no single encoding, read as what most of its lines are."""
    utf8 = replace(plain, errors="replace")
    lines = broken = 0
    for line in utf8.lines():
        if not line.isascii():
            lines += 1
            broken += "\ufffd" in line
    return utf8 if broken * 2 <= lines else replace(utf8, codec="cp932")


def garbled(coding: Coding) -> tuple[tuple[int, str], ...]:
    """The first lines (number from 1, text) with replacement characters, or UTF-8 once read in the wrong encoding.

    The whole file is gone through only where such characters are in it: what was read wrongly was so from the start.
    """
    if _is_right(coding):
        return ()
    bad: list[tuple[int, str]] = []
    foreign = wrong = replaced = 0
    whole = coding.replaced or not coding.encoding
    most = FOREIGN_LINES if coding.cut is None else min(len(coding.cut), FOREIGN_LINES)
    for number, line in enumerate(coding.lines(), 1):
        if line.isascii():
            continue
        foreign += 1
        lost = "\ufffd" in line
        replaced += lost
        if lost or (coding.encoding and _twice_encoded(line)):
            wrong += 1
            bad += [(number, line)] if len(bad) < EXAMPLES else []
        # Half of all lines are right: the rest can no longer be the greater part.
        if not whole and (foreign == FOREIGN_LINES or (foreign - wrong) * 2 >= most):
            break
    return tuple(bad) if replaced or wrong * 2 > foreign else ()


def garbled_places(coding: Coding) -> tuple[tuple[str, str], ...]:
    """The same as they are shown: where (``R5``), and how the line begins."""
    return tuple((f"R{line}", text.strip()[:LINE_SHOWN]) for line, text in garbled(coding))


def _is_right(coding: Coding) -> bool:
    """Whether the text of a small file shows soon that nothing is garbled."""
    cut, text = coding.cut, coding.text
    if cut is None or text is None or len(cut) > FOREIGN_LINES:
        return False
    return not coding.replaced and LOST_TEXT not in text and surely_right(cut, len(cut))


def surely_right(lines: Iterable[str], count: int) -> bool:
    """Whether `garbled` finds nothing in a text of UTF-8, without replacement characters, of `count` lines.

    It is enough that half of them begin, in what is not ASCII, as no text in the wrong encoding does.
    """
    foreign = doubtful = 0
    for line in lines:
        first = None if line.isascii() else OTHER_THAN_ASCII.search(line)
        if first is None:
            continue
        foreign += 1
        doubtful += _may_begin_wrong(first[0])
        if (foreign - doubtful) * 2 >= count:
            return True
    return doubtful * 2 <= foreign


def _twice_encoded(line: str) -> bool:
    first = OTHER_THAN_ASCII.search(line)
    if first is None or not _may_begin_wrong(first[0]):
        return False
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
    return _cp932_read_as_latin(line)


@lru_cache(4096)
def _may_begin_wrong(char: str) -> bool:
    """Whether text in the wrong encoding may begin with this character.

    Its bytes of CP932 begin a character of UTF-8 too, or Windows-1252 or Latin-1 has it: of the text of Japan, little.
    """
    for codec in ("cp1252", "latin-1"):
        with suppress(UnicodeEncodeError):
            return bool(char.encode(codec))
    try:
        lead = char.encode("cp932")[0]
    except UnicodeEncodeError:
        return False
    return lead < 0x80 or 0xC2 <= lead <= 0xF4


def _cp932_read_as_latin(line: str) -> bool:
    """CP932 once read as Windows-1252 or Latin-1: 「名称」 is ``–¼Ì``.

    Most characters of Japanese begin with a byte that is a quotation mark or a control character there, as in no
    language of Europe.
    """
    try:
        data = b"".join(map(_latin_byte, line))
        again = data.decode("cp932")
    except UnicodeError:
        return False
    foreign, odd = (sum(low <= byte < high for byte in data) for low, high in ((0x80, 0x100), (0x80, 0xA0)))
    return odd * 3 >= foreign and len(JAPANESE.findall(again)) * 3 >= foreign


def _latin_byte(char: str) -> bytes:
    try:
        return char.encode("cp1252")
    except UnicodeEncodeError:
        return char.encode("latin-1")


def find_delimiter(coding: Coding, preferred: str = ",") -> str:
    """The character that cuts most of the first lines into the same number (> 1) of cells; else `preferred`."""
    sample = list(islice(coding.lines(), SAMPLE_LINES))
    if _evenness(sample, preferred) == 1.0:
        return preferred
    ranked = [(_evenness(sample, mark), mark == preferred, -place, mark) for place, mark in enumerate(DELIMITERS)]
    best = max(ranked)
    return best[3] if best[0] > 0 else preferred


def _evenness(sample: Sequence[str], delimiter: str) -> float:
    if not any(delimiter in line for line in sample):
        return 0.0
    with _any_field_size(sum(map(len, sample))):
        return _even(csv.reader(sample, delimiter=delimiter))


def _even(rows: Iterable[Sequence[str]]) -> float:
    """The share of the rows, empty ones aside, that have as many cells as most; 0 where there is one cell in most."""
    counts = Counter(map(len, filter(any, rows)))
    wide = sum(number for cells, number in counts.items() if cells > 1)
    if not wide or wide * 2 < counts.total():
        return 0.0
    return max(number for cells, number in counts.items() if cells > 1) / counts.total()


def _is_even(rows: Sequence[Row]) -> bool:
    """Whether all rows have as many cells, and more than one."""
    return bool(rows) and len(rows[0]) > 1 and any(rows[0]) and len(set(map(len, rows))) == 1


def read_table(coding: Coding, preferred: str) -> tuple[str, Sequence[Row], Measures | None, bool]:
    """The delimiter, and what `read_rows` finds with it; a short text that `preferred` fits is gone through once."""
    if coding.cut is not None and len(coding.cut) <= SAMPLE_LINES:
        rows, measures, quoted = read_rows(coding, preferred)
        if quoted and (_is_even(rows) or _even(rows) == 1.0):
            return preferred, rows, measures, quoted
    delimiter = find_delimiter(coding, preferred)
    return (delimiter, *read_rows(coding, delimiter))


def read_rows(coding: Coding, delimiter: str) -> tuple[Sequence[Row], Measures | None, bool]:
    """All records, their measures, and whether the quoting holds (RFC 4180: no stray and no open quote).

    A few records are not measured on their way: it may never be asked for.
    """
    with _any_field_size(coding.blob.size):
        try:
            if coding.cut is not None and len(coding.cut) <= SHORT:
                return tuple(_records(iter(coding.cut), delimiter)), None, True
            return (*_stored(_records(coding.lines(), delimiter)), True)
        except csv.Error:
            return (*_stored(_rows(coding.lines(), delimiter)), False)


def _records(lines: Iterator[str], delimiter: str) -> Iterator[Row]:
    """The records of some lines, as csv's reader finds them."""
    first = [*islice(lines, SAMPLE_LINES)]
    both, quoted = chain(first, lines), [QUOTE in line for line in first]
    if sum(quoted) * FEW_QUOTED > len(first):
        return map(tuple, csv.reader(both, delimiter=delimiter, strict=True))
    return _cut_records(both, delimiter)


def _cut_records(lines: Iterator[str], delimiter: str) -> Iterator[Row]:
    """The same, where few lines have quotes: those without are cut, which is quicker."""
    for line in lines:
        if QUOTE in line:
            # A record may go on in the next lines: the reader takes as many of them as it needs.
            yield tuple(next(csv.reader(chain((line,), lines), delimiter=delimiter, strict=True)))
        else:
            text = line.rstrip("\r\n")
            yield tuple(text.split(delimiter)) if text else ()


def _stored(rows: Iterable[Row]) -> tuple[Sequence[Row], Measures]:
    measures = Measures()
    return stored(measures.watch(rows)), measures


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
