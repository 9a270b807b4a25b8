"""corrections.csv beside dataset.toml: known errors of a source, each guarded by the value that it corrects."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from io import StringIO
from pathlib import Path

from odkit.decisions import Correction
from odkit.errors import DeclarationError

CORRECTIONS_FILE = "corrections.csv"
ROW, KEY, COLUMN, EXPECTED, VALUE, REASON, BASIS = ("行", "キー", "列名", "元の値", "正しい値", "理由", "根拠")
NEEDED = (COLUMN, EXPECTED, VALUE, REASON)
KNOWN = (ROW, KEY, *NEEDED, BASIS)

Line = tuple[int, Mapping[str, str]]


def read_corrections(path: Path, shown: str) -> tuple[Correction, ...]:
    """The lines of corrections.csv, () where there is no such file; `shown` is its name in errors.

    A line names its cell by 行 (the row of the source file) or キー (the row's value in the key column), and 列名.
    Raises DeclarationError with file, line and column where the file is no such table.
    """
    if not path.is_file():
        return ()
    found = tuple(_correction(shown, line) for line in _lines(path, shown))
    seen: set[tuple[str, bool, str]] = set()
    for item in found:
        cell = (item.place, item.row is None, item.column)
        if cell in seen:
            raise _bad(shown, item.line, COLUMN, item.column, "each cell once", "一つのセルは一行だけ")
        seen.add(cell)
    return found


def _lines(path: Path, shown: str) -> Iterator[Line]:
    rows = csv.reader(StringIO(_text(path, shown), newline=""), strict=True)
    try:
        header = [name.strip() for name in next(rows, [])]
        _check_header(header, shown)
        # A record may span lines: the number is that of its last line, as editors show it.
        for cells in rows:
            if any(cell.strip() for cell in cells):
                yield rows.line_num, _named(header, cells, shown, rows.line_num)
    except csv.Error as error:
        raise DeclarationError("project.toml-syntax", file=shown, reason=f"{rows.line_num}: {error}") from error


def _text(path: Path, shown: str) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DeclarationError("project.not-utf8", file=shown, offset=error.start) from error
    except OSError as error:
        raise DeclarationError("project.unreadable", file=shown, reason=error.strerror or error) from error


def _check_header(header: Sequence[str], shown: str) -> None:
    unknown = next((name for name in header if name not in KNOWN), None)
    if unknown is not None:
        near = get_close_matches(unknown, KNOWN, n=1, cutoff=0.5)
        if near:
            raise DeclarationError("project.unknown-key-near", file=shown, path=unknown, near=near[0])
        raise DeclarationError("project.unknown-key", file=shown, path=unknown, known=", ".join(KNOWN))
    missing = [name for name in NEEDED if name not in header]
    if not missing and not {ROW, KEY} & set(header):
        missing = [ROW]
    if missing:
        raise DeclarationError("project.missing-key", file=shown, path=missing[0])
    twice = next((name for name in header if header.count(name) > 1), None)
    if twice is not None:
        raise _bad(shown, 1, twice, twice, "each column once", "同じ列は一つだけ")


def _named(header: Sequence[str], cells: Sequence[str], shown: str, line: int) -> Mapping[str, str]:
    if len(cells) != len(header):
        count = (f"{len(header)} cells", f"{len(header)} 個のセル")
        raise _bad(shown, line, header[min(len(cells), len(header) - 1)], str(len(cells)), *count)
    return dict(zip(header, cells, strict=True))


def _correction(shown: str, line: Line) -> Correction:
    number, cells = line
    row, key = cells.get(ROW, "").strip(), cells.get(KEY, "").strip()
    if bool(row) == bool(key):
        raise _bad(shown, number, ROW, row, "a row number or a key, one of the two", "行番号かキーのどちらか一つ")
    if row and not (row.isascii() and row.isdigit() and int(row) > 0):
        raise _bad(
            shown, number, ROW, row, "a row number of the source file, such as 12", "元のファイルの行番号（12 など）"
        )
    for name in (COLUMN, REASON):
        if not cells[name].strip():
            raise _bad(shown, number, name, "", "text", "文字")
    if cells[EXPECTED] == cells[VALUE]:
        raise _bad(shown, number, VALUE, cells[VALUE], "another value than before", "元の値と違う値")
    return Correction(
        line=number,
        row=int(row) if row else None,
        key=key,
        column=cells[COLUMN].strip(),
        expected=cells[EXPECTED],
        value=cells[VALUE],
        reason=cells[REASON].strip(),
        basis=cells.get(BASIS, "").strip(),
    )


def _bad(shown: str, line: int, column: str, value: str, *expected: str) -> DeclarationError:
    english, japanese = expected
    return DeclarationError(
        "project.bad-value",
        file=shown,
        path=f"line {line}, {column}",
        path_ja=f"{line} 行目の {column}",
        value=value,
        expected=english,
        expected_ja=japanese,
    )
