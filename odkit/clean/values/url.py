"""Addresses on the web and of mail."""

from __future__ import annotations

import re

from odkit.clean.values.base import Cleaned, narrow, settled, tidy, unsettled

WEB = re.compile(r"https?://[^\s/?#;、，]+\.[^\s/?#;、，]+(?:[/?#]\S*)?", re.IGNORECASE)
SECOND = re.compile(r"[\s;、，,]https?://", re.IGNORECASE)
MAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")


def clean_url(source: str) -> Cleaned:
    """One http or https address. A missing scheme is not invented, two addresses in a cell are not cut apart."""
    for text in (tidy(source), narrow(source)):
        if WEB.fullmatch(text) and not SECOND.search(text):
            return settled(source, text, "half-width")
    return unsettled(source, "clean.url")


def clean_email(source: str) -> Cleaned:
    """One mail address, in half-width."""
    text = narrow(source)
    return settled(source, text, "half-width") if MAIL.fullmatch(text) else unsettled(source, "clean.email")
