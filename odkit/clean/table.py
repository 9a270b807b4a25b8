"""The order of cleaning: READ FIRST of this stage."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from odkit.clean.bounds import bound_steps
from odkit.clean.check import check_steps
from odkit.clean.chunks import clean_by_chunks
from odkit.clean.columns import value_steps
from odkit.clean.coordinates import coordinate_steps
from odkit.clean.corrections import Corrections
from odkit.clean.derive import Derivation
from odkit.clean.draft import Draft, Learned, Step
from odkit.clean.fill import Ditto, Merged
from odkit.clean.gaps import Gaps
from odkit.clean.guard import Guard
from odkit.clean.headings import match_headings
from odkit.clean.identity import Identity
from odkit.clean.infer import OwnTypes, infer_schema
from odkit.clean.join import ASSUMED, join_government_name
from odkit.clean.nearest import report_standard
from odkit.clean.plain import compile_plain
from odkit.clean.privacy import PLACES, Privacy
from odkit.clean.remarks import remark_divisions
from odkit.clean.split import divisions
from odkit.clean.values import Facts
from odkit.clean.views import changes, issues, rows
from odkit.decisions import NOTHING_SETTLED, Decisions
from odkit.model import CleanTable, Publisher, SourceTable, TableSchema
from odkit.project import eras, heading_aliases, municipalities, prefectures, wards


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
    schema = infer_schema(source, schema, headings or {}, facts)
    settled = Settled(facts, heading_aliases(schema.name), headings or {}, decisions)
    learned: set[tuple[str, str]] = set()
    while True:
        try:
            return _clean(source, schema, name, settled, learned)
        except Learned as news:
            learned.add(news.fact)


@dataclass(frozen=True, slots=True)
class Settled:
    """What is known before the first row is looked at."""

    facts: Facts
    aliases: Mapping[str, str]
    headings: Mapping[str, str]
    decisions: Decisions


def _clean(
    source: SourceTable, schema: TableSchema, name: str, settled: Settled, learned: Collection[tuple[str, str]]
) -> CleanTable:
    draft = match_headings(source, schema, settled.headings, settled.aliases, settled.facts)
    report_standard(draft, schema)
    privacy = Privacy(settled.decisions.personal, of_places=PLACES in learned)
    own = OwnTypes(schema)
    *checks, last_word = check_steps(draft, schema)
    ledger = clean_by_chunks(draft, [*_steps(draft, schema, settled, learned), *checks, own, last_word, privacy])
    before = (*privacy.issues(draft), *source.issues, *draft.issues)
    return CleanTable(
        name=name,
        title=schema.title,
        schema=own.schema,
        rows=rows(draft, ledger),
        row_numbers=source.row_numbers,
        matches=tuple(column.match for column in draft.columns),
        origin=source.origin,
        changes=changes(draft, ledger),
        issues=issues(draft, ledger, before),
    )


def _steps(draft: Draft, schema: TableSchema, settled: Settled, learned: Collection[tuple[str, str]]) -> list[Step]:
    """The steps in their order; those that change the columns of the draft do so when they are made."""
    facts, decisions = settled.facts, settled.decisions
    may_join = (ASSUMED, "") not in learned
    joined = join_government_name(draft, facts, settled.aliases, settled.headings) if may_join else None
    for column in draft.columns:
        column.unlike = compile_plain(column.field) or list
    return [
        Corrections(draft, decisions.corrections, schema),
        Merged(draft),
        Ditto(draft),
        *([joined] if joined else []),
        *remark_divisions(draft, facts),
        *divisions(draft, facts),
        *value_steps(draft, facts, learned),
        *coordinate_steps(draft, decisions.datum),
        *bound_steps(draft, facts.publisher),
        Derivation(draft, facts),
        Guard(draft),
        Identity(draft),
        Gaps(draft),
    ]


def known_facts(publisher: Publisher | None) -> Facts:
    """What the vocabulary knows about governments and eras, and who publishes."""
    return Facts(
        municipalities=municipalities(), wards=wards(), eras=eras(), prefectures=prefectures(), publisher=publisher
    )
