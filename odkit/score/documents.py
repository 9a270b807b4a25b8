"""Documents: PDF (text or picture of a page), HTML (table, error page), Word."""

from __future__ import annotations

import re
import zlib

STREAM = re.compile(rb"stream\r?\n")
FONT = re.compile(rb"/Font\b")
IMAGE = re.compile(rb"/Subtype\s*/Image\b")
INFLATE_LIMIT = 4 << 20
INFLATE_TOTAL = 32 << 20
HTML_LIMIT = 4 << 20
TITLE = re.compile(r"<title[^>]*>([^<]{0,500})", re.IGNORECASE)
ERROR_TITLE = re.compile(
    r"見つかりません|ページがありません|存在しません|not found|error|エラー|\b(403|404|410|500|503)\b|forbidden",
    re.IGNORECASE,
)


def pdf_kind(data: bytes) -> str:
    """``text`` where the PDF has fonts, ``scan`` where it has pictures only, empty where neither is to be seen."""
    bodies = [data, *_inflated(data)]
    if any(FONT.search(body) for body in bodies):
        return "text"
    return "scan" if any(IMAGE.search(body) for body in bodies) else ""


def _inflated(data: bytes) -> list[bytes]:
    """The compressed object streams, where modern PDFs keep their dictionaries; bounded."""
    found: list[bytes] = []
    left = INFLATE_TOTAL
    for start in STREAM.finditer(data):
        if left <= 0:
            break
        try:
            body = zlib.decompressobj().decompress(data[start.end() : start.end() + INFLATE_LIMIT], INFLATE_LIMIT)
        except zlib.error:  # not compressed this way: a picture, an encrypted stream
            continue
        found.append(body)
        left -= len(body)
    return found


def html_table(text: str) -> bool:
    """A table with at least two rows and four cells stands in the page."""
    page = text[:HTML_LIMIT].lower()
    return "<table" in page and page.count("<tr") > 1 and page.count("<td") + page.count("<th") > 3


def html_error(text: str) -> str:
    """The title of a page that says it is an error; empty for any other page."""
    title = TITLE.search(text[:HTML_LIMIT])
    return title[1].strip() if title and ERROR_TITLE.search(title[1]) else ""
