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
from itertools import pairwise

from odkit.indicators.patterns import (
    ADDED_TO,
    AFTER_PERIOD,
    BETWEEN,
    BRACKETED,
    BRACKETS,
    COMPARED,
    DATE_LEADS,
    DATES,
    ENDING,
    ENDINGS,
    FOOTNOTE,
    FULL_TO_HALF,
    HEAD,
    INNER,
    LABELLED,
    LIMITS,
    LOOSE_DASH,
    OTHER_NUMBER,
    PART,
    REMARK,
    SENTENCE_ENDS,
    SHARE,
    SIGN_WORD,
    SPACED_DATE,
    STATED,
    WRAPPED_NOTE,
    bare_year,
    loose_time,
)
from odkit.indicators.periods import read_period
from odkit.indicators.words import phrase_sense, qualifier_kinds

LONGEST = 1000
"""A cell with more characters than this is a report, not a value."""
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
    if len(plain) > LONGEST:
        return (ValuePart(text=text, ambiguous=True),)
    if _only_dates(plain):
        return (ValuePart(text=text),)
    for read in (_dated, _loosely_dated, _plainly, _labelled, _listed, _share):
        if parts := read(text, plain):
            return parts
    return (ValuePart(text=text, ambiguous=True),)


def _has_other_number(plain: str) -> bool:
    return OTHER_NUMBER.fullmatch(plain) is not None or any(
        unicodedata.category(char) in ("Nd", "No") for char in plain
    )


def _plain(text: str) -> str:
    """Half-width, on one line: a line break inside brackets comes from wrapping, elsewhere it is a space."""
    narrow = text.translate(FULL_TO_HALF).translate(BRACKETS).replace("\r", "").strip().removesuffix("。")
    unwrapped = WRAPPED_NOTE.sub(lambda found: re.sub(r"\n", "", found[0]), narrow)
    return SPACED_DATE.sub("", SIGN_WORD.sub("-", re.sub(r"\s+", " ", unwrapped)))


def _only_dates(plain: str) -> bool:
    """Whether a cell whose digits all belong to dates says something that is known: 集計中（令和5年7月公表予定）."""
    left = ""
    while plain:
        period = read_period(plain)
        left, plain = (left, period[1]) if period else (left + plain[0], plain[1:])
    return not re.search("[0-9]", left) and bool(phrase_sense(left))


def _dated(text: str, plain: str) -> tuple[ValuePart, ...]:
    """One value behind its period: ``令和2年度：100件``, ``R5.3.31現在 3,456人``, ``【令和4年度】56.7%``."""
    head = BRACKETED.match(plain)
    period = read_period((head["lens"] or head["round"] or "") if head else plain)
    if period is None or COMPARED.match(period[1]) or (head and re.search("[0-9]", period[1])):
        return ()
    said, rest = (period[1], plain[head.end() :]) if head else ("", period[1])
    after = AFTER_PERIOD.match(rest)
    words, rest = (after["words"] or "", rest[after.end() :]) if after else ("", rest)
    parts = _plainly(text, rest)
    # 2020年10 may lack its 月: a number that follows at once needs a unit.
    apart = bool(head or (after and after[0]))
    if len(parts) != 1 or parts[0].period or not (apart or parts[0].unit):
        return ()
    said_first = [re.sub("^[はにで]$", "", word) for word in (said, words, *parts[0].qualifiers)]
    return (replace(parts[0], period=period[0], qualifier=_joined(said_first)),)


def _loosely_dated(text: str, plain: str) -> tuple[ValuePart, ...]:
    """``10月末時点 25件``, ``R4：123件``: the number is certain, the time is not."""
    head = loose_time().match(plain)
    parts = _plainly(text, plain[head.end() :]) if head else ()
    if head is None or len(parts) != 1 or parts[0].period:
        return ()
    return (replace(parts[0], qualifier=_joined([head["words"], *parts[0].qualifiers]), unread=True),)


def _share(text: str, plain: str) -> tuple[ValuePart, ...]:
    """``54市町村中41市町村``: a part of a whole, in one unit."""
    found = SHARE.fullmatch(plain)
    if found is None or DATES.match(found["unit"]):
        return ()
    bare = ValuePart(text=text, number=_number(found["number"]), unit=found["unit"])
    main, inner = _with_note(bare, (found["note"] or "").strip(" ()"))
    part = replace(main, qualifier=_joined([*main.qualifiers, NUMERATOR]))
    whole = _joined([found["lead"], *main.qualifiers, DENOMINATOR])
    both = (part, replace(main, number=_number(found["whole"]), qualifier=whole))
    return (*both, inner) if inner else both


def _plainly(text: str, plain: str) -> tuple[ValuePart, ...]:
    """Values one after another, each with what belongs to it, and what follows the last of them."""
    found, rest = _matches(plain)
    if not found or not all(map(_is_value, found)) or _runs_on(found):
        return ()
    return _ended(tuple(part for match in found for part in _parts(text, match)), rest)


def _runs_on(found: list[re.Match[str]]) -> bool:
    """Whether a bare number is followed by another, as in 1 234人: it may be one number."""
    return any(
        not (one["unit"] or one["note"] or one["whole"]) and not (other["label"] or other["lead"].strip())
        for one, other in pairwise(found)
    )


def _ended(parts: tuple[ValuePart, ...], rest: str) -> tuple[ValuePart, ...]:
    """The values with what stands behind them: nothing, the sign of a footnote, their period, a remark."""
    if not rest.strip():
        return parts
    if FOOTNOTE.fullmatch(rest):
        return (*parts[:-1], replace(parts[-1], qualifier=_joined([*parts[-1].qualifiers, rest.strip()])))
    period = _closing_period(rest)
    if period and len(parts) == 1 and not parts[0].period:
        return (replace(parts[0], period=period[0], qualifier=_joined([*parts[0].qualifiers, period[1].strip()])),)
    if not REMARK.fullmatch(rest):
        return ()
    digits = bool(re.search("[0-9]", rest))
    return tuple(replace(part, remark=rest.strip(), unread=part.unread or digits) for part in parts)


def _closing_period(rest: str) -> tuple[str, str] | None:
    """The period behind a value, where it is the last of a cell: 、令和5年3月31日現在."""
    between = BETWEEN.match(rest)
    period = read_period(rest[between.end() :]) if between else None
    return None if period is None or re.search("[0-9]", period[1]) else period


def _matches(plain: str) -> tuple[list[re.Match[str]], str]:
    """The values one after another, and the text behind them."""
    position = 0
    found: list[re.Match[str]] = []
    while match := PART.match(plain, position):
        found.append(match)
        position = match.end()
        if _closing_period(plain[position:]):
            break
        while plain[position : position + 1] == " " and PART.match(plain, position + 1):
            position += 1
    return found, plain[position:]


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
    parts = [_labelled_part(text, match, alone=len(found) == 1) for match in found]
    if head and parts:
        parts[0] = replace(parts[0], qualifier=_joined([head["head"].strip(), *parts[0].qualifiers]))
    totals = [part for part in parts if TOTAL in part.qualifiers]
    return tuple(parts) if not totals or _adds_up(parts, totals) else ()


def _labelled_part(text: str, found: re.Match[str], *, alone: bool) -> ValuePart:
    label = found["label"]
    period = read_period(label)
    words, unit = _unit(found["unit"] or "")
    part = ValuePart(text=text, number=_number(found["number"]), unit=unit)
    if period is not None and not re.search("[0-9]", period[1]):
        return replace(part, period=period[0], qualifier=_joined([period[1].strip(), *words]))
    if re.fullmatch(bare_year(), label):
        return replace(part, qualifier=_joined([label, *words]), unread=True)
    total = label.endswith("計") and bool(found["open"])
    # 見込：8件 beside 実績：5件 is not an item of anything.
    kind = TOTAL if total else "" if alone or STATED.search(label) else ITEM
    return replace(part, qualifier=_joined([kind, label, *words]))


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
    pieces = [piece.strip() for piece in re.split("、|及び|並びに|と(?=[0-9])|(?<=.)\\+", plain)]
    if len(pieces) < 2 or not all(pieces):
        return ()
    parts: list[ValuePart] = []
    for piece in pieces:
        if not re.search("[0-9]", piece):
            parts.append(ValuePart(text=text, qualifier=_joined([ITEM, piece])))
            continue
        read = _dated(text, piece) or _plainly(text, piece)
        if len(read) != 1 or not read[0].unit:
            return ()
        parts.append(read[0])
    return tuple(parts) if all(part.period for part in parts) else _items(parts)


def _items(parts: list[ValuePart]) -> tuple[ValuePart, ...]:
    """The pieces of a list; a date or a remark behind one of them might be meant for all, so there is none."""
    if any(part.period or part.unread for part in parts):
        return ()
    if any(STATED.search(part.qualifier) for part in parts):
        return tuple(parts)
    return tuple(
        part if ITEM in part.qualifiers else replace(part, qualifier=_joined([ITEM, *part.qualifiers]))
        for part in parts
    )


def _is_value(found: re.Match[str]) -> bool:
    unit, lead = found["unit"] or "", found["lead"]
    if DATES.fullmatch(unit) or DATE_LEADS.search(lead.strip()):
        return False
    if LOOSE_DASH.search(lead) or ADDED_TO.search(lead):
        return False
    return "." not in (found["whole"] or "")


def _parts(text: str, found: re.Match[str]) -> Iterator[ValuePart]:
    note = (found["note"] or "").strip(" ()")
    label = (found["label"] or "").strip("【】() ")
    endings, unit = _unit(found["unit"] or "")
    main = ValuePart(text=text, number=_number(found["number"]), unit=unit)
    main, inner = _with_note(main, note)
    before = [label, (found["each"] or "").strip(), found["lead"].strip()]
    behind = re.findall(f"{SENTENCE_ENDS}|{ENDINGS}", found["ending"])
    main = replace(main, qualifier=_joined([*before, *endings, *behind, *main.qualifiers]))
    if not found["whole"]:
        yield main
    else:
        yield replace(main, qualifier=_joined([*main.qualifiers, NUMERATOR]))
        yield replace(main, number=_number(found["whole"]), qualifier=_joined([*main.qualifiers, DENOMINATOR]))
    if inner:
        yield inner


def _unit(written: str) -> tuple[list[str], str]:
    """The words at a unit's end that are none of it, and the unit: 件以上/年 is 以上 and 件/年."""
    unit, slash, each = written.partition("/")
    words: list[str] = []
    while found := ENDING.search(unit):
        words.insert(0, found[0])
        unit = unit[: found.start()]
    # 以上 without a unit before it is a limit all the same.
    if not words and re.fullmatch(LIMITS, unit):
        words, unit = [unit], ""
    return words, unit + slash + each


def _with_note(main: ValuePart, note: str) -> tuple[ValuePart, ValuePart | None]:
    """What brackets say: when (令和2年12月末現在), what else (20団体), or words about the value (見込)."""
    if not note:
        return main, None
    period = read_period(note)
    if period is not None and not re.search("[0-9]", period[1]) and not COMPARED.match(period[1]):
        return replace(main, period=period[0], qualifier=period[1].strip()), None
    if not re.search("[0-9]", note):
        return replace(main, qualifier=note), None
    inner = INNER.fullmatch(note)
    if inner and not DATES.match(inner["unit"] or "") and not DATE_LEADS.search(inner["lead"].strip()):
        endings, unit = _unit(inner["unit"] or "")
        words = _joined([INSIDE, inner["lead"].strip(), *endings])
        return main, ValuePart(text=main.text, number=_number(inner["number"]), unit=unit, qualifier=words)
    return replace(main, qualifier=note, unread=True), None


def _number(text: str) -> str:
    return re.sub("^[△▲−]", "-", text).replace(",", "")


def _joined(words: list[str]) -> str:
    return ";".join(dict.fromkeys(word for word in words if word))
