"""Controlled words: one of the column's words, or several of them joined with ``;``."""

from __future__ import annotations

import re

from odkit.clean.values.base import Cleaned, Cleaner, Facts, narrow, settled, tidy, unsettled
from odkit.model import Field

YES = frozenset(
    {
        "○",
        "〇",
        "◯",
        "●",
        "◎",
        "有",
        "有り",
        "あり",
        "ある",
        "可",
        "可能",
        "1",
        "レ",
        "✓",
        "✔",
        "☑",
        "はい",
        "true",
        "yes",
    }
)
NO = frozenset({"×", "✕", "✖", "無", "無し", "なし", "ない", "不可", "不可能", "0", "いいえ", "false", "no"})
PAIRS = (("有", "無"), ("可", "不可"), ("1", "0"))
SPLITS = ("；", "\n", "、", "，", ",", "・", "／", "/")
SURE_SPLIT = re.compile("[;；\n]")
THOUSANDS = re.compile("[0-9０-９][,，][0-9０-９]")
COMMAS = ("、", "，", ",")
BRACKETS = re.compile("[()（）「」『』【】]")


def compile_enum(field: Field, _facts: Facts) -> Cleaner:
    """The cleaner of a column with controlled words; without words it is plain text."""
    words = _words(field.enum)

    def clean_enum(source: str) -> Cleaned:
        text = tidy(source)
        if text in field.enum or not field.enum:
            return settled(source, text, "text")
        found = words.get(_key(text))
        return unsettled(source, "clean.enum") if found is None else settled(source, found, "enum")

    return clean_enum


def compile_multi(field: Field, _facts: Facts) -> Cleaner:
    """The cleaner of a column with several values: other separators become ``;`` where they can be nothing else."""

    def clean_multi(source: str) -> Cleaned:
        text = tidy(source)
        if text in field.enum:
            return settled(source, text, "text")
        parts = _known_parts(text, field.enum) if field.enum else _free_parts(text)
        if field.enum and not parts:
            return unsettled(source, "clean.enum")
        joined = ";".join(parts) or text
        return settled(source, joined, "text" if joined == text else "multi")

    return clean_multi


def _known_parts(text: str, enum: tuple[str, ...]) -> list[str]:
    """The parts of a text of known words, whatever separates them; none where a part is no such word."""
    for separator in SPLITS:
        parts = _parts(text.replace(separator, ";").split(";"))
        if parts and all(part in enum for part in parts):
            return parts
    return []


def _free_parts(text: str) -> list[str]:
    """The parts of a text of free words: a comma in brackets or numbers, or beside another sign, may be a word's."""
    parts = _parts(SURE_SPLIT.split(text))
    if len(parts) != 1 or THOUSANDS.search(text):
        return parts
    text = parts[0]
    found = [separator for separator in SPLITS if separator in text]
    if len(found) == 1 and found[0] in COMMAS and not BRACKETS.search(text):
        return _parts(text.split(found[0]))
    return [text]


def _parts(texts: list[str]) -> list[str]:
    return [part for part in map(tidy, texts) if part]


def _words(enum: tuple[str, ...]) -> dict[str, str]:
    words = {_key(word): word for word in reversed(enum)}
    for yes, no in PAIRS:
        if yes in enum and set(enum) <= {yes, no, ""}:
            absent = no if no in enum else ""
            words = {_key(word): yes for word in YES} | {_key(word): absent for word in NO} | words
    return words


def _key(text: str) -> str:
    return re.sub(r"\s", "", narrow(text)).casefold()
