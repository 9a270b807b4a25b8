"""accepted.csv: findings of the score that a publisher means to keep, each with its reason. Committed with the data."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from difflib import get_close_matches
from io import StringIO
from pathlib import Path

from odkit.errors import DeclarationError
from odkit.model import Accepted

ACCEPTED_FILE = "accepted.csv"
CHECK, FILE, PLACE, VALUE, REASON = ("検査", "ファイル", "場所", "値", "理由")
NAMES: Mapping[str, str] = {
    CHECK: "check",
    FILE: "file",
    PLACE: "range",
    VALUE: "value",
    REASON: "reason",
    **{name: name for name in ("check", "file", "range", "value", "reason")},
}
"""The columns, in Japanese or English -> the fields of `Accepted`."""


def accepted_beside(source: Path) -> tuple[Accepted, ...]:
    """What accepted.csv in a source's folder accepts; () where there is none. Raises DeclarationError as below."""
    path = source.with_name(ACCEPTED_FILE)
    return read_accepted(path) if path.is_file() else ()


def read_accepted(path: Path) -> tuple[Accepted, ...]:
    """The lines of accepted.csv. 検査 (such as ``1-6``) and 理由 are needed; ファイル, 場所 and 値 narrow a line.

    Raises DeclarationError with file, line and column where it is no such table, or a line has no reason.
    """
    shown = path.name
    try:
        text = path.read_bytes().decode("utf-8-sig")
        rows = [row for row in csv.reader(StringIO(text, newline=""), strict=True) if any(map(str.strip, row))]
    except UnicodeDecodeError as error:
        raise DeclarationError("project.not-utf8", file=shown, offset=error.start) from error
    except (OSError, csv.Error) as error:
        raise DeclarationError("project.unreadable", file=shown, reason=error) from error
    fields = [_field(name.strip(), shown) for name in rows[0]] if rows else []
    for needed in (CHECK, REASON):
        if rows and NAMES[needed] not in fields:
            raise DeclarationError("project.missing-key", file=shown, path=needed)
    return tuple(_accepted(dict(zip(fields, row, strict=False)), shown, line) for line, row in enumerate(rows[1:], 2))


def _field(name: str, shown: str) -> str:
    if name in NAMES:
        return NAMES[name]
    near = get_close_matches(name, NAMES, n=1, cutoff=0.5)
    if near:
        raise DeclarationError("project.unknown-key-near", file=shown, path=name, near=near[0])
    raise DeclarationError("project.unknown-key", file=shown, path=name, known=", ".join(list(NAMES)[:5]))


def _accepted(cells: Mapping[str, str], shown: str, line: int) -> Accepted:
    for name in (CHECK, REASON):
        if not cells.get(NAMES[name], "").strip():
            raise DeclarationError(
                "project.bad-value",
                file=shown,
                path=f"line {line}, {name}",
                path_ja=f"{line} 行目の {name}",
                value="",
                expected="text",
                expected_ja="文字",
            )
    return Accepted(
        check=cells["check"].strip(),
        reason=cells["reason"].strip(),
        file=cells.get("file", "").strip(),
        range=cells.get("range", "").strip(),
        value=cells.get("value", ""),
    )
