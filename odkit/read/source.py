"""The stage as one short function: a file's bytes, what they are, the sheet, the region, the table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from odkit.errors import SourceError
from odkit.model import Dialect, Issue, Origin, Remark, Severity, SourceSpec, SourceTable, Where
from odkit.read.archive import unpack
from odkit.read.delimited import ragged, read_text
from odkit.read.encodings import decode, find_encoding
from odkit.read.grid import Grid
from odkit.read.json_records import json_sheets
from odkit.read.markup import html_sheets
from odkit.read.ods import ods_document
from odkit.read.payload import Payload
from odkit.read.region import Region, find_region
from odkit.read.remarks import comments_noted
from odkit.read.report import issue
from odkit.read.sheets import Document, choose
from odkit.read.sniff import Kind, is_container, sniff
from odkit.read.xls import xls_document
from odkit.read.xlsb import xlsb_document
from odkit.read.xlsx import xlsx_document


def read_source(source: SourceSpec | Path, location: str = "") -> SourceTable:
    """Read the table that a file holds, known by its content and never by its name.

    CSV, TSV, semicolons, .xlsx, .xlsb, .xls, .ods, HTML tables, JSON and GeoJSON records, and any of them inside a zip.

    `source`: a path, or a `SourceSpec` whose hints (member, sheet, range, header_rows, encoding) settle what evidence
    would. `location`: the file's name as people know it; the path as given by default.

    Every filled cell comes back in `headings`, `rows`, `preamble` or `notes`; whatever a person should know is in
    `issues` (``read.ragged``, ``read.hidden``, ``read.formula`` …). A JSON record counts as the row it would be in a
    sheet below the keys. Raises `UsageError` where there is no such file, `SourceError` where no table can be read
    without guessing.
    """
    spec = source if isinstance(source, SourceSpec) else SourceSpec(path=source)
    location = location or str(spec.path)
    payload = Payload.of_file(spec.path, location)
    sha256 = payload.sha256()
    kind = _kind(payload)
    if kind is Kind.ZIP:
        member, data = unpack(payload.data(), spec.member, location)
        location = f"{location}/{member}"
        payload = Payload(location, data)
        kind = _kind(payload)
    found = _READERS[kind](payload, spec)
    region = find_region(found.grid, spec.header_rows, Where(file=location, sheet=found.sheet), spec.range)
    media_type = found.media_type or kind.value
    origin = Origin(location=location, sheet=found.sheet, media_type=media_type, sha256=sha256)
    return _table(origin, found, region)


def _kind(payload: Payload) -> Kind:
    """What the bytes are; a container is looked into."""
    head = payload.head()
    return sniff(payload.data() if is_container(head) else head, payload.location)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """The sheet that a file holds, before its table is found. `media_type` is empty where the kind says it."""

    grid: Grid
    sheet: str = ""
    issues: tuple[Issue, ...] = ()
    remarks: tuple[Remark, ...] = ()
    encoding: str = ""
    dialect: Dialect | None = None
    media_type: str = ""


def _read_text(payload: Payload, spec: SourceSpec) -> _Found:
    encoding = find_encoding(payload, spec.encoding)
    grid, dialect = read_text(payload, encoding)
    media_type = "text/tab-separated-values" if dialect.delimiter == "\t" else ""
    return _Found(grid=grid, encoding=encoding, dialect=dialect, media_type=media_type)


def _read_html(payload: Payload, spec: SourceSpec) -> _Found:
    text, encoding = decode(payload, spec.encoding)
    chosen = choose(html_sheets(text, payload.location), spec.sheet, payload.location, are_sheets=False)
    return _Found(grid=chosen.grid, sheet=chosen.name, issues=chosen.issues, encoding=encoding)


def _read_json(payload: Payload, spec: SourceSpec) -> _Found:
    text, encoding = decode(payload, spec.encoding)
    sheets, is_geographic = json_sheets(text, payload.location)
    chosen = choose(sheets, spec.sheet, payload.location, are_sheets=False)
    media_type = "application/geo+json" if is_geographic else ""
    return _Found(grid=chosen.grid, sheet=chosen.name, issues=chosen.issues, encoding=encoding, media_type=media_type)


def _read_sheets(read: Callable[[bytes, str], Document], payload: Payload, spec: SourceSpec) -> _Found:
    document = read(payload.data(), payload.location)
    chosen = choose(document.sheets, spec.sheet, payload.location)
    issues = (*chosen.issues, *comments_noted(document.remarks, chosen.name, payload.location))
    return _Found(grid=chosen.grid, sheet=chosen.name, issues=issues, remarks=document.remarks)


def _refuse_archive(payload: Payload, _: SourceSpec) -> _Found:
    raise SourceError("read.not-a-table", file=payload.location, format="ZIP")


_READERS: Mapping[Kind, Callable[[Payload, SourceSpec], _Found]] = {
    Kind.TEXT: _read_text,
    Kind.HTML: _read_html,
    Kind.JSON: _read_json,
    Kind.XLSX: partial(_read_sheets, xlsx_document),
    Kind.XLSB: partial(_read_sheets, xlsb_document),
    Kind.XLS: partial(_read_sheets, xls_document),
    Kind.ODS: partial(_read_sheets, ods_document),
    Kind.ZIP: _refuse_archive,
}


def _table(origin: Origin, found: _Found, region: Region) -> SourceTable:
    issues = (*found.issues, *found.grid.issues)
    if found.dialect:
        issues = (*issues, *ragged(region.grid, region.header, region.body, origin.location))
    issues = (*issues, *region.issues)
    if not region.rows:
        place = Where(file=origin.location, sheet=origin.sheet, row=max(region.header, default=0) + 1)
        issues = (*issues, issue("no-rows", Severity.WARNING, place))
    return SourceTable(
        origin=origin,
        headings=region.headings,
        rows=region.rows,
        row_numbers=region.row_numbers,
        header_rows=tuple(row + 1 for row in region.header),
        first_column=region.first_column + 1,
        preamble=region.preamble,
        notes=region.notes,
        encoding=found.encoding,
        dialect=found.dialect,
        merged=tuple(str(span) for span in found.grid.merged),
        remarks=found.remarks,
        issues=issues,
    )
