"""Documents: PDF (text or picture of a page), and pages that say they are an error."""

from __future__ import annotations

import re
import zlib

STREAM = re.compile(rb"stream\r?\n")
FONT = re.compile(rb"/Font\b")
SHOWS_TEXT = re.compile(rb"[)>\]]\s*(Tj|TJ|'|\")\s")
SHOWS = re.compile(rb"\bDo\b|[)>\]]\s*(Tj|TJ)\s")
"""What a page's content draws: a picture or form (Do), a text (Tj, TJ)."""
IMAGE = re.compile(rb"/Subtype\s*/Image\b")
INFLATE_LIMIT = 4 << 20
INFLATE_TOTAL = 32 << 20
HTML_LIMIT = 4 << 20
TITLE = re.compile(r"<title[^>]*>([^<]{0,500})", re.IGNORECASE)
ERROR_TITLE = re.compile(
    r"見つかりません|ページがありません|存在しません|not found|error|エラー|\b(403|404|410|500|503)\b|forbidden"
    r"|メンテナンス中|アクセスできません|access denied|(ログイン|サインイン)(画面|ページ)"
    r"|^\s*(ログイン|サインイン|log ?in|sign ?in)\s*([|｜:：-]|$)",
    re.IGNORECASE,
)
PASSWORD = re.compile(r"<input\b[^>]*\btype\s*=\s*[\"']?password\b", re.IGNORECASE)
ERROR_LINE = re.compile(
    r"(HTTP\S* )?([45]\d\d\b|not found|(file|page) not found|forbidden|access denied|(internal )?server error"
    r"|service unavailable|bad gateway|unauthorized|エラー|ファイルが見つかりません|ページが見つかりません)",
    re.IGNORECASE,
)


def pdf_kind(data: bytes) -> str:
    """``text`` where the PDF shows text, ``scan`` where it shows pictures only, empty where neither is to be seen."""
    bodies = [data, *_inflated(data)]
    if any(SHOWS_TEXT.search(body) for body in bodies):
        return "text"
    # Where the pages cannot be looked into, as those under a password, their fonts tell.
    fonts, images = (any(mark.search(body) for body in bodies) for mark in (FONT, IMAGE))
    closed = b"/Encrypt" in data or not any(SHOWS.search(body) for body in bodies)
    if fonts and (closed or not images):
        return "text"
    return "scan" if images else ""


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


def html_error(text: str) -> str:
    """The title of a page that says it is an error; empty for any other page."""
    title = TITLE.search(text[:HTML_LIMIT])
    return title[1].strip() if title and ERROR_TITLE.search(title[1]) else ""


def asks_to_log_in(text: str) -> bool:
    """A page with a field for a password: what a server shows in place of a file that is not for everybody."""
    return PASSWORD.search(text[:HTML_LIMIT]) is not None


def error_text(line: str) -> str:
    """The only line of a file, where it says that there is no such file or that the server is at a loss; else empty."""
    return line if ERROR_LINE.match(line) else ""
