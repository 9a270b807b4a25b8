"""Free text, identifiers, addresses: meanings whose values are kept, only spelt plainly."""

from __future__ import annotations

from odkit.clean.values.base import ALPHANUMERIC, DASH, Cleaned, is_cut, narrow, settled, tidy, unsettled


def clean_text(source: str) -> Cleaned:
    """Text that people wrote: full-width letters and digits are theirs and stay. Lost characters cannot be found."""
    return unsettled(source, "clean.lost-characters") if is_cut(source) else settled(source, tidy(source), "text")


def clean_code(source: str) -> Cleaned:
    """An identifier or extension number, in half-width."""
    return settled(source, narrow(source), "half-width")


def clean_address(source: str) -> Cleaned:
    """An address or a part of one: digits, letters and the dashes between them in half-width, the rest as written."""
    if is_cut(source):
        return unsettled(source, "clean.lost-characters")
    return settled(source, DASH.sub("-", tidy(source).translate(ALPHANUMERIC)), "half-width")
