"""Conditions in brackets behind weekdays and hours: 「月～金（祝日を除く）」. They belong to the column of remarks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from odkit.clean.draft import Draft
from odkit.clean.split import SPANS, Division, Parts
from odkit.clean.values import Cleaner, Facts, compile_cleaner
from odkit.clean.values.base import narrow

REMARKS = "特記事項"
BRACKETED = re.compile(r"(?P<plain>[^()（）]+)[(（](?P<remark>[^()（）]+)[)）]")


def remark_divisions(draft: Draft, facts: Facts) -> Iterator[Division]:
    """A division for each column of weekdays or times, where the standard has one column for remarks about them.

    What stands before the brackets must be settled without them: 「第2火曜（祝日を除く）」 stays as it is.
    """
    remarks = [column for column in draft.meaning("longtext", "text") if column.field.name.endswith(REMARKS)]
    if len(remarks) == 1:
        for column in draft.meaning("weekdays", "time"):
            yield Division(column, remarks[0], _parts(compile_cleaner(column.field, facts)), "split-remark")


def _parts(clean: Cleaner) -> Parts:
    def parts(value: str) -> tuple[str, str] | None:
        found = BRACKETED.fullmatch(value.strip())
        # 「火～日（月曜休館）」 needs no remark: the cleaner knows what it means.
        if not found or not clean(value).issue or not _is_sure(found["plain"], clean):
            return None
        return found["plain"].strip(), found["remark"].strip()

    return parts


def _is_sure(text: str, clean: Cleaner) -> bool:
    """Whether the text, or both ends of the span that it is, can be settled."""
    spans = ([text], *(sign.split(narrow(text)) for sign in SPANS))
    return any(len(parts) < 3 and not any(clean(part).issue for part in parts) for parts in spans)
