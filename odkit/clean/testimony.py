"""The values have their say about headings: what they propose, what they leave to a person, what they contradict."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from odkit.clean.evidence import (
    FIRST_ROWS,
    FREE,
    SAMPLE_CELLS,
    Candidate,
    contradiction,
    distinct,
    first_cells,
    may_contradict,
    sample,
)
from odkit.clean.names import Claim, Names, keys, normalise
from odkit.clean.personal import masked, may_be_private
from odkit.clean.proposals import Unclaimed, weigh
from odkit.clean.values import Facts
from odkit.model import Field, Issue, Severity, SourceTable, TableSchema

Claims = Sequence[Claim | None]


class Heard(NamedTuple):
    """The claims of all headings once the values are heard, candidates for those still open, and what is to be said."""

    claims: Claims
    unsure: Mapping[int, tuple[Candidate, ...]]
    issues: tuple[Issue, ...]


def hear(source: SourceTable, schema: TableSchema, names: Names, claims: Claims, facts: Facts) -> Heard:
    """Weigh the first rows of a table; claims that names have made stay as they are."""
    open_ = [place for place, claim in enumerate(claims) if claim is None]
    values = sample(source, open_)
    filled = {claim.target for claim in claims if claim is not None}
    unclaimed = {
        place: Unclaimed(keys(heading), values[place])
        for place, (heading, claim) in enumerate(zip(source.headings, claims, strict=True))
        if claim is None and normalise(heading)
    }
    weighed = weigh(unclaimed, schema.fields, filled, names.spellings, facts)
    taken = {place: Claim(4, "evidence", *candidate) for place, candidate in weighed.taken.items()}
    issues = (
        *(_contradicted(source, place, *said) for place, said in _contradictions(source, schema, claims, facts)),
        *(_taken_by_evidence(source, place, claim) for place, claim in taken.items()),
    )
    return Heard([taken.get(place, claim) for place, claim in enumerate(claims)], weighed.unsure, issues)


def _doubted(schema: TableSchema, claims: Claims) -> dict[int, Field]:
    """Columns whose name may say one thing and their values another, by place; a person's word is not doubted."""
    fields = {field.name: field for field in schema.fields if field.meaning not in FREE}
    claimed = ((place, claim) for place, claim in enumerate(claims) if claim is not None and claim.how != "declared")
    return {place: fields[claim.target] for place, claim in claimed if claim.target in fields}


def _contradictions(
    source: SourceTable, schema: TableSchema, claims: Claims, facts: Facts
) -> Iterator[tuple[int, tuple[str, str]]]:
    """Columns whose name says one thing and whose values another, with a value."""
    doubted = _doubted(schema, claims)
    # As many rows as all columns that have a name may be judged by.
    most = min(FIRST_ROWS, SAMPLE_CELLS // max(1, len(claims) - claims.count(None)))
    cells = first_cells(source, doubted, max(1, most))
    for place, field in doubted.items():
        if not may_contradict(cells[place], field):
            continue
        values = distinct(cells[place])
        if contradiction(values, field, facts):
            value = values[len(values) // 2]
            # Ledgers are published, and what stands under a wrong heading may be anybody's number.
            yield place, (field.name, masked(value) if may_be_private(value) else value)


def _contradicted(source: SourceTable, place: int, target: str, example: str) -> Issue:
    code = "clean.heading-contradicted"
    return heading_issue(source, place, code, Severity.WARNING, target=target, example=example)


def _taken_by_evidence(source: SourceTable, place: int, claim: Claim) -> Issue:
    heading = source.headings[place]
    line, keep = toml_line(heading, claim.target), toml_line(heading, heading)
    details = {
        "target": claim.target,
        "confidence": f"{claim.confidence:.2f}",
        "lines": _with_confidence(line, claim.confidence),
        "line": line,
        "keep": keep,
    }
    return heading_issue(source, place, "clean.heading-evidence", Severity.NOTE, **details)


def unsure_issue(source: SourceTable, place: int, name: str, candidates: Sequence[Candidate]) -> Issue:
    """The question about a column that may be one of the standard's, called `name` until it is settled."""
    heading = source.headings[place]
    lines = (_with_confidence(toml_line(heading, target), confidence) for target, confidence in candidates)
    details = {
        "name": name,
        "candidates": "、".join(f"{target} {confidence:.2f}" for target, confidence in candidates),
        "lines": "\n".join(lines),
        "line": toml_line(heading, candidates[0].name),
    }
    return heading_issue(source, place, "clean.heading-unsure", Severity.WARNING, **details)


def toml_line(heading: str, target: str) -> str:
    """The line under [headings] of dataset.toml that settles a heading."""
    return f"{json.dumps(heading, ensure_ascii=False)} = {json.dumps(target, ensure_ascii=False)}"


def _with_confidence(line: str, confidence: float) -> str:
    return f"{line}  # {confidence:.2f}"


def heading_issue(source: SourceTable, place: int, code: str, severity: Severity, **details: str) -> Issue:
    """An issue about a heading, at its cell."""
    heading = source.headings[place]
    where = source.where(max(source.header_rows, default=None), place, heading)
    # On one line, as a key of dataset.toml has to be; headings are compared without their line breaks.
    shown = "".join(heading.splitlines())
    return Issue(code=code, severity=severity, where=where, value=heading, details={"heading": shown, **details})
