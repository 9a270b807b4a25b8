"""Values that need nothing, told at a glance: plainly spelt, right by the schema, neither personal nor a formula.

A column's values are joined and held against one pattern, so that the long way of a value through the steps is left
to those that are not ordinary. The patterns may be too narrow, never too wide: tests hold them against the steps.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache, lru_cache, partial
from itertools import islice

from odkit.clean.values.base import is_cut
from odkit.clean.values.phone import BEHIND, planned
from odkit.model import Field

FEW = 16
"""So many values, none of which is plain, tell that a column has hardly any."""
END = BEHIND
"""Stands behind each value; no plain value has it."""

MOST_DIGITS = 9
"""Digits of a plain value, where they may stand anywhere: what identifies a person has eleven or twelve."""

# Left to the steps: what `tidy` rewrites, what may open a formula or stand for another cell, and mail addresses.
OPENING = "(?!同\\s*[上左]|[\\s=＝+＋\\-－〃″”'])"
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
SPANNING = re.compile(r"[.\\]|\[\^")
"""A pattern with one of these may match several values as one."""
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
    if SPANNING.search(field.pattern):
        return None
    patterns = tuple(_joined(pattern) for pattern in (PATTERNS[field.meaning], field.pattern) if pattern)
    unlike = partial(_unlike, patterns, (is_cut, DASHES.search) if field.meaning in ADDRESSES else (is_cut,))
    return partial(_unplanned, unlike) if field.meaning == "phone" else unlike


def _unlike(
    patterns: Sequence[re.Pattern[str]], faults: Sequence[Callable[[str], object]], values: list[str]
) -> list[str]:
    """The values that are not plain, some of them twice; most chunks have none, some columns nothing else."""
    text = END.join((*values, ""))
    if text.count(END) != len(values):
        others = [value for value in values if END not in value]
        return [value for value in values if END in value] + _unlike(patterns, faults, others)
    found: list[str] = []
    for pattern in patterns:
        misfits = _misfits(pattern, text)
        first = list(islice(misfits, FEW))
        if first and first == values[:FEW]:
            return values
        found += [*first, *misfits]
    for has_fault in faults:
        if has_fault(text):
            found += filter(has_fault, values)
    return found


def _misfits(pattern: re.Pattern[str], text: str) -> Iterator[str]:
    """The values in a joined text that a joined pattern does not have."""
    behind = pattern.groups
    return (value for found in pattern.finditer(text) if (value := found[behind]))


def _unplanned(unlike: Callable[[list[str]], list[str]], values: list[str]) -> list[str]:
    """The same for telephone numbers, which the numbering plan must have."""
    found = unlike(values)
    if found is values:
        return values
    others = set(found)
    shaped = [value for value in values if value not in others] if found else values
    return found + [shaped[place] for place in _outside_plan(shaped)]


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
    """As many values as match a pattern, and the one after them as the last group."""
    return re.compile(f"(?:(?:{pattern.removeprefix('^').removesuffix('$')})?{END})*+(?:([^{END}]++){END})?+")
