"""A reading in full-width katakana. A reading is never invented."""

from __future__ import annotations

import re
import unicodedata

import jaconv

from odkit.clean.values.base import Cleaned, settled, tidy, unsettled

# Signs that people type for the prolonged sound mark ー; anything else with them is left alone.
LONG_SOUND = re.compile("(?<=[ァ-ヴー])[‐―—−─](?=[ァ-ヴー]|$)")
# Among half-width kana the hyphen looks like their ｰ.
HALF_LONG_SOUND = re.compile("(?<=[ｦ-ﾟ])-(?=[ｦ-ﾟ]|$)")
# A voicing mark typed as a character of its own: ハ゛ス.
VOICED = re.compile("[ウカ-トハ-ホ][゛゜]")
KANJI = re.compile("[一-龯々〆]")


def clean_kana(source: str) -> Cleaned:
    """Half-width kana and hiragana become full-width katakana; kanji in a reading are a person's to settle."""
    text = VOICED.sub(_voiced, LONG_SOUND.sub("ー", str(jaconv.hira2kata(tidy(HALF_LONG_SOUND.sub("ｰ", source))))))
    if KANJI.search(text):
        return unsettled(source, "clean.kana")
    return settled(source, text, "kana")


def _voiced(found: re.Match[str]) -> str:
    mark = "\u3099" if found[0][1] == "゛" else "\u309a"
    whole = unicodedata.normalize("NFC", found[0][0] + mark)
    return whole if len(whole) == 1 else found[0]
