"""A reading in full-width katakana. A reading is never invented."""

from __future__ import annotations

import re

import jaconv

from odkit.clean.values.base import Cleaned, settled, tidy, unsettled

# Signs that people type for the prolonged sound mark ー; anything else with them is left alone.
LONG_SOUND = re.compile("(?<=[ァ-ヴー])[‐―—−─](?=[ァ-ヴー]|$)")
KANJI = re.compile("[一-龯々〆]")


def clean_kana(source: str) -> Cleaned:
    """Half-width kana and hiragana become full-width katakana; kanji in a reading are a person's to settle."""
    text = LONG_SOUND.sub("ー", str(jaconv.hira2kata(tidy(source))))
    if KANJI.search(text):
        return unsettled(source, "clean.kana")
    return settled(source, text, "kana")
