"""Telephone numbers: half-width, structured as written, several joined with `` / ``.

What a column's heading says already (TEL, FAX in a column of fax numbers), and 代表 beside the one number of a cell, is
left off. 直通, 内線 and every other word say something that a number cannot: those cells are a person's to settle.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import phonenumbers

from odkit.clean.values.base import Cleaned, Cleaner, Facts, narrow, settled, unsettled
from odkit.model import Field

FIRST = r"(?:^|(?<=[、,;/・\s]))"
PHONE_WORD = re.compile(rf"{FIRST}(?:TEL|電話番号|電話|[☎☏℡])\s*[:.]?\s*", re.IGNORECASE)
FAX_WORD = re.compile(
    rf"{FIRST}(?:FAX番号|FAX|ファックス番号|ファックス|ファクシミリ|ファクス|℻)\s*[:.]?\s*", re.IGNORECASE
)
MAIN = r"(?:\(代表?(?:電話|番号)?\)|㈹|代表(?:電話|番号)?)"
MAIN_FIRST = re.compile(rf"{MAIN}\s*:?\s*")
MAIN_LAST = re.compile(rf"\s*{MAIN}$")
BETWEEN = re.compile(r"\s*(?:[、,;/・\n]|及び|および|又は|または)\s*")
APART = re.compile(r"(?<=[0-9])\s+(?=\(?0)")
LOOSE_SPACE = re.compile(r"\s*([()\-])\s*")
DASHES = re.compile("[‐‑‒–—―−ー─]")
JOINT = re.compile(r"(?<=[0-9])[. ](?=[0-9])")
TORN = re.compile("-[0-9]{1,2}$")  # a space inside the last part: 03-1234-567 8
# A number without its leading 0 would pass the numbering plan: Excel has eaten it, or it is something else.
SHAPE = re.compile(r"(?:\+[0-9]|\(?0)[0-9()\-]+")
DOMESTIC = re.compile("0(?!10)[1-9][0-9]{8,9}")  # 010 leads abroad
BARE = re.compile("[0-9-]+")
"""One number, with nothing to leave off and nowhere to divide it."""
STRUCTURE = str.maketrans("", "", "()-")
BEHIND = "\x1e"
"""Stands behind each of many numbers."""
BRACKETED = re.compile(r"\(0[0-9]+\)[0-9]+-[0-9]+")
MOBILE = re.compile(r"0[5789]0-?[0-9]{4}-?[0-9]{4}|0120.*|0800.*|0570.*")


def compile_phone(field: Field, _facts: Facts) -> Cleaner:
    """The cleaner of a column of numbers: one or more that Japan's numbering plan allows, or a person's to settle."""
    word = FAX_WORD if "FAX" in field.name.upper() else PHONE_WORD

    def clean_phone(source: str) -> Cleaned:
        text = narrow(source)
        if is_number(text):
            return settled(source, text, "phone")
        if BARE.fullmatch(text):
            return unsettled(source, "clean.phone")
        bare = _without_main(word.sub("", text))
        numbers = list(_numbers(DASHES.sub("-", bare)))
        if not all(map(is_number, numbers)):
            return unsettled(source, "clean.phone")
        return settled(source, " / ".join(numbers), "phone" if bare == text else "phone-label")

    return clean_phone


def is_number(text: str) -> bool:
    """Whether `text` is one valid number in half-width."""
    if not SHAPE.fullmatch(text):
        return False
    if DOMESTIC.fullmatch(digits := text.translate(STRUCTURE)):
        found = planned().fullmatch(digits + BEHIND)
        return found is not None and found[1] is None
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(text, "JP"))
    except phonenumbers.NumberParseException:
        return False


@cache
def planned() -> re.Pattern[str]:
    """As many numbers (digits, with `BEHIND` behind each) as Japan's numbering plan has, and the one after them.

    The plan as phonenumbers has it takes a tenth of the time of its whole parser.
    """
    region = phonenumbers.PhoneMetadata.metadata_for_region("JP")
    kinds = ("fixed_line", "mobile", "toll_free", "premium_rate", "personal_number", "voip", "pager", "uan")
    patterns = (getattr(region, kind).national_number_pattern for kind in kinds)
    # What DOMESTIC lets through has ASCII digits alone, which are told faster than those of all scripts.
    plan = "|".join(f"(?:{pattern})" for pattern in patterns if pattern).replace(r"\d", "[0-9]")
    return re.compile(f"(?:(?:(?={DOMESTIC.pattern}{BEHIND})0(?:{plan}))?{BEHIND})*+([0-9]+{BEHIND})?")


def is_advised_form(text: str) -> bool:
    """Whether each number has the standard's form: ``(047)712-8569``, mobile and toll-free numbers with hyphens."""
    return all(BRACKETED.fullmatch(part) or MOBILE.fullmatch(part) for part in text.split(" / "))


def _without_main(text: str) -> str:
    """The text without 代表, which says nothing where no other number stands beside it."""
    if BETWEEN.search(text) or APART.search(text):
        return text
    found = MAIN_FIRST.match(text)
    return MAIN_LAST.sub("", text[found.end() :] if found else text)


def _numbers(text: str) -> Iterator[str]:
    """The numbers of a text as far as they can be told apart; spaces stand in one number, or between two."""
    for part in BETWEEN.split(text):
        plain = LOOSE_SPACE.sub(r"\1", part)
        whole = _joined(plain)
        if is_number(whole):
            yield whole
        else:
            yield from map(_joined, APART.split(plain))


def _joined(text: str) -> str:
    """A number's parts joined with hyphens, or the text as it is where a part was torn."""
    whole = JOINT.sub("-", text)
    return text if TORN.search(whole) else whole
