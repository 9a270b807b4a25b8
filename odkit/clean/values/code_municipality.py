"""全国地方公共団体コード: six digits, the last one a check digit."""

from __future__ import annotations

import re
from functools import lru_cache, partial
from operator import mul

from odkit.clean.values.base import Cleaned, Cleaner, Facts, code_text, settled, unsettled
from odkit.model import Field

FIVE, SIX = re.compile("[0-9]{5}"), re.compile("[0-9]{6}")
WEIGHTS = (6, 5, 4, 3, 2)
PREFECTURES = range(1, 48)


def check_digit(code5: str) -> str:
    """The check digit of five digits: (11 − Σ digit × weight mod 11) mod 10, weights 6 to 2."""
    return str((11 - sum(map(mul, map(int, code5), WEIGHTS)) % 11) % 10)


@lru_cache(1 << 12)
def is_code(code: str) -> bool:
    """Whether six digits are a code: a prefecture from 01 to 47 and the right check digit."""
    return SIX.fullmatch(code) is not None and int(code[:2]) in PREFECTURES and check_digit(code[:5]) == code[5]


def readings(code5: str) -> tuple[str, ...]:
    """What five digits can be: a code without its check digit, a code without its leading zero, or both."""
    return tuple(code for code in (code5 + check_digit(code5), "0" + code5) if is_code(code))


def compile_code(_field: Field, facts: Facts) -> Cleaner:
    """The cleaner of a code column: five digits are repaired where one reading alone is possible.

    With a publisher only readings in its prefecture count: 12203 is 市川市 to Chiba, though 012203 is a code too.
    """
    return partial(_cleaned, facts.publisher.code[:2] if facts.publisher else "")


@lru_cache(1 << 12)  # the same few codes stand in many tables
def _cleaned(prefecture: str, source: str) -> Cleaned:
    text, rule = code_text(source)
    if is_code(text):
        return settled(source, text, rule)
    if not FIVE.fullmatch(text):
        return unsettled(source, "clean.code")
    fitting = [code for code in readings(text) if code.startswith(prefecture)]
    return settled(source, fitting[0], "check-digit") if len(fitting) == 1 else unsettled(source, "clean.code")
