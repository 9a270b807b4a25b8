"""Which standard a table follows, from its headings alone."""

from __future__ import annotations

from collections.abc import Sequence

from odkit.clean.headings import Names, normalise
from odkit.project import heading_aliases, load_schema, schema_ids, standards

SHARE = 0.5
"""The share of a table's headings that a standard has to know."""


def recognise(headings: Sequence[str]) -> str:
    """The id of the standard that knows the most of `headings`; "" where none knows half, or two know as many."""
    named = [heading for heading in headings if normalise(heading)]
    candidates = [item for item in schema_ids() if load_schema(item).name in standards()]
    known = sorted(((_known(named, item), item) for item in candidates), reverse=True)
    if not known or known[0][0] < max(1, SHARE * len(named)):
        return ""
    rivals = [item for count, item in known if count == known[0][0]]
    return rivals[0] if len(rivals) == 1 else ""


def _known(headings: Sequence[str], schema_id: str) -> int:
    schema = load_schema(schema_id)
    names = Names(schema, {}, heading_aliases(schema.name))
    return len({claim.target for heading in headings if (claim := names.claim(heading)) and claim.target})
