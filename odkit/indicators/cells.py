"""A value cell of an indicator table -> its numbers, each with unit, period and qualifiers.

``2,662件(H30実績)`` is one number; ``37%（20団体）`` and ``209/447`` are two; ``県、52市町村、13林業事業体`` is a list.
A cell whose numbers can be read in more than one way yields none: nothing is guessed, no digit lost or invented.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from odkit.indicators.periods import read_period
from odkit.indicators.words import qualifier_kinds

NUMBER = r"[△▲−-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?"
LIMITS = "以上|以下|以内|未満|程度|前後|超"
UNIT = rf"(?:%(?:{LIMITS})?|[A-Za-z]+[2-3]?|[㎡㎢㎥]|[一-龯々ァ-ヶー]{{1,8}})(?:/(?:年|月|日|人|件|世帯))?"
LEAD = r"[^0-9０-９()【】/:、,.~～〜△▲−\s-]{0,16}\s*"
PART = re.compile(
    rf"(?P<label>【[^】0-9]*】|\([^()0-9]*\))?\s*(?P<lead>{LEAD})(?P<number>{NUMBER})(?:/(?P<whole>{NUMBER}))?"
    rf"\s?(?P<unit>{UNIT})?(?P<note>\s*\([^()]*\))?(?=\s|[(【]|$)"
)
LABELLED = re.compile(
    r"\s*(?P<open>\()?(?P<label>[^\s:()、](?:[^:()、]{0,18}[^\s:()、])?)\s?:\s?"
    rf"(?P<number>{NUMBER})\s?(?P<unit>{UNIT})?(?(open)\)|)(?=[\s(、]|$)、?"
)
HEAD = re.compile(r"(?P<head>[^0-9:()、]*)\s(?=\S*[0-9])")
INNER = re.compile(rf"(?P<lead>{LEAD})(?P<number>{NUMBER})(?P<unit>{UNIT})?")
REMARK = re.compile(r"\s+[^0-9]*")
FULL_TO_HALF = {0x3000: " "} | {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
WRAPPED_NOTE = re.compile(r"\([^()]*\)")
# 平成30年 or 12月 is a date, not a value; a lone 年度 likewise.
DATES = re.compile("年度?|月|時点|年[一-龯]*|月[一-龯]*")
DATE_LEADS = re.compile("明治|大正|昭和|平成|令和|西暦|第")
LIMIT = re.compile(f"(?:{LIMITS})$")
# A number in other signs than 0 to 9: it is one, but it is not read.
OTHER_NUMBER = re.compile(
    "約?[〇一二三四五六七八九十百千万]+(?:件|人|名|回|団体|校|市町村|市町|箇所|か所|施設|社|台|戸|割|%)"
)
NUMERATOR, DENOMINATOR, INSIDE, ITEM, TOTAL = "分子", "分母", "括弧内", "内訳", "合計"


@dataclass(frozen=True, kw_only=True, slots=True)
class ValuePart:
    """One value of a cell. `number` is decimal text, empty where the cell has no number or none that is certain.

    `period` is ISO 8601; `qualifier` holds the words around the number, joined with ``;``; `text` is the cell as
    written. `ambiguous`: the cell has digits that could not be settled; `unread`: its brackets hold some. `remark` is
    a sentence that follows the values of the cell.
    """

    text: str
    number: str = ""
    unit: str = ""
    period: str = ""
    qualifier: str = ""
    ambiguous: bool = False
    unread: bool = False
    remark: str = ""

    @property
    def qualifiers(self) -> tuple[str, ...]:
        """The words around the number, one by one."""
        return tuple(word for word in self.qualifier.split(";") if word)

    @property
    def kinds(self) -> frozenset[str]:
        """What the words and the unit mean: ``about``, ``cumulative``, ``per-month``, ``forecast`` … (README.md)."""
        return qualifier_kinds(self.qualifiers, self.unit)


def parse_value(text: str) -> tuple[ValuePart, ...]:
    """The values of one cell, in order; () for an empty cell, one part without a number for words alone."""
    plain = _plain(text)
    if not plain:
        return ()
    if not re.search("[0-9]", plain):
        return (ValuePart(text=text, ambiguous=_has_other_number(plain)),)
    for read in (_plainly, _labelled, _listed):
        if parts := read(text, plain):
            return parts
    return (ValuePart(text=text, ambiguous=True),)


def _has_other_number(plain: str) -> bool:
    return OTHER_NUMBER.fullmatch(plain) is not None or any(
        unicodedata.category(char) in ("Nd", "No") for char in plain
    )


def _plain(text: str) -> str:
    """Half-width, on one line: a line break inside brackets comes from wrapping, elsewhere it is a space."""
    narrow = text.translate(FULL_TO_HALF).replace("\r", "").strip()
    unwrapped = WRAPPED_NOTE.sub(lambda found: re.sub(r"\n", "", found[0]), narrow)
    return re.sub(r"\s+", " ", unwrapped)


def _plainly(text: str, plain: str) -> tuple[ValuePart, ...]:
    """Values one after another, each with what belongs to it; a period may stand before the first."""
    period = read_period(plain)
    if period is not None and re.match(r"[\s:][^0-9]*[0-9]", period[1]):
        parts = _plainly(text, period[1].lstrip(" :"))
        one = len(parts) == 1 and not parts[0].period
        return tuple(replace(part, period=period[0]) for part in parts) if one else ()
    found, remark = _matches(plain)
    if not found or not all(map(_is_value, found)):
        return ()
    return tuple(replace(part, remark=remark) for match in found for part in _parts(text, match))


def _matches(plain: str) -> tuple[list[re.Match[str]], str]:
    """The values one after another and the words after them; none where digits are left between or after them."""
    position = 0
    found: list[re.Match[str]] = []
    while position < len(plain):
        match = PART.match(plain, position)
        if match is None:
            rest = REMARK.fullmatch(plain, position)
            return (found, rest[0].strip()) if found and rest else ([], "")
        found.append(match)
        position = match.end()
        while plain[position : position + 1] == " " and PART.match(plain, position + 1):
            position += 1
    return found, ""


def _labelled(text: str, plain: str) -> tuple[ValuePart, ...]:
    """``4～5月：57,891人 6～12月：7,900人 （計：65,791人）``: a label before each value; a total has to add up."""
    head = HEAD.match(plain)
    position = head.end() if head else 0
    found: list[re.Match[str]] = []
    while position < len(plain):
        match = LABELLED.match(plain, position)
        if match is None:
            return ()
        found.append(match)
        position = match.end()
    parts = [_labelled_part(text, match) for match in found]
    if head and parts:
        parts[0] = replace(parts[0], qualifier=_joined([head["head"].strip(), *parts[0].qualifiers]))
    totals = [part for part in parts if TOTAL in part.qualifiers]
    return tuple(parts) if not totals or _adds_up(parts, totals) else ()


def _labelled_part(text: str, found: re.Match[str]) -> ValuePart:
    label = found["label"]
    period = read_period(label)
    unit = found["unit"] or ""
    part = ValuePart(text=text, number=_number(found["number"]), unit=unit)
    if period is not None and not re.search("[0-9]", period[1]):
        return replace(part, period=period[0], qualifier=period[1].strip())
    total = label.endswith("計") and bool(found["open"])
    return replace(part, qualifier=_joined([TOTAL if total else ITEM, label]))


def _adds_up(parts: list[ValuePart], totals: list[ValuePart]) -> bool:
    """Whether the one total is the last value and the sum of the others, in the same unit."""
    items = [part for part in parts if part not in totals]
    same = len({part.unit for part in parts}) == 1
    return (
        len(totals) == 1
        and parts[-1] is totals[0]
        and same
        and sum(Decimal(part.number) for part in items) == Decimal(totals[0].number)
    )


def _listed(text: str, plain: str) -> tuple[ValuePart, ...]:
    """``県、52市町村、13林業事業体``: pieces of a list, each a name or one number with its unit."""
    pieces = [piece.strip() for piece in plain.split("、")]
    if len(pieces) < 2 or not all(pieces):
        return ()
    parts: list[ValuePart] = []
    for piece in pieces:
        if not re.search("[0-9]", piece):
            parts.append(ValuePart(text=text, qualifier=_joined([ITEM, piece])))
            continue
        read = _plainly(text, piece)
        if len(read) != 1 or not read[0].unit:
            return ()
        parts.append(read[0])
    return tuple(parts) if all(part.period for part in parts) else _items(parts)


def _items(parts: list[ValuePart]) -> tuple[ValuePart, ...]:
    """The pieces of a list; a date or a remark behind one of them might be meant for all, so there is none."""
    if any(part.period or part.unread for part in parts):
        return ()
    return tuple(
        part if ITEM in part.qualifiers else replace(part, qualifier=_joined([ITEM, *part.qualifiers]))
        for part in parts
    )


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
    words = [label, found["lead"].strip(), limit[0] if limit else "", *main.qualifiers]
    main = replace(main, qualifier=_joined(words))
    if not found["whole"]:
        yield main
    else:
        yield replace(main, qualifier=_joined([*main.qualifiers, NUMERATOR]))
        yield replace(main, number=_number(found["whole"]), qualifier=_joined([*main.qualifiers, DENOMINATOR]))
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
        words = _joined([INSIDE, inner["lead"].strip()])
        return main, ValuePart(
            text=main.text, number=_number(inner["number"]), unit=inner["unit"] or "", qualifier=words
        )
    return replace(main, qualifier=note, unread=True), None


def _number(text: str) -> str:
    return re.sub("^[△▲−]", "-", text).replace(",", "")


def _joined(words: list[str]) -> str:
    return ";".join(dict.fromkeys(word for word in words if word))
