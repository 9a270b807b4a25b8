"""What a cell looks like: number, number with decoration, symbol, date, code. Patterns, no meaning."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Sequence
from decimal import Decimal
from functools import cache, lru_cache
from typing import TypeVar

from odkit.model import arabic
from odkit.project import eras

Kind = tuple[bool, bool] | None
"""Of an ordinary text: whether it is a number, and a plain one; None for a text that some rule may point at."""
PLAIN = re.compile(r"[-+]?\d+(\.\d+)?([eE][-+]?\d+)?", re.ASCII)
UNITS = (
    "千人|万人|十億円|百万円|千円|万円|億円|円|人|世帯|件|台|戸|棟|頭|冊|枚|名|箇所|[かヶヵカケ]所|回|本|歳|才|部|点|室|床|組|票"
    "|校|園|社|基|隻|羽|匹|区画|路線|施設|団体|分|秒|時間|日間|[かヶヵカケ箇]月|年間|ポイント|メートル|キロ|トン|ヘクタール|アール"
    "|平方メートル|立方メートル|ha|km2|m2|m3|km|cm|mm|kg|kWh|kW|MW|m|t|L|l|°C|%"
)
UNIT_CELL = re.compile(rf"[(\[]?\s*(単位\s*:?\s*)?({UNITS})\s*[)\]]?")
DECORATED = re.compile(rf"(約\s*)?[-+−△▲▼]?\s*[¥\\$]?\s*(\d{{1,3}}(,\d{{3}})+|\d+)(\.\d+)?\s*({UNITS})?", re.ASCII)
LABELS = "番|号|丁目|階|線|系|区|条|年|月|日|時|回|次|版|級|類|種|型|式|期|等|位|代|桁|度|章|節|項|学|の|ノ|つ|目"
"""What makes of a number the name of something: it is not counted, and rightly text."""
WORDS = r"[\u3041-\u30ff\u4e00-\u9fff]{1,9}"
WITH_WORDS = re.compile(
    r"(約\s*)?[-+−△▲▼]?\s*[¥\\$]?\s*(\d{1,3}(,\d{3})+|\d+)(\.\d+)?\s*"
    rf"(\(?(※|\*|注)\)?\d{{0,2}}\)?|({UNITS})?(?!{LABELS}){WORDS}|({UNITS})?\({WORDS}\))",
    re.ASCII,
)
"""A number with a remark or an uncommon unit: ``100以上``, ``100※1``, ``30坪``, ``5(推計)``."""
MULTIPLES = {"十億": 1_000_000_000, "百万": 1_000_000, "億": 100_000_000, "万": 10_000, "千": 1_000}
BARE = re.compile(rf"(\d[\d,]*(?:\.\d+)?)\s*({'|'.join(MULTIPLES)})?", re.ASCII)
LEADING_ZERO = re.compile(r"0\d", re.ASCII)
NUMBER_STARTS = frozenset("約0123456789０１２３４５６７８９+-＋－−△▲▼¥￥\\$＄ ")
ALLOWED_SYMBOLS = frozenset({"X", "x", "***", "＊＊＊"})
"""What rule 1-13 asks for: secret (X) and no value (***)."""
SAID = "不明|未定|非公表|該当[な無]し|データ[な無]し|[な無]し|秘匿|調査中|集計中|未集計|未調査|欠測"
SYMBOLS = re.compile(
    rf"[^\w\s]{{1,3}}|[ー〇]|{SAID}|N\.?/?A\.?|NaN|None|NULL|#(N/A|DIV/0!|REF!|VALUE!|NAME\?|NUM!)", re.IGNORECASE
)
CODE_HEADING = re.compile(
    r"コード|番号|電話|tel|fax|ファックス|内線|郵便|〒|^年$|西暦|年度|年月|日付|月日|日時|期間|時刻|時間|法人|#property|identification"
    r"|(クラス|学級)名?$|code|phone|zip|year|month|date$|time$|[a-z]Number$|^number$|^id$|[_\s-]id$|^no\.?$|^№$|^nos?[._\s]|版$",
    re.IGNORECASE,
)
TYPED = re.compile(
    r"(19|20)\d\d[-/.年]\d{1,2}([-/.月]\d{1,2}日?)?.*|0\d{1,4}-\d{1,4}-\d{3,4}|〒?\d{3}-\d{4}|https?://\S+",
    re.ASCII | re.DOTALL,
)
ERA = re.compile(
    r"(明治|大正|昭和|平成|令和|[MTSHR](?=\.?\s*\d{1,2}[年./-]))\.?\s*(元|\d{1,2})"
    r"((年度?|[./-])\s*(\d{1,2}((月|[./-])\s*(\d{1,2}日?)?)?)?)?"
)
SHORT_ERA = re.compile(r"([MTSHR])\.?\s*(元|\d{1,2})")
WITHOUT_ERA = re.compile(r"\s*(\d{1,2}年(度|\d{1,2}月(\d{1,2}日)?)?|\d{1,2}月(\d{1,2}日)?)?(まで)?")
RANGE = re.compile(r"\s*(?:[~〜]|から)\s*")
GREGORIAN = re.compile(r"(1[6-9]|20)\d\d(\D|$)")
NOTE = re.compile(
    r"\s*[(（【\[]?\s*(※|＊|\*|注(意|記|釈|\d|[)）:：】\]]|$)|(備考|資料|出典|出所|参考)(\s*[:：)）】\]]|\s|$))"
)
PAIR = re.compile(r"-?[\d,.]+\s*\(\s*-?[\d,.]+%?\s*\)|\d[\d,.]*(\s*[、;・\n]\s*\d[\d,.]*)+", re.ASCII)
"""Two numbers in a cell: ``12(3)``, ``12、15``."""
DITTO_WORDS = "同上|同左|同じ|同|[上左]に同じ|上記に同じ"
DITTO = frozenset({"〃", "々", "''", "”", "″", "同上", "同左", "同じ", "同", "上に同じ", "左に同じ", "上記に同じ"})
SPREAD = re.compile(r"[^\s\d](\u3000+|[ \u3000]{2,})[^\s\d](([ \u3000]+)[^\s\d])*")
"""Single characters pushed apart to fill a width: 「氏　名」."""
APART = re.compile(r"[^\x00-\x7f]( [^\x00-\x7f])+")
SPACED = re.compile(r"[合総小] [計数]|平 均")
"""Words of a table that are pushed apart with a blank of half width too."""
WRITTEN = r"[!-~\u3005\u3041-\u30ff\u4e00-\u9fff（）「」、。・～ー]"
DECIMAL = r"-?(?:[1-9]\d*|0)\.\d+"
AT_A_GLANCE = "|".join(
    (
        r"\d+(?:[-:/]\d+){1,4}",
        r"\d+(?:丁目|番)[!-~\u3005\u3041-\u30ff\u4e00-\u9fff]*",
        r"(?![MTSHR]\.?\s*[\d元]|(?i:x|n\.?/?a\.?|nan|none|null)$)[A-Za-z][!-~]*(?: [!-~]+)*",
        rf"(?![約明大昭平令]|(?:{SAID}|{DITTO_WORDS})$)[\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fff]{WRITTEN}*",
        rf"(?![MTSHR]\.?[\d元]|[\d+\-$\\￥.,約明大昭平令]){WRITTEN}{{9,}}",
    )
)
ORDINARY = re.compile(rf"(?P<number>{DECIMAL})|{AT_A_GLANCE}", re.ASCII)
"""Most texts of a table, known at a glance: decimals, dates and numbers to call, words, longer texts without blanks.

No rule points at these; a text that does not fit is looked at more closely.
"""
LINES = re.compile(
    r"(?:-?[0-9][0-9:/.-]*+\n)++"
    rf"|(?:(?![約明大昭平令不未非該な秘同無調集欠デ上左])[\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fff]{WRITTEN}*+\n)++"
    r"|(?:[A-GI-LO-QU-WYZa-mo-wyz][!-~]*+(?: [!-~]++)?(?: [!-~]++)?\n)++"
    rf"|(?:{AT_A_GLANCE})\n|(.*)\n",
    re.ASCII | re.MULTILINE,
)
"""The same of many texts at once, one a line, runs of the commonest first: what is not ordinary is in the group.

A run asks of its texts no more than that no rule points at any.
"""
KINDS = re.compile(
    r"((?:0[0-9]++\n)++)"
    rf"|((?:(?:{DECIMAL}|0|[1-9][0-9]*+)\n)++)"
    r"|((?:[^0-9\n-].*+\n|[0-9]++(?:[-:/][0-9]++){1,4}+\n)++)"
    r"|.*+\n",
    re.ASCII,
)
"""Ordinary texts, one a line, in runs of those that are alike: `KIND_OF` says what those of a group are."""
KIND_OF = {1: (False, True), 2: (True, True), 3: (False, False)}
SHORT = 40
"""Characters of a text up to which it is remembered what it is."""
BLANKS = " \t\u3000\u00a0"

LONGEST_KEPT, MOST_KEPT = 60, 4096
"""Headings of which is remembered what they say: many tables have the same, and each is asked by several rules."""

Said = TypeVar("Said")


class _Known(dict[str, Said]):
    """What a rule says of the headings met lately."""

    def __init__(self, rule: Callable[[str], Said]) -> None:
        super().__init__()
        self._rule = rule

    def __missing__(self, heading: str) -> Said:
        said = self._rule(heading)
        if len(self) >= MOST_KEPT:
            self.clear()
        if len(heading) <= LONGEST_KEPT:
            self[heading] = said
        return said


def of_heading(rule: Callable[[str], Said]) -> Callable[[str], Said]:
    """A rule on headings that answers the same heading once."""
    return _Known(rule).__getitem__


def width_folded(text: str) -> str:
    """The text with full-width letters and digits made half-width, for looking at; never published."""
    return (text if text.isascii() else unicodedata.normalize("NFKC", text)).strip()


def is_plain_number(text: str) -> bool:
    """Digits as a program takes them: ``-12.5``; not ``1,200``, ``１２``."""
    return PLAIN.fullmatch(text) is not None


def is_number(text: str) -> bool:
    """A number, bare or with commas, unit, △ or full-width digits; not a code with a leading zero."""
    if text[:1] not in NUMBER_STARTS:
        return False
    folded = width_folded(text)
    return DECORATED.fullmatch(folded) is not None and LEADING_ZERO.match(folded) is None


def is_with_words(text: str) -> bool:
    """A number beside a remark, or in a unit that is not among the usual ones."""
    return text[:1] in NUMBER_STARTS and WITH_WORDS.fullmatch(width_folded(text)) is not None and not is_number(text)


def is_pair(text: str) -> bool:
    """Two or more quantities in one cell."""
    return PAIR.fullmatch(width_folded(text)) is not None


def bare_number(text: str, heading: str = "") -> str:
    """A decorated number as rule 1-3 wants it: ``△120人`` -> ``-120``, ``1.5万円`` -> ``15000``.

    Under a heading that counts in 万円 the latter is ``1.5``.
    """
    folded = width_folded(text)
    found = BARE.search(folded)
    if not found:
        return ""
    number, multiple = found[1].replace(",", ""), found[2]
    if multiple and multiple not in width_folded(heading):
        number = f"{(Decimal(number) * MULTIPLES[multiple]).normalize():f}"
    return ("-" if folded.lstrip("約 ")[:1] in "-−△▲▼" else "") + number


def is_unit(text: str) -> bool:
    """A unit alone, as it stands in a row of units below the headings: ``（人）``, ``km2``."""
    return UNIT_CELL.fullmatch(width_folded(text)) is not None


def is_typed(text: str) -> bool:
    """A number, date, telephone or postal number, or an address on the web: not what a heading looks like."""
    folded = width_folded(text)
    return is_number(folded) or PLAIN.fullmatch(folded) is not None or TYPED.fullmatch(folded) is not None


def is_gregorian(text: str) -> bool:
    """A year or date that begins with its Gregorian year."""
    return GREGORIAN.match(width_folded(text)) is not None


def gregorian(text: str, *, dated: bool = False) -> int | None:
    """The Gregorian year of a year, date or period written with an era alone; None for anything else.

    `dated`: the column is one of years, so that ``H29`` is one too.
    """
    folded = width_folded(text)
    first, *others = RANGE.split(folded if folded.isascii() else arabic(folded))
    found = ERA.fullmatch(first) or (SHORT_ERA.fullmatch(first) if dated else None)
    if not found or not all(ERA.fullmatch(other) or WITHOUT_ERA.fullmatch(other) for other in others):
        return None
    start = {name: era.start.year for era in eras() for name in (era.name, era.short, era.letter)}.get(found[1])
    return None if start is None else start - 1 + (1 if found[2] == "元" else int(found[2]))


def is_code_heading(heading: str) -> bool:
    """A heading whose values are codes, numbers to call, or times: digits that are rightly text."""
    return CODE_HEADING.search(width_folded(heading).replace("\n", "")) is not None


def padded(text: str) -> bool:
    """Blanks for looks: before, after, or between the characters of a word."""
    trimmed = text.strip(BLANKS + "\r\n")
    apart = SPREAD.fullmatch(trimmed) or SPACED.fullmatch(trimmed)
    return bool(trimmed) and (trimmed != text or apart is not None)


def padded_name(text: str) -> bool:
    """Blanks for looks in a person's name, where one blank parts family name and given name."""
    trimmed = text.strip(BLANKS + "\r\n")
    return bool(trimmed) and (trimmed != text or (padded(trimmed) and len(trimmed.split()) > 2))


def padded_heading(text: str) -> bool:
    """A heading with blanks or line breaks for looks."""
    return padded(text) or "\n" in text.strip() or APART.fullmatch(text.strip()) is not None


def marks_in(text: str) -> list[str]:
    """The characters of a text that depend on the machine, each once."""
    return [] if text.isascii() else [mark for mark in dict.fromkeys(text) if _device_dependent(mark)]


@cache
def _device_dependent(mark: str) -> bool:
    """NEC row 13, small Roman numerals, enclosed characters, pictures, private characters; never a kanji or kana."""
    if mark < "\u2100" or unicodedata.category(mark) in ("Lo", "Lm", "Mn", "Zs"):
        return False
    if "\u2460" <= mark <= "\u24ff" or "\u3200" <= mark <= "\u33ff" or unicodedata.category(mark) in ("Co", "Cs"):
        return True
    try:
        return mark.encode("cp932")[0] in (0x87, 0xED, 0xEE, 0xFA, 0xFB, 0xFC)
    except UnicodeEncodeError:
        return mark > "\U0001f000"


def kind_of(text: str) -> Kind:
    """What all rules know of an ordinary text: a number, a plain one; None for a text that some rule may point at.

    Ordinary texts of one kind are the same to every rule, so that a column need not keep each of them.
    """
    if text.isascii() and text.isdecimal():
        return text[0] != "0" or text == "0", True
    if found := ORDINARY.fullmatch(text):
        return (True, True) if found.lastgroup else (False, False)
    return _kind_of_short(text) if len(text) <= SHORT else _kind_by_signature(text)


def unusual(texts: Collection[str]) -> list[str]:
    """Those of some texts that are not ordinary at a glance: what `kind_of` has to look at more closely, and blanks."""
    lines = "\n".join(texts) + "\n"
    if lines.count("\n") == len(texts):
        return list(filter(None, LINES.findall(lines)))
    return [text for text in texts if not (ORDINARY.fullmatch(text) or (text.isascii() and text.isdecimal()))]


def alike(texts: Sequence[str]) -> Iterator[tuple[Kind, Sequence[str]]]:
    """Texts none of which is `unusual`, those of one kind that follow each other at a time."""
    first = 0
    for found in KINDS.finditer("\n".join([*texts, ""])):
        run = texts[first : first + found[0].count("\n")]
        kind = KIND_OF[found.lastindex] if found.lastindex else kind_of(run[0])
        first += len(run)
        yield kind, run


@lru_cache(4096)
def _kind_of_short(text: str) -> Kind:
    return _kind_by_signature(text)


def _kind_by_signature(text: str) -> Kind:
    seen = signature(text)
    return (seen[0], seen[1]) if not any(seen[2:]) and (seen[1] or not seen[0]) else None


def signature(text: str) -> tuple[bool, bool, *tuple[object, ...]]:
    """All that the rules ask of a text: a number, a plain one, and what they may point at, empty where they do not."""
    trimmed = text.strip()
    symbol = trimmed in ALLOWED_SYMBOLS or SYMBOLS.fullmatch(trimmed)
    looks = (padded(text), padded_name(text), tuple(marks_in(text)), DITTO.intersection([trimmed]), bool(symbol))
    years = gregorian(trimmed), gregorian(trimmed, dated=True)
    found = is_pair(trimmed), is_with_words(trimmed)
    return is_number(trimmed), is_plain_number(trimmed), *looks, *found, trimmed in ALLOWED_SYMBOLS, *years
