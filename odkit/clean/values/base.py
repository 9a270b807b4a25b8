"""What every cleaner shares: its result, the facts it may use, and the two spellings of plain text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import jaconv

from odkit.model import Field, Publisher
from odkit.project import Era, Municipality, Ward


class Cleaned(NamedTuple):
    """What became of one value. `rule` is empty where it was not touched, `issue` where nothing is to be said."""

    value: str
    rule: str = ""
    issue: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """What the declarations know and a value alone does not say."""

    municipalities: Mapping[str, Municipality]
    eras: tuple[Era, ...]
    wards: Mapping[str, Ward] = field(default_factory=dict)
    prefectures: tuple[str, ...] = ()
    publisher: Publisher | None = None


Cleaner = Callable[[str], Cleaned]
"""Cleans one value of a column; must not depend on the row."""

Factory = Callable[[Field, Facts], Cleaner]
"""Makes the cleaner of one column from its field and the facts."""

CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\ufeff]")
HALF_KANA = re.compile("[\uff61-\uff9f]+")
# か and a mark of its own (か゚ from a Mac): two characters that look like one.
MARKED_KANA = re.compile("[\u3046-\u30fd][\u3099\u309a]")
ODD_KANA = re.compile("[\uff61-\uff9f\u3099\u309a]")
FULL_TO_HALF = {0x3000: " "} | {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
ALPHANUMERIC = {full: half for full, half in FULL_TO_HALF.items() if half.isalnum()}
DASH = re.compile("(?<=[0-9A-Za-z)])[‐‑‒–—―−－ー─](?=[0-9A-Za-z(])")


def tidy(text: str) -> str:
    """The text without outer spaces and control characters, lines ended with LF, kana full-width and in one piece.

    Never more than that: whole-cell NFKC would turn ① into 1 and ㈱ into (株).
    """
    if text.isprintable() and text[:1] != " " != text[-1:] and not ODD_KANA.search(text):
        return text
    text = CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    text = HALF_KANA.sub(lambda found: str(jaconv.h2z(found[0])), text)
    return MARKED_KANA.sub(lambda found: unicodedata.normalize("NFC", found[0]), text)


def code_text(source: str) -> tuple[str, str]:
    """A code of digits in half-width, without the ``.0`` of programs that took it for a number, and the rule for it."""
    text = narrow(source)
    return (text[:-2], "point-zero") if text.endswith(".0") else (text, "half-width")


def is_cut(text: str) -> bool:
    """Whether characters of a text were lost on its way: replaced by marks, or cut off in the middle."""
    return ("?" in text and "??" in text) or "\ufffd" in text or "〓" in text


def narrow(text: str) -> str:
    """`tidy`, with full-width letters, digits, signs and spaces made half-width, and dashes between them ``-``."""
    if text.isascii() and text.isprintable():
        return text.strip()
    return DASH.sub("-", tidy(text).translate(FULL_TO_HALF)).strip()


def settled(source: str, value: str, rule: str) -> Cleaned:
    """The result of a cleaner that knows what `source` means; `rule` counts only where something changed."""
    return Cleaned(value, rule if value != source else "")


def unsettled(source: str, issue: str) -> Cleaned:
    """The result of a cleaner that does not: the source stands as it is, and a person decides."""
    return Cleaned(source, "", issue)
