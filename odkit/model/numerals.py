"""Numbers of dates in kanji, as all stages read them."""

from __future__ import annotations

import re

KANJI_DIGITS = "〇一二三四五六七八九"
KANJI_NUMBER = re.compile(f"[{KANJI_DIGITS}十]+(?=[年月日])")
TENS = re.compile(f"([{KANJI_DIGITS[2:]}]?)十([{KANJI_DIGITS[1:]}]?)")


def arabic(text: str) -> str:
    """The text with the kanji numbers of a date in digits: 昭和六十年三月二十一日, 一九六五年."""
    return KANJI_NUMBER.sub(lambda found: _digits(found[0]), text)


def _digits(number: str) -> str:
    """A number below 100 (二十一), or one written digit by digit (一九六五); anything else stays as it is."""
    tens = TENS.fullmatch(number)
    if tens:
        ten, one = (KANJI_DIGITS.find(part) if part else -1 for part in tens.groups())
        return str((ten if ten > 0 else 1) * 10 + max(one, 0))
    return number if "十" in number else "".join(str(KANJI_DIGITS.index(digit)) for digit in number)
