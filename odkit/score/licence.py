"""Is the licence one that everybody may use the data under, also for profit and changed?"""

from __future__ import annotations

import re
import unicodedata

from odkit.model import Licence
from odkit.project import find_licence

NOT_STATED = frozenset(
    {"notspecified", "not specified", "none", "unknown", "未設定", "指定なし", "なし", "不明", "未定", "-"}
)
"""What portals and forms write where no licence is stated."""
CLOSED = re.compile(
    r"\bnc\b|\bnd\b|non-?commercial|no-?deriv|非営利|営利目的.{0,6}(禁止|不可)|改変禁止|転載(を)?禁"
    r"|all rights reserved|other-closed"
)


def judge(text: str) -> tuple[str, Licence | None]:
    """``open``, ``missing``, ``not-open`` or ``unknown`` for a stated licence, and the licence where we know it."""
    plain = unicodedata.normalize("NFKC", text).strip().casefold()
    if not plain or plain in NOT_STATED:
        return "missing", None
    found = find_licence(text)
    if found:
        return ("open" if found.open else "not-open"), found
    return ("not-open" if CLOSED.search(plain) else "unknown"), None
