"""Values that need nothing, told at a glance: plainly spelt, right by the schema, neither personal nor a formula.

A column's values are joined and held against one pattern, so that the long way of a value through the steps is left
to those that are not ordinary. The patterns may be too narrow, never too wide: tests hold them against the steps.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache, lru_cache, partial

from odkit.clean.values.base import is_cut
from odkit.clean.values.phone import BEHIND, planned
from odkit.model import Field

Test = Callable[[Sequence[str]], bool]
"""Whether all of some values are plain."""

FEW = 16
"""Values that are looked at one by one."""
END = BEHIND
"""Stands behind each value; no plain value has it."""

MOST_DIGITS = 9
"""Digits of a plain value, where they may stand anywhere: what identifies a person has eleven or twelve."""

# Left to the steps: what `tidy` rewrites, what may open a formula or stand for the cell above, and mail addresses.
OPENING = "(?!同\\s*上|[\\s=＝+＋\\-－〃″'])"
NOT_INNER = "0-9０-９@＠\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\ufeff\uff61-\uff9f\u3099\u309a"


def _with_digits(others: str, digits: str = "[0-9]") -> str:
    """Any of `others` (a class) with a few `digits` between them."""
    return f"{others}*+(?:{digits}{others}*+){{0,{MOST_DIGITS}}}"


# So few characters need not be counted.
SHORT_CODE = f"[0-9A-Za-z_]{{1,{MOST_DIGITS}}}+(?={END})"
SHORT_ADDRESS = rf"[^{NOT_INNER.replace('0-9０-９', '')}０-９Ａ-Ｚａ-ｚ]{{1,{MOST_DIGITS}}}+(?<!\s)(?={END})"

TEXT = rf"{OPENING}{_with_digits(f'[^{NOT_INNER}]', '[0-9０-９]')}(?<!\s)"
ADDRESS = rf"{OPENING}{_with_digits(f'[^{NOT_INNER}Ａ-Ｚａ-ｚ]')}(?<!\s)"
KANA = "ァ-ヴー・A-Za-zＡ-Ｚａ-ｚ（）"
NUMBER = "(?:0|[1-9][0-9]{0,8})"

PATTERNS = {
    "address": ADDRESS,
    "block": f"{OPENING}{SHORT_ADDRESS}|{ADDRESS}",
    "city": TEXT,
    "date": "(?:19|20)[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])",
    "english": f"(?![ =+\\-']){_with_digits('[ -/:-?A-~]')}(?<! )",
    "government_name": TEXT,
    "id": f"(?!0[6-9]0[1-9])[0-9]{{5,6}}-[0-9]{{1,20}}|{SHORT_CODE}|{_with_digits('[A-Za-z_]')}|[0-9]{{13,}}",
    "integer": NUMBER,
    "kana": f"(?![ 　]){_with_digits(f'[{KANA} 　]', '[0-9０-９]')}(?<![ 　])",
    "latitude": "(?:2[0-9]|3[0-9]|4[0-5])\\.[0-9]{1,12}",
    "longitude": "1(?:2[2-9]|[34][0-9]|5[0-3])\\.[0-9]{1,12}",
    "longtext": TEXT,
    "name": TEXT,
    "number": rf"{NUMBER}(?:\.[0-9]{{1,9}})?",
    # Mobile numbers may be personal, and are advised to be written as they are: both are told apart by the steps.
    "phone": "0(?!120|800|570|[5-9]0)[0-9]{1,4}-[0-9]{1,4}-[0-9]{4}",
    "postal_code": "[0-9]{7}",
    "prefecture": TEXT,
    "text": TEXT,
    "town": ADDRESS,
    "url": "https?://[0-9A-Za-z\\-]++(?:\\.[0-9A-Za-z\\-]++)++(?::[0-9]++)?+(?:/[0-9A-Za-z_.~%/?=&#+\\-]*+)?+",
}
"""Meaning -> the spellings that its cleaner leaves alone; a meaning without one has its values looked at one by one."""

ADDRESSES = frozenset({"address", "block", "town"})
DASHES = re.compile("[‐‑‒–—―−－ー─](?<=[0-9A-Za-z)].)(?=[0-9A-Za-z(])")
TYPES = {"date": "date", "integer": "integer", "number": "number", "latitude": "number", "longitude": "number"}
BOUNDS = {"latitude": (20.0, 46.0), "longitude": (122.0, 154.0)}
"""Between these lie the plain values of a meaning, whatever they are."""


@lru_cache(1024)
def compile_plain(field: Field) -> Callable[[list[str]], list[str]] | None:
    """The function that finds the values of a field that are not plain; None where its meaning has no plain spelling.

    An empty text is plain: whether a cell must be filled is another question.
    """
    if field.meaning not in PATTERNS or field.enum or not (_is_typed(field) and _is_bounded(field)):
        return None
    all_plain = _all_plain(field)
    return partial(_unplanned, all_plain) if field.meaning == "phone" else partial(_unlike, all_plain)


def _all_plain(field: Field) -> Test:
    pattern = _joined(PATTERNS[field.meaning])
    own = _joined(field.pattern) if field.pattern else None
    is_address = field.meaning in ADDRESSES

    def all_plain(values: Sequence[str]) -> bool:
        text = END.join((*values, ""))
        if not pattern.fullmatch(text) or is_cut(text) or (own and not own.fullmatch(text)):
            return False
        return not (is_address and DASHES.search(text))

    return all_plain


def _unlike(all_plain: Test, values: list[str]) -> list[str]:
    """The values that are not plain, found by halves: most chunks have none, some columns nothing else."""
    if len(values) <= FEW:
        return [] if all_plain(values) else [value for value in values if not all_plain((value,))]
    if all_plain(values):
        return []
    if not any(all_plain((value,)) for value in values[:FEW]):
        return values
    middle = len(values) // 2
    return _unlike(all_plain, values[:middle]) + _unlike(all_plain, values[middle:])


def _unplanned(all_plain: Test, values: list[str]) -> list[str]:
    """The same for telephone numbers, which the numbering plan must have."""
    unlike = _unlike(all_plain, values)
    if len(unlike) == len(values):
        return values
    others = set(unlike)
    shaped = [value for value in values if value not in others] if unlike else values
    return unlike + [shaped[place] for place in _outside_plan(shaped)]


def _outside_plan(numbers: list[str]) -> Iterator[int]:
    """The places of those of some numbers (digits, hyphens, or nothing) that the plan does not have."""
    digits = END.join([*numbers, ""]).replace("-", "")
    place = counted = 0
    for found in planned().finditer(digits):
        if found[1]:
            place += digits.count(END, counted, found.start(1))
            counted = found.start(1)
            yield place


def _is_typed(field: Field) -> bool:
    """Whether the plain values are sure to be of the field's type."""
    form = "uri" if field.meaning == "url" else "default"
    return field.type in ("string", TYPES.get(field.meaning)) and field.format in ("", form)


def _is_bounded(field: Field) -> bool:
    """Whether the plain values are sure to lie within the field's limits."""
    if not (field.minimum or field.maximum):
        return True
    low, high = BOUNDS.get(field.meaning, (None, None))
    if low is None or high is None:
        return False
    return float(field.minimum or low) <= low and high <= float(field.maximum or high)


@cache
def _joined(pattern: str) -> re.Pattern[str]:
    return re.compile(f"(?:(?:{pattern.removeprefix('^').removesuffix('$')})?{END})*+")
