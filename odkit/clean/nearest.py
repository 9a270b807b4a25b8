"""The standard that is nearest to a table that follows none, and what the table lacks of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from odkit.clean.draft import Draft
from odkit.clean.gaps import MUST
from odkit.clean.names import normalise
from odkit.clean.recognise import OWN_COLUMNS, Fit, family_of, fit_of, known_columns
from odkit.model import Issue, Severity, TableSchema
from odkit.project import INFERRED, load_schema, schema_descriptor

LEAST = 1 / 3
"""The share of a table's headings that a standard has to know to be called near."""

CURRENT = ""


class Nearest(NamedTuple):
    """A standard, how many of a table's headings it knows, and its required columns (◎) that are there or missing."""

    schema: TableSchema
    known: int
    present: tuple[str, ...]
    missing: tuple[str, ...]


def nearest_standard(headings: Sequence[str]) -> Nearest | None:
    """The current standard that knows most of the headings; None where none knows a third of them.

    Among equals the one with more of the columns that few others have, then the first of the national book, where
    公共施設一覧 stands for whatever is at a place.
    """
    named = [heading for heading in headings if normalise(heading)]
    family = family_of(CURRENT)
    fits = sorted((fit_of(named, schema_id, family) for schema_id in family), key=_rank)
    best = fits[0]
    return _nearest(named, best) if best.known >= max(1, LEAST * len(named)) else None


def report_standard(draft: Draft, schema: TableSchema) -> None:
    """Say of a table that follows no standard which one is nearest, or that none is near."""
    if schema.kind != INFERRED:
        return
    source = draft.source
    nearest = nearest_standard(source.headings)
    code = "clean.no-standard" if nearest is None else "clean.nearest-standard"
    details = {} if nearest is None else _details(nearest, len(list(filter(normalise, source.headings))))
    where = source.where(max(source.header_rows, default=None))
    draft.issues.insert(0, Issue(code=code, severity=Severity.NOTE, where=where, details=details))


def _rank(fit: Fit) -> tuple[int, int, bool, str]:
    number = schema_descriptor(fit.schema_id).get("odkit:number", "")
    own = fit.own if fit.own >= OWN_COLUMNS else 0
    return -fit.known, -own, not number, f"{number} {fit.schema_id}"


def _nearest(headings: Sequence[str], fit: Fit) -> Nearest:
    schema = load_schema(fit.schema_id)
    named = known_columns(headings, schema.id)
    required = [field.name for field in schema.fields if field.requirement == MUST]
    present, missing = ([name for name in required if (name in named) is wanted] for wanted in (True, False))
    return Nearest(schema, fit.known, tuple(present), tuple(missing))


def _details(nearest: Nearest, headings: int) -> dict[str, str]:
    schema = nearest.schema
    return {
        "title": schema.title,
        "standard": schema.name,
        "version": schema.version,
        "known": str(nearest.known),
        "headings": str(headings),
        "present": str(len(nearest.present)),
        "required": str(len(nearest.present) + len(nearest.missing)),
        "missing": "、".join(nearest.missing) or "-",
    }
