"""The short way through the numbering plan says what phonenumbers' own parser says."""

from __future__ import annotations

import phonenumbers
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from odkit.clean.values.phone import is_number

NUMBERS = ("0432232110", "09012345678", "0120123456", "08001234567", "05012345678", "0570012345", "0990123456")


def parsed(number: str) -> bool:
    """What phonenumbers says of a number dialled in Japan (010 leads abroad)."""
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(number, "JP"))
    except phonenumbers.NumberParseException:
        return False


@pytest.mark.parametrize("number", NUMBERS)
def test_numbers_of_every_kind(number: str) -> None:
    assert is_number(number) == parsed(number)


@settings(max_examples=600)
@given(st.from_regex(r"0[1-9][0-9]{8,9}", fullmatch=True))
@example("0600123456")
@example("0200123456")
@example("0101234567")
@example("0108112345")
def test_any_domestic_number(number: str) -> None:
    valid = parsed(number)
    assert is_number(number) == valid
    assert is_number(f"{number[:3]}-{number[3:6]}-{number[6:]}") == valid
