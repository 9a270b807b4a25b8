"""JSON files as people diff them: UTF-8, two spaces, the given order of keys, a line end at the end."""

from __future__ import annotations

import json
import re
from typing import Any

import orjson

_OPTIONS = (
    orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE | orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_DATETIME
)
# Numbers alone stand at the end of a line without a quote; where they have an exponent, orjson writes e-7 and e16.
_EXPONENT = re.compile(rb"e[-1-9][0-9]+,?\n")
_SMALL = b"0.0000"


def json_bytes(content: object, *, whole_numbers: bool = False) -> bytes:
    """What ``json.dumps(content, ensure_ascii=False, indent=2)`` writes, with a line end, in a hundredth of its time.

    `whole_numbers`: there are no others in it, so nothing is looked for that orjson spells in another way. Raises as
    json does: TypeError for what is no JSON, UnicodeEncodeError for half a surrogate pair.
    """
    if isinstance(content, dict | list):
        try:
            data = orjson.dumps(content, option=_OPTIONS)
        except TypeError:
            # Keys that are no text, integers beyond 64 bits, named tuples, deep nesting: json takes some of them.
            return _slowly(content)
        if whole_numbers or not (_EXPONENT.search(data) or _SMALL in data or _lost_numbers(data, content)):
            return data
    return _slowly(content)


def json_value(data: bytes) -> Any:
    """What ``json.loads`` reads from UTF-8, in a quarter of its time; raises as json does.

    Whole numbers beyond 64 bits come as fractions.
    """
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        # NaN, half a surrogate pair, deep nesting: json takes some of it.
        return json.loads(data.decode())


def _lost_numbers(data: bytes, content: object) -> bool:
    """Whether a ``null`` may stand for what is no number, or an infinite one."""
    if b"null" not in data:
        return False
    try:
        json.dumps(content, allow_nan=False)
    except ValueError:
        return True
    return False


def _slowly(content: object) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()
