"""Telephone numbers: half-width, structured as written, several joined with `` / ``."""

from __future__ import annotations

import re
from functools import cache

import phonenumbers

from odkit.clean.values.base import Cleaned, narrow, settled, unsettled

LABEL = re.compile(r"^(?:TEL|Tel|tel|電話番号|電話|☎)\s*[:.]?\s*")
BETWEEN = re.compile(r"\s*[、,;/・\n]\s*")
LOOSE_SPACE = re.compile(r"\s*([()\-])\s*")
DASHES = re.compile("[‐‑‒–—―−ー─]")
DOT = re.compile(r"(?<=[0-9])\.(?=[0-9])")
# A number without its leading 0 would pass the numbering plan: Excel has eaten it, or it is something else.
SHAPE = re.compile(r"(?:\+[0-9]|\(?0)[0-9()\-]+")
DOMESTIC = re.compile("0(?!10)[1-9][0-9]{8,9}")  # 010 leads abroad
STRUCTURE = str.maketrans("", "", "()-")
BRACKETED = re.compile(r"\(0[0-9]+\)[0-9]+-[0-9]+")
MOBILE = re.compile(r"0[5789]0-?[0-9]{4}-?[0-9]{4}|0120.*|0800.*|0570.*")


def clean_phone(source: str) -> Cleaned:
    """One or more numbers that Japan's numbering plan allows; anything else is a person's to settle."""
    numbers = [_plain(part) for part in BETWEEN.split(DASHES.sub("-", narrow(source)))]
    if all(map(is_number, numbers)):
        return settled(source, " / ".join(numbers), "phone")
    return unsettled(source, "clean.phone")


def is_number(text: str) -> bool:
    """Whether `text` is one valid number in half-width."""
    if not SHAPE.fullmatch(text):
        return False
    if DOMESTIC.fullmatch(digits := text.translate(STRUCTURE)):
        return plan().fullmatch(digits, 1) is not None
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(text, "JP"))
    except phonenumbers.NumberParseException:
        return False


@cache
def plan() -> re.Pattern[str]:
    """Japan's numbering plan as phonenumbers has it, without the leading 0: a tenth of the time of its whole parser."""
    region = phonenumbers.PhoneMetadata.metadata_for_region("JP")
    kinds = ("fixed_line", "mobile", "toll_free", "premium_rate", "personal_number", "voip", "pager", "uan")
    patterns = (getattr(region, kind).national_number_pattern for kind in kinds)
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns if pattern))


def is_advised_form(text: str) -> bool:
    """Whether each number has the standard's form: ``(047)712-8569``, mobile and toll-free numbers with hyphens."""
    return all(BRACKETED.fullmatch(part) or MOBILE.fullmatch(part) for part in text.split(" / "))


def _plain(part: str) -> str:
    return DOT.sub("-", LOOSE_SPACE.sub(r"\1", LABEL.sub("", part)))
