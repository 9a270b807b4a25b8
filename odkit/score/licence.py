"""Is the licence one that everybody may use the data under, also for profit and changed?"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from odkit.model import Licence
from odkit.project import find_licence

NOT_STATED = frozenset(
    {"notspecified", "not specified", "none", "unknown", "未設定", "指定なし", "なし", "不明", "未定", "-"}
)
"""What portals and forms write where no licence is stated."""
CLOSED = re.compile(
    r"\b(cc-?by-?)?n[cd]\b|non-?commercial|no-?deriv|非営利(?!(目的)?(を問わ|でも))|非商用|(商用|営利)(目的)?[^可]{0,6}(禁|不可)"
    r"|(改変|二次利用|加工)[^可]{0,4}(禁|不可)|(転載|複製)(を)?禁|all rights reserved|other-closed"
    r"|(商用|営利|改変|二次利用|加工)[^可]{0,12}(でき(ない|ません)|認め(ない|ません|られない|られません)|断り|遠慮|を?除[くき])",
    re.ASCII,
)
"""\\b is met between Latin letters and Japanese too (re.ASCII)."""
OPEN = re.compile(
    r"\bcc-?by\b|\bcc-?(0|zero)\b|creativecommons\.org/(licenses/by(-sa)?/|publicdomain/)|creative-?commons.{0,3}attribution"
    r"|(\bcc|クリエイティブ・?コモンズ).{0,12}表示|public-?domain|パブリック・?ドメイン|公共データ利用規約|\bpdl-?1|政府標準利用規約(?!.{0,2}1)"
    r"|\bodc-?(by|odbl|pddl)\b|\bodbl\b|opendatacommons\.org|\bogl\b|open-government-licen[cs]e|^other-(open|pd|at)$|^gfdl$",
    re.ASCII,
)
"""Families of open licences, whatever version and words stand around their name."""

LONGEST_KEPT, MOST_KEPT = 100, 256
"""Licences whose judgement is kept: the files of a publisher have the same."""


def judge(text: str) -> tuple[str, Licence | None]:
    """``open``, ``missing``, ``not-open`` or ``unknown`` for a stated licence, and the licence where we know it."""
    return _known(text) if len(text) <= LONGEST_KEPT else _judge(text)


def _judge(text: str) -> tuple[str, Licence | None]:
    plain = unicodedata.normalize("NFKC", text).strip().casefold()
    if not plain or plain in NOT_STATED:
        return "missing", None
    found = find_licence(text)
    if found:
        return ("open" if found.open else "not-open"), found
    joined = re.sub(r"[\s_\u2010-\u2015\u2212-]+", "-", plain)
    if CLOSED.search(joined):
        return "not-open", None
    named = text.strip()
    return ("open", Licence(id=named, title=named, url="", open=True)) if OPEN.search(joined) else ("unknown", None)


_known = lru_cache(MOST_KEPT)(_judge)
