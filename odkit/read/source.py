"""The stage as one short function: a file's bytes, what they are, the sheet, the region, the table."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

from odkit.errors import UsageError
from odkit.model import Issue, Origin, Severity, SourceSpec, SourceTable, Where
from odkit.read.delimited import ragged, read_text
from odkit.read.encodings import decode
from odkit.read.grid import Grid
from odkit.read.region import Region, find_region
from odkit.read.report import issue
from odkit.read.sheets import choose
from odkit.read.sniff import Kind, sniff
from odkit.read.xls import xls_sheets
from odkit.read.xlsx import xlsx_sheets


def read_source(source: SourceSpec | Path, location: str = "") -> SourceTable:
    """Read the table that a file holds: CSV, TSV, semicolons, .xlsx or .xls, known by its content.

    `source`: a path, or a `SourceSpec` whose hints (sheet, header_rows, encoding) settle what evidence would.
    `location`: the file's name as people know it; the path as given by default.

    Every filled cell comes back in `headings`, `rows`, `preamble` or `notes`; whatever a person should know is in
    `issues` (``read.ragged``, ``read.hidden``, ``read.formula`` …). Raises `UsageError` where there is no such file,
    `SourceError` where no table can be read without guessing.
    """
    spec = source if isinstance(source, SourceSpec) else SourceSpec(path=source)
    location = location or str(spec.path)
    data = _bytes(spec.path, location)
    kind = sniff(data, location)
    read = _read_text if kind is Kind.TEXT else _read_workbook
    return read(data, kind, spec, location)


def _bytes(path: Path, location: str) -> bytes:
    try:
        if path.is_dir():  # asked first: Windows would call reading a folder a lack of permission
            raise UsageError("read.folder", file=location)
        return path.read_bytes()
    except FileNotFoundError as error:
        raise UsageError("read.missing-file", file=location) from error
    except OSError as error:
        raise UsageError("read.unreadable", file=location, reason=error.strerror or "") from error


def _read_text(data: bytes, kind: Kind, spec: SourceSpec, location: str) -> SourceTable:
    text, encoding = decode(data, location, spec.encoding)
    grid, dialect = read_text(text, location)
    region = find_region(grid, spec.header_rows, Where(file=location), spec.range)
    media_type = "text/tab-separated-values" if dialect.delimiter == "\t" else kind.value
    origin = Origin(location=location, media_type=media_type, sha256=_sha256(data))
    uneven = ragged(grid, region.header, region.body, location)
    table = _table(origin, grid, region, (*grid.issues, *uneven))
    return replace(table, encoding=encoding, dialect=dialect)


def _read_workbook(data: bytes, kind: Kind, spec: SourceSpec, location: str) -> SourceTable:
    sheets = xlsx_sheets(data, location) if kind is Kind.XLSX else xls_sheets(data, location)
    chosen = choose(sheets, spec.sheet, location)
    region = find_region(chosen.grid, spec.header_rows, Where(file=location, sheet=chosen.name), spec.range)
    origin = Origin(location=location, sheet=chosen.name, media_type=kind.value, sha256=_sha256(data))
    return _table(origin, chosen.grid, region, (*chosen.issues, *chosen.grid.issues))


def _table(origin: Origin, grid: Grid, region: Region, issues: tuple[Issue, ...]) -> SourceTable:
    found = (*issues, *region.issues)
    if not region.rows:
        place = Where(file=origin.location, sheet=origin.sheet, row=region.header[-1] + 1)
        found = (*found, issue("no-rows", Severity.WARNING, place))
    return SourceTable(
        origin=origin,
        headings=region.headings,
        rows=region.rows,
        row_numbers=region.row_numbers,
        header_rows=tuple(row + 1 for row in region.header),
        first_column=region.first_column + 1,
        preamble=region.preamble,
        notes=region.notes,
        merged=tuple(str(span) for span in grid.merged),
        issues=found,
    )


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
