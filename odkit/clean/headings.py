"""Source headings -> columns of the standard. A heading that fits nothing is kept beside it, never dropped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from odkit.clean.draft import Column, Draft
from odkit.clean.evidence import Candidate
from odkit.clean.names import BLANKS, LEFT_OUT, Claim, Names, normalise
from odkit.clean.testimony import Claims, Heard, heading_issue, hear, unsure_issue
from odkit.clean.values import Facts
from odkit.model import ColumnMatch, Field, Issue, Severity, SourceTable, TableSchema

__all__ = ["Claim", "Names", "match_headings", "normalise"]


def match_headings(
    source: SourceTable,
    schema: TableSchema,
    declared: Mapping[str, str],
    aliases: Mapping[str, str],
    facts: Facts | None = None,
) -> Draft:
    """Lay the source's columns out in the order of the standard, the others after it.

    Declared headings come first, then exact, normalised and known variants. Where two columns claim the same place
    the stronger claim wins, among equals the first. With `facts` the values have their say: headings that no name
    settles are proposed for columns that are still free, and a name that its values contradict is reported.
    """
    draft = Draft(source, [])
    names = Names(schema, declared, aliases)
    claims: Claims = [names.claim(heading) for heading in source.headings]
    claims, unsure, issues = hear(source, schema, names, claims, facts) if facts else Heard(claims, {}, ())
    draft.issues.extend(issues)
    winners = _winners(claims)
    for field in schema.fields:
        draft.columns.append(_column(source, field, winners.get(field.name), claims))
    taken = set(schema.names)
    for place in range(len(source.headings)):
        claim = claims[place]
        if claim is None or claim.target not in names.columns or winners.get(claim.target) != place:
            _beside(draft, place, claim, taken, unsure.get(place, ()))
    draft.issues.extend(_unused(source, declared))
    return draft


def _winners(claims: Claims) -> dict[str, int]:
    best: dict[str, tuple[int, int]] = {}
    for place, claim in enumerate(claims):
        if claim is not None and claim.target != LEFT_OUT:
            best[claim.target] = min(best.get(claim.target, (claim.rank, place)), (claim.rank, place))
    return {target: place for target, (_, place) in best.items()}


def _column(source: SourceTable, field: Field, place: int | None, claims: Claims) -> Column:
    claim = None if place is None else claims[place]
    if place is None or claim is None:
        return Column(field, ColumnMatch(name=field.name))
    return _taken(source, place, field, claim)


def _taken(source: SourceTable, place: int, field: Field, claim: Claim) -> Column:
    column = source.first_column + place
    return Column(field, _match(field.name, source.headings[place], column, claim.how, claim.confidence), place)


@lru_cache(1 << 12)  # tables of one office share their columns
def _match(name: str, heading: str, column: int, how: str, confidence: float) -> ColumnMatch:
    return ColumnMatch(name=name, heading=heading, column=column, how=how, confidence=confidence)


def _beside(draft: Draft, place: int, claim: Claim | None, taken: set[str], candidates: Sequence[Candidate]) -> None:
    """Keep a column beside the standard, or leave it out, and say so."""
    source, heading = draft.source, draft.source.headings[place]
    if claim is not None and claim.target == LEFT_OUT:
        draft.issues.append(heading_issue(source, place, "clean.left-out", Severity.NOTE))
        return
    if not normalise(heading) and not any(row[place].strip() for row in source.rows):
        draft.issues.append(heading_issue(source, place, "clean.empty-column", Severity.NOTE))
        return
    declared = claim.target if claim is not None and claim.how == "declared" else ""
    name = _free(BLANKS.sub("", declared or heading) or f"列{source.first_column + place}", taken)
    draft.columns.append(_taken(source, place, Field(name=name, title=name), Claim(5, "extra", name)))
    if not normalise(heading):
        draft.issues.append(heading_issue(source, place, "clean.unnamed-column", Severity.WARNING, name=name))
    elif claim is not None and draft.column(claim.target) is not None:
        draft.issues.append(
            heading_issue(source, place, "clean.double-heading", Severity.WARNING, target=claim.target, name=name)
        )
    elif candidates:
        draft.issues.append(unsure_issue(source, place, name, candidates))
    else:
        draft.issues.append(heading_issue(source, place, "clean.extra-column", Severity.NOTE, name=name))


def _free(name: str, taken: set[str]) -> str:
    free, number = name, 2
    while free in taken:
        free, number = f"{name}_{number}", number + 1
    taken.add(free)
    return free


def _unused(source: SourceTable, declared: Mapping[str, str]) -> Iterator[Issue]:
    present = {normalise(heading) for heading in source.headings}
    for heading, target in declared.items():
        if normalise(heading) not in present:
            details = {"heading": heading, "target": target}
            where = source.where(row=max(source.header_rows, default=None))
            yield Issue(
                code="clean.declared-heading", severity=Severity.WARNING, where=where, value=heading, details=details
            )
