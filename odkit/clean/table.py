"""The order of cleaning: READ FIRST of this stage."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from odkit.clean.check import check_table
from odkit.clean.columns import clean_columns
from odkit.clean.coordinates import check_coordinates
from odkit.clean.corrections import apply_corrections
from odkit.clean.derive import derive_cells
from odkit.clean.draft import Draft
from odkit.clean.fill import fill_ditto, fill_merged
from odkit.clean.gaps import report_gaps
from odkit.clean.guard import guard_formulas
from odkit.clean.headings import match_headings
from odkit.clean.identity import report_identity
from odkit.clean.infer import infer_schema
from odkit.clean.join import join_government_name
from odkit.clean.nearest import report_standard
from odkit.clean.privacy import personal_issues
from odkit.clean.split import split_extensions, split_spans, split_units
from odkit.clean.values import Facts
from odkit.decisions import NOTHING_SETTLED, Decisions
from odkit.model import CleanTable, Issue, Publisher, Severity, SourceTable, TableSchema
from odkit.project import eras, heading_aliases, municipalities, prefectures, wards

Cell = tuple[int | None, str]


def clean_table(
    source: SourceTable,
    schema: TableSchema,
    publisher: Publisher | None = None,
    headings: Mapping[str, str] | None = None,
    name: str = "data",
    decisions: Decisions = NOTHING_SETTLED,
) -> CleanTable:
    """Lay a source table out in the columns of a standard and clean its values.

    The result has as many rows as the source, the standard's columns in their order (missing ones empty) and after
    them the columns that the standard does not know; `matches` names them all. Every cell equals its source cell or
    has a `Change`; every source column is there or has an `Issue`. A value that cannot be settled without a guess
    stays as it is, with an `Issue`; what the reader found goes along. `headings` settles source
    heading -> column ("" leaves a column out), `publisher` fills in who publishes, `name` is the table's name in a
    package, `decisions` are what was settled about values. Raises nothing for bad data.
    """
    facts = known_facts(publisher)
    aliases = heading_aliases(schema.name)
    schema = infer_schema(source, schema, headings or {}, facts)
    draft = match_headings(source, schema, headings or {}, aliases, facts)
    report_standard(draft, schema)
    apply_corrections(draft, decisions.corrections, schema)
    fill_merged(draft)
    fill_ditto(draft)
    join_government_name(draft, facts, aliases, headings or {})
    split_units(draft)
    split_extensions(draft)
    split_spans(draft, facts)
    clean_columns(draft, facts)
    check_coordinates(draft, decisions.datum)
    derive_cells(draft, facts)
    guard_formulas(draft)
    report_identity(draft)
    report_gaps(draft)
    table = _table(draft, schema, name)
    found = _together(draft.issues, draft.doubts(), check_table(table))
    return replace(table, issues=(*personal_issues(table, source, decisions.personal), *source.issues, *found))


def known_facts(publisher: Publisher | None) -> Facts:
    """What the vocabulary knows about governments and eras, and who publishes."""
    return Facts(
        municipalities=municipalities(), wards=wards(), eras=eras(), prefectures=prefectures(), publisher=publisher
    )


def _table(draft: Draft, schema: TableSchema, name: str) -> CleanTable:
    return CleanTable(
        name=name,
        title=schema.title,
        schema=schema,
        rows=draft.rows() if draft.columns else tuple(() for _ in draft.source.rows),
        row_numbers=draft.source.row_numbers,
        matches=tuple(column.match for column in draft.columns),
        origin=draft.source.origin,
        changes=draft.changes(),
    )


def _together(table: Iterable[Issue], doubts: Iterable[Issue], errors: Iterable[Issue]) -> tuple[Issue, ...]:
    """All issues, one per cell and fault: where a cleaner has said what is wrong, the check only makes it an error."""
    errors = tuple(errors)
    broken = {_cell(issue) for issue in errors}
    said = tuple(replace(issue, severity=Severity.ERROR) if _cell(issue) in broken else issue for issue in doubts)
    cells = {_cell(issue) for issue in said}
    return (*table, *said, *(issue for issue in errors if _cell(issue) not in cells))


def _cell(issue: Issue) -> Cell:
    return (issue.where.row, issue.where.field)
