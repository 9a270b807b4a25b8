"""What a cell looks like, as far as telling a heading from data needs it. Nothing is cast."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

TEXT, NUMBER, DATE, NOTHING = "text", "number", "date", ""

_NUMBER = re.compile(r"[-+△▲]?[\d,]*\.?\d+(?:E[+-]?\d+)?%?", re.IGNORECASE)
_DATE = re.compile(
    r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?.*|(?:明治|大正|昭和|平成|令和|[MTSHR])\s*(?:\d+|元)[.年/-].*|\d{1,2}:\d{2}(?::\d{2})?"
)
_PLACEHOLDERS = frozenset({"-", "−", "ー", "―", "‐", "–", "*", "x", "...", "・", "不明", "なし", "未定", "該当なし"})
_UNIT = re.compile(r"[(\[【].*[)\]】]", re.DOTALL)
_BARE_UNITS = frozenset(
    {
        "人",
        "世帯",
        "件",
        "台",
        "棟",
        "戸",
        "箇所",
        "か所",
        "ヶ所",
        "施設",
        "回",
        "歳",
        "%",
        "円",
        "千円",
        "百万円",
        "億円",
    }
    | {"m", "km", "m2", "km2", "m3", "ha", "平方メートル", "平方キロメートル", "kg", "t", "トン"}
)
_REMARK = re.compile(r"現在|作成|更新|単位|担当|年\s*\d+\s*月|\d{4}[-/]\d")
_NOTE = re.compile(
    r"[※＊*]|[(\[【〔]?(?:注\s*(?:\d|意|釈|記|[)\]】〕:：.、\s]|$)|(?:備考|出典|資料|凡例|参考|出所|作成[日者課]?|更新日?|担当課?|連絡先|問い?合わ?せ先?)\s*(?:\d|[)\]】〕:：.、\s]|$))"
)


@lru_cache(maxsize=1 << 16)
def shape(cell: str) -> str:
    """`TEXT`, `NUMBER`, `DATE` (or a time), or `NOTHING` for a blank cell and for marks such as ``-`` and 不明."""
    plain = unicodedata.normalize("NFKC", cell).strip()
    if not plain or plain in _PLACEHOLDERS:
        return NOTHING
    if _NUMBER.fullmatch(plain):
        return NUMBER
    return DATE if _DATE.fullmatch(plain) else TEXT


def is_unit(cell: str) -> bool:
    """A unit on a line of its own under a heading: （人）, [千円], ㎡."""
    plain = unicodedata.normalize("NFKC", cell).strip()
    return plain in _BARE_UNITS or bool(_UNIT.fullmatch(plain))


def is_remark(cell: str) -> bool:
    """Something that stands beside a title: 令和6年3月31日現在, 単位：人, 担当課."""
    return bool(_REMARK.search(unicodedata.normalize("NFKC", cell)))


def is_note(cell: str) -> bool:
    """The start of a note: ※ …, 注1 …, （注）…, 出典：…, 【凡例】."""
    return bool(_NOTE.match(unicodedata.normalize("NFKC", cell).strip()))
