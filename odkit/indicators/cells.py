"""A value cell of an indicator table -> its numbers, each with unit, period and qualifiers.

``2,662件(H30実績)`` is one number; ``37%（20団体）`` and ``209/447`` are two. A cell whose numbers can be read in more
than one way yields no number at all: nothing is guessed, no digit lost or invented.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from odkit.indicators.periods import read_period

NUMBER = r"[△▲−-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?"
UNIT = r"(?:%|[A-Za-z]+[2-3]?|[㎡㎢㎥]|[一-龯々ァ-ヶー]{1,8})(?:/(?:年|月|日|人|件|世帯))?"
LEAD = r"[^0-9０-９()【】/:、,.~～〜△▲−\s-]{0,16}\s*"
PART = re.compile(
    rf"(?P<label>【[^】0-9]*】|\([^()0-9]*\))?\s*(?P<lead>{LEAD})(?P<number>{NUMBER})(?:/(?P<whole>{NUMBER}))?"
    rf"\s?(?P<unit>{UNIT})?(?P<note>\s*\([^()]*\))?(?=\s|[(【]|$)"
)
INNER = re.compile(rf"(?P<lead>{LEAD})(?P<number>{NUMBER})(?P<unit>{UNIT})?")
REMARK = re.compile(r"\s+[^0-9]*")
FULL_TO_HALF = {0x3000: " "} | {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
WRAPPED_NOTE = re.compile(r"\([^()]*\)")
# 平成30年 or 12月 is a date, not a value; a lone 年度 likewise.
DATES = re.compile("年度?|月|時点|年[一-龯]*|月[一-龯]*")
DATE_LEADS = re.compile("明治|大正|昭和|平成|令和|西暦|第")
LIMIT = re.compile("(?:以上|以下|以内|未満|程度|前後|超)$")


@dataclass(frozen=True, kw_only=True, slots=True)
class ValuePart:
    """One value of a cell. `number` is decimal text, empty where the cell has no number or none that is certain.

    `period` is ISO 8601; `qualifier` holds the words around the number, joined with ``;``; `text` is the cell as
    written. `ambiguous`: the cell has digits that could not be settled; `unread`: its brackets hold some.
    """

    text: str
    number: str = ""
    unit: str = ""
    period: str = ""
    qualifier: str = ""
    ambiguous: bool = False
    unread: bool = False


def parse_value(text: str) -> tuple[ValuePart, ...]:
    """The values of one cell, in order; () for an empty cell, one part without a number for words alone."""
    plain = _plain(text)
    if not plain:
        return ()
    if not re.search("[0-9]", plain):
        return (ValuePart(text=text),)
    found = list(_matches(plain))
    if not found or not all(map(_is_value, found)):
        return (ValuePart(text=text, ambiguous=True),)
    return tuple(part for match in found for part in _parts(text, match))


def _plain(text: str) -> str:
    """Half-width, on one line: a line break inside brackets comes from wrapping, elsewhere it is a space."""
    narrow = text.translate(FULL_TO_HALF).replace("\r", "").strip()
    unwrapped = WRAPPED_NOTE.sub(lambda found: re.sub(r"\n", "", found[0]), narrow)
    return re.sub(r"\s+", " ", unwrapped)


def _matches(plain: str) -> Iterator[re.Match[str]]:
    """The values one after another; none where anything with digits is left between or after them."""
    position = 0
    found: list[re.Match[str]] = []
    while position < len(plain):
        match = PART.match(plain, position)
        if match is None:
            if not (found and REMARK.fullmatch(plain, position)):
                return
            break
        found.append(match)
        position = match.end()
        while plain[position : position + 1] == " " and PART.match(plain, position + 1):
            position += 1
    yield from found


def _is_value(found: re.Match[str]) -> bool:
    unit = found["unit"] or ""
    dated = DATES.fullmatch(unit) or DATE_LEADS.search(found["lead"])
    return not dated and "." not in (found["whole"] or "")


def _parts(text: str, found: re.Match[str]) -> Iterator[ValuePart]:
    note = (found["note"] or "").strip(" ()")
    label = (found["label"] or "").strip("【】() ")
    unit = found["unit"] or ""
    limit = LIMIT.search(unit)
    main = ValuePart(text=text, number=_number(found["number"]), unit=LIMIT.sub("", unit))
    main, inner = _with_note(main, note)
    words = [label, found["lead"].strip(), limit[0] if limit else "", *main.qualifier.split(";")]
    main = replace(main, qualifier=_joined(words))
    if not found["whole"]:
        yield main
    else:
        yield replace(main, qualifier=_joined([*main.qualifier.split(";"), "分子"]))
        whole = _number(found["whole"])
        yield replace(main, number=whole, qualifier=_joined([*main.qualifier.split(";"), "分母"]))
    if inner:
        yield inner


def _with_note(main: ValuePart, note: str) -> tuple[ValuePart, ValuePart | None]:
    """What brackets say: when (令和2年12月末現在), what else (20団体), or words about the value (見込)."""
    if not note:
        return main, None
    period = read_period(note)
    if period is not None and not re.search("[0-9]", period[1]):
        return replace(main, period=period[0], qualifier=period[1].strip()), None
    if not re.search("[0-9]", note):
        return replace(main, qualifier=note), None
    inner = INNER.fullmatch(note)
    if inner and not DATES.match(inner["unit"] or "") and not DATE_LEADS.search(inner["lead"]):
        words = _joined(["括弧内", inner["lead"].strip()])
        return main, ValuePart(
            text=main.text, number=_number(inner["number"]), unit=inner["unit"] or "", qualifier=words
        )
    return replace(main, qualifier=note, unread=True), None


def _number(text: str) -> str:
    return re.sub("^[△▲−]", "-", text).replace(",", "")


def _joined(words: list[str]) -> str:
    return ";".join(dict.fromkeys(word for word in words if word))
