"""JSON files are what Python's own encoder writes, whatever is in them."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as some

from odkit.jsonfile import json_bytes
from odkit.model import Severity

NUMBERS = some.one_of(
    some.integers(), some.integers(-(2**64), 2**64), some.floats(), some.floats(-1e-3, 1e-3), some.floats(1e14, 1e18)
)
TEXTS = some.one_of(some.text(), some.text('"\\/\b\f\n\r\t\x00\x1f\x7f\u2028😀あe+-0.,: 19'))
LEAVES = some.one_of(some.none(), some.booleans(), NUMBERS, TEXTS)
VALUES = some.recursive(
    LEAVES,
    lambda inner: some.one_of(
        some.lists(inner),
        some.lists(inner).map(tuple),
        some.dictionaries(TEXTS, inner),
        some.dictionaries(LEAVES, inner),
    ),
)


class Pair(NamedTuple):
    first: int
    second: float


def as_ever(content: object) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


@given(VALUES)
def test_it_is_what_json_writes(content: object) -> None:
    assert json_bytes(content) == as_ever(content)


@given(some.recursive(some.one_of(some.none(), some.booleans(), some.integers(), TEXTS), some.lists))
def test_whole_numbers_are_what_json_writes(content: object) -> None:
    assert json_bytes(content, whole_numbers=True) == as_ever(content)


@given(NUMBERS)
def test_numbers_are_what_json_writes(number: float) -> None:
    for content in (number, [number], {"a": number, "b": None}, {"a": [[number, "1e5"]]}):
        assert json_bytes(content) == as_ever(content)


@pytest.mark.parametrize(
    "content",
    [
        {},
        [],
        {"a": {}, "b": [], "c": ()},
        {"a": math.nan},
        [None, -math.inf],
        [1e16, 1e-5, 0.00001234, -0.0, 1e22, 5e-324],
        {"hash": "sha256:12e45", "text": "a 0.0000 null 1e5\n2e5,\n"},
        {1: "one", None: "none", False: "no", 1.5: "more"},
        [2**64, -(2**63) - 1],
        [Pair(1, 2e-9)],
        {"severity": Severity.ERROR, Severity.NOTE: 1},
        "text",
        None,
    ],
    ids=repr,
)
def test_what_the_quick_encoder_writes_otherwise(content: object) -> None:
    assert json_bytes(content) == as_ever(content)


def test_deep_nesting() -> None:
    deep: list[object] = []
    for _ in range(300):
        deep = [deep]
    assert json_bytes(deep) == as_ever(deep)


@pytest.mark.parametrize("content", [{"a": {1, 2}}, {"a": b"bytes"}, [object()]])
def test_what_is_no_json_is_refused(content: Mapping[str, object]) -> None:
    with pytest.raises(TypeError):
        json_bytes(content)


def test_half_a_character_is_refused() -> None:
    with pytest.raises(UnicodeEncodeError):
        json_bytes({"a": "\ud83d"})
